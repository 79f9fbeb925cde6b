"""Records taken out of a chunk: others of the same length in their place, so that every other record stays put."""

from __future__ import annotations

import hashlib
import struct
import tempfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from storage.errors import DamagedObject, StageFailed
from storage.model.records import ChunkInfo, Role
from storage.objects.keys import chunk_index_key
from storage.raw.chunk_index import IndexEntry, pack_index, unpack_index
from storage.raw.run import RawRun
from storage.raw.warc_records import record_urn

REMOVED_URL = "about:removed"
_GONE = 410
_COPY_BYTES = 1 << 20
_COMMENT = 0x10  # the flag of a gzip member with a comment, which takes the bytes that are left over


def blank_captures(raw: RawRun, doomed: Collection[tuple[str, int]]) -> int:
    """Put tombstones in the place of the captures at these (chunk key, offset); how many there were.

    Chunk first, then its index: interrupted, the index still names what is to go, and the same call ends it.
    """
    count = 0
    for chunk in raw.chunks():
        key = chunk_index_key(chunk.key)
        info, entries = unpack_index(raw.store.get(key), where=key)
        gone = [entry for entry in entries if (entry.place.key, entry.place.offset) in doomed]
        gone = [entry for entry in gone if entry.role != Role.REMOVED]
        if gone:
            count += len(gone)
            _rewrite(raw, info, entries, {entry.place.offset for entry in gone})
    return count


def forget_links(raw: RawRun, doomed: Collection[str]) -> None:
    """Take links out of the lists of a run's rounds, and bring its crawl report in step with lists and chunks.

    Everything is written each time: interrupted between a list, the report and the register, the same call ends it.
    """
    report = raw.report()
    if report is None:
        return
    kept = {
        number: [link for link in raw.links_of(number) if link.link_id not in doomed]
        for number in range(1, report.round + 1)
    }
    chunks = {chunk.key: chunk for chunk in raw.chunks()}
    last = kept[report.round]
    changed = replace(
        report,
        links=len(last),
        outcomes=dict(sorted(Counter(link.outcome for link in last).items())),
        chunks=tuple(chunks.get(chunk.key, chunk) for chunk in report.chunks),
        problems=(),  # these lines may show an address as their example
    )
    raw.write_again(changed, kept)


def _rewrite(raw: RawRun, info: ChunkInfo, entries: list[IndexEntry], offsets: set[int]) -> None:
    # All that a capture's exchange wrote goes: the response, and the request behind it.
    starts = sorted({entry.place.offset for entry in entries} | {info.bytes})
    with tempfile.TemporaryDirectory(prefix="warraq-removal-") as folder:
        path = Path(folder) / "chunk.warc.gz"
        with raw.store.open(info.key) as source, path.open("wb") as copy:
            while data := source.read(_COPY_BYTES):
                copy.write(data)
        places = {}
        with path.open("r+b") as file:
            for start in sorted(offsets):
                file.seek(start)
                span = file.read(starts[starts.index(start) + 1] - start)
                blanked = b"".join(_tombstone(info.key, start + at, size) for at, size in _members(span))
                file.seek(start)
                file.write(blanked)
                first = next(iter(_members(span)))[1]
                payload = hashlib.sha256(b"").hexdigest()
                places[start] = (first, payload)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        raw.store.put_file(info.key, path)
    changed = [
        _gone(entry, *places[entry.place.offset]) if entry.place.offset in places else entry for entry in entries
    ]
    raw.store.put(chunk_index_key(info.key), pack_index(replace(info, sha256=sha256), changed))


def _gone(entry: IndexEntry, length: int, payload: str) -> IndexEntry:
    place = replace(entry.place, length=length, payload_sha256=payload)
    return IndexEntry(Role.REMOVED, REMOVED_URL, place, _GONE, entry.captured_at, None)


def _members(span: bytes) -> Iterable[tuple[int, int]]:
    """Offset and length of the gzip members in some bytes."""
    at = 0
    while at < len(span):
        inflater = zlib.decompressobj(31)
        try:
            inflater.decompress(span[at:])
        except zlib.error as error:
            raise DamagedObject(f"a record cannot be read: {error}", remedy="see `warraq verify`") from error
        if not inflater.eof:
            raise DamagedObject("a record is cut off", remedy="see `warraq verify`")
        size = len(span) - at - len(inflater.unused_data)
        yield at, size
        at += size


def _tombstone(key: str, offset: int, length: int) -> bytes:
    """A gzip member of exactly `length` bytes: a WARC record that says nothing but that one was removed."""
    urn = record_urn(f"{key}#{offset}/removed").decode()
    head = (
        "WARC/1.1\r\nWARC-Type: metadata\r\n"
        f"WARC-Record-ID: <urn:{urn}>\r\nWARC-Date: 1970-01-01T00:00:00Z\r\n"
        "Content-Type: application/warc-fields\r\nContent-Length: 15\r\n\r\nremoved: true\r\n\r\n\r\n"
    )
    text = head.encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(text) + packer.flush()
    left = length - 10 - len(body) - 8
    if left == 0:
        flags, comment = 0, b""
    elif left > 0:
        flags, comment = _COMMENT, b" " * (left - 1) + b"\0"
    else:
        raise StageFailed(f"{key}: a record of {length} bytes is too short for a tombstone", remedy="report it")
    header = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\xff"
    return header + comment + body + struct.pack("<II", zlib.crc32(text), len(text))
