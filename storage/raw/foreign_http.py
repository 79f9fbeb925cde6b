"""The HTTP answer in a foreign record, as other programs write it: line ends, chunks and headers of any kind."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_HEAD_BYTES = 256 * 1024  # header lines in front of a body
_STATUS_LINE = re.compile(rb"(?:HTTP/\d(?:\.\d)?|ICY)[ \t]+(\d{3})(?:[ \t]+([^\r\n]*))?\s*", re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
# RFC 9112: a size in hexadecimal, extensions behind a semicolon; some writers end the line with a bare newline.
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")

HttpAnswer = tuple[tuple[tuple[str, str], ...], int, str, bytes]  # headers, status, reason, body


def http_answer(block: bytes) -> HttpAnswer | None:
    """Headers, status, reason and body without chunks; None for a block that is no HTTP answer."""
    end = _BLANK_LINE.search(block, 0, MAX_HEAD_BYTES)
    head = block[: end.start()] if end else block[:MAX_HEAD_BYTES]
    lines = re.split(rb"\r?\n", head)
    status = _STATUS_LINE.fullmatch(lines[0])
    if status is None or (end is None and len(block) > MAX_HEAD_BYTES):
        return None
    headers = tuple(_header_lines(lines[1:]))
    body = block[end.end() :] if end else b""
    named = {name.lower(): value for name, value in headers}
    if "chunked" in named.get("transfer-encoding", "").lower():
        body = unchunked(body)
    return headers, int(status[1]), (status[2] or b"").decode("latin-1").strip(), body


def unchunked(body: bytes) -> bytes:
    """The body without its chunks; as it is where it has none, for archives keep the wire's header over plain bytes."""
    out = bytearray()
    position = chunks = 0
    while size := _CHUNK_SIZE.match(body, position):
        length = int(size[1], 16)
        start = size.end()
        if not length:
            return bytes(out)
        chunk = body[start : start + length]
        out += chunk
        position = start + length
        if len(chunk) < length:
            return bytes(out)  # cut off inside a chunk
        position += 2 if body[position : position + 2] == b"\r\n" else body[position : position + 1] == b"\n"
        chunks += 1
    # One chance chunk is none: a plain text may begin with a number. Behind two, what follows is damage in the last.
    if chunks > 1 or (chunks and position >= len(body)):
        return bytes(out) + body[position:]
    return body


def _header_lines(lines: Iterable[bytes]) -> Iterable[tuple[str, str]]:
    """Names and values; a line that begins with a blank goes on with the one before."""
    name, value = "", ""
    for line in lines:
        text = line.decode("latin-1")
        if text[:1] in (" ", "\t") and name:
            value = f"{value} {text.strip()}"
            continue
        if name:
            yield name, value
        name, colon, value = text.partition(":")
        name, value = (name.strip() if colon else ""), value.strip()
    if name:
        yield name, value
