"""Whatever a source answers, its parser gives a listing: hostile bytes end as problems, not as exceptions."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.portal.definition import (
    Auto,
    DatedArchive,
    Feed,
    NewsSitemap,
    NumericIds,
    Section,
    Sitemap,
    Source,
    WebArchive,
    WordPress,
)
from spiders.sources import discovery
from spiders.sources.records import Discovery, Listing, SourceResponse
from tests.fixtures.site_walk import MARCH_FIFTH, NOW, ROOT, TODAY, portal

SOURCES: tuple[Source, ...] = (
    Feed("/feed"),
    NewsSitemap("/news.xml"),
    Sitemap("/sitemap.xml"),
    DatedArchive("/{yyyy}/{m}/{d}?page={page}"),
    Section("/", page_url="/?page={page}", max_pages=9),
    WordPress(),
    NumericIds("/{id}/"),
    WebArchive("news.example/"),
    WebArchive("news.example/", service="commoncrawl"),
    Auto(),
)
SOUND = (
    f"<rss><channel><item><link>{ROOT}1</link><pubDate>21 نوفمبر 2026</pubDate></item></channel></rss>",
    f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='{ROOT}1'/><updated>2026-11</updated></entry></feed>",
    f"<urlset><url><loc>{ROOT}1</loc><lastmod>2026-11-21T10:00:00+02:00</lastmod></url></urlset>",
    f"<sitemapindex><sitemap><loc>{ROOT}a-2024-03.xml</loc></sitemap></sitemapindex>",
    f"<head><link rel=alternate type='application/rss+xml' href='{ROOT}f'></head><a href='{ROOT}57717/'>خبر</a>",
    json.dumps([{"link": f"{ROOT}1", "date_gmt": "2024-03-05T10:00:00", "title": {"rendered": "خبر"}}]),
    json.dumps([["original", "timestamp"], [f"{ROOT}1", "20240305101500"], [], ["key"]]),
    json.dumps([{"cdx-api": "https://index.commoncrawl.org/x", "from": "2024-02-01T00:00", "to": "2024-04-01T00:00"}]),
    f"User-agent: *\nSitemap: {ROOT}map.xml\n",
)
BAD_ADDRESSES = (
    "http://[",
    "https://[::1",
    "http://a:99999/",
    "//",
    "http://\u200f/",
    "https://\ud83d.example/",
    "\\\\x",
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sound document with a stretch cut out, replaced by bytes or doubled; perhaps gzipped and cut again."""
    text = draw(st.sampled_from(SOUND))
    if draw(st.booleans()):
        text = text.replace(ROOT, draw(st.sampled_from(BAD_ADDRESSES)))
    body = text.encode(draw(st.sampled_from(["utf-8", "utf-16"])), "surrogatepass")
    if draw(st.booleans()):
        return body
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, len(body)))
    body = body[:start] + draw(st.one_of(st.binary(max_size=30), st.just(body[start:end] * 2))) + body[end:]
    if draw(st.booleans()):
        body = gzip.compress(body)[: draw(st.integers(1, 4000))]
    return body


@pytest.mark.parametrize(
    "source", SOURCES, ids=lambda source: f"{source.kind}-{getattr(source, 'service', '')}".strip("-")
)
@given(body=st.one_of(damaged(), st.binary(max_size=200)), status=st.sampled_from([200, 200, 200, 404, 503, None]))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_any_answer_gives_a_listing(source: Source, body: bytes, status: int | None) -> None:
    for window in (TODAY, MARCH_FIFTH):
        task = Discovery(portal(source), window, NOW)
        asked = list(discovery.begin(task).requests)
        for request in asked[:3]:
            answer = SourceResponse(request, NOW, status, request.url, (("X-WP-TotalPages", "x"),), body, error=None)
            listing = discovery.read(answer, task)
            assert isinstance(listing, Listing)
            for following in listing.requests[:2]:
                again = SourceResponse(following, NOW, status, following.url, (), body)
                assert isinstance(discovery.read(again, task), Listing)
            assert all(link.url.startswith(("http://", "https://")) for link in listing.links)


IN_MARCH = "2024-03-05T10:00:00Z"
WHOLE: dict[str, tuple[Source, str, str, str]] = {  # source, beginning, entry, end
    "rss": (
        Feed("/f"),
        "<rss><channel>",
        f"<item><link>{ROOT}{{n}}</link><title>خبر</title></item>",
        "</channel></rss>",
    ),
    "atom": (Feed("/f"), "<feed>", f"<entry><link href='{ROOT}{{n}}'/></entry>", "</feed>"),
    "rdf": (Feed("/f"), "<rdf:RDF>", f"<item rdf:about='{ROOT}{{n}}'></item>", "</rdf:RDF>"),
    "json": (Feed("/f"), '{"items": [', f'{{{{"url": "{ROOT}{{n}}"}}}}, ', "{}]}"),
    "sitemap": (
        Sitemap("/m"),
        "<urlset>",
        f"<url><loc>{ROOT}{{n}}</loc><lastmod>{IN_MARCH}</lastmod></url>",
        "</urlset>",
    ),
    "index": (Sitemap("/m"), "<sitemapindex>", f"<sitemap><loc>{ROOT}{{n}}</loc></sitemap>", "</sitemapindex>"),
    "posts": (WordPress(), "[", f'{{{{"link": "{ROOT}{{n}}", "date_gmt": "2024-03-05T10:00:00"}}}}, ', "{}]"),
}
COUNT = 12


@pytest.mark.parametrize("kind", WHOLE)
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_listing_that_is_cut_or_damaged_anywhere_is_whole_or_told(kind: str, data: st.DataObject) -> None:
    source, beginning, entry, end = WHOLE[kind]
    body = (beginning + "".join(entry.format(n=n) for n in range(COUNT)) + end).encode(
        data.draw(st.sampled_from(["utf-8", "utf-16"]))
    )
    is_packed = data.draw(st.booleans())
    body = gzip.compress(body, mtime=0) if is_packed else body
    at = data.draw(st.integers(0, len(body) - 1))
    if is_packed and data.draw(st.booleans()):
        body = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]  # its checksum tells
    else:
        body = body[:at]
    task = Discovery(portal(source), MARCH_FIFTH if source.lists_past else TODAY, NOW)
    request = discovery.begin(task).requests[0]
    listing = discovery.read(SourceResponse(request, NOW, 200, request.url, (("X-WP-Total", "12"),), body), task)
    named = {link.url for link in listing.links} | {request.url for request in listing.requests if kind == "index"}
    assert named >= {f"{ROOT}{n}" for n in range(COUNT)} or listing.problems
