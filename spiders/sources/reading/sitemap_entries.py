"""The entries of a sitemap, an index of sitemaps or a list of addresses, one after the other, however many they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from spiders.portal.definition import Portal
from spiders.sources.reading.documents import text_pieces
from spiders.sources.reading.entries import Document, Entry, read_entries
from spiders.sources.reading.listed_dates import read_listed_date
from spiders.sources.records import MAX_URL_CHARACTERS, Discovery, SourceResponse

_ENTRIES = frozenset({"url", "sitemap"})
_WANTED = frozenset({"loc", "lastmod", "publication_date", "title"})
_NEWS = re.compile(r"/schemas/(?:sitemap-)?news|^undeclared:news$")  # Google's extension has gone by several names


@dataclass(frozen=True)
class SitemapEntry:
    """What an entry says of its page, or of the sitemap that it names."""

    is_index: bool
    url: str
    lastmod: datetime | None = None
    listed_at: datetime | None = None
    listed_day: date | None = None
    title: str | None = None


@dataclass
class Faults:
    """What was noticed on the way."""

    without_address: int = 0
    is_cut: bool = False


def read_sitemap(response: SourceResponse, discovery: Discovery, faults: Faults) -> Iterator[SitemapEntry]:
    """All entries in their order. Raises UnreadableListing, CutListing where the rest cannot be read."""
    document = Document()
    pieces = text_pieces(response.body, response.content_type, must_stop=discovery.must_stop)
    for entry in read_entries(pieces, document, entries=_ENTRIES, wanted=_WANTED):
        read = _entry(entry, discovery.portal, response.fetched_at)
        if read is None:
            faults.without_address += 1
        else:
            yield read
    faults.is_cut = document.damage.is_cut


def read_addresses(response: SourceResponse, discovery: Discovery, faults: Faults) -> Iterator[SitemapEntry]:
    """The addresses of a text sitemap, one a line. Raises CutListing where the rest cannot be read."""
    rest = ""
    for piece in text_pieces(response.body, response.content_type, must_stop=discovery.must_stop):
        *lines, rest = (rest[-2 * MAX_URL_CHARACTERS :] + piece.replace("\r", "\n")).split("\n")
        for line in lines:
            yield from _address(line, faults)
    yield from _address(rest, faults)


def _address(line: str, faults: Faults) -> Iterator[SitemapEntry]:
    line = line.strip()
    if line.lower().startswith(("http://", "https://", "/")):
        yield SitemapEntry(False, line)
    elif line and not line.startswith("#"):
        faults.without_address += 1


def _entry(entry: Entry, portal: Portal, fetched_at: datetime) -> SitemapEntry | None:
    """The sitemap's own elements and the news extension's count: images and videos have addresses and dates too."""
    url = entry.own("loc")
    if not url:
        return None
    news: dict[str, str] = {}
    for each in entry.fields:
        is_own = each.name.space == entry.name.space and all(parent.local == "news" for parent in each.parents)
        if (is_own or _NEWS.search(each.name.space)) and each.name.local in {"publication_date", "title"} and each.text:
            news.setdefault(each.name.local, each.text)
    listed_at, listed_day = read_listed_date(
        news.get("publication_date"), portal, witness="sitemap:publication_date", fetched_at=fetched_at
    )
    changed_at, changed_day = read_listed_date(
        entry.own("lastmod"), portal, witness="sitemap:lastmod", fetched_at=fetched_at
    )
    if changed_at is None and changed_day is not None:
        # A day without a time may mean its last minute.
        changed_at = datetime.combine(changed_day, time(23, 59, 59), UTC)
    return SitemapEntry(entry.name.local == "sitemap", url, changed_at, listed_at, listed_day, news.get("title"))
