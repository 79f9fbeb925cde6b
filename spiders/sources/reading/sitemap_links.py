"""Which entries of a sitemap a window needs: chosen one after the other, in memory that does not grow with the file."""

from __future__ import annotations

import heapq
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spiders.sources.reading.article_links import is_wanted
from spiders.sources.reading.sitemap_entries import SitemapEntry
from spiders.sources.reading.url_dates import are_other_days, named_days, names_other_days
from spiders.sources.records import (
    MAX_LINKS_PER_RESPONSE,
    Discovery,
    ListedLink,
    SourceRequest,
    SourceResponse,
    stands_outside,
    web_address,
)

MAX_DEPTH = 3  # index → index → sitemap is the deepest seen on a news site
MAX_CHILDREN = 500  # sitemaps followed from one index
MAX_CHILDREN_SEEN = 50_000  # of one index, that may hold the window; the protocol's own bound
UNDATED_ENDS = 2  # of an index without dates, a run about the present reads this many sitemaps at either end
MAX_UNDATED_LINKS = 1_000  # of one sitemap: without dates a sitemap of years cannot be fetched for one window
MAX_RECORDED_OUTSIDE = 5_000  # links that the sitemap itself dates outside the window; more are only counted
EDIT_SLACK = timedelta(days=7)  # an article last changed longer than this after the window was hardly published in it
_SAME_LASTMOD = 50  # so many entries, all changed within one minute: the file's own time, not the articles'
_SAME_CHILDREN = 50  # so many sitemaps of an index; fewer may be sections that all had news today
_WITHIN = timedelta(minutes=1)
_LOOKED_AT_BEFORE = 20  # entries before a quiet window, for one that is an article
_SUSPICIOUS = 20  # so many links and none an article by its URL: rather the definition is wrong
_DATE_SLACK = timedelta(days=1)
_NOT_ARTICLES = re.compile(
    r"(?:^|[-_/.])(?:categor(?:y|ies)|post_tag|tags?|authors?|users?|images?|videos?)(?=[-_./\d]|$)", re.I
)


@dataclass(frozen=True)
class SitemapState:
    """How deep below the declared sitemap a request is."""

    depth: int = 0


class _Ends:
    """The first and the last of many links, with their places."""

    def __init__(self) -> None:
        self._first: list[tuple[int, ListedLink]] = []
        self._last: deque[tuple[int, ListedLink]] = deque(maxlen=MAX_UNDATED_LINKS // 2)
        self.count = 0

    def add(self, place: int, link: ListedLink) -> None:
        self.count += 1
        if len(self._first) < MAX_UNDATED_LINKS // 2:
            self._first.append((place, link))
        else:
            self._last.append((place, link))

    def __iter__(self) -> Iterator[tuple[int, ListedLink]]:
        yield from self._first
        yield from self._last


class ChosenLinks:
    """Takes entries of pages; `chosen()` gives the links, `problems` and `losses` what is to be told."""

    def __init__(self, response: SourceResponse, discovery: Discovery) -> None:
        self._response, self._discovery = response, discovery
        self.count = 0
        self.problems: list[str] = []
        self.losses: list[str] = []
        self._dated: dict[str, tuple[int, ListedLink]] = {}
        self._outside: dict[str, tuple[int, ListedLink]] = {}
        self._undated = _Ends()
        self._too_many = 0
        self._considered = self._unwanted = 0
        self._example = ""
        self._before: list[tuple[datetime, str]] = []  # the newest entries before the window
        self._changes: tuple[datetime, datetime] | None = None  # the first and the last
        self._changed = 0
        self._same = _Ends()  # what counts as undated should all have changed at once
        self._same_named: dict[str, tuple[int, ListedLink]] = {}  # and what its address dates then
        self._same_unwanted = 0

    def add(self, entry: SitemapEntry) -> None:
        """Look at one entry."""
        self.count += 1
        self._note_change(entry)
        window = self._discovery.window
        days = named_days(entry.url)
        if are_other_days(days, window):
            return
        is_dated = bool(entry.listed_at or entry.listed_day or (days and days[0] == days[1]))
        lastmod = entry.lastmod
        fits = is_dated or lastmod is None or window.start <= lastmod < window.end + EDIT_SLACK
        may_be_same = not is_dated and lastmod is not None and self._may_be_one_time()
        if not fits and not may_be_same:
            return
        link = self._link(entry)
        if fits:
            self._considered += 1
            self._example = self._example or entry.url
            if link is None:
                self._unwanted += 1
            elif is_dated or lastmod is not None or days:
                self._keep(link)
            else:
                self._undated.add(self.count, link)
        if may_be_same and link is None:
            self._same_unwanted += 1
        elif may_be_same and link is not None and not days:
            self._same.add(self.count, replace(link, lastmod=None))
        elif may_be_same and link is not None and len(self._same_named) < MAX_LINKS_PER_RESPONSE:
            self._same_named.setdefault(link.url, (self.count, link))

    def chosen(self) -> tuple[ListedLink, ...]:
        """The links in the file's order; call once."""
        kept = {**self._outside, **self._dated}
        undated = [*self._undated]
        total, considered, unwanted = self._undated.count, self._considered, self._unwanted
        if self._changed >= _SAME_LASTMOD and self._may_be_one_time():
            # The time at which the file was made: it says nothing of any of them.
            kept = {url: (n, replace(link, lastmod=None)) for url, (n, link) in {**self._same_named, **kept}.items()}
            same = {link.url: (n, link) for n, link in self._same}
            kept = {url: each for url, each in kept.items() if url not in same and self._has_date(each[1])}
            undated += list(same.values())
            total += self._same.count
            unwanted, considered = unwanted + self._same_unwanted, considered + self._same.count + self._same_unwanted
        if total > MAX_UNDATED_LINKS:
            # The newest stand at one of the ends; which, nothing tells.
            half = MAX_UNDATED_LINKS // 2
            line = f"{total:,} links without dates: only the first and the last {half} are taken"
            (self.problems if self._discovery.reaches_now else self.losses).append(line)
            undated.sort(key=lambda each: each[0])
            undated = undated[:half] + undated[-half:]
        if self._too_many:
            self.losses.append(
                f"more than {MAX_LINKS_PER_RESPONSE:,} links of the window: {self._too_many:,} are left out"
            )
        if unwanted == considered >= _SUSPICIOUS:
            self.problems.append(f"article_url matches none of {unwanted} links, for example {self._example}")
        for place, link in undated:
            kept.setdefault(link.url, (place, link))
        if not kept and not self._discovery.reaches_now and (last := self._last_before()):
            kept[last.url] = (0, last)
        return tuple(link for _, link in sorted(kept.values(), key=lambda each: each[0]))

    def _keep(self, link: ListedLink) -> None:
        if stands_outside(link, self._discovery.window, slack=_DATE_SLACK):
            # The run records what the sitemap dates elsewhere, as far as it is not the whole past.
            if len(self._outside) < MAX_RECORDED_OUTSIDE:
                self._outside.setdefault(link.url, (self.count, link))
        elif len(self._dated) < MAX_LINKS_PER_RESPONSE:
            self._dated.setdefault(link.url, (self.count, link))
        elif link.url not in self._dated:
            self._too_many += 1

    def _link(self, entry: SitemapEntry) -> ListedLink | None:
        response = self._response
        url = web_address(entry.url, response.url or response.request.url)
        if url is None or not is_wanted(url, self._discovery.portal):
            return None
        return ListedLink(
            url=url,
            source=response.request.kind,
            source_url=response.request.url,
            listed_at=entry.listed_at,
            listed_day=entry.listed_day,
            lastmod=entry.lastmod,
            title=" ".join(entry.title.split()) if entry.title else None,
        )

    def _note_change(self, entry: SitemapEntry) -> None:
        lastmod = entry.lastmod
        if lastmod is None:
            return
        self._changed += 1
        first, last = self._changes or (lastmod, lastmod)
        self._changes = (min(first, lastmod), max(last, lastmod))
        if self._discovery.reaches_now or lastmod >= self._discovery.window.start:
            return
        if len(self._before) < _LOOKED_AT_BEFORE:
            heapq.heappush(self._before, (lastmod, entry.url))
        else:
            heapq.heappushpop(self._before, (lastmod, entry.url))

    def _may_be_one_time(self) -> bool:
        return self._changes is not None and self._changes[1] - self._changes[0] < _WITHIN

    @staticmethod
    def _has_date(link: ListedLink) -> bool:
        return bool(link.listed_at or link.listed_day or named_days(link.url))

    def _last_before(self) -> ListedLink | None:
        """The last entry before a window that has none: it shows that the sitemap answers, and the window was quiet."""
        response = self._response
        for lastmod, address in sorted(self._before, reverse=True):
            url = web_address(address, response.url or response.request.url)
            if url and is_wanted(url, self._discovery.portal):
                return ListedLink(url, response.request.kind, response.request.url, lastmod=lastmod)
        return None


class ChildSitemaps:
    """Takes entries of an index; `requests()` gives the sitemaps to ask, the newest first."""

    def __init__(self, response: SourceResponse, discovery: Discovery) -> None:
        self._response, self._discovery = response, discovery
        self.count = 0
        self.problems: list[str] = []
        self.losses: list[str] = []
        self._entries: list[SitemapEntry] = []
        self._left_out = 0

    def add(self, entry: SitemapEntry) -> None:
        """Look at one sitemap of the index."""
        self.count += 1
        if names_other_days(entry.url, self._discovery.window):
            return
        if len(self._entries) < MAX_CHILDREN_SEEN:
            self._entries.append(entry)
        else:
            self._left_out += 1

    def requests(self) -> tuple[SourceRequest, ...]:
        """Requests for the children that may hold the window."""
        entries, window = self._entries, self._discovery.window
        state = self._response.request.state
        depth = (state.depth if isinstance(state, SitemapState) else 0) + 1
        if not entries:
            return ()
        if depth >= MAX_DEPTH:
            self.losses.append(f"an index {MAX_DEPTH} levels deep is not followed")
            return ()
        if _are_of_one_time(entries):
            entries = [replace(entry, lastmod=None) for entry in entries]
        kept = [e for e in entries if not _NOT_ARTICLES.search(e.url.rsplit("//", 1)[-1].partition("/")[2])] or entries
        kept = [e for e in kept if e.lastmod is None or e.lastmod >= window.start]
        dated = [e for e in kept if e.lastmod is not None or named_days(e.url)]
        undated = [e for e in kept if e.lastmod is None and not named_days(e.url)]
        if window.end > self._discovery.now - EDIT_SLACK and len(undated) > 2 * UNDATED_ENDS:
            line = f"{len(undated)} sitemaps without dates: only {UNDATED_ENDS} at either end are read"
            self.problems.append(line)
            undated = undated[:UNDATED_ENDS] + undated[-UNDATED_ENDS:]
        kept = sorted(dated, key=lambda e: e.lastmod.timestamp() if e.lastmod else 0, reverse=True) + undated
        if len(kept) + self._left_out > MAX_CHILDREN:
            count = len(kept) + self._left_out
            self.losses.append(f"{count} sitemaps may hold the window: only {MAX_CHILDREN} are read")
        request = self._response.request
        own, base = request.url, self._response.url or request.url
        urls = dict.fromkeys(web_address(e.url, base) for e in kept[:MAX_CHILDREN])
        return tuple(SourceRequest(url, request.kind, SitemapState(depth)) for url in urls if url and url != own)


def _are_of_one_time(entries: list[SitemapEntry]) -> bool:
    times = [entry.lastmod for entry in entries if entry.lastmod]
    return len(times) >= _SAME_CHILDREN and max(times) - min(times) < _WITHIN
