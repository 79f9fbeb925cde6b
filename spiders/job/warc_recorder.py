"""Writes exchanges to the raw archive in a thread of its own: packing and uploading never hold up the crawl."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from storage.errors import StageFailed, WarraqError
from storage.model.records import ChunkInfo, Exchange, LinkRecord, Role, WarcPlace

# Bodies that may wait for the disk or the store; beyond, the crawl waits for the writer.
MAX_WAITING_BYTES = 24 * 1024 * 1024
_LOOK_AT_THE_CLOCK_SECONDS = 1.0


class Writer(Protocol):
    """What the recorder needs of storage.raw.chunk_writer.ChunkWriter."""

    def write(self, exchange: Exchange, *, role: Role, link: LinkRecord | None) -> WarcPlace: ...
    def rotate_if_due(self) -> None: ...
    def close(self) -> list[ChunkInfo]: ...


@dataclass(frozen=True)
class _Item:
    exchange: Exchange
    role: Role
    link: LinkRecord | None


class Recorder:
    """Takes exchanges from the event loop; `close()` returns when all are in uploaded chunks.

    The first error of the store ends the writing; `error` holds it and close() raises it.
    """

    def __init__(self, make_writer: Callable[[], Writer]) -> None:
        self.places: dict[str, WarcPlace] = {}  # by link id
        self.error: BaseException | None = None
        self._make_writer = make_writer
        self._items: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._waiting_bytes = 0
        self._count = threading.Lock()
        self._chunks: list[ChunkInfo] = []
        self._closed = False
        self._thread = threading.Thread(target=self._write_all, name="raw-archive", daemon=True)
        self._thread.start()

    def put(self, exchange: Exchange, *, role: Role, link: LinkRecord | None = None) -> None:
        """Hand an exchange over; never blocks. After close() or an error it is dropped."""
        if self._closed or self.error:
            return
        with self._count:
            self._waiting_bytes += len(exchange.body)
        self._items.put(_Item(exchange, role, link))

    async def room(self) -> None:
        """Return when the writer has caught up far enough to take more."""
        while self._waiting_bytes > MAX_WAITING_BYTES and not self.error:
            await asyncio.sleep(0.02)

    def close(self) -> list[ChunkInfo]:
        """Write what waits, upload the open chunk, end the thread; the chunks of this attempt. Blocks."""
        if not self._closed:
            self._closed = True
            self._items.put(None)
        self._thread.join()
        if self.error:
            raise self.failure() from self.error
        return self._chunks

    def failure(self) -> WarraqError:
        """The store's error as one that callers decide by."""
        if isinstance(self.error, WarraqError):
            return self.error
        return StageFailed(f"the raw archive cannot be written: {self.error!r}", remedy="please report it")

    def _write_all(self) -> None:
        try:
            writer = self._make_writer()
            while True:
                try:
                    item = self._items.get(timeout=_LOOK_AT_THE_CLOCK_SECONDS)
                except queue.Empty:
                    writer.rotate_if_due()
                    continue
                if item is None:
                    break
                place = writer.write(item.exchange, role=item.role, link=item.link)
                if item.link is not None:
                    self.places[item.link.link_id] = place
                with self._count:
                    self._waiting_bytes -= len(item.exchange.body)
                writer.rotate_if_due()
            self._chunks = writer.close()
        except BaseException as error:  # carried to the caller of close()
            self.error = error
