"""Where an answer leads its reader: Location, choices, the Refresh header, a page that only sends on."""

from __future__ import annotations

import enum
import html
import re
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from scrapy.http import Response
from w3lib.html import get_meta_refresh

from extract.html.decoding import declared_charset, decode_text
from spiders.http.redirect_cookies import RunCookies
from storage.identity.urls import joined_address
from storage.raw.content_encoding import Headers, beginning_of

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHOICES = 300  # several forms of one thing; the one that the server prefers stands in Location
MAX_SENDING_BYTES = 8 * 1024  # a page that only sends on is short; an article that reloads itself is not
MAX_DELAY_SECONDS = 10
_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F))
_HREF = re.compile(rb"<a\b[^>]{0,500}?\bhref\s*=\s*(?:\"([^\">]{1,4000})\"|'([^'>]{1,4000})')", re.IGNORECASE)
_CONSENT = re.compile(
    r"(?:^|[./_-])(?:(?:cookie|privacy)[_-]?(?:wall|consent|gate|check)s?|(?:user[_-]?)?consent|gdpr|cmp)(?=[./_?#-]|$)",
    re.IGNORECASE,
)
_BLANKS = b" \t\r\n\f\0"
# Browsers also take a comma or a blank for the semicolon, and an address without its name; w3lib does not.
_SEPARATOR = re.compile(
    r"(\bcontent\s*=\s*(?:[\"']\s*[\d.]{1,6}(?=[\s;,])|[\d.]{1,6}(?=\s*[;,])))\s*[;,]?\s*"
    r"(?:url\s*=\s*|(?!url\s*=)(?=[^\s;,\"'>]))",
    re.IGNORECASE,
)


class Step(enum.Enum):
    """What to do about an answer that leads elsewhere."""

    FOLLOW = "follow"
    ENDLESS = "endless"  # round in circles, or too far


@dataclass(frozen=True)
class Trail:
    """The requests that one link has led through so far."""

    visited: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.visited)

    def after(self, response: Response, cookies: RunCookies) -> Trail:
        """The trail with this answer's request on it; the same address with other cookies is another request."""
        sent = response.request.headers.get(b"Cookie") if response.request else None
        return Trail((*self.visited, cookies.mark(response.url, sent)))

    def step(self, target: str, cookies: RunCookies) -> Step:
        """Whether to go on to `target`; `self` ends with the answer that named it."""
        is_endless = len(self) > MAX_REDIRECTS or cookies.is_circle(target, self.visited)
        return Step.ENDLESS if is_endless else Step.FOLLOW


NOWHERE_YET = Trail()


def redirect_target(status: int, url: str, headers: Headers) -> str | None:
    """Where an answer leads to, if it is a redirect that says so; of several choices the one that the server names."""
    if status not in REDIRECTS and status != CHOICES:
        return None
    stated = (_received(value) for name, value in headers if name.lower() == "location")
    return next((target for value in stated if (target := header_address(value, url))), None)


def sent_on_to(status: int, url: str, headers: Headers, body: bytes) -> str | None:
    """Where an answer leads its reader at once: by its status, by the Refresh header, or by a text that only does so.

    `headers` as received, read as Latin-1. A page that reloads itself leads nowhere.
    """
    headers = tuple(headers)
    if status != 200:
        return redirect_target(status, url, headers) or (
            _first_choice(url, headers, body) if status == CHOICES else None
        )
    named = {name.lower(): value for name, value in headers}
    if (refresh := named.get("refresh")) and (target := _at_once(_as_element(refresh), url)):
        return target
    if len(body) > MAX_SENDING_BYTES:
        return None
    text = beginning_of(body, headers, length=2 * MAX_SENDING_BYTES)
    if len(text) > MAX_SENDING_BYTES or b"refresh" not in text.lower():
        return None
    content_type = named.get("content-type")
    encoding = declared_charset(text, content_type) or "utf-8"
    return _at_once(decode_text(text, content_type), url, encoding=encoding)


def is_consent_wall(target: str) -> bool:
    """Whether an address is where a site asks for consent before it shows anything: by its host or path."""
    parts = urlsplit(target)
    return _CONSENT.search(f"{parts.netloc}{parts.path}") is not None


def _first_choice(url: str, headers: Headers, body: bytes) -> str | None:
    """Of several choices without a preferred one, the first that the answer's text links to."""
    text = beginning_of(body, headers, length=2 * MAX_SENDING_BYTES)
    named = (match[1] or match[2] for match in _HREF.finditer(text))
    found = (header_address(html.unescape(name.decode("latin-1")).encode("latin-1", "replace"), url) for name in named)
    return next((target for target in found if target and target.partition("#")[0] != url.partition("#")[0]), None)


def header_address(value: bytes, base: str) -> str | None:
    """An address in a header, made absolute: bytes beyond ASCII are percent-encoded as they are, as browsers do.

    Nobody says in which encoding a server writes its headers, and the server wants its own bytes back.
    """
    path, mark, query = quote_from_bytes(value.strip(_BLANKS), safe=_PRINTABLE).partition("?")
    if not path and not mark:
        return None
    target = joined_address(base, path.replace("\\", "/") + mark + query)
    return target and _with_plain_host(target)


def _as_element(refresh: str) -> str:
    escaped = quote_from_bytes(_received(refresh), safe=_PRINTABLE + " ")
    return f'<meta http-equiv="refresh" content="{html.escape(escaped)}">'


def _received(value: str) -> bytes:
    """A header's bytes: read as Latin-1 from the network, perhaps as UTF-8 from a file."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape")


def _at_once(text: str, page_url: str, *, encoding: str = "utf-8") -> str | None:
    try:
        delay, target = get_meta_refresh(_SEPARATOR.sub(r"\1; url=", text), page_url, encoding)
        if delay is None or target is None or delay > MAX_DELAY_SECONDS:
            return None
        if urlsplit(target).scheme not in ("http", "https"):
            return None
    except (ValueError, LookupError):
        return None
    return None if target.partition("#")[0] == page_url.partition("#")[0] else target


def _with_plain_host(url: str) -> str:
    """The URL with a host that was written in percent-encoded UTF-8 in letters; Scrapy makes punycode of them."""
    parts = urlsplit(url)
    if "%" not in parts.netloc:
        return url
    try:
        return parts._replace(netloc=unquote_to_bytes(parts.netloc).decode("utf-8")).geturl()
    except ValueError:
        return url
