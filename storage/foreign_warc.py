"""Reads WARC and WACZ files that others made; each response is either an exchange or has a reason why it is not."""

from __future__ import annotations

import base64
import contextlib
import enum
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from storage.errors import DamagedObject, UsageError
from storage.records import Exchange

MAX_RECORD_BYTES = 64 << 20
MAX_MEMBERS = 10_000  # WARC files in one WACZ; browsertrix writes a few
FIRST_CAPTURE = datetime(1994, 1, 1, tzinfo=UTC)  # older dates are defaults of broken clocks
_WARC_NAMES = (".warc", ".warc.gz", ".warc.zst")
_DIGESTS = {"md5", "sha1", "sha256", "sha512"}


class Unusable(enum.StrEnum):
    """Why a record of a foreign file gives no capture."""

    REVISIT = "revisit"  # says only that nothing had changed
    NOT_HTTP = "not_http"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    NO_DATE = "no_date"
    NO_URL = "no_url"


def read_foreign(path: Path) -> Iterator[Exchange | Unusable]:
    """All responses of a file, in its order. Bodies keep their content encoding; chunked transfer is undone.

    Raises UsageError for a file that is neither WARC nor WACZ, and DamagedObject where it breaks off, after what
    came before.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file", remedy="name WARC or WACZ files")
    if path.suffix.lower() == ".wacz" or zipfile.is_zipfile(path):
        yield from _read_wacz(path)
        return
    with path.open("rb") as stream:
        yield from _read_warc(stream, str(path))


def _read_wacz(path: Path) -> Iterator[Exchange | Unusable]:
    try:
        with zipfile.ZipFile(path) as package:
            names = [
                name
                for name in package.namelist()
                if PurePosixPath(name).parts[:1] == ("archive",) and name.lower().endswith(_WARC_NAMES)
            ]
            if not names or len(names) > MAX_MEMBERS:
                raise UsageError(f"{path}: {len(names)} WARC files inside", remedy="name a WACZ file")
            for name in names:
                with package.open(name) as stream:
                    yield from _read_warc(stream, f"{path}:{name}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DamagedObject(f"{path}: {error}", remedy="fetch the file again") from error


def _read_warc(stream: IO[bytes], where: str) -> Iterator[Exchange | Unusable]:
    seen = 0
    kinds = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.warcinfo | WarcRecordType.request
    try:
        for record in ArchiveIterator(stream, record_types=kinds, parse_http=False):
            seen += 1
            if record.record_type == WarcRecordType.revisit:
                yield Unusable.REVISIT
            elif record.record_type == WarcRecordType.response:
                yield _exchange(record)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        if not seen:
            raise UsageError(f"{where}: not a WARC file ({error})", remedy="name WARC or WACZ files") from error
        raise DamagedObject(
            f"{where}: breaks off after {seen} records ({error})",
            remedy="fetch the file again; what came before is kept",
        ) from error


def _exchange(record: WarcRecord) -> Exchange | Unusable:
    if record.content_length > MAX_RECORD_BYTES:
        return Unusable.TOO_LARGE
    block = record.reader.read(MAX_RECORD_BYTES + 1)
    if len(block) != record.content_length or not _digest_fits(block, record.headers.get("WARC-Block-Digest")):
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
        found: datetime = record.record_date.astimezone(UTC)
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
