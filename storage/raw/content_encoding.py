"""Removes an HTTP body's content encodings, within bounds: a page of 100 kB must not become one of 100 GB."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable
from typing import Protocol

from fastwarc.stream_io import BrotliReader, ZstdReader

MAX_DECODED_BYTES = 64 << 20  # the largest news pages known have 5 MB
MAX_RATIO = 300  # HTML reaches 30; gzip itself cannot exceed 1,032, brotli and zstd can
ALWAYS_ALLOWED_BYTES = 1 << 20  # below this the ratio does not matter
MAX_ENCODINGS = 3  # stacked; servers send one, broken proxies two
_STEP_BYTES = 64 << 10
_GZIP_OR_ZLIB, _RAW = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS


class UndecodableBody(ValueError):
    """The body does not follow its Content-Encoding: what could be read is in `partial`."""

    def __init__(self, message: str, *, partial: bytes = b"") -> None:
        super().__init__(message)
        self.partial = partial


class OversizedBody(UndecodableBody):
    """The body grows beyond the bounds when it is decoded."""


class _Reader(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def content_encodings(headers: Iterable[tuple[str, str]]) -> list[str]:
    """The encodings that were applied to a body, in the order of applying; identity is none."""
    named = [value for name, value in headers if name.lower() == "content-encoding"]
    words = [word.strip().lower() for value in named for word in value.split(",")]
    return [word for word in words if word not in {"", "identity", "none"}]


def decode_body(body: bytes, headers: Iterable[tuple[str, str]], *, max_bytes: int = MAX_DECODED_BYTES) -> bytes:
    """The body without its content encodings. Raises UndecodableBody or OversizedBody.

    A body that never was compressed, whatever its header says, is returned as it is: some servers lie so.
    """
    encodings = content_encodings(headers)
    if len(encodings) > MAX_ENCODINGS:
        raise UndecodableBody(f"{len(encodings)} content encodings on one body")
    for encoding in reversed(encodings):
        if not body:
            break
        limit = min(max_bytes, max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * len(body)))
        body = _decoder(encoding)(body, limit)
    if len(body) > max_bytes:
        raise OversizedBody(f"{len(body)} bytes", partial=body[:max_bytes])
    return body


def _decoder(encoding: str) -> Callable[[bytes, int], bytes]:
    match encoding:
        case "gzip" | "x-gzip" | "deflate":
            return _inflate
        case "br":
            return lambda body, limit: _drain(BrotliReader(io.BytesIO(body)), limit, encoding)
        case "zstd":
            return lambda body, limit: _drain(ZstdReader(io.BytesIO(body)), limit, encoding)
    raise UndecodableBody(f"unknown content encoding {encoding[:40]!r}")


def _inflate(body: bytes, limit: int) -> bytes:
    """gzip (one member or more), zlib or raw deflate: servers mix up the last two."""
    if body.lstrip()[:1] == b"<":
        return body
    form = _GZIP_OR_ZLIB
    try:
        zlib.decompressobj(form).decompress(body[:64], 1)
    except zlib.error:
        form = _RAW
    out = bytearray()
    while body:
        inflater = zlib.decompressobj(form)
        try:
            out += inflater.decompress(body, limit + 1 - len(out))
        except zlib.error as error:
            if out:
                return bytes(out)  # junk after a whole member: padding, seen in the wild
            raise UndecodableBody(f"not compressed as its header says ({error})") from error
        if len(out) > limit:
            raise OversizedBody(f"more than {limit} bytes when decompressed", partial=bytes(out[:limit]))
        if not inflater.eof:
            raise UndecodableBody("the compressed body ends too early", partial=bytes(out))
        body = inflater.unused_data
    return bytes(out)


def _drain(reader: _Reader, limit: int, encoding: str) -> bytes:
    out = bytearray()
    while len(out) <= limit:
        try:
            data = reader.read(_STEP_BYTES)
        except OSError as error:
            raise UndecodableBody(f"not {encoding} as its header says ({error})", partial=bytes(out)) from error
        if not data:
            return bytes(out)
        out += data
    raise OversizedBody(f"more than {limit} bytes when decompressed", partial=bytes(out[:limit]))
