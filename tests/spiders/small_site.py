"""A web site made of a dictionary, for what the demo portal does not do: opt-outs, TLS, scripts, web archives."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]
Judge = Callable[[str, Mapping[str, str]], Answer | None]  # path and request headers; None: as the dictionary says


@dataclass
class SmallSite:
    """Answers by path (with its query); `hits` are the paths asked for. Other paths do not exist."""

    answers: dict[str, Answer]
    url: str = ""
    hits: list[str] = field(default_factory=list)


def page(body: str, **headers: str) -> Answer:
    """An HTML page; underscores in names of headers stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return 200, {"Content-Type": "text/html; charset=utf-8", **named}, body.encode()


def sitemap(*urls: str) -> Answer:
    """A sitemap of these addresses, without dates."""
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return 200, {"Content-Type": "application/xml"}, text.encode()


def _as_written(path: str, headers: Mapping[str, str]) -> Answer | None:
    return None


@contextmanager
def serve_small(
    answers: dict[str, Answer], *, tls: ssl.SSLContext | None = None, judge: Judge = _as_written
) -> Iterator[SmallSite]:
    """Serve until the block ends. Texts may hold {url}, which becomes the site's address; `judge` is asked first."""
    site = SmallSite(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.hits.append(self.path)
            answer = judge(self.path, self.headers) or site.answers.get(self.path, (404, {}, b""))
            status, headers, body = answer
            body = body.replace(b"{url}", site.url.encode())
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value.replace("{url}", site.url))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Visitors that hang up are no errors of the site's."""

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
