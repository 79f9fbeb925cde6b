"""One HTTP exchange as WARC records: bytes of a gzip member in, records out, and back."""

from __future__ import annotations

import hashlib
import io
import uuid
import zlib
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import quote, urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from storage.errors import DamagedObject
from storage.identity.hosts import authority, split_address
from storage.model.records import Exchange

GZIP_LEVEL = 6  # most bodies arrive compressed; for the rest level 9 costs three times the time for 1 %
# Twisted removes the chunking but leaves the header, and a reader would chunk again. Web archives rename such headers.
CHUNKING, KEPT_CHUNKING = "transfer-encoding", "X-Archive-Orig-Transfer-Encoding"
_URL_SAFE = "".join(chr(code) for code in range(0x21, 0x7F))
_HTTP = "application/http; msgtype="


def record_urn(seed: str) -> bytes:
    """A record id that is the same whenever the same archive is written again."""
    return f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}".encode()


def warcinfo_member(urn: bytes, *, file_name: str, part_of: str, written_at: datetime) -> bytes:
    """The record at the head of a file: who wrote it, and which run it belongs to."""
    fields = {
        "software": f"Warraq/{version('warraq')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": part_of,
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    headers = [("WARC-Filename", file_name), ("Content-Type", "application/warc-fields")]
    return _member(WarcRecordType.warcinfo, urn, block, headers, written_at)


def response_member(exchange: Exchange, urn: bytes, *, warcinfo: bytes) -> bytes:
    """The response as received."""
    headers = [(KEPT_CHUNKING if name.lower() == CHUNKING else name, v) for name, v in exchange.response_headers]
    block = _http_head(f"HTTP/1.1 {exchange.status:03d} {exchange.reason}", headers) + exchange.body
    named = [
        ("WARC-Target-URI", header_url(exchange.url)),
        ("WARC-Warcinfo-ID", f"<urn:{warcinfo.decode()}>"),
        ("WARC-Payload-Digest", f"sha256:{hashlib.sha256(exchange.body).hexdigest()}"),
        ("Content-Type", f"{_HTTP}response"),
    ]
    if exchange.ip_address:
        named.append(("WARC-IP-Address", exchange.ip_address))
    if exchange.truncated:
        named.append(("WARC-Truncated", exchange.truncated))
    return _member(WarcRecordType.response, urn, block, named, exchange.captured_at)


def request_member(exchange: Exchange, urn: bytes, *, warcinfo: bytes, response: bytes) -> bytes:
    """The request that led to the response."""
    parts = urlsplit(header_url(exchange.url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    block = _http_head(f"{exchange.request_method} {target} HTTP/1.1", list(exchange.request_headers))
    named = [
        ("WARC-Target-URI", header_url(exchange.url)),
        ("WARC-Concurrent-To", f"<urn:{response.decode()}>"),
        ("WARC-Warcinfo-ID", f"<urn:{warcinfo.decode()}>"),
        ("Content-Type", f"{_HTTP}request"),
    ]
    return _member(WarcRecordType.request, urn, block, named, exchange.requested_at)


def header_url(url: str) -> str:
    """A URL that cannot break a header: everything but printable ASCII percent-encoded, of a host its punycode."""
    parts = split_address(url)
    if parts is not None and not (parts.netloc.isascii() and "%" not in parts.netloc):
        url = parts._replace(netloc=authority(url) or "").geturl()
    return quote(url, safe=_URL_SAFE)


def inflate_member(data: bytes, *, where: str, max_bytes: int) -> bytes:
    """The one gzip member that `data` is; raises DamagedObject for anything else, or for more than `max_bytes`."""
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        record = inflater.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise _damaged(where, str(error)) from error
    if len(record) > max_bytes:
        raise _damaged(where, f"a record of more than {max_bytes} bytes")
    if not inflater.eof or inflater.unused_data:
        raise _damaged(where, "the record does not end where the index says")
    return record


def read_response(record: bytes, *, where: str) -> tuple[WarcRecord, tuple[tuple[str, str], ...], bytes]:
    """A response record with its HTTP headers and its payload as received; raises DamagedObject."""
    try:
        parsed = WarcRecord.from_reader(io.BytesIO(record))
        if parsed.record_type != WarcRecordType.response:
            raise _damaged(where, "not a response record")
        parsed.parse_http()
        if parsed.http_headers is None:
            raise _damaged(where, "no HTTP response in the record")
        payload = parsed.reader.read()
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(where, f"not a WARC record ({error})") from error
    headers = tuple(
        ("Transfer-Encoding" if name == KEPT_CHUNKING else name, value)
        for name, value in parsed.http_headers.to_tuples()
    )
    return parsed, headers, payload


def _damaged(where: str, what: str) -> DamagedObject:
    return DamagedObject(f"{where}: {what}", remedy="restore the chunk, or crawl the run again to fetch it anew")


def _http_head(first_line: str, headers: list[tuple[str, str]]) -> bytes:
    lines = [first_line, *(f"{name}: {value}" for name, value in headers)]
    return b"".join(_header_bytes(line) + b"\r\n" for line in lines) + b"\r\n"


def _header_bytes(line: str) -> bytes:
    line = line.replace("\r", " ").replace("\n", " ").replace("\0", " ")
    try:
        return line.encode("latin-1")  # header bytes read as latin-1 come out as they were
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogateescape")


def _member(kind: Any, urn: bytes, block: bytes, headers: list[tuple[str, str]], at: datetime) -> bytes:
    record = WarcRecord()
    record.init_headers(kind, record_urn=urn)
    record.record_date = at.astimezone(UTC)
    for name, value in headers:
        record.headers[name] = value
    record.headers["WARC-Block-Digest"] = f"sha256:{hashlib.sha256(block).hexdigest()}"
    record.set_bytes_content(block)
    out = io.BytesIO()
    writer = GzipWriter(out, compression_level=GZIP_LEVEL)
    record.write(writer)
    writer.finish()
    return out.getvalue()
