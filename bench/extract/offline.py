"""Keeps libraries off the network while they are measured: some fetch a saved page's pictures from the live site."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any, NoReturn


@contextlib.contextmanager
def offline() -> Iterator[None]:
    """In this process no name is resolved and nothing is connected to, loopback included: both fail at once."""
    before = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex
    socket.getaddrinfo = _refuse  # type: ignore[assignment]  # that it never returns is the point
    socket.socket.connect = _refuse  # type: ignore[method-assign]
    socket.socket.connect_ex = _refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex = before  # type: ignore[method-assign]


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise OSError("the benchmark keeps off the network")
