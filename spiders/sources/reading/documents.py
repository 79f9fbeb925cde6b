"""Bytes of a listing to text, as a stream within bounds: gzip undone member by member, encodings recognised."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from itertools import chain

from extract.html.decoding import DECLARATION_BYTES, encoding_of
from storage.raw.content_encoding import UndecodableBody, inflated

MAX_LISTING_BYTES = 64 * 1024 * 1024  # of one answer; the sitemap protocol allows 50 MB
MAX_STREAMED_BYTES = 4 * 1024 * 1024 * 1024  # that an answer read as a stream may unpack to: thirty million entries
# Of a page of links, which is read as a tree, and that cannot be stopped: some seconds of work, 50,000 links.
MAX_PAGE_BYTES = 8 * 1024 * 1024
PIECE_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
_MAX_LAYERS = 2  # a .gz that the server compresses once more


class UnreadableListing(Exception):
    """The answer cannot be read as a listing: report the line as a problem of the source and go on."""


class CutListing(UnreadableListing):
    """The rest of an answer cannot be read; what came before it counts."""


def plain_bytes(body: bytes, *, limit: int = MAX_LISTING_BYTES) -> bytes:
    """The body, with a gzip file undone. Raises UnreadableListing for a broken one and beyond the limit."""
    return b"".join(plain_pieces(body, limit=limit))


def page_bytes(body: bytes) -> tuple[bytes, str | None]:
    """A page with gzip undone, and why its end is missing. Raises UnreadableListing where nothing can be read."""
    pieces: list[bytes] = []
    try:
        pieces.extend(plain_pieces(body, limit=MAX_PAGE_BYTES))
    except CutListing as error:
        if not any(pieces):
            raise
        return b"".join(pieces), f"{error}: what stands behind is missing"
    return b"".join(pieces), None


def plain_pieces(body: bytes, *, limit: int | None = None) -> Iterator[bytes]:
    """The body in pieces, gzip undone. Raises CutListing where it breaks, and behind `limit` bytes."""
    limit = MAX_STREAMED_BYTES if limit is None else limit
    pieces: Iterator[bytes] = (body[at : at + PIECE_BYTES] for at in range(0, len(body), PIECE_BYTES))
    for _ in range(_MAX_LAYERS):
        first = next(pieces, b"")
        pieces = chain((first,), pieces)
        if not first.startswith(_GZIP):
            break
        pieces = _inflated(pieces)
    count = 0
    for piece in pieces:
        if count + len(piece) > limit:
            yield piece[: limit - count]
            raise CutListing(f"larger than {limit} bytes")
        count += len(piece)
        yield piece


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from inflated(pieces)
    except UndecodableBody as error:
        raise CutListing(str(error)) from error


def text_pieces(
    body: bytes, content_type: str | None, *, limit: int | None = None, must_stop: Callable[[], bool] = lambda: False
) -> Iterator[str]:
    """The body as text without byte order marks. Raises CutListing where it breaks, and when told to stop."""
    decoder: codecs.IncrementalDecoder | None = None
    head = b""
    for piece in plain_pieces(body, limit=limit):
        if must_stop():
            raise CutListing("the crawl was stopped before its end")
        if decoder is None and piece.isascii() and b"\x00" not in piece:
            head = head or piece[:DECLARATION_BYTES]
            yield piece.decode("ascii")
            continue
        if decoder is None:  # until here all encodings are the same
            decoder = codecs.getincrementaldecoder(encoding_of(head + piece, content_type))("replace")
        if text := decoder.decode(piece).replace("\ufeff", "").replace("\x00", ""):
            yield text
    if decoder is not None and (text := decoder.decode(b"", final=True)):
        yield text
