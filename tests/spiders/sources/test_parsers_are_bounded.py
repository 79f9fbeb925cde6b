"""Hostile listings: each parser ends in work and memory that grow no faster than the listing does."""

from __future__ import annotations

import gzip
import json
import tracemalloc

import pytest

from spiders.portal.definition import DatedArchive, Feed, Section, Sitemap, Source, WebArchive, WordPress
from spiders.sources import discovery
from spiders.sources.records import Discovery
from tests.fixtures.site_walk import MARCH_FIFTH, NOW, ROOT, TODAY, answer, portal

SIZE = 1 << 17
MAX_GROWTH = 60  # bytes of memory for one of the listing: a tree of tiny elements takes the most
UNPACKED = 48 << 20  # and for what unpacks without end: the bound of a page, three times in memory
LINK = f"<a href='{ROOT}news/{{n}}'>عنوان طويل لخبر من أخبار المدينة</a>"


def repeated(unit: str) -> bytes:
    return (unit * (SIZE // len(unit.encode()) + 1)).encode()[:SIZE]


BODIES = {
    "open elements": repeated("<a>"),
    "open entries": b"<urlset>" + repeated("<url>"),
    "open items": b"<rss><channel>" + repeated("<item><title>"),
    "closing tags": b"<urlset>" + repeated("</url>"),
    "half a tag": repeated("<a href='"),
    "quotation marks": b"<rss><item " + repeated("a=\"'"),
    "comments": b"<urlset>" + repeated("<!--"),
    "sections of text": b"<rss><channel><item><title>" + repeated("<![CDATA["),
    "namespaces": b"<urlset>" + repeated("<u:url xmlns:u='x'>"),
    "signs": b"<urlset>" + repeated("&amp;&#1;&"),
    "deep json": repeated("["),
    "wide json": b"[" + repeated("{},"),
    "almost json": repeated('[{"a":'),
    "digits": b"<urlset><url><lastmod>" + repeated("1"),
    "marks": b"<rss><channel><item><title>" + repeated("\u064e"),
    "spaces": repeated(" \n"),
    "links": "".join(LINK.format(n=n) for n in range(SIZE // 120)).encode(),
    "addresses": "".join(f"{ROOT}{n}\n" for n in range(SIZE // 28)).encode(),
    "posts": json.dumps([{"link": f"{ROOT}{n}", "date_gmt": "x" * 40} for n in range(SIZE // 90)]).encode(),
    "bomb": gzip.compress(bytes(64 << 20)),
}
SOURCES: tuple[Source, ...] = (
    Feed("/feed"),
    Sitemap("/map.xml"),
    DatedArchive("/{yyyy}/{m}/{d}"),
    Section("/"),
    WordPress(),
    WebArchive("news.example/"),
)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.kind)
def test_memory_is_bounded_by_the_size_of_the_listing(source: Source, name: str) -> None:
    task = Discovery(portal(source), MARCH_FIFTH if source.lists_past else TODAY, NOW)
    request = discovery.begin(task).requests[0]
    response = answer(request, BODIES[name])
    tracemalloc.start()
    try:
        listing = discovery.read(response, task)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    is_empty_index = source.kind == "web_archive" and name == "spaces"  # nothing was ever captured
    assert listing.links or listing.problems or listing.requests or listing.left_out or is_empty_index
    assert peak < MAX_GROWTH * SIZE + (UNPACKED if name == "bomb" else 0)
