"""Serves a demo site over HTTP/1.1 on loopback: conditions, gzip, faults, and a control address for tests.

`/_demo/faults` (GET, POST a JSON list of fault spellings, DELETE) and `/_demo/hits` (GET, DELETE) work from outside of
the process too.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from storage.errors import UsageError
from warraq.demo.portal import DemoSite
from warraq.demo.server.fault_bytes import Wire, misbehave
from warraq.demo.server.faults import Fault, FaultKind, Faults
from warraq.demo.server.listings import Listings
from warraq.demo.server.request_log import Hits, RunningHit
from warraq.demo.server.routes import JSON, Answer, Answers, Target, read_target

CONTROL = "/_demo/"
LOOPBACK = "127.0.0.1"
IDLE_SECONDS = 30.0
MAX_CONTROL_BYTES = 1 << 20
_SMALLEST_GZIPPED = 512  # bytes; below it gzip gains nothing


@dataclass(frozen=True)
class ServedSite:
    """A site that is being served. `site` knows its address."""

    site: DemoSite
    faults: Faults
    hits: Hits

    @property
    def base_url(self) -> str:
        return self.site.base_url


@contextmanager
def serve(
    site: DemoSite,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    faults: Iterable[Fault | str] = (),
    delay_seconds: float = 0.0,
) -> Iterator[ServedSite]:
    """Serve a site until the block ends; port 0 takes a free one. Its links name `host`, where it listens."""
    try:
        server = _Server((host, port), _Handler)
    except OSError as error:
        remedy = "end what listens there, or name another port with --port"
        raise UsageError(f"port {port} cannot be used: {error.strerror}", remedy=remedy) from error
    served = ServedSite(
        site=replace(site, base_url=f"http://{host}:{server.server_address[1]}"), faults=Faults(faults), hits=Hits()
    )
    server.open_for(served, delay_seconds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.close_connections()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def open_for(self, served: ServedSite, delay_seconds: float) -> None:
        self.served = served
        self.delay_seconds = delay_seconds
        self.answers = Answers(served.site, Listings(served.site, served.faults.edition))
        self._connections: set[socket.socket] = set()

    # The ignores below: the base class's stub also allows UDP's requests.
    def process_request_thread(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self._connections.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.discard(request)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        """Close politely, unless a fault asked for a reset: shutdown() would send FIN first."""
        if request.fileno() >= 0 and request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER):
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def close_connections(self) -> None:
        """End idle keep-alive connections, so that no thread outlives the site."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that goes away is no error of the site's."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    raw_requestline: bytes
    _hit: RunningHit | None = None  # none while the control address is asked

    def parse_request(self) -> bool:
        """Percent-encode raw letters first: to the base class some of their bytes are spaces."""
        self.raw_requestline = re.sub(rb"[\x80-\xff]", lambda match: b"%%%02X" % match[0][0], self.raw_requestline)
        return super().parse_request()

    def do_GET(self) -> None:
        self._hit = None
        if self.path.startswith(CONTROL):
            self._control()
            return
        served = self.server.served
        target = read_target(served.site, self.path)
        self._hit = hit = served.hits.begin(
            target.name,
            method=self.command,
            user_agent=self.headers.get("User-Agent", ""),
            conditional=any(self.headers.get(name) for name in ("If-None-Match", "If-Modified-Since")),
        )
        try:
            self._answer(target)
        finally:
            hit.end(0)

    def _answer(self, target: Target) -> None:
        served = self.server.served
        if self.server.delay_seconds:
            time.sleep(self.server.delay_seconds)
        faults = served.faults.strike(target.name, target.number)
        kinds = {fault.kind for fault in faults}
        answer = self.server.answers.answer(
            target, edition=int(FaultKind.EDITED in kinds), deny_robots=FaultKind.DENY in kinds
        )
        for fault in faults:
            changed = misbehave(fault, answer, raw_path=self.path)
            if isinstance(changed, Wire):
                self._send_wire(changed)
                return
            answer = changed
        self._send(answer)

    do_HEAD = do_GET  # noqa: N815 -- the base class's name

    def do_POST(self) -> None:
        self._hit = None
        if self.path.startswith(CONTROL):
            self._control()
        else:
            self._send(Answer(405))

    do_DELETE = do_POST  # noqa: N815 -- the base class's name

    def log_message(self, format: str, *args: object) -> None:
        """A demo portal keeps no log; `hits` tells more."""

    def _send(self, answer: Answer) -> None:
        """Send an answer with conditions and gzip applied."""
        headers = [("Content-Type", answer.content_type), *answer.headers]
        body, status = answer.body, answer.status
        if status == HTTPStatus.OK:
            tag = f'W/"{hashlib.blake2b(body, digest_size=10).hexdigest()}"'
            headers += [("ETag", tag), ("Vary", "Accept-Encoding")]
            if answer.last_modified:
                headers.append(("Last-Modified", format_datetime(answer.last_modified, usegmt=True)))
            if self._is_known(tag, answer.last_modified):
                body, status = b"", HTTPStatus.NOT_MODIFIED
        if len(body) >= _SMALLEST_GZIPPED and "gzip" in self.headers.get("Accept-Encoding", "").lower():
            body = gzip.compress(body, 1, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        self._send_wire(Wire(status, tuple(headers), (body,), len(body)))

    def _send_wire(self, wire: Wire) -> None:
        if wire.is_reset:
            self._end_hit(0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        lines = [f"HTTP/1.1 {int(wire.status)} {HTTPStatus(wire.status).phrase}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in wire.headers]
        if wire.status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {wire.length}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        if isinstance(wire.pieces, tuple) or self.command == "HEAD":
            whole = b"" if self.command == "HEAD" else b"".join(wire.pieces)
            self._end_hit(wire.status)
            self.wfile.write(head + whole)
        else:
            self.wfile.write(head)
            for piece in wire.pieces:
                self.wfile.write(piece)
            self._end_hit(wire.status)
        if wire.is_cut:
            self.close_connection = True

    def _end_hit(self, status: int) -> None:
        if self._hit:
            self._hit.end(status)

    def _is_known(self, tag: str, last_modified: datetime | None) -> bool:
        known = self.headers.get("If-None-Match")
        if known is not None:
            tags = {part.strip().removeprefix("W/") for part in known.split(",")}
            return tag.removeprefix("W/") in tags or "*" in tags
        since = self.headers.get("If-Modified-Since")
        if since is None or last_modified is None:
            return False
        try:
            moment = parsedate_to_datetime(since)
        except ValueError:
            return False
        return last_modified <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def _control(self) -> None:
        """Change faults and read hits; the server listens on loopback only."""
        served = self.server.served
        name = self.path.removeprefix(CONTROL)
        length = self.headers.get("Content-Length", "0")
        sent = self.rfile.read(min(int(length), MAX_CONTROL_BYTES)) if length.isdigit() else b""
        status, data = 200, {}
        try:
            if name == "faults" and self.command == "POST":
                served.faults.add(*map(str, json.loads(sent)))
            elif name == "faults" and self.command == "DELETE":
                served.faults.clear()
            elif name == "hits" and self.command == "GET":
                data = {"most_at_once": served.hits.most_at_once, "hits": [asdict(hit) for hit in served.hits.all()]}
            elif name == "hits" and self.command == "DELETE":
                served.hits.clear()
            else:
                status = 404
        except (UsageError, ValueError) as error:
            status, data = 400, {"error": str(error)}
        self._send(Answer(status, json.dumps(data).encode(), JSON))
