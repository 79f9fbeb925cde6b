"""The WordPress API and the archives of others: exact windows, paging, and copies that keep origin and time."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.portal.definition import WebArchive, WordPress
from spiders.sources.reading.documents import UnreadableListing
from spiders.sources.web_archive import unwrap
from tests.fixtures.site_walk import MARCH_FIFTH, ROOT, Answer, portal, walk

WAYBACK = "https://web.archive.org"
INDEX = "https://index.commoncrawl.org"


def post(number: int, published: str) -> dict[str, object]:
    title = {"rendered": f"خبر رقم {number} &#8211; عاجل"}
    return {"link": f"{ROOT}{number}/", "date_gmt": published, "modified_gmt": published, "title": title}


def blog(url: str) -> Answer:
    """A WordPress with 250 posts, one every six minutes from 4 March 2024, 23:00 UTC."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    first = datetime(2024, 3, 4, 23, tzinfo=UTC)
    posts = [post(n, f"{first + timedelta(minutes=6 * n):%Y-%m-%dT%H:%M:%S}") for n in range(250)]
    start, end = query["after"].rstrip("Z"), query["before"].rstrip("Z")
    chosen = [row for row in posts if start < str(row["date_gmt"]) < end]
    page, size = int(query["page"]), int(query["per_page"])
    pages = -(-len(chosen) // size)
    if page > pages:
        return 400
    body = json.dumps(chosen[(page - 1) * size : page * size]).encode()
    return 200, b"\xef\xbb\xbf" + body, (("x-wp-totalpages", str(pages)),)


def test_posts_of_exactly_the_window_come_page_by_page() -> None:
    found = walk(portal(WordPress()), blog, MARCH_FIFTH)
    assert len(found.links) == 240
    assert len(found.asked) == 3
    assert all(link.listed_at in MARCH_FIFTH for link in found.links if link.listed_at)
    assert found.links[0].title == "خبر رقم 10 – عاجل"
    assert found.problems == []


def test_without_the_page_count_a_full_page_leads_to_the_next() -> None:
    def bare(url: str) -> Answer:
        answer = blog(url)
        return answer[1] if isinstance(answer, tuple) else answer

    assert len(walk(portal(WordPress()), bare, MARCH_FIFTH).links) == 240


def test_a_blog_without_permalinks_is_asked_by_query() -> None:
    found = walk(portal(WordPress()), lambda url: blog(url) if "rest_route=" in url else 404, MARCH_FIFTH)
    assert len(found.links) == 240


@pytest.mark.parametrize(
    "body",
    [b"<html>", b'{"code":"rest_no_route"}', b"[" * 100_000, b"\xff\xfe"],
    ids=["page", "object", "deep", "bytes"],
)
def test_what_is_not_the_api_is_a_problem(body: bytes) -> None:
    found = walk(portal(WordPress()), lambda url: body, MARCH_FIFTH)
    assert "not the posts API" in found.problems[0]


def test_posts_that_are_not_posts_are_passed_over() -> None:
    rows = [post(1, "2024-03-05T10:00:00"), {"link": 5}, "text", None, {"link": "javascript:1"}, post(2, "tomorrow")]
    found = walk(portal(WordPress()), lambda url: json.dumps(rows).encode(), MARCH_FIFTH)
    assert found.urls == [f"{ROOT}1/", f"{ROOT}2/"]


def test_wayback_captures_keep_the_original_address_and_the_time_of_capture() -> None:
    def server(url: str) -> Answer:
        assert url.startswith(f"{WAYBACK}/cdx/search/cdx?url=news.example/")
        if "resumeKey" in url:
            rows = [["original", "timestamp"], [f"{ROOT}news/3", "20240307000000"]]
        else:
            rows = [["original", "timestamp"], [f"{ROOT}news/1", "20240305101500"], [f"{ROOT}tag/2", "20240305101501"]]
            rows += [[], ["news,example)/news/3 20240307"]]
        return json.dumps(rows).encode()

    found = walk(portal(WebArchive("news.example/"), article_url=r"/news/\d+$"), server, MARCH_FIFTH)
    assert found.urls == [f"{ROOT}news/1", f"{ROOT}news/3"]
    copy = found.links[0].copy
    assert copy is not None
    assert copy.fetch_url == f"{WAYBACK}/web/20240305101500id_/{ROOT}news/1"
    assert copy.captured_at == datetime(2024, 3, 5, 10, 15, tzinfo=UTC)


def test_an_endpoint_of_ones_own_takes_the_place_of_the_service() -> None:
    asked: list[str] = []
    source = WebArchive("news.example/", endpoint="http://127.0.0.1:9/wayback/")
    walk(portal(source), lambda url: asked.append(url) or b"[]", MARCH_FIFTH)  # type: ignore[func-returns-value]
    assert asked[0].startswith("http://127.0.0.1:9/wayback/cdx/search/cdx?")
    assert source.hosts == ("127.0.0.1:9",)


def test_common_crawl_gives_ranges_of_the_crawls_that_cover_the_window() -> None:
    spring = {"from": "2024-02-20T00:00:00", "to": "2024-03-09T00:00:00"}
    crawls = [
        {"cdx-api": f"{INDEX}/CC-2024-10-index", **spring},
        {"cdx-api": f"{INDEX}/CC-2023-50-index", "from": "2023-11-20T00:00:00", "to": "2023-12-09T00:00:00"},
        {"cdx-api": "https://elsewhere.example/x", **spring},
    ]
    place = {"filename": "crawl/a.warc.gz", "offset": "100", "length": "50"}
    row = {"url": f"{ROOT}news/1", "timestamp": "20240305101500", **place}
    early = {**row, "url": f"{ROOT}news/0", "timestamp": "20240225000000"}

    def server(url: str) -> Answer:
        if url.endswith("collinfo.json"):
            return json.dumps(crawls).encode()
        assert url.startswith(f"{INDEX}/CC-2024-10-index?")
        return f"{json.dumps(row)}\n{json.dumps(early)}\n" if "page=0" in url else 404

    found = walk(portal(WebArchive("news.example/", service="commoncrawl")), server, MARCH_FIFTH)
    (link,) = found.links
    assert link.copy is not None
    assert link.copy.fetch_url == "https://data.commoncrawl.org/crawl/a.warc.gz"
    assert link.copy.byte_range == (100, 149)
    assert found.left_out == 1
    assert found.problems == []


def warc_member(html: bytes = b"<html>news</html>") -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"WARC-Date: 2024-03-05T10:15:00Z\r\nWARC-Target-URI: {ROOT}news/1\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n")


def test_the_page_comes_out_of_a_warc_range() -> None:
    page = unwrap(warc_member())
    assert (page.url, page.status, page.body) == (f"{ROOT}news/1", 200, b"<html>news</html>")
    assert ("Content-Type", "text/html") in page.headers


@pytest.mark.parametrize(
    "damaged",
    [b"", b"plain", warc_member()[:-9], warc_member()[:60], gzip.compress(b"no record")],
    ids=["empty", "no gzip", "end missing", "body missing", "no record"],
)
def test_a_damaged_range_is_refused(damaged: bytes) -> None:
    with pytest.raises(UnreadableListing):
        unwrap(damaged)


@pytest.mark.parametrize("body", [b"{", b"[[1]]", b'[["a","b"],["x"]]', b'{"a":1}'])
def test_a_broken_capture_index_is_a_problem(body: bytes) -> None:
    found = walk(portal(WebArchive("news.example/")), lambda url: body, MARCH_FIFTH)
    assert found.links == []
    assert body == b"[[1]]" or "unreadable" in found.problems[0] or "cannot be read" in found.problems[0]


@pytest.mark.parametrize("service", ["wayback", "commoncrawl"])
def test_a_broken_row_of_an_index_costs_no_other(service: str) -> None:
    rows = [[f"{ROOT}1", "20240305101500"], [f"{ROOT}2", "soon"], None, [f"{ROOT}3", "20240305101500"]]
    crawl = {"cdx-api": "https://index.commoncrawl.org/x", "from": "2024-02-01T00:00", "to": "2024-04-01T00:00"}
    place = {"timestamp": "20240305101500", "offset": "1", "length": "9", "filename": "a.warc.gz"}

    def site(url: str) -> str:
        if service == "wayback":
            return json.dumps([["original", "timestamp"], *rows])
        lines = [json.dumps({"url": f"{ROOT}1", **place}), '{"url": "', "{}", json.dumps({"url": f"{ROOT}3", **place})]
        return json.dumps([crawl]) if url.endswith("collinfo.json") else "\n".join(lines) if "page=0" in url else ""

    found = walk(portal(WebArchive("news.example/", service=service)), site, MARCH_FIFTH)
    assert found.urls == [f"{ROOT}1", f"{ROOT}3"]
    assert "2 rows of the index cannot be read" in found.losses[0]
