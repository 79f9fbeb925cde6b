"""What lies where in a WARC chunk: the object beside it, written after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.errors import DamagedObject
from storage.model.record_json import lines_of, record_from_json, to_json_lines
from storage.model.records import ChunkInfo, LinkRecord, Role, WarcPlace


@dataclass(frozen=True)
class IndexEntry:
    """One response of a chunk. `link` is the link that led to it, None for sources and robots.txt."""

    role: Role
    url: str
    place: WarcPlace
    status: int
    captured_at: datetime
    link: LinkRecord | None = None


def pack_index(chunk: ChunkInfo, entries: Iterable[IndexEntry]) -> bytes:
    """The object's bytes: the chunk's own facts, then one entry a line."""
    return to_json_lines([chunk, *entries])


def unpack_chunk_info(data: bytes, *, where: str) -> ChunkInfo:
    """Only the chunk's own facts of what pack_index() wrote; raises DamagedObject."""
    first = (lines_of(data, where=where) or [b""])[0]
    return record_from_json(ChunkInfo, first, where=where)


def unpack_index(data: bytes, *, where: str) -> tuple[ChunkInfo, list[IndexEntry]]:
    """What pack_index() wrote; raises DamagedObject if anything is missing."""
    first, *rest = lines_of(data, where=where) or [b""]
    chunk = record_from_json(ChunkInfo, first, where=where)
    entries = [record_from_json(IndexEntry, line, where=where) for line in rest]
    if len(entries) != chunk.captures or any(entry.place.key != chunk.key for entry in entries):
        raise DamagedObject(
            f"{where}: does not describe the {chunk.captures} captures of its chunk",
            remedy="restore the object or crawl the run again",
        )
    return chunk, entries
