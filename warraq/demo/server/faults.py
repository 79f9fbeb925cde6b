"""Faults on request: which path or article misbehaves, how, and for how many requests."""

from __future__ import annotations

import enum
import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from storage.errors import UsageError


class FaultKind(enum.StrEnum):
    """What a faulty answer does; the text after a colon in a fault's spelling is its value."""

    ERROR_500 = "500"
    UNAVAILABLE_503 = "503"  # value: Retry-After, seconds or an HTTP date
    TOO_MANY_429 = "429"  # value: Retry-After
    FORBIDDEN_403 = "403"
    MISSING_404 = "404"
    GONE_410 = "410"
    SLOW = "slow"  # value: seconds before the answer
    TRICKLE = "trickle"  # value: seconds over which the body dribbles
    RESET = "reset"  # the connection is reset instead of an answer
    CUT = "cut"  # the connection ends in the middle of the body
    TRUNCATED_GZIP = "truncated-gzip"
    GZIP_BOMB = "gzip-bomb"  # value: megabytes that a small body unpacks to
    HUGE = "huge"  # value: megabytes of body
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_OFF_DOMAIN = "redirect-off-domain"  # value: the address
    REDIRECT_PRIVATE = "redirect-private"  # value: the address
    SOFT_404 = "soft-404"
    WRONG_CHARSET = "wrong-charset"  # the header names windows-1252, the page is what it was
    NOT_HTML = "not-html"  # a PDF under an article's address
    EDITED = "edited"  # articles: the newsroom has changed the text
    DENY = "deny"  # robots.txt forbids everything
    HTML = "html"  # an HTML page under whatever address, e.g. in place of a feed or robots.txt


_SPELLING = re.compile(
    r"(?P<kind>[a-z0-9-]+)(?::(?P<value>[^@]+?))?(?:\+(?P<after>\d+))?(?:\*(?P<times>\d+))?@(?P<target>\S+)"
)
FAULT_FORMS = "KIND[:VALUE][+AFTER][*TIMES]@TARGET, for example 429:3*2@/feed/ or edited+1@#7 or 500@every/10"


@dataclass(frozen=True)
class Fault:
    """One fault. `target` is a path, `#7` for article 7, `every/10` for each tenth article, or `*`.

    It leaves the first `after` requests alone and strikes the next `times`; None means for ever.
    """

    kind: FaultKind
    target: str
    value: str | None = None
    after: int = 0
    times: int | None = None

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read a fault as people type it; raises UsageError that shows the form."""
        match = _SPELLING.fullmatch(text.strip())
        if not match or match["kind"] not in list(FaultKind):
            kinds = ", ".join(FaultKind)
            raise UsageError(f"{text!r} is not a fault", remedy=f"write {FAULT_FORMS}; kinds: {kinds}")
        times = match["times"]
        return cls(
            kind=FaultKind(match["kind"]),
            target=match["target"],
            value=match["value"],
            after=int(match["after"] or 0),
            times=None if times is None else int(times),
        )

    def hits(self, path: str, number: int | None) -> bool:
        """Whether a request of this path, or of this article, is meant."""
        if self.target == "*":
            return True
        if number is not None and self.target.startswith("every/"):
            return number % max(1, int(self.target.removeprefix("every/") or 1)) == 0
        return self.target == (path if self.target.startswith("/") else f"#{number}")

    def seconds(self, default: float) -> float:
        """The value as a number."""
        try:
            return float(self.value) if self.value else default
        except ValueError:
            return default


class Faults:
    """The faults in force; may be changed while the site is being served."""

    def __init__(self, faults: Iterable[Fault | str] = ()) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._seen: Counter[tuple[Fault, str]] = Counter()
        self.add(*faults)

    def add(self, *faults: Fault | str) -> None:
        """Put further faults in force."""
        parsed = [fault if isinstance(fault, Fault) else Fault.parse(fault) for fault in faults]
        with self._lock:
            self._faults += parsed

    def clear(self) -> None:
        """The site behaves again."""
        with self._lock:
            self._faults.clear()
            self._seen.clear()

    def strike(self, path: str, number: int | None) -> list[Fault]:
        """The faults that apply to this request; counts it."""
        with self._lock:
            struck = []
            for fault in self._faults:
                if not fault.hits(path, number):
                    continue
                seen = self._seen[fault, path] if fault.after or fault.times is not None else 0
                if fault.after or fault.times is not None:
                    self._seen[fault, path] += 1
                if seen >= fault.after and (fault.times is None or seen < fault.after + fault.times):
                    struck.append(fault)
            return struck

    def edition(self, number: int) -> int:
        """Which edition listings and API show: 1 where an edit is in force from the start."""
        with self._lock:
            edited = (f for f in self._faults if f.kind is FaultKind.EDITED and not f.after)
            return int(any(fault.hits("", number) for fault in edited))
