"""Reads ARC files, the format before WARC: warcio knows its headers, the answer inside is read like any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from storage.raw.foreign_http import foreign_exchange
from storage.raw.foreign_records import Foreign, LeftOut, Unusable

ARC_MARK = b"filedesc://"
_WEB = ("http://", "https://")


def read_arc(stream: IO[bytes], where: str, *, max_bytes: int) -> Iterator[Foreign]:
    """The captures of one ARC file, gzipped or not; what stands behind damage is told as lost."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - for few files
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    number = 0
    try:
        records = ArchiveIterator(stream, no_record_parse=True, arc2warc=True)  # type: ignore[no-untyped-call]
        for number, record in enumerate(records, start=1):
            name = f"{where}: record {number}"
            if record.rec_type == "warcinfo":
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            yield _capture(
                name,
                url,
                record.rec_headers.get_header("WARC-Date") or "",
                record.raw_stream.read(max_bytes + 1),
                address=record.rec_headers.get_header("WARC-IP-Address"),
                max_bytes=max_bytes,
            )
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        yield LeftOut(Unusable.DAMAGED, f"{where}: record {number + 1} and what follows", cause=str(error))


def _capture(name: str, url: str, date: str, block: bytes, *, address: str | None, max_bytes: int) -> Foreign:
    if not url.startswith(_WEB):
        return LeftOut(Unusable.OTHER_KIND, name, url)
    if len(block) > max_bytes:
        return LeftOut(Unusable.TOO_LARGE, name, url)
    return foreign_exchange(name, url, date, block, address=address)
