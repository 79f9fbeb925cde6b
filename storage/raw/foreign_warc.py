"""Reads WARC, WACZ and ARC files of others; each response is an exchange or has a reason why it is not."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from storage.errors import DamagedObject, UsageError
from storage.model.records import Exchange
from storage.raw.foreign_arc import ARC_MARK, read_arc
from storage.raw.foreign_http import foreign_exchange
from storage.raw.foreign_records import Foreign, LeftOut, Revisit, Unusable
from storage.raw.foreign_segments import SegmentedRecord, Segments

MAX_RECORD_BYTES = 64 << 20
MAX_MEMBERS = 10_000  # WARC files in one WACZ; browsertrix writes a few
MAX_ATTEMPTS = 1_000  # to go on behind damage in one file
MAX_SEARCHED_BYTES = 64 << 20  # for the first record of a file
_BLOCK_BYTES = 1 << 20
_PEEK_BYTES = 4096
_RECORD_MARKS = (b"\x1f\x8b\x08", b"WARC/1.", b"WARC/0.")
_WARC_NAMES = (".warc", ".warc.gz", ".warc.zst")
_CUT = "it is cut"
_WORD = re.compile(r"[a-z][a-z_-]{2,30}")
_DIGESTS = {"md5", "sha1", "sha256", "sha512"}
_ASIDE = frozenset({"warcinfo", "metadata"})  # they speak of files and records
_ANSWERS = frozenset({"response", "continuation"})


@dataclass(frozen=True)
class _Lost:
    number: int
    position: int
    cause: str

    def told(self, where: str, *, until: int | None) -> LeftOut:
        end = f"up to byte {until:,}" if until is not None else "to the end"
        return LeftOut(
            Unusable.DAMAGED, f"{where}: record {self.number}, behind byte {self.position:,}, {end}", cause=self.cause
        )


def new_segments() -> Segments:
    """For the files of one import: a record may begin in one and end in another."""
    return Segments(max_bytes=MAX_RECORD_BYTES)


def _any(_url: str) -> bool:
    return True


@dataclass(frozen=True)
class _Reading:
    segments: Segments
    wanted: Callable[[str], bool]


def read_foreign(
    path: Path, segments: Segments | None = None, *, wanted: Callable[[str], bool] = _any
) -> Iterator[Foreign]:
    """All responses of a file, in its order, and what else stands there. Bodies keep their content encoding.

    `segments` collects records that go on in other files; whoever passes it tells its rest. Answers whose address is
    not `wanted` are passed over unread. Raises UsageError for a file that is none of these, and DamagedObject for a
    package that breaks off, after what came before.
    """
    if not path.is_file():
        what = "a folder" if path.is_dir() else "no such file"
        raise UsageError(f"{path}: {what}", remedy="name WARC, WACZ or ARC files")
    shared = new_segments() if segments is None else segments
    if path.suffix.lower() == ".wacz" or zipfile.is_zipfile(path):
        yield from _read_wacz(path, _Reading(shared, wanted))
    else:
        with path.open("rb") as stream:
            yield from _read_file(stream, str(path), _Reading(shared, wanted))
    if segments is None:
        yield from shared.rest()


def _read_wacz(path: Path, reading: _Reading) -> Iterator[Foreign]:
    try:
        with zipfile.ZipFile(path) as package:
            inside = [PurePosixPath(name) for name in package.namelist()]
            warcs = [name for name in inside if name.name.lower().endswith(_WARC_NAMES)]
            # As the format has it; else as packers leave it that put a folder around all, or none.
            names = [str(name) for name in [name for name in warcs if name.parts[0] == "archive"] or warcs]
            if not names and any(name.suffix.lower() == ".wacz" for name in inside):
                raise UsageError(f"{path}: a package of packages", remedy="unpack it and name the WACZ files inside")
            if not names or len(names) > MAX_MEMBERS:
                raise UsageError(f"{path}: {len(names)} WARC files inside", remedy="name a WACZ file")
            for name in names:
                with package.open(name) as stream:
                    yield from _read_file(stream, f"{path}:{name}", reading)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DamagedObject(f"{path}: {error}", remedy="fetch the file again") from error


def _read_file(stream: IO[bytes], where: str, reading: _Reading) -> Iterator[Foreign]:
    if _first_bytes(stream, 0).startswith(ARC_MARK):
        yield from read_arc(stream, where, max_bytes=MAX_RECORD_BYTES)
    else:
        yield from _read_warc(stream, where, reading)


def _read_warc(stream: IO[bytes], where: str, reading: _Reading) -> Iterator[Foreign]:
    """The records of one file; behind damage it goes on at the next record that can be read."""
    position = seen = 0
    lost: _Lost | None = None
    for _ in range(MAX_ATTEMPTS):
        here, before, is_cut = position, seen, False
        try:
            for record in _records(stream, position):
                here = record.stream_pos
                item = _item(record, f"{where}: record {seen + 1} at byte {here:,}", reading)
                if lost:
                    yield lost.told(where, until=here)
                    lost = None
                seen += 1
                if item is not None:
                    yield item
                is_cut = isinstance(item, LeftOut) and item.cause == _CUT
                here += 1
        except (OSError, EOFError, ValueError, zlib.error) as error:
            lost = lost or _Lost(seen + 1, here, str(error))
        else:
            # What states more bytes than there are may hide the records that follow.
            if not is_cut and (seen > before or not position):
                break
        following = _next_record(stream, here + 1, limit=None if seen else MAX_SEARCHED_BYTES)
        if following is None:
            break
        position = following
    if lost and not seen:
        raise UsageError(f"{where}: not a WARC file ({lost.cause})", remedy="name WARC, WACZ or ARC files")
    if lost:
        yield lost.told(where, until=None)


def _records(stream: IO[bytes], position: int) -> Iterator[WarcRecord]:
    """Records from a place on; where lines end without carriage returns, the lenient reader is needed."""
    first_line = _first_bytes(stream, position).partition(b"\n")[0]
    is_bare = first_line.startswith(b"WARC/") and not first_line.endswith(b"\r")
    stream.seek(position)
    yield from ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False, quirks_mode=is_bare)


def _first_bytes(stream: IO[bytes], position: int) -> bytes:
    """How a file or a record begins, unpacked; the stream is left at `position`."""
    stream.seek(position)
    start = stream.read(_PEEK_BYTES)
    stream.seek(position)
    if start.startswith(b"\x1f\x8b"):
        try:
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, _PEEK_BYTES)
        except zlib.error:
            return b""
    return start.lstrip(b"\r\n")


def _next_record(stream: IO[bytes], after: int, *, limit: int | None) -> int | None:
    """Where the next record may begin: at the mark of a gzip member, or of a record that is not compressed."""
    stream.seek(after)
    position, tail = after, b""
    while block := stream.read(_BLOCK_BYTES):
        data = tail + block
        found = [at for mark in _RECORD_MARKS if (at := data.find(mark)) >= 0]
        if found:
            return position - len(tail) + min(found)
        position += len(block)
        tail = data[1 - max(map(len, _RECORD_MARKS)) :]
        if limit is not None and position - after > limit:
            break
    return None


def _item(record: WarcRecord, where: str, reading: _Reading) -> Foreign | None:
    headers = {name.lower(): value for name, value in record.headers.items()}
    kind = headers.get("warc-type", "").strip().lower()
    url = _plain_uri(headers.get("warc-target-uri", ""))
    if kind in _ASIDE or not reading.wanted(url):
        return None
    if kind == "revisit":
        return Revisit(url, _plain_uri(headers.get("warc-refers-to-target-uri", "")) or url)
    if kind not in _ANSWERS:
        return _no_answer(kind, where, url)
    block = _block(record, headers, where, url)
    if isinstance(block, LeftOut):
        return block
    if kind == "continuation":
        whole = reading.segments.go_on(where, headers, block)
        return (
            _exchange(whole.where, whole.headers, bytes(whole.block)) if isinstance(whole, SegmentedRecord) else whole
        )
    is_first = headers.get("warc-segment-number", "").strip() == "1"
    return reading.segments.begin(where, headers, block) if is_first else _exchange(where, headers, block)


def _no_answer(kind: str, where: str, url: str) -> LeftOut:
    if kind == "request":
        return LeftOut(Unusable.REQUEST, where, url)
    if _WORD.fullmatch(kind):
        return LeftOut(Unusable.OTHER_KIND, where, url, cause=f"a {kind}")
    return LeftOut(Unusable.DAMAGED, where, url, cause="a record of no known kind")


def _block(record: WarcRecord, headers: dict[str, str], where: str, url: str) -> bytes | LeftOut:
    if record.content_length > MAX_RECORD_BYTES:
        return LeftOut(Unusable.TOO_LARGE, where, url, cause=f"{record.content_length:,} bytes")
    block: bytes = record.reader.read(MAX_RECORD_BYTES + 1)
    if "content-length" not in headers or len(block) != record.content_length:
        return LeftOut(Unusable.DAMAGED, where, url, cause=_CUT)
    if not _digest_fits(block, headers.get("warc-block-digest")):
        return LeftOut(Unusable.DAMAGED, where, url, cause="it does not fit its digest")
    return block


def _exchange(where: str, headers: dict[str, str], block: bytes) -> Exchange | LeftOut:
    url = _plain_uri(headers.get("warc-target-uri", ""))
    if not url:
        return LeftOut(Unusable.NO_URL, where)
    return foreign_exchange(
        where,
        url,
        headers.get("warc-date", ""),
        block,
        address=headers.get("warc-ip-address"),
        truncated=headers.get("warc-truncated"),
    )


def _plain_uri(text: Any) -> str:
    return str(text or "").strip("<> ")


def _digest_fits(block: bytes, stated: str | None) -> bool:
    """Whether a digest, in hex or base32 as the writer liked, is the block's; one of an unknown kind proves nothing."""
    kind, _, value = (stated or "").partition(":")
    if kind.lower() not in _DIGESTS or not value:
        return True
    digest = hashlib.new(kind.lower(), block, usedforsecurity=False)
    return value.rstrip("=").upper() in (
        digest.hexdigest().upper(),
        base64.b32encode(digest.digest()).decode().rstrip("="),
    )
