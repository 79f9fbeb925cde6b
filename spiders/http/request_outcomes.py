"""How one request ended, told as an outcome: read from the response, or from the exception that came instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed, ConnectionLost
from twisted.internet.error import DNSLookupError as TwistedDNSLookupError
from twisted.internet.error import TimeoutError as TwistedTimeoutError
from twisted.web._newclient import ParseError

from storage.model.outcomes import Outcome

# Marks of a page that stands between us and the portal (bot protection), by response header.
_CHALLENGE_HEADERS = ("cf-mitigated", "x-sucuri-block", "x-datadome")
_CHALLENGE_WORDS = (b"Just a moment...", b"cf-chl-", b"Attention Required! | Cloudflare", b"_Incapsula_Resource")
_CHALLENGE_STATUS = frozenset({401, 403, 405, 406, 429, 503})
# What a status means; to a link that was archived before, some mean something else.
_MEANS = {
    200: Outcome.CAPTURED,
    203: Outcome.CAPTURED,  # as a proxy on the way changed it
    304: Outcome.BAD_RESPONSE,
    408: Outcome.TIMEOUT,
    429: Outcome.RATE_LIMITED,
    451: Outcome.LEGAL_BLOCK,
}
_MEANS_TO_KNOWN = {304: Outcome.UNCHANGED, 404: Outcome.GONE, 410: Outcome.GONE}
# What is behind a status that is seldom seen; no one asked these servers for it.
_SAYS = {
    206: "a part of the page",
    226: "a difference to another answer",
    300: "several choices, and none is named",
    416: "no such part, and none was asked for",
    426: "another protocol is wanted",
    451: "withheld for legal reasons",
    505: "HTTP/1.1 is not spoken",
}
_WHOLE = re.compile(r"bytes\s+0-(\d+)/(\d+)\s*", re.IGNORECASE)
_MEANS_BY_CLASS = {3: Outcome.HTTP_3XX, 4: Outcome.HTTP_4XX, 5: Outcome.HTTP_5XX}


@dataclass(frozen=True)
class Ending:
    """An outcome, and one line on its cause where there is one to tell."""

    outcome: Outcome
    detail: str | None = None


class BadHead(ParseError):
    """An answer that does not begin as HTTP/1 does; the text says how it begins."""

    def __init__(self, said: str) -> None:
        super().__init__(said, b"")  # type: ignore[no-untyped-call]
        self.said = said

    def __str__(self) -> str:
        return self.said


class Refused(IgnoreRequest):
    """A request that was not sent, or a response that is not wanted; says how the link ends."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.ending = Ending(outcome, detail)


def ending_of_response(status: int, headers: Mapping[str, str], body: bytes, *, is_known: bool) -> Ending:
    """How a link ends whose last response this is. `headers` has lower-case names; `is_known`: archived before."""
    if status in _CHALLENGE_STATUS and _is_challenge(headers, body):
        return Ending(Outcome.BLOCKED, f"a bot protection answered {status}")
    if is_known and status in _MEANS_TO_KNOWN:
        return Ending(_MEANS_TO_KNOWN[status], str(status))
    if _is_whole(status, headers, body):
        return Ending(Outcome.CAPTURED, str(status))
    outcome = _MEANS.get(status) or _MEANS_BY_CLASS.get(status // 100) or Outcome.BAD_RESPONSE
    said = f"{status} ({_SAYS[status]})" if status in _SAYS else str(status)
    return Ending(outcome, None if status == 200 else said)


def _is_whole(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the answer is all of the page, though its status speaks of a part of it or of a difference."""
    if status == 206 and (ranged := _WHOLE.fullmatch(headers.get("content-range", ""))):
        return int(ranged[1]) + 1 == int(ranged[2]) == len(body)
    return status == 226 and headers.get("im", "").strip().lower() in {"", "gzip", "identity"} and bool(body)


def _is_challenge(headers: Mapping[str, str], body: bytes) -> bool:
    return any(name in headers for name in _CHALLENGE_HEADERS) or any(word in body for word in _CHALLENGE_WORDS)


@dataclass(frozen=True)
class HostFacts:
    """What was seen when a host's name was resolved: an address that may not be connected to; no IPv4 address."""

    withheld_address: str | None = None
    is_ipv6_only: bool = False


def ending_of_exception(error: BaseException, *, host: HostFacts = HostFacts()) -> Ending:
    """How a link ends that got no response from this host."""
    if isinstance(error, Refused):
        return error.ending
    causes = list(_causes(error))
    if told := next((cause for cause in causes if isinstance(cause, BadHead)), None):
        return Ending(Outcome.BAD_RESPONSE, str(told))
    is_unresolved = any(isinstance(cause, CannotResolveHostError | TwistedDNSLookupError) for cause in causes)
    if host.withheld_address and is_unresolved:
        return Ending(Outcome.PRIVATE_ADDRESS, f"the host leads to {host.withheld_address}")
    for types, outcome in _BY_TYPE:
        for cause in causes:
            if isinstance(cause, types):
                is_out_of_reach = host.is_ipv6_only and outcome in (Outcome.CONNECTION, Outcome.TIMEOUT)
                return Ending(outcome, f"{_IPV6_ONLY}: {_line(cause)}" if is_out_of_reach else _line(cause))
    return Ending(Outcome.BAD_RESPONSE, _line(error))


_IPV6_ONLY = "the host has IPv6 addresses only, does this machine reach any"
# In order of meaning: the innermost cause decides, so TLS stands before the closed connection that follows it.
_BY_TYPE: tuple[tuple[tuple[type[BaseException], ...], Outcome], ...] = (
    ((TLSError, VerificationError), Outcome.TLS),
    ((UnsupportedURLSchemeError,), Outcome.OFF_DOMAIN),
    ((CannotResolveHostError, TwistedDNSLookupError), Outcome.DNS),
    ((DownloadTimeoutError, TwistedTimeoutError), Outcome.TIMEOUT),
    ((DownloadCancelledError,), Outcome.TOO_LARGE),
    ((ResponseDataLossError, ParseError), Outcome.BAD_RESPONSE),
    ((DownloadConnectionRefusedError, ConnectError, ConnectionClosed, ConnectionLost, OSError), Outcome.CONNECTION),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, what it was raised from, and what Twisted wraps in it."""
    waiting: list[Any] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        cause = getattr(cause, "value", cause)  # a Twisted Failure
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, *getattr(cause, "reasons", ())]


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return (f"{type(error).__name__}: {text}" if text else type(error).__name__)[:300]
