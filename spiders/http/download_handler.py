"""Scrapy's HTTP/1.1 handler with a bound on what may come before a body: header lines and interim answers.

A host that speaks nothing but HTTP/2 is told as one; to the parser its frames are a line that never ends.

Twisted bounds a line, not their number: a server that sent headers, or `103 Early Hints`, for ever filled 3 GB.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

from spiders.http.request_outcomes import BadHead

MAX_HEAD_BYTES = 64 * 1024  # servers send one or two KiB
# RFC 9113: the first frame of a server is SETTINGS (type 4) on stream 0, and begins with three bytes of length.
_FRAME_HEAD_BYTES, _SETTINGS = 9, 4


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """A connection whose head outgrows the bound is cut; its request ends as a bad response."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = _bounded(self._pool._factory)


def _bounded(factory: Any) -> Any:
    class BoundedFactory(factory):  # type: ignore[misc] # which class it is, is Scrapy's choice
        def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
            return _count_heads(super().buildProtocol(addr))

    return BoundedFactory


def _count_heads(connection: Any) -> Any:
    """Let the connection count what comes while its parser has not reached a body."""
    receive = connection.dataReceived
    head_bytes = 0
    is_first = True

    def received(data: bytes) -> None:
        nonlocal head_bytes, is_first
        if head_bytes > MAX_HEAD_BYTES:
            return
        if is_first and _is_http2(data):
            head_bytes = MAX_HEAD_BYTES + 1
            end("the host speaks HTTP/2 only")
            return
        is_first = False
        receive(data)
        parser = connection._parser
        head_bytes = head_bytes + len(data) if parser is not None and parser.state in (STATUS, HEADER) else 0
        if head_bytes > MAX_HEAD_BYTES:
            end(f"more than {MAX_HEAD_BYTES:,} bytes before the body")

    def end(said: str) -> None:
        connection._giveUp(Failure(BadHead(said)))  # type: ignore[no-untyped-call]
        connection.transport.abortConnection()

    connection.dataReceived = received
    return connection


def _is_http2(data: bytes) -> bool:
    return len(data) >= _FRAME_HEAD_BYTES and data[0] == 0 and data[3] == _SETTINGS and data[5:9] == bytes(4)
