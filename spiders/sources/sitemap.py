"""Sitemaps: plain, gzipped, news, text, and indexes of sitemaps, read as a stream with entities and network off."""

from __future__ import annotations

import heapq
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from lxml import etree

from spiders.portal.definition import NewsSitemap, Portal, Sitemap, Source
from spiders.sources import feed
from spiders.sources.reading.article_links import is_wanted
from spiders.sources.reading.documents import UnreadableListing, plain_bytes, refuse_entities, root_name
from spiders.sources.reading.listed_dates import read_listed_date
from spiders.sources.reading.url_dates import named_days, names_other_days
from spiders.sources.records import (
    MAX_LINKS_PER_RESPONSE,
    Discovery,
    ListedLink,
    Listing,
    SourceRequest,
    SourceResponse,
    nothing_read,
    web_address,
)
from storage.model.window import Window

MAX_DEPTH = 3  # index → index → sitemap is the deepest seen on a news site
MAX_CHILDREN = 500  # sitemaps followed from one index
UNDATED_ENDS = 2  # of an index without dates, a run about the present reads this many sitemaps at either end
MAX_UNDATED_LINKS = 1_000  # of one sitemap: without dates a sitemap of years cannot be fetched for one window
EDIT_SLACK = timedelta(days=7)  # an article last changed longer than this after the window was hardly published in it
_SAME_LASTMOD = 50  # so many entries, all changed within one minute: the file's own time, not the articles'
_SAME_CHILDREN = 50  # so many sitemaps of an index; fewer may be sections that all had news today
_LOOKED_AT_BEFORE = 20  # entries before a quiet window, for one that is an article
_SUSPICIOUS = 20  # so many links and none an article by its URL: rather the definition is wrong
_NOT_ARTICLES = re.compile(
    r"(?:^|[-_/.])(?:categor(?:y|ies)|post_tag|tags?|authors?|users?|images?|videos?)(?=[-_./\d]|$)", re.I
)


@dataclass(frozen=True)
class SitemapState:
    """How deep below the declared sitemap a request is."""

    depth: int = 0


@dataclass(frozen=True)
class _Entry:
    is_index: bool
    url: str
    lastmod: datetime | None
    listed_at: datetime | None = None
    listed_day: date | None = None
    title: str | None = None


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """One request for the declared sitemap."""
    assert isinstance(source, (Sitemap, NewsSitemap))  # noqa: S101 - narrows the type
    return [SourceRequest(discovery.portal.absolute(source.url), source.kind, SitemapState())]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """Links that may belong to the window, and the child sitemaps of an index that may hold some."""
    if not response.is_ok:
        return nothing_read(response)
    name = f"{response.request.kind} {response.request.url}"
    try:
        document = plain_bytes(response.body)
        root = root_name(document)
        if root in {"rss", "feed", "rdf"}:
            return feed.parse(response, discovery)
        if document.lstrip().startswith((b"http://", b"https://")):
            entries = [_Entry(False, line.strip(), None) for line in document.decode("utf-8", "replace").splitlines()]
        elif root in {"urlset", "sitemapindex"}:
            refuse_entities(document)
            entries = list(_entries(document, discovery.portal))
        else:
            raise UnreadableListing(f"is {root or 'nothing known'}, not a sitemap")
    except UnreadableListing as error:
        return Listing() if response.request.is_probe else Listing(problems=(f"{name}: {error}",))
    if not entries:
        return Listing(problems=(f"{name}: empty",))
    children, child_problems = _children([e for e in entries if e.is_index], response, discovery)
    links, left_out, link_problems = _links([e for e in entries if not e.is_index], response, discovery)
    return Listing(
        links=tuple(links),
        requests=tuple(children),
        problems=tuple(f"{name}: {problem}" for problem in child_problems + link_problems),
        left_out=left_out,
    )


def _entries(document: bytes, portal: Portal) -> Iterator[_Entry]:
    """Entries of one file. Broken XML yields what stands before the break."""
    reader = etree.iterparse(
        io.BytesIO(document),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    count = 0
    try:
        for _, element in reader:
            parts: dict[str, str] = {}
            for child in element.iterdescendants(etree.Element):
                parts.setdefault(etree.QName(child).localname, (child.text or "").strip())
            entry = _entry(etree.QName(element).localname == "sitemap", parts, portal)
            if entry is not None:
                yield entry
                count += 1
            if count >= MAX_LINKS_PER_RESPONSE:
                return
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:
        return


def _entry(is_index: bool, parts: dict[str, str], portal: Portal) -> _Entry | None:
    url = parts.get("loc", "")
    if not url:
        return None
    listed_at, listed_day = read_listed_date(parts.get("publication_date"), portal, witness="sitemap:publication_date")
    changed_at, changed_day = read_listed_date(parts.get("lastmod"), portal, witness="sitemap:lastmod")
    if changed_at is None and changed_day is not None:
        # A day without a time may mean its last minute.
        changed_at = datetime.combine(changed_day, time(23, 59, 59), UTC)
    return _Entry(is_index, url, changed_at, listed_at, listed_day, parts.get("title") or None)


def _children(
    entries: list[_Entry], response: SourceResponse, discovery: Discovery
) -> tuple[list[SourceRequest], list[str]]:
    state = response.request.state if isinstance(response.request.state, SitemapState) else SitemapState()
    if not entries:
        return [], []
    if state.depth + 1 >= MAX_DEPTH:
        return [], [f"an index {MAX_DEPTH} levels deep is not followed"]
    window, problems = discovery.window, []
    if _says_nothing([e.lastmod for e in entries if e.lastmod], enough=_SAME_CHILDREN):
        entries = [replace(e, lastmod=None) for e in entries]
    kept = [e for e in entries if not _NOT_ARTICLES.search(e.url.rsplit("//", 1)[-1].partition("/")[2])] or entries
    kept = [e for e in kept if not names_other_days(e.url, window)]
    kept = [e for e in kept if e.lastmod is None or e.lastmod >= window.start]
    dated = [e for e in kept if e.lastmod is not None or named_days(e.url)]
    undated = [e for e in kept if e not in dated]
    if window.end > discovery.now - EDIT_SLACK and len(undated) > 2 * UNDATED_ENDS:
        problems.append(f"{len(undated)} sitemaps without dates: only {UNDATED_ENDS} at either end are read")
        undated = undated[:UNDATED_ENDS] + undated[-UNDATED_ENDS:]
    kept = sorted(dated, key=lambda e: e.lastmod.timestamp() if e.lastmod else 0, reverse=True) + undated
    if len(kept) > MAX_CHILDREN:
        problems.append(f"{len(kept)} sitemaps may hold the window: only {MAX_CHILDREN} are read")
    own = response.request.url
    below = SitemapState(depth=state.depth + 1)
    urls = dict.fromkeys(web_address(e.url, response.url or own) for e in kept[:MAX_CHILDREN])
    return [SourceRequest(url, response.request.kind, below) for url in urls if url and url != own], problems


def _links(
    entries: list[_Entry], response: SourceResponse, discovery: Discovery
) -> tuple[list[ListedLink], int, list[str]]:
    window, problems = discovery.window, []
    lastmod_says_nothing = _says_nothing([e.lastmod for e in entries if e.lastmod], enough=_SAME_LASTMOD)
    links: dict[str, ListedLink] = {}
    undated: list[str] = []
    considered = unwanted = 0
    for entry in entries:
        lastmod = None if lastmod_says_nothing else entry.lastmod
        if not _may_be_of(window, entry, lastmod):
            continue
        considered += 1
        url = web_address(entry.url, response.url or response.request.url)
        if url is None or not is_wanted(url, discovery.portal):
            unwanted += 1
            continue
        if not (entry.listed_at or entry.listed_day or lastmod or named_days(url)):
            undated.append(url)
        link = ListedLink(
            url=url,
            source=response.request.kind,
            source_url=response.request.url,
            listed_at=entry.listed_at,
            listed_day=entry.listed_day,
            lastmod=lastmod,
            title=" ".join(entry.title.split()) if entry.title else None,
        )
        links.setdefault(url, link)
    if len(undated) > MAX_UNDATED_LINKS:
        # The newest stand at one of the ends; which, nothing tells.
        half = MAX_UNDATED_LINKS // 2
        problems.append(f"{len(undated)} links without dates: only the first and the last {half} are taken")
        for url in undated[half:-half]:
            links.pop(url, None)
    if unwanted == considered >= _SUSPICIOUS:
        problems.append(f"article_url matches none of {unwanted} links, for example {entries[0].url}")
    if not links and not discovery.reaches_now and (last := _last_before(window, entries, response, discovery.portal)):
        links[last.url] = last
    return list(links.values()), len(entries) - len(links), problems


def _says_nothing(times: list[datetime], *, enough: int) -> bool:
    """Whether all changed within the same minute: then it is the time at which the file was made."""
    return len(times) >= enough and max(times) - min(times) < timedelta(minutes=1)


def _last_before(window: Window, entries: list[_Entry], response: SourceResponse, portal: Portal) -> ListedLink | None:
    """The last entry before a window that has none: it shows that the sitemap answers, and the window was quiet."""
    dated = [(entry.lastmod, entry.url) for entry in entries if entry.lastmod and entry.lastmod < window.start]
    base = response.url or response.request.url
    for lastmod, address in heapq.nlargest(_LOOKED_AT_BEFORE, dated):
        url = web_address(address, base)
        if url and is_wanted(url, portal):
            return ListedLink(url, response.request.kind, response.request.url, lastmod=lastmod)
    return None


def _may_be_of(window: Window, entry: _Entry, lastmod: datetime | None) -> bool:
    """Whether the entry may be published in the window, by the day in its address and by when it was last changed.

    An entry with a publication date passes: the run records it with that date.
    """
    if names_other_days(entry.url, window):
        return False
    days = named_days(entry.url)
    if entry.listed_at or entry.listed_day or lastmod is None or (days and days[0] == days[1]):
        return True
    return window.start <= lastmod < window.end + EDIT_SLACK
