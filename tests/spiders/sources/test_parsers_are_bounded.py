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


ENDLESS = {
    "feed": b"<rss><channel>" + b"".join(b"<item><link>%d</link></item>" % n for n in range(40_000)),
    "json": json.dumps({"version": "1", "items": [{"url": f"{ROOT}{n}"} for n in range(40_000)]}).encode(),
    "sitemap": b"<urlset>" + b"".join(b"<url><loc>/%d</loc></url>" % n for n in range(40_000)),
    "addresses": b"".join(f"{ROOT}2026/11/21/{n}\n".encode() for n in range(40_000)),
    "web_archive": json.dumps(
        [["original", "timestamp"], *([f"{ROOT}{n}", "20240305101500"] for n in range(4_000))]
    ).encode(),
}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("feed", Feed("/feed")),
        ("json", Feed("/feed")),
        ("sitemap", Sitemap("/map.xml")),
        ("addresses", Sitemap("/map.txt")),
        ("web_archive", WebArchive("news.example/")),
    ],
)
def test_a_crawl_that_ends_does_not_wait_for_a_listing_and_tells_what_is_left(name: str, source: Source) -> None:
    looks = 0

    def must_stop() -> bool:
        nonlocal looks
        looks += 1
        return looks > 5

    task = Discovery(portal(source), MARCH_FIFTH if source.lists_past else TODAY, NOW, must_stop=must_stop)
    listing = discovery.read(answer(discovery.begin(task).requests[0], ENDLESS[name]), task)
    assert looks == 6, "it is asked again and again, and ends when told"
    assert any("the crawl was stopped before its end" in loss for loss in listing.losses)


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
