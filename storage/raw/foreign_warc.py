"""Reads WARC and WACZ files that others made; each response is either an exchange or has a reason why it is not."""

from __future__ import annotations

import base64
import contextlib
import enum
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from storage.errors import DamagedObject, UsageError
from storage.model.records import Exchange

MAX_RECORD_BYTES = 64 << 20
MAX_MEMBERS = 10_000  # WARC files in one WACZ; browsertrix writes a few
FIRST_CAPTURE = datetime(1994, 1, 1, tzinfo=UTC)  # older dates are defaults of broken clocks
MAX_ATTEMPTS = 1_000  # to go on behind damage in one file
MAX_SEARCHED_BYTES = 64 << 20  # for the first record of a file
_BLOCK_BYTES = 1 << 20
_RECORD_MARKS = (b"\x1f\x8b\x08", b"WARC/1.")
_OTHER_KINDS = (WarcRecordType.resource, WarcRecordType.conversion, WarcRecordType.continuation)
_WARC_NAMES = (".warc", ".warc.gz", ".warc.zst")
_DIGESTS = {"md5", "sha1", "sha256", "sha512"}


class Unusable(enum.StrEnum):
    """Why a record of a foreign file gives no capture."""

    REQUEST = "request"
    OTHER_KIND = "other_kind"  # resources and conversions: what other programs made of pages
    NOT_HTTP = "not_http"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"  # named as Damage
    NO_DATE = "no_date"
    NO_URL = "no_url"


@dataclass(frozen=True)
class Revisit:
    """A capture that only says: the same bytes as then. Its page is in another record."""

    url: str
    refers_to: str  # the address those bytes were captured at, mostly the same


@dataclass(frozen=True)
class Damage:
    """Records that cannot be read: which, where, and why, in one line."""

    message: str


Foreign = Exchange | Unusable | Revisit | Damage


@dataclass(frozen=True)
class _Lost:
    number: int
    position: int
    cause: str

    def told(self, where: str, *, until: int | None) -> Damage:
        end = f"up to byte {until:,}" if until is not None else "to the end"
        return Damage(
            f"{where}: record {self.number}, behind byte {self.position:,}, {end}, cannot be read ({self.cause})"
        )


def read_foreign(path: Path) -> Iterator[Foreign]:
    """All responses of a file, in its order, and what else stands there. Bodies keep their content encoding.

    Raises UsageError for a file that is neither WARC nor WACZ, and DamagedObject for a package that breaks off, after
    what came before.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file", remedy="name WARC or WACZ files")
    if path.suffix.lower() == ".wacz" or zipfile.is_zipfile(path):
        yield from _read_wacz(path)
        return
    with path.open("rb") as stream:
        yield from _read_warc(stream, str(path))


def _read_wacz(path: Path) -> Iterator[Foreign]:
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
                    yield from _read_warc(stream, f"{path}:{name}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DamagedObject(f"{path}: {error}", remedy="fetch the file again") from error


def _read_warc(stream: IO[bytes], where: str) -> Iterator[Foreign]:
    """The records of one file; behind damage it goes on at the next record that can be read."""
    position = seen = 0
    lost: _Lost | None = None
    for _ in range(MAX_ATTEMPTS):
        stream.seek(position)
        here, before = position, seen
        try:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False):
                here = record.stream_pos
                item = _item(record)
                if lost:
                    yield lost.told(where, until=here)
                    lost = None
                seen += 1
                if item is Unusable.DAMAGED:
                    url = record.headers.get("WARC-Target-URI") or "no address"
                    item = Damage(f"{where}: record {seen} at byte {here:,} ({url}) is cut or does not fit its digest")
                if item is not None:
                    yield item
                here += 1
        except (OSError, EOFError, ValueError, zlib.error) as error:
            lost = lost or _Lost(seen + 1, here, str(error))
        else:
            if seen > before or not position:
                break
        following = _next_record(stream, here + 1, limit=None if seen else MAX_SEARCHED_BYTES)
        if following is None:
            break
        position = following
    if lost and not seen:
        raise UsageError(f"{where}: not a WARC file ({lost.cause})", remedy="name WARC or WACZ files")
    if lost:
        yield lost.told(where, until=None)


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


def _item(record: WarcRecord) -> Foreign | None:
    kind = record.record_type
    if kind == WarcRecordType.response:
        return _exchange(record)
    if kind == WarcRecordType.revisit:
        return _revisit(record)
    if kind in (WarcRecordType.warcinfo, WarcRecordType.metadata):
        return None
    if kind == WarcRecordType.request:
        return Unusable.REQUEST
    return Unusable.OTHER_KIND if kind in _OTHER_KINDS else Unusable.DAMAGED


def _revisit(record: WarcRecord) -> Revisit:
    url, then = record.headers.get("WARC-Target-URI"), record.headers.get("WARC-Refers-To-Target-URI")
    return Revisit((url or "").strip("<> "), (then or url or "").strip("<> "))


def _exchange(record: WarcRecord) -> Exchange | Unusable:
    if record.content_length > MAX_RECORD_BYTES:
        return Unusable.TOO_LARGE
    block = record.reader.read(MAX_RECORD_BYTES + 1)
    if (
        "Content-Length" not in record.headers
        or len(block) != record.content_length
        or not _digest_fits(block, record.headers.get("WARC-Block-Digest"))
    ):
        return Unusable.DAMAGED
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    captured_at = _date(record)
    if not url:
        return Unusable.NO_URL
    if captured_at is None:
        return Unusable.NO_DATE
    http = _http(block)
    if http is None:
        return Unusable.NOT_HTTP
    headers, status, reason, body = http
    return Exchange(
        url=url,
        requested_at=captured_at,
        captured_at=captured_at,
        status=status,
        reason=reason,
        request_method="",
        request_headers=(),
        response_headers=headers,
        body=body,
        ip_address=record.headers.get("WARC-IP-Address"),
        truncated=record.headers.get("WARC-Truncated"),
    )


def _http(block: bytes) -> tuple[tuple[tuple[str, str], ...], int, str, bytes] | None:
    head = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
    record = WarcRecord.from_bytes(head + b"Content-Length: %d\r\n\r\n" % len(block) + block)
    try:
        record.parse_http(auto_decode="transfer")
        http = record.http_headers
        if http is None or not http.status_code:
            return None
        body = record.reader.read(MAX_RECORD_BYTES + 1)
    except (OSError, ValueError):
        return None
    return http.to_tuples(), http.status_code, http.reason_phrase or "", body


def _date(record: Any) -> datetime | None:
    with contextlib.suppress(ValueError, OverflowError, TypeError):
        found: datetime | None = record.record_date
        if found is None:
            return None
        found = found.astimezone(UTC)
        if FIRST_CAPTURE <= found <= datetime.now(UTC):
            return found
    return None


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
