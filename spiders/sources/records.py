"""The records of discovery: what to ask a source, what it answered, and the links read from the answer.

Reading a source is pure. Whoever fetches (the spider, `warraq check`) takes the requests of `discovery.begin()`, hands
each response, or the fact that there was none, to `discovery.read()`, and follows the requests that come back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from spiders.portal.definition import Portal, Source
from storage.model.window import Window

RECENT = timedelta(days=2)  # feeds, section pages and news sitemaps reach back about this far
MAX_LINKS_PER_RESPONSE = 50_000  # the sitemap protocol's own bound for one file
MAX_URL_CHARACTERS = 4096  # longer ones are traps; Arabic slugs stay under 2,000 when percent-encoded


@dataclass(frozen=True)
class ArchivedCopy:
    """Where another archive keeps a page: ask `fetch_url` (with `byte_range`, if any) instead of the page's own URL.

    `captured_at` is when that archive captured it. With a `byte_range` (first and last byte) the answer is one gzip
    member of a WARC file; `web_archive.unwrap()` gives the page in it.
    """

    fetch_url: str
    captured_at: datetime
    byte_range: tuple[int, int] | None = None


@dataclass(frozen=True)
class ListedLink:
    """A URL as a source listed it. Of the times only those are set that the source stated.

    `listed_at` is when the source says it was published; `listed_day` when it names only a day of the portal's
    calendar; `lastmod` when it was last changed. `is_guess` marks a URL nobody listed (a number that was counted up):
    that it does not exist is normal.
    """

    url: str
    source: str  # kind of source, e.g. feed
    source_url: str
    listed_at: datetime | None = None
    listed_day: date | None = None
    lastmod: datetime | None = None
    title: str | None = None
    is_guess: bool = False
    copy: ArchivedCopy | None = None


@dataclass(frozen=True)
class SourceRequest:
    """A request for a listing. `kind` says which parser reads the answer; `state` is that parser's own.

    `is_probe` marks an address that is only tried: that it does not exist is no problem of the portal.
    `candidate` is a source that auto discovery supposes at this address; it is found when it lists something.
    """

    url: str
    kind: str
    state: object = None
    is_probe: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    candidate: Source | None = None


@dataclass(frozen=True)
class SourceResponse:
    """How a source request ended: status and body (encodings of the transfer removed), or `error` with status None."""

    request: SourceRequest
    fetched_at: datetime
    status: int | None = None
    url: str = ""  # after redirects
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    error: str | None = None  # one line: timeout, robots, DNS…
    cut: str | None = None  # why the end of the body is missing

    @property
    def content_type(self) -> str | None:
        return self.header("content-type")

    @property
    def is_ok(self) -> bool:
        return self.status == 200

    def header(self, name: str) -> str | None:
        """The first header of this name, in any case of letters."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Listing:
    """What a parser made of one response.

    `left_out` counts entries that the source itself dates outside the window, or that are no articles by their URL:
    they are too many to record one by one (a sitemap lists years). `found` names sources that auto discovery saw
    working: remember them, and pass them as `Discovery.remembered` next time. `losses` are those of the problems that
    mean that something of the window may be missing: they make the run degraded.
    """

    links: tuple[ListedLink, ...] = ()
    requests: tuple[SourceRequest, ...] = ()
    problems: tuple[str, ...] = ()
    left_out: int = 0
    found: tuple[Source, ...] = ()
    losses: tuple[str, ...] = ()


_AROUND = " \t\r\n\"'<>"  # what stands about an address in a text is none of it (RFC 3986, appendix C)
_BROKEN_LINE = re.compile(r"\s*[\r\n]\s*")


def web_address(address: str, base: str) -> str | None:
    """An address found at `base`, made absolute; None for what cannot be asked on the web or is too long.

    As people and generators write them: wrapped over lines, in quotation marks, escaped once too often, without scheme.
    """
    try:
        address = _BROKEN_LINE.sub("", address.strip(_AROUND)).replace("&amp;", "&")
        host = urlsplit(base).netloc.lower().removeprefix("www.")
        if host and address[:MAX_URL_CHARACTERS].lower().removeprefix("www.").partition("/")[0] == host:
            address = f"{urlsplit(base).scheme}://{address}"
        url = urljoin(base, address)
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        url.encode()  # lone surrogates, from broken JSON, have no bytes
    except ValueError:
        return None
    return url if is_web and len(url) <= MAX_URL_CHARACTERS else None


def nothing_read(response: SourceResponse, *, is_part: bool = False) -> Listing:
    """The listing of a request that brought no document; a probe that finds nothing is no problem.

    `is_part` says that the source answered before, and that this was a further page of it: what it lists is lost.
    """
    is_broken = response.status is None or response.status >= 500
    is_forbidden = (response.error or "").startswith("robots")
    # An address that the portal itself names, and that does not answer, is worth telling; one that was guessed is not.
    is_named = response.request.candidate is not None
    if response.request.is_probe and not (is_named and is_broken and not is_forbidden):
        return Listing()
    cause = response.error or f"status {response.status}"
    line = f"{response.request.kind} {response.request.url}: {cause}"
    return Listing(problems=(line,), losses=(line,) if is_part else ())


def _nothing_known(url: str) -> bool:
    return False


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Discovery:
    """What parsers may know. `is_known` tells of a URL whether the archive has it: paging stops where all is known.

    `first_page_only` serves `warraq check`: sources are sampled, not walked. A long listing asks `must_stop` again and
    again, because nothing can end a thread from outside.
    """

    portal: Portal
    window: Window
    now: datetime
    remembered: tuple[Source, ...] = ()
    is_known: Callable[[str], bool] = field(default=_nothing_known)
    must_stop: Callable[[], bool] = field(default=_never)
    first_page_only: bool = False

    @property
    def reaches_now(self) -> bool:
        """Whether the window touches what feeds, section pages and news sitemaps still list."""
        return self.window.end > self.now - RECENT

    @property
    def is_past(self) -> bool:
        """Whether the window begins before what they list: some of it only sources that list the past can tell."""
        return self.window.start < self.now - RECENT


def stands_outside(link: ListedLink, window: Window, *, slack: timedelta = timedelta()) -> bool:
    """Whether the source's own dates put the link outside the window; without a date nothing is said.

    Something last changed before the window began cannot have been published in it. `slack` forgives sources whose
    clock is off; days are the portal's, so they are forgiven one day at either side.
    """
    if link.listed_at is not None:
        return not window.start - slack <= link.listed_at < window.end + slack
    if link.listed_day is not None:
        first = (window.start - slack - timedelta(days=1)).date()
        return not first <= link.listed_day <= (window.end + slack + timedelta(days=1)).date()
    return link.lastmod is not None and link.lastmod < window.start - slack
