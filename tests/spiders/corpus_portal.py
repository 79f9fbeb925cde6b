"""The corpus of real pages, served on loopback under a sitemap as one portal with a definition of its own.

    with serve_corpus(CORPUS, tmp_path / "portals") as portal:
        environ["WARRAQ_PORTALS"] = str(portal.folder)   # the portal's name is "corpus"
        … warraq archive corpus --from … --to …
        prediction = {"file": portal.file_of(row["url"]), "title": …, "body": …, "published": …, "authors": …}

Nothing of the corpus is copied: pages are read from its folder when they are asked for.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NAME = "corpus"
_DEFINITION = '''"""Saved pages of real portals, served on loopback."""

from spiders.portal.definition import Politeness, Portal, Sitemap

PORTAL = Portal(
    name="{name}",
    title_ar="صفحات محفوظة",
    title_en="Saved pages",
    country="XX",
    timezone="UTC",
    start_url="{url}",
    sources=(Sitemap("/sitemap.xml"),),
    article_url=r"/pages/",
    politeness=Politeness(delay_seconds=0.0, concurrency=4),
    is_local=True,
)
'''


@dataclass
class CorpusPortal:
    """The running server: its address, the folder for WARRAQ_PORTALS, and the pages it lists."""

    url: str
    folder: Path
    files: tuple[str, ...]  # as in gold.jsonl, e.g. pages/youm7__01.html
    asked: list[str] = field(default_factory=list)  # paths, in the order they were asked for
    name: str = NAME

    def file_of(self, url: str) -> str:
        """The corpus file behind an address, as gold.jsonl names it."""
        return urlsplit(url).path.lstrip("/")


@contextlib.contextmanager
def serve_corpus(corpus: Path, folder: Path) -> Iterator[CorpusPortal]:
    """Serve the HTML pages of a corpus folder; writes the portal's definition into `folder`."""
    rows = map(json.loads, (corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    files = tuple(row["file"] for row in rows if row["file"].endswith(".html"))
    server = _Server(("127.0.0.1", 0), _Handler)
    url = f"http://127.0.0.1:{server.server_port}/"
    server.portal = portal = CorpusPortal(url, folder, files)
    server.corpus = corpus
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.py").write_text(_DEFINITION.format(name=NAME, url=url), encoding="utf-8")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    portal: CorpusPortal
    corpus: Path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        portal, corpus = self.server.portal, self.server.corpus
        portal.asked.append(self.path)
        if self.path == "/robots.txt":
            self._answer("text/plain", f"User-agent: *\nDisallow:\nSitemap: {portal.url}sitemap.xml\n".encode())
        elif self.path == "/sitemap.xml":
            rows = "".join(f"<url><loc>{portal.url}{file}</loc></url>" for file in portal.files)
            namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
            self._answer("application/xml", f'<urlset xmlns="{namespace}">{rows}</urlset>'.encode())
        elif self.path.lstrip("/") in portal.files:
            self._answer("text/html", (corpus / self.path.lstrip("/")).read_bytes())
        else:
            self._answer("text/html", b"<html><body>404</body></html>", status=404)

    def _answer(self, content_type: str, body: bytes, *, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if body[:2] == b"\x1f\x8b":  # one page of the corpus was saved as it came over the wire
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
