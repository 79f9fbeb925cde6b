"""Writes a run's WARC chunks: spooled on disk, rotated by size and age, uploaded with an index beside them."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from storage.errors import ObjectExists, RetryLater, StageFailed, StoreUnreachable
from storage.model.records import ChunkInfo, Exchange, LinkRecord, Role, WarcPlace
from storage.model.window import RunId
from storage.objects.keys import chunk_index_key, chunk_key
from storage.objects.store import ObjectStore, object_sha256
from storage.raw.chunk_index import IndexEntry, pack_index
from storage.raw.warc_records import record_urn, request_member, response_member, warcinfo_member

MAX_CHUNK_BYTES = 128 << 20
MAX_CHUNK_AGE_SECONDS = 300.0  # what a kill may lose
MAX_WAITING_CHUNKS = 8  # that a store which is down leaves on the local disk before the crawl stops
PATIENCE_SECONDS = 60.0  # at the end of a crawl, for a store that is restarting
_PAUSE_SECONDS = 2.0
_ORPHAN_SECONDS = 86_400.0
_SPOOLED = ".warc.gz.part"


@dataclass
class _Chunk:
    """A chunk on the local disk."""

    key: str
    path: Path
    file: BinaryIO
    warcinfo: bytes
    started: float  # monotonic
    digest: hashlib._Hash
    size: int
    entries: list[IndexEntry]

    @property
    def info(self) -> ChunkInfo:
        return ChunkInfo(self.key, self.digest.hexdigest(), self.size, len(self.entries))


class ChunkWriter:
    """Writes the exchanges of one attempt. Not thread-safe; `spool` is a local folder, shared by all runs.

    An upload that the store cannot take now is kept and tried again at the next rotation and at the end.
    """

    def __init__(
        self,
        store: ObjectStore,
        run: RunId,
        *,
        round_: int,
        attempt: int,
        spool: Path,
        max_bytes: int = MAX_CHUNK_BYTES,
        max_age_seconds: float = MAX_CHUNK_AGE_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._store, self._run, self._round, self._attempt = store, run, round_, attempt
        self._spool = spool
        self._max_bytes, self._max_age_seconds = max_bytes, max_age_seconds
        self._patience_seconds = patience_seconds
        self._number = 0
        self._open: _Chunk | None = None
        self._waiting: list[_Chunk] = []
        self._uploaded: list[ChunkInfo] = []
        with _disk_errors(spool):
            spool.mkdir(parents=True, exist_ok=True)
            _sweep(spool)

    def write(self, exchange: Exchange, *, role: Role, link: LinkRecord | None) -> WarcPlace:
        """Append the exchange; the place counts once its chunk is uploaded. Raises RetryLater if the disk is full."""
        with _disk_errors(self._spool):
            chunk = self._open or self._begin(exchange)
            response = record_urn(f"{chunk.key}#{chunk.size}")
            member = response_member(exchange, response, warcinfo=chunk.warcinfo)
            request = record_urn(f"{chunk.key}#{chunk.size}/request")
            members = member
            if exchange.request_method:
                members += request_member(exchange, request, warcinfo=chunk.warcinfo, response=response)
            offset = chunk.size
            _append(chunk, members)
        payload_sha256 = hashlib.sha256(exchange.body).hexdigest()
        place = WarcPlace(chunk.key, offset, len(member), payload_sha256)
        known = replace(link, place=place) if link else None
        chunk.entries.append(IndexEntry(role, exchange.url, place, exchange.status, exchange.captured_at, known))
        return place

    def rotate_if_due(self) -> None:
        """Upload the open chunk if it is large or old enough, and what waits from before."""
        chunk = self._open
        due = chunk and (chunk.size >= self._max_bytes or time.monotonic() - chunk.started >= self._max_age_seconds)
        if due:
            self._finish_open()
        if due or (self._waiting and not chunk):
            try:
                self._upload_waiting()
            except StoreUnreachable:
                if len(self._waiting) > MAX_WAITING_CHUNKS:
                    raise

    def close(self) -> list[ChunkInfo]:
        """Upload what is left; the chunks this writer has uploaded. Waits for a store that is down, then raises."""
        self._finish_open()
        deadline = time.monotonic() + self._patience_seconds
        try:
            while True:
                try:
                    self._upload_waiting()
                    return list(self._uploaded)
                except StoreUnreachable:
                    if time.monotonic() >= deadline:
                        raise
                    time.sleep(_PAUSE_SECONDS)
        finally:
            self.discard()

    def discard(self) -> None:
        """Drop what is not uploaded, as a kill would."""
        self._finish_open()
        while self._waiting:
            _drop(self._waiting.pop())

    def _begin(self, exchange: Exchange) -> _Chunk:
        number = self._number + 1
        key = chunk_key(self._run, round_=self._round, attempt=self._attempt, number=number)
        handle, path = tempfile.mkstemp(dir=self._spool, suffix=_SPOOLED)
        fcntl.flock(handle, fcntl.LOCK_EX)  # tells a sweep that somebody lives here
        urn = record_urn(key)
        file = cast(BinaryIO, os.fdopen(handle, "wb", buffering=0))
        chunk = _Chunk(key, Path(path), file, urn, time.monotonic(), hashlib.sha256(), 0, [])
        head = warcinfo_member(
            urn, file_name=key.rpartition("/")[2], part_of=str(self._run), written_at=exchange.captured_at
        )
        try:
            _append(chunk, head)
        except BaseException:
            _drop(chunk)
            raise
        self._number, self._open = number, chunk
        return chunk

    def _finish_open(self) -> None:
        if self._open:
            self._waiting.append(self._open)
            self._open = None

    def _upload_waiting(self) -> None:
        while self._waiting:
            chunk = self._waiting[0]
            info = chunk.info
            _put_chunk(self._store, chunk.path, info)
            self._store.put(chunk_index_key(chunk.key), pack_index(info, chunk.entries))
            _drop(self._waiting.pop(0))
            self._uploaded.append(info)


def _append(chunk: _Chunk, members: bytes) -> None:
    """All of it or nothing: a disk that is full in the middle leaves the chunk as it was."""
    view = memoryview(members)
    try:
        while view:
            view = view[chunk.file.write(view) :]
    except OSError:
        chunk.file.truncate(chunk.size)
        chunk.file.seek(chunk.size)
        raise
    chunk.digest.update(members)
    chunk.size += len(members)


def _put_chunk(store: ObjectStore, path: Path, info: ChunkInfo) -> None:
    try:
        store.put_file(info.key, path, if_absent=True)
    except ObjectExists:
        if object_sha256(store, info.key) != (info.sha256, info.bytes):
            raise RetryLater(
                f"{info.key}: another crawl or import of the same run writes at the same time",
                remedy="let it end, then run this one again",
            ) from None


def _drop(chunk: _Chunk) -> None:
    chunk.file.close()
    chunk.path.unlink(missing_ok=True)


def _sweep(spool: Path) -> None:
    """Remove spooled chunks whose process was killed: old, and no longer locked."""
    for path in spool.glob(f"*{_SPOOLED}"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime < _ORPHAN_SECONDS:
                continue
            with path.open("rb+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


@contextlib.contextmanager
def _disk_errors(spool: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise RetryLater(
                f"{spool}: no space left on the disk", remedy="free some or set WARRAQ_CACHE, then run it again"
            ) from error
        raise StageFailed(
            f"{spool}: {error.strerror or error}", remedy="set WARRAQ_CACHE to a writable folder"
        ) from error
