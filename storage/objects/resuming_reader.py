"""A reader over a connection that may break: it asks again from where it stood."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Protocol

MAX_RESUMPTIONS = 3  # a connection that breaks more often within one object is a store that is down


class Body(Protocol):
    """What a store answers with."""

    def read(self, amt: int | None = None) -> bytes: ...

    def close(self) -> Any: ...


class ResumingReader(io.RawIOBase):
    """Reads `size` bytes. `reopen(offset)` gives a new body from there; `lost` are the errors worth a new one.

    An object that ends early counts as a lost connection too; the last such error is raised as it came.
    """

    def __init__(
        self, body: Body, *, size: int, reopen: Callable[[int], Body], lost: tuple[type[Exception], ...]
    ) -> None:
        self._body = body
        self._size = size
        self._reopen = reopen
        self._lost: tuple[type[Exception], ...] = (*lost, EOFError)
        self._position = 0
        self._resumptions = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._position < self._size:
            try:
                data = self._body.read(min(len(buffer), self._size - self._position))
                if not data:
                    raise EOFError(f"the object ended at byte {self._position} of {self._size}")
            except self._lost:
                if self._resumptions == MAX_RESUMPTIONS:
                    raise
                self._resumptions += 1
                self._body.close()
                self._body = self._reopen(self._position)
                continue
            buffer[: len(data)] = data
            self._position += len(data)
            return len(data)
        return 0

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()
