"""The HTTP answer in a foreign record, as other programs write it: line ends, chunks and headers of any kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.model.records import Exchange
from storage.raw.foreign_records import LeftOut, Unusable

MAX_HEAD_BYTES = 256 * 1024  # header lines in front of a body
_STATUS_LINE = re.compile(rb"(?:HTTP/\d(?:\.\d)?|ICY)[ \t]+(\d{3})(?:[ \t]+([^\r\n]*))?\s*", re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
# RFC 9112: a size in hexadecimal, extensions behind a semicolon; some writers end the line with a bare newline.
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")

FIRST_CAPTURE = datetime(1994, 1, 1, tzinfo=UTC)  # older dates are defaults of broken clocks
# Beside the WARC standard's own form, which is ISO 8601.
_DATE_FORMS = ("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d")
_END_BYTES = 512
_MARKUP = re.compile(rb"\s*<|\x1f\x8b")


@dataclass(frozen=True)
class HttpAnswer:
    """Headers, status, reason and body without chunks; `is_cut` where the last chunk, or its end, is missing."""

    headers: tuple[tuple[str, str], ...]
    status: int
    reason: str
    body: bytes
    is_cut: bool = False


def foreign_exchange(
    where: str, url: str, date: str, block: bytes, *, address: str | None, truncated: str | None = None
) -> Exchange | LeftOut:
    """The exchange that a record holds, or why it holds none: the one answer for WARC and ARC files."""
    captured_at = _date(date)
    if captured_at is None:
        return LeftOut(Unusable.NO_DATE, where, url, cause=date[:40])
    answer = http_answer(block)
    if answer is None:
        return LeftOut(Unusable.NOT_HTTP, where, url)
    return Exchange(
        url=url,
        requested_at=captured_at,
        captured_at=captured_at,
        status=answer.status,
        reason=answer.reason,
        request_method="",
        request_headers=(),
        response_headers=answer.headers,
        body=answer.body,
        ip_address=address,
        truncated=truncated or ("unspecified" if answer.is_cut else None),
    )


def _date(text: str) -> datetime | None:
    """A capture's date; without a zone it is UTC, as the standard has it."""
    text = text.strip()
    for form in (None, *_DATE_FORMS):
        try:
            found = datetime.strptime(text, form).replace(tzinfo=UTC) if form else datetime.fromisoformat(text)
            found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        if FIRST_CAPTURE <= found <= datetime.now(UTC):
            return found
    return None


def http_answer(block: bytes) -> HttpAnswer | None:
    """The answer in a block; None for one that is no HTTP answer."""
    end = _BLANK_LINE.search(block, 0, MAX_HEAD_BYTES)
    head = block[: end.start()] if end else block[:MAX_HEAD_BYTES]
    lines = re.split(rb"\r?\n", head)
    status = _STATUS_LINE.fullmatch(lines[0])
    if status is None or (end is None and len(block) > MAX_HEAD_BYTES):
        return None
    headers = tuple(_header_lines(lines[1:]))
    body, is_cut = block[end.end() :] if end else b"", False
    named = {name.lower(): value for name, value in headers}
    if "chunked" in named.get("transfer-encoding", "").lower():
        body, is_cut = unchunked(body)
    return HttpAnswer(headers, int(status[1]), (status[2] or b"").decode("latin-1").strip(), body, is_cut)


def unchunked(body: bytes) -> tuple[bytes, bool]:
    """The body without its chunks, and whether its end is missing; as it is where it has none.

    Archives keep the wire's header over plain bytes, and a plain text may begin with what looks like a size.
    """
    out = bytearray()
    position = chunks = 0
    while size := _CHUNK_SIZE.match(body, position):
        length, start = int(size[1], 16), size.end()
        if not length:
            return (bytes(out), False) if chunks or not body[start:].strip() else (body, False)
        chunk = body[start : start + length]
        if len(chunk) < length:
            return (bytes(out + chunk), True) if chunks or _MARKUP.match(chunk) else (body, False)
        out += chunk
        position = start + length
        position += 2 if body[position : position + 2] == b"\r\n" else body[position : position + 1] == b"\n"
        chunks += 1
    rest = body[position:]
    if chunks and rest.strip() in {b"", b"0"}:
        # The end that is missing is that of the last line, or the last chunk; many a writer leaves that out.
        return bytes(out), not rest.strip() and not _has_end(out)
    # One chance chunk is none. Behind two, what follows is damage in the last.
    return (bytes(out) + rest, True) if chunks > 1 else (body, False)


def _has_end(body: bytearray) -> bool:
    """Whether a page shows that it is whole, or is packed and will show it."""
    return b"</html" in body[-_END_BYTES:].lower() or body.startswith(b"\x1f\x8b")


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
