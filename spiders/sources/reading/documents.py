"""Bytes of a listing, made safe to parse: gzip undone with a cap, and XML that declares entities refused."""

from __future__ import annotations

import re
import zlib

MAX_LISTING_BYTES = 64 * 1024 * 1024  # the sitemap protocol allows 50 MB uncompressed
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")


class UnreadableListing(Exception):
    """The answer cannot be read as a listing: report the line as a problem of the source and go on."""


def plain_bytes(body: bytes) -> bytes:
    """The body, with a gzip file undone. Raises UnreadableListing for a broken one and beyond MAX_LISTING_BYTES."""
    if body[:2] == b"\x1f\x8b":
        try:
            unpacker = zlib.decompressobj(wbits=31)
            plain = unpacker.decompress(body, MAX_LISTING_BYTES + 1)
        except zlib.error as error:
            raise UnreadableListing(f"broken gzip: {error}") from error
        if not unpacker.eof and len(plain) <= MAX_LISTING_BYTES:
            raise UnreadableListing(f"gzip cut off after {len(plain)} bytes")
    else:
        plain = body
    if len(plain) > MAX_LISTING_BYTES:
        raise UnreadableListing(f"larger than {MAX_LISTING_BYTES} bytes")
    return plain


def refuse_entities(document: bytes) -> None:
    """Raise UnreadableListing where a document type declares entities: no honest listing does, bombs do."""
    head = document.replace(b"\x00", b"") if document[:2] in {b"\xff\xfe", b"\xfe\xff"} else document
    if _ENTITY.search(head):
        raise UnreadableListing("declares XML entities")


def root_name(document: bytes) -> str:
    """The lower-case local name of the first element (urlset, rss, html…), or "" where there is none."""
    head = document[:4096]
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    text = re.sub(r"<!--.*?(?:-->|$)", "", head.decode(encoding, "replace"), flags=re.DOTALL)
    match = _FIRST_ELEMENT.search(text)
    return match[1].lower() if match else ""
