"""Removes an HTTP body's content encodings, within bounds: a page of 100 kB must not become one of 100 GB.

The bytes decide and the header is a hint: servers name codings they did not apply, charsets, words nobody knows, or
nothing over a packed body. Browsers and curl read such pages, so does this.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from fastwarc.stream_io import BrotliReader, ZstdReader

MAX_DECODED_BYTES = 64 << 20  # the largest news pages known have 5 MB
MAX_RATIO = 300  # HTML reaches 30; gzip itself cannot exceed 1,032, brotli and zstd can
ALWAYS_ALLOWED_BYTES = 1 << 20  # below this the ratio does not matter
MAX_ENCODINGS = 3  # stacked; servers send one, broken proxies two
MAX_MEMBERS = 100_000  # of one gzip file; each costs a new window
_STEP_BYTES = 64 << 10
_SLICE_BYTES = 16 << 10  # taken up at a time: what stands behind a member is copied
_PADDING = b"\x00 \t\r\n"  # between and behind members: of tapes, of scripts that end in a blank line
_GZIP_OR_ZLIB, _RAW = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS
_LOOKED_AT_BYTES = 512  # packed bytes without a control character among so many do not occur
_SHORT_BYTES = 64
# No text of a web page has these; ESC stands in ISO-2022 texts.
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\f\r\x1b")
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")  # byte order marks, UTF-16 without one
_MARKUP = re.compile(rb"\s{0,500}<[!?/a-zA-Z]")  # begins a page, whatever damage follows
_MAGIC_BYTES = 3
_MAGIC = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}

Headers = Iterable[tuple[str, str]]
_Decoder = Callable[[bytes, int], bytes]


class UndecodableBody(ValueError):
    """The body does not follow its Content-Encoding: what could be read is in `partial`."""

    def __init__(self, message: str, *, partial: bytes = b"") -> None:
        super().__init__(message)
        self.partial = partial


class JunkBehind(UndecodableBody):
    """Something that is not packed stands behind what is."""


class OversizedBody(UndecodableBody):
    """The body grows beyond the bounds when it is decoded."""


class _Reader(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def content_encodings(headers: Headers) -> list[str]:
    """The encodings that were applied to a body, in the order of applying; identity is none."""
    named = [value for name, value in headers if name.lower() == "content-encoding"]
    words = [word.strip().lower() for value in named for word in value.split(",")]
    return [word for word in words if word not in {"", "identity", "none"}]


def decode_body(body: bytes, headers: Headers, *, max_bytes: int = MAX_DECODED_BYTES) -> bytes:
    """The body without its content encodings. Raises UndecodableBody or OversizedBody.

    A body that never was packed, whatever its header says, is returned as it is, and one that is packed though its
    header does not say so is unpacked.
    """
    named = content_encodings(headers)
    if len(named) > MAX_ENCODINGS:
        raise UndecodableBody(f"{len(named)} content encodings on one body")
    strange = [name for name in named if name not in _DECODERS]
    for name in reversed(named):
        if not body or is_text(body):
            break
        if name in _DECODERS:
            body = _unpack(body, name, max_bytes)
    body = _unpack_unnamed(body, max_bytes)
    if strange and not is_text(body):
        raise UndecodableBody(f"unknown content encoding {strange[0][:40]!r}")
    if len(body) > max_bytes:
        raise OversizedBody(f"{len(body)} bytes", partial=body[:max_bytes])
    return body


def beginning_of(body: bytes, headers: Headers, *, length: int) -> bytes:
    """About the first `length` bytes of the page; what can be read of a damaged one."""
    named = content_encodings(headers)[-1:]
    if not named and packing_of(body) is None:
        return body[:length]
    if is_text(body):
        return body[:length]
    for name in _candidates(body, named[0] if named else ""):
        try:
            return _DECODERS[name](body, length)
        except UndecodableBody as error:
            if error.partial:
                return error.partial[:length]
    return b""


def is_text(body: bytes) -> bool:
    """Whether bytes are text, markup mostly, and not packed: by how they begin."""
    start = body[:_LOOKED_AT_BYTES]
    if start.startswith(_TEXT_MARKS) or _MARKUP.match(start):
        return True
    is_clean = len(start) == len(start.translate(None, _CONTROLS))
    return is_clean and (len(start) >= _SHORT_BYTES or start.lstrip()[:1] in (b"", b"<", b"{", b"[") or start.isascii())


def packing_of(body: bytes) -> str | None:
    """gzip or zstd, if the body begins as such files do."""
    return next((name for magic, name in _MAGIC.items() if body.startswith(magic)), None)


def _candidates(body: bytes, named: str) -> Iterator[str]:
    """What to try: the packing that the bytes show, else the named one, else the two that show none."""
    if shown := packing_of(body):
        yield shown
        return
    yield from dict.fromkeys(name for name in (named, "br", "deflate") if name in _DECODERS)


def _unpack(body: bytes, name: str, max_bytes: int) -> bytes:
    limit = min(max_bytes, max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * len(body)))
    told: UndecodableBody | None = None
    for candidate in _candidates(body, name):
        try:
            found = _DECODERS[candidate](body, limit)
        except OversizedBody:
            raise
        except UndecodableBody as error:
            told = told or error
            if error.partial:
                break  # it was the right one, and is damaged
            continue
        if candidate == name or candidate == packing_of(body) or is_text(found):
            return found
    raise told or UndecodableBody(f"not {name} as its header says")


def _unpack_unnamed(body: bytes, max_bytes: int) -> bytes:
    """Packed bytes without a label, or packed once more than the labels say; what cannot be unpacked stays."""
    for _ in range(MAX_ENCODINGS):
        name = packing_of(body)
        if name is None:
            break
        try:
            body = _unpack(body, name, max_bytes)
        except UndecodableBody:
            break
    return body


def inflated(pieces: Iterable[bytes], *, form: int = _GZIP_OR_ZLIB) -> Iterator[bytes]:
    """Undo gzip, of one member or of many, or zlib; in pieces of some kilobytes. Padding behind a member is none of it.

    Raises UndecodableBody where it breaks, JunkBehind where something else follows; what came before counts.
    """
    inflater, count, members, data = zlib.decompressobj(form), 0, 1, b""
    for piece in (each[at : at + _SLICE_BYTES] for each in pieces for at in range(0, len(each), _SLICE_BYTES)):
        data += piece
        while data:
            if inflater.eof:
                data = data.lstrip(_PADDING)
                if len(data) < _MAGIC_BYTES:
                    break
                if packing_of(data) != "gzip":
                    raise JunkBehind(f"is no gzip any more behind {count} bytes")
                members += 1
                if members > MAX_MEMBERS:
                    raise UndecodableBody(f"more than {MAX_MEMBERS:,} gzip members, {count} bytes")
                inflater = zlib.decompressobj(form)
            try:
                plain = inflater.decompress(data, _STEP_BYTES)
            except zlib.error as error:
                raise UndecodableBody(f"broken gzip behind {count} bytes: {error}") from error
            data = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            count += len(plain)
            if plain:
                yield plain
    if not inflater.eof or data.strip(_PADDING):
        raise UndecodableBody(f"gzip cut off after {count} bytes")


def _inflate(body: bytes, limit: int) -> bytes:
    """gzip (one member or more), zlib or raw deflate: servers mix up the last two."""
    form = _GZIP_OR_ZLIB
    try:
        zlib.decompressobj(form).decompress(body[:64], 1)
    except zlib.error:
        form = _RAW
    out = bytearray()
    try:
        for piece in inflated((body,), form=form):
            out += piece
            if len(out) > limit:
                raise OversizedBody(f"more than {limit} bytes when decompressed", partial=bytes(out[:limit]))
    except JunkBehind:
        pass  # seen in the wild behind whole pages
    except OversizedBody:
        raise
    except UndecodableBody as error:
        raise UndecodableBody(str(error), partial=bytes(out)) from error
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


def _brotli(body: bytes, limit: int) -> bytes:
    return _drain(BrotliReader(io.BytesIO(body)), limit, "br")


def _zstd(body: bytes, limit: int) -> bytes:
    return _drain(ZstdReader(io.BytesIO(body)), limit, "zstd")


_DECODERS: dict[str, _Decoder] = {
    "gzip": _inflate,
    "x-gzip": _inflate,
    "deflate": _inflate,
    "br": _brotli,
    "zstd": _zstd,
}
