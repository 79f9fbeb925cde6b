"""Crawls whose links come another way: copies in other archives, and discovery where declared sources have died."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from spiders.sources.ids.id_search import CLOSE_ENOUGH
from spiders.sources.ids.numeric_ids import MARGIN
from storage.model.records import Capture, CrawlReport
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import read_settings
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve

DEFINITION = """
from spiders.portal.definition import *

PORTAL = Portal(
    name="example",
    title_ar="مثال",
    title_en="Example",
    country="EG",
    timezone="Africa/Cairo",
    start_url="{url}",
    sources=({sources},),
    politeness=Politeness(delay_seconds=0.0),
    is_local=True,
)
"""
MARCH_FIFTH = Window(datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 3, 6, tzinfo=UTC))
Answer = tuple[int, dict[str, str], bytes] | None
Crawl = Callable[[str, str, Window], tuple[CrawlReport, list[Capture]]]


@contextlib.contextmanager
def site(answer: Callable[[str, str], Answer]) -> Iterator[tuple[str, list[str]]]:
    """A server whose answers a function gives: (path, Range header) to (status, headers, body), None for 404."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers, body = answer(self.path, self.headers.get("Range", "")) or (404, {}, b"")
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def crawl(tmp_path: Path, local_environ: dict[str, str]) -> Crawl:
    """Crawls the portal `example` of these sources, in a process of its own."""

    def run(url: str, sources: str, window: Window) -> tuple[CrawlReport, list[Capture]]:
        folder = tmp_path / "portals"
        folder.mkdir(exist_ok=True)
        (folder / "example.py").write_text(DEFINITION.format(url=f"{url}/", sources=sources))
        times = ["--from", f"{window.start:%Y-%m-%dT%H:%MZ}", "--to", f"{window.end:%Y-%m-%dT%H:%MZ}"]
        command = [sys.executable, "-m", "warraq", "crawl", "example", *times]
        environ = {**os.environ, **local_environ, "WARRAQ_PORTALS": str(folder)}
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
        assert ended.returncode in {0, 3}, ended.stdout + ended.stderr
        raw = RawRun(open_store(read_settings(local_environ)), RunId("example", window))
        report = raw.report()
        assert report is not None
        return report, list(raw.captures())

    return run


PAGE = "<html><body><h1>خبر محفوظ في أرشيف آخر</h1></body></html>".encode()


def test_wayback_copies_are_kept_under_their_own_address_and_time(
    crawl: Crawl,
) -> None:
    def portal(path: str, _range: str) -> Answer:
        return (200, {}, b"User-agent: *\nDisallow:\n") if path == "/robots.txt" else None

    def wayback(path: str, _range: str) -> Answer:
        if path.startswith("/cdx/search/cdx"):
            rows = [["original", "timestamp"], [f"{url}/news/1", "20240305101500"], [f"{url}/news/2", "20240305120000"]]
            return 200, {"Content-Type": "application/json"}, json.dumps(rows).encode()
        if path == f"/web/20240305101500id_/{url}/news/1":
            # The capture at that second is a duplicate: the service leads on to the nearest one.
            return 302, {"Location": f"/web/20240305101459id_/{url}/news/1"}, b""
        if path.startswith("/web/2024030510") or path.startswith("/web/20240305120000id_/"):
            return 200, {"Content-Type": "text/html"}, PAGE
        return None

    with site(portal) as (url, asked), site(wayback) as (archive, _):
        report, captures = crawl(url, f'WebArchive("127.0.0.1/", endpoint="{archive}")', MARCH_FIFTH)
    assert report.outcomes == {"captured": 2}
    assert {capture.url: capture.captured_at for capture in captures} == {
        f"{url}/news/1": datetime(2024, 3, 5, 10, 14, 59, tzinfo=UTC),
        f"{url}/news/2": datetime(2024, 3, 5, 12, tzinfo=UTC),
    }
    assert all(capture.body == PAGE for capture in captures)
    assert not any(path.startswith("/news/") for path in asked), "the portal itself was asked for a page"


def test_common_crawl_ranges_are_opened(crawl: Crawl) -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE

    def member(url: str) -> bytes:
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
            f"WARC-Date: 2024-03-05T10:15:00Z\r\nWARC-Target-URI: {url}/news/1\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        return gzip.compress(head.encode() + http + b"\r\n\r\n")

    def portal(path: str, _range: str) -> Answer:
        return (200, {}, b"User-agent: *\nDisallow:\n") if path == "/robots.txt" else None

    def service(path: str, byte_range: str) -> Answer:
        data = member(url)
        if path == "/collinfo.json":
            crawl = {"cdx-api": f"{archive}/one-index", "from": "2024-02-20T00:00:00", "to": "2024-03-09T00:00:00"}
            return 200, {}, json.dumps([crawl]).encode()
        if path.startswith("/one-index") and "page=0" in path:
            place = {"filename": "a.warc.gz", "offset": "7", "length": str(len(data))}
            rows = [{"url": f"{url}/news/{n}", "timestamp": f"2024030510150{n}", **place} for n in (1, 2)]
            rows[1]["offset"] = "999"
            return 200, {}, "".join(f"{json.dumps(row)}\n" for row in rows).encode()
        if path == "/a.warc.gz":
            return 206, {}, data if byte_range == f"bytes=7-{6 + len(data)}" else b"damaged"
        return None

    with site(portal) as (url, _), site(service) as (archive, _asked):
        source = f'WebArchive("127.0.0.1/", service="commoncrawl", endpoint="{archive}")'
        report, captures = crawl(url, source, MARCH_FIFTH)
    (capture,) = captures
    assert (capture.url, capture.status, capture.body) == (f"{url}/news/1", 200, PAGE)
    assert capture.captured_at == datetime(2024, 3, 5, 10, 15, 1, tzinfo=UTC)
    assert report.outcomes == {"bad_response": 1, "captured": 1}


def test_when_declared_sources_have_died_discovery_steps_in(
    crawl: Crawl,
) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)

    def portal(path: str, _range: str) -> Answer:
        if path == "/robots.txt":
            return 200, {}, b"User-agent: *\nDisallow:\nSitemap: /new-map.xml\n"
        if path == "/new-map.xml":
            entry = (
                f"<url><loc>{url}/news/1</loc><lastmod>{now - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
            )
            return 200, {}, f"<urlset>{entry}</urlset>".encode()
        return (200, {"Content-Type": "text/html"}, PAGE) if path == "/news/1" else None

    with site(portal) as (url, asked):
        window = Window(now - timedelta(hours=1), now)
        report, captures = crawl(url, 'Feed("/dead-feed"), Auto()', window)
        assert [capture.url for capture in captures] == [f"{url}/news/1"]
        assert any("/dead-feed: status 404" in line for line in report.problems)
        asked.clear()
        crawl(url, 'Feed("/dead-feed"), Auto()', window)
    assert "/new-map.xml" in asked, "what worked is remembered"
    assert "/sitemap.xml" not in asked


def test_a_past_day_is_found_by_the_articles_numbers_alone(crawl: Crawl) -> None:
    """Addresses like Al-Masaa's, without sitemap, feed or API that a past window could be read from."""
    demo = DemoSite(articles=1_500, days=30, first_day=date(2024, 12, 1), layouts=("masaa",), wordpress=False)
    start = datetime(2024, 12, 10, 22, tzinfo=UTC)  # midnight in Cairo
    with serve(demo) as served:
        report, captures = crawl(served.base_url, 'NumericIds("/{id}/")', Window(start, start + timedelta(days=1)))
        wanted = {truth.url for truth in map(served.site.truth, served.site.calendar.numbers(date(2024, 12, 11)))}
    assert len(wanted) == 50
    assert {capture.url for capture in captures} >= wanted
    assert len(captures) < 50 + 2 * (CLOSE_ENOUGH + MARGIN)
    assert report.outcomes.keys() == {"captured"}, "numbers without an article are no failures"
