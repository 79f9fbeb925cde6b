"""Answers that are legal, or nearly, and seldom seen: each is read for what it is, and the crawl goes on."""

from __future__ import annotations

import gzip
import itertools
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fixtures.crawl_child import crawl, define, links_by_path, raw_run

WINDOW = ("2024-12-01", "2024-12-02")
RUN = "odd/2024-12-01T00Z--2024-12-02T00Z"
FIELDS = {
    "sources": "(Sitemap('/sitemap.xml'),)",
    "is_local": "True",
    "politeness": "Politeness(delay_seconds=0.0, concurrency=2)",
}
TEXT = "<!DOCTYPE html><html lang='ar'><p>وصلت إلى المرفأ سفينة تحمل القمح</p></html>".encode()
ENDLESS = 40_000_000  # bytes of headers after which the server gives up; more than sockets hold, so the reader is first


def answer(status: str, body: bytes = b"", **headers: str | bytes) -> bytes:
    """One answer as bytes; underscores in names of headers stand for hyphens."""
    lines = [b"HTTP/1.1 " + status.encode()]
    for name, value in {"Content_Length": str(len(body)), "Content_Type": "text/html", **headers}.items():
        lines.append(name.replace("_", "-").encode() + b": " + (value.encode() if isinstance(value, str) else value))
    return b"\r\n".join([*lines, b"", body])


def endless(line: bytes) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n" if not line.startswith(b"HTTP") else b""
    yield from itertools.repeat(line * 50, ENDLESS // (50 * len(line)))


SLUG = "خبر-المرفأ"
ANSWERS: dict[str, object] = {
    "/robots.txt": answer("200 OK", b"User-agent: *\nAllow: /\n", Content_Type="text/plain"),
    "/raw": answer("301 Moved", Location=f"/{SLUG}".encode()),
    "/raw-1256": answer("302 Found", Location=f"/{SLUG}".encode("cp1256")),
    "/%D8%AE%D8%A8%D8%B1-%D8%A7%D9%84%D9%85%D8%B1%D9%81%D8%A3": answer("200 OK", TEXT),
    "/%CE%C8%D1-%C7%E1%E3%D1%DD%C3": answer("200 OK", TEXT),
    "/coded-utf-8": answer("200 OK", TEXT, Content_Encoding="utf-8"),
    "/coded-br": answer("200 OK", TEXT, Content_Encoding="br"),
    "/not-labelled": answer("200 OK", gzip.compress(TEXT)),
    "/headers": lambda: endless(b"X-Pad: aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
    "/hints": lambda: endless(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"),
    "/hinted": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 5 + answer("200 OK", TEXT),
    "/whole-206": answer("206 Partial Content", TEXT, Content_Range=f"bytes 0-{len(TEXT) - 1}/{len(TEXT)}"),
    "/part-206": answer("206 Partial Content", TEXT, Content_Range=f"bytes 0-{len(TEXT) - 1}/999999"),
    "/416": answer("416 Range Not Satisfiable", Content_Range="bytes */99"),
    "/226": answer("226 IM Used", TEXT),
    "/226-delta": answer("226 IM Used", b"12c\nx\n", IM="diffe"),
    "/203": answer("203 Non-Authoritative Information", TEXT),
    "/300-named": answer("300 Multiple Choices", b"<a href='/other'>x</a>", Location="/chosen"),
    "/300-listed": answer(
        "300 Multiple Choices", b"<ul><li><a href='/chosen-2'>html</a> <a href='/x.txt'>text</a></ul>"
    ),
    "/300": answer("300 Multiple Choices", b"choose"),
    "/chosen": answer("200 OK", TEXT),
    "/chosen-2": answer("200 OK", TEXT),
    "/451": answer("451 Unavailable For Legal Reasons", b"<p>by order</p>"),
    "/refresh": answer("200 OK", b"<p>wait</p>", Refresh="0; url=/refreshed"),
    "/refreshed": answer("200 OK", TEXT),
    "/426": answer("426 Upgrade Required", Upgrade="h2c"),
    "/frames": b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64",
}
LANDINGS = ("/%", "/chosen", "/refreshed", "/robots")
EXPECTED = {
    "raw": "captured",
    "raw-1256": "captured",
    "coded-utf-8": "captured",
    "coded-br": "captured",
    "not-labelled": "captured",
    "headers": "bad_response",
    "hints": "bad_response",
    "hinted": "captured",
    "whole-206": "captured",
    "part-206": "bad_response",
    "416": "http_4xx",
    "226": "captured",
    "226-delta": "bad_response",
    "203": "captured",
    "300-named": "captured",
    "300-listed": "captured",
    "300": "http_3xx",
    "451": "legal_block",
    "refresh": "captured",
    "426": "http_4xx",
    "frames": "bad_response",
}


class Site(socketserver.ThreadingTCPServer):
    """Answers with bytes as they stand here, one request a connection; `sent` counts what left by path."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.sent: dict[str, int] = {}


class Visit(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        site = self.server
        assert isinstance(site, Site)
        path = self.rfile.readline().split()[1].decode()
        while self.rfile.readline().strip():
            pass
        found = ANSWERS.get(path, answer("404 Not Found"))
        if path == "/sitemap.xml":
            listed = [name for name in ANSWERS if not name.startswith(LANDINGS) or name.startswith("/refresh")]
            urls = "".join(f"<url><loc>{site.url}{name}</loc></url>" for name in listed if name != "/refreshed")
            found = answer("200 OK", f"<urlset>{urls}</urlset>".encode(), Content_Type="application/xml")
        for part in found() if callable(found) else [found]:
            try:
                self.wfile.write(part)
            except OSError:
                break
            site.sent[path] = site.sent.get(path, 0) + len(part)


@contextmanager
def serving() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, tuple[str, str]], Site, str]:
    folder: Path = tmp_path_factory.mktemp("unusual")
    with serving() as site:
        environ = {"WARRAQ_ARCHIVE": str(folder / "archive"), "WARRAQ_CACHE": str(folder / "cache")}
        environ |= define(folder / "portals", "odd", f"{site.url}/", **FIELDS)
        ended = crawl("odd", *WINDOW, environ=environ)
    links = links_by_path(raw_run(RUN, environ))
    return {path: (link.outcome, link.detail or "") for path, link in links.items()}, site, ended.stderr


def test_each_answer_is_read_for_what_it_is(crawled: tuple[dict[str, tuple[str, str]], Site, str]) -> None:
    links, _, stderr = crawled
    assert {path: outcome for path, (outcome, _) in links.items()} == EXPECTED, stderr
    assert "Traceback" not in stderr


def test_what_failed_says_why(crawled: tuple[dict[str, tuple[str, str]], Site, str]) -> None:
    links, _, _ = crawled
    assert links["headers"][1] == links["hints"][1] == "more than 65,536 bytes before the body"
    assert links["frames"][1] == "the host speaks HTTP/2 only"
    assert links["451"][1] == "451 (withheld for legal reasons)"
    assert links["part-206"][1] == "206 (a part of the page)"
    assert links["426"][1] == "426 (another protocol is wanted)"


def test_headers_without_end_are_bounded_while_they_are_read(
    crawled: tuple[dict[str, tuple[str, str]], Site, str],
) -> None:
    """A few system buffers beyond the bound may be under way, in each of three tries."""
    _, site, _ = crawled
    for path in ("/headers", "/hints"):
        assert site.sent[path] < 3 * ENDLESS, "the connection is cut long before the server is done"
