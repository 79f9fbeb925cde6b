"""Bytes of a page to text: declared charsets are hints, the bytes decide."""

from __future__ import annotations

import codecs
import contextlib
import re

import webencodings

from extract.page import Page

# The declaration stands in the first kilobytes; some portals print a long comment before it.
DECLARATION_BYTES = 8192
# Share of undecodable places up to which a page is UTF-8 with a few damaged bytes, and not another encoding.
MAX_DAMAGED_SHARE = 0.02
# Mojibake is repaired only when it is the rule of the page: this share of its letters outside ASCII.
MIN_MOJIBAKE_SHARE = 0.6

_ASCII = bytes(range(0x80))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as UTF-16's does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASCII_AND_NUL = re.compile(rb"[\x01-\x7f]\x00[\x01-\x7f]\x00|\x00[\x01-\x7f]\x00[\x01-\x7f]")  # UTF-16 without a mark
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
# Labels that in practice stand on Arabic windows-1256 pages, or on pages whose author never thought about it.
_LATIN_LABELS = frozenset({"iso8859-1", "cp1252", "ascii", "iso8859-15"})
_ARABIC_LABELS = ("cp1256", "iso8859-6")
_ARABIC = re.compile("[\u0621-\u064a\u066e-\u06d3]")
_NOT_ASCII_LETTER = re.compile("[^\\W\\d_a-zA-Z]")
# UTF-8 Arabic read as windows-1252 (Ø§Ù„) and as windows-1256 (ط§ظ„): lead bytes D8 to DB, then one more byte.
_MOJIBAKE_1252 = re.compile("[ØÙÚÛ][^\\sA-Za-z]")
_MOJIBAKE_1256 = re.compile(
    "[طظعغ][\u00a0-\u00bf€‚„…†‡ˆ‰‹ŒŽ‘’“”•–—™›œž\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2]"
)


# Not among the web's, but nothing else begins with three NULs.
_UTF_32 = frozenset({"utf-32", "utf-32-le", "utf-32-be", "utf-32le", "utf-32be"})


def decode_page(page: Page) -> str:
    """The page's text. Never raises: bytes that fit no encoding become U+FFFD. NUL characters are dropped."""
    return decode_text(page.body, page.content_type)


def decode_text(body: bytes, content_type: str | None) -> str:
    """The text of a page of which only the bytes and the Content-Type are at hand."""
    return decode(body, content_type)[0]


def decode(body: bytes, content_type: str | None) -> tuple[str, bytes | None]:
    """The text of a page, and its bytes again where they are the text in UTF-8, as those of most pages are."""
    if b"\x00" not in body and not body.startswith(codecs.BOM_UTF8):
        with contextlib.suppress(UnicodeDecodeError):
            decoded = body.decode("utf-8")  # encoding_of would find the same
            text = _repair_mojibake(decoded)
            return text, body if text is decoded else None
    text = _decode(body, content_type)
    if text.startswith("\ufeff"):
        text = text[1:]
    return _repair_mojibake(text.replace("\x00", "") if b"\x00" in body else text), None


def _decode(body: bytes, content_type: str | None) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, errors="replace")
    return body.decode(encoding_of(body, content_type), errors="replace")


def encoding_of(body: bytes, content_type: str | None) -> str:
    """Python's name of the encoding of a text, by its bytes or its first ones; a byte order mark stays in the text."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return encoding
    declared = declared_charset(body, content_type)
    if declared.startswith(("utf-16", "utf-32")) and b"\x00" in body[:DECLARATION_BYTES]:
        return declared
    if _ASCII_AND_NUL.fullmatch(body[:4]):
        return "utf-16-le" if body[1] == 0 else "utf-16-be"
    try:
        body.decode("utf-8")
        return "utf-8"  # a text that is valid UTF-8 is UTF-8, whatever its label says
    except UnicodeDecodeError:
        pass
    # Truncation in the middle of a character and single bad bytes do not change the encoding of a page.
    lenient = body.decode("utf-8", errors="replace")
    not_ascii = sum(character > "\x7f" for character in lenient)
    damaged = lenient.count("\ufffd")
    # Where not one character is sound, nothing speaks for UTF-8.
    is_mostly_sound = 2 * damaged < not_ascii or (declared in ("", "utf-8") and damaged < max(not_ascii, 2))
    if damaged <= max(3, MAX_DAMAGED_SHARE * not_ascii) and is_mostly_sound:
        return "utf-8"
    return _legacy_encoding(body, declared)


def declared_charset(body: bytes, content_type: str | None) -> str:
    """Python's name of the charset that the HTTP header, the XML declaration or a meta element names, or ''.

    Only the web's own labels count: Python also knows idna, hex or rot13, which raise or tell another text, and UTF-7,
    in which any page can hide any other.
    """
    head = body[:DECLARATION_BYTES]
    labels = [match[1] for match in [_HEADER_CHARSET.search(content_type or "")] if match]
    labels += [match[1].decode("ascii") for match in [_XML_CHARSET.search(head), _META_CHARSET.search(head)] if match]
    return next((name for label in labels if (name := _web_encoding(label))), "")


def _web_encoding(label: str) -> str | None:
    if label.lower() in _UTF_32:
        return label.lower()
    found = webencodings.lookup(label)  # type: ignore[no-untyped-call]
    try:
        return codecs.lookup(found.codec_info.name).name if found else None
    except LookupError:
        return None


def _legacy_encoding(body: bytes, declared: str) -> str:
    """Among the single-byte encodings, the one in which the bytes are Arabic; the declared one otherwise.

    Half of the letters have the same bytes in both of Arabic. Read in the wrong one the others are signs and letters
    with accents, or nothing: so the one with more Arabic letters is right, whatever the label says.
    """
    if declared not in ("", "utf-8", *_LATIN_LABELS, *_ARABIC_LABELS):
        return declared
    sample = body.translate(None, _ASCII)[:20_000]
    letters = {encoding: len(_ARABIC.findall(sample.decode(encoding, errors="replace"))) for encoding in _ARABIC_LABELS}
    # French has the bytes of some letters of ISO 8859-6, and none of windows-1256.
    if 2 * letters["cp1256"] <= len(sample):
        return declared if declared in _ARABIC_LABELS else "cp1252"
    # ISO 8859-6 has control characters where windows-1256 has letters and quotation marks.
    has_signs = any(0x80 <= byte <= 0x9F for byte in sample)
    if has_signs or letters["cp1256"] > letters["iso8859-6"]:
        return "cp1256"
    if letters["iso8859-6"] > letters["cp1256"]:
        return "iso8859-6"
    return declared if declared in _ARABIC_LABELS else "cp1256"


def _repair_mojibake(text: str) -> str:
    """UTF-8 that was read as windows-1252 or 1256 and saved as UTF-8 again, read rightly; other text as it is."""
    sample = text[:200_000]
    if sample.isascii():
        return text
    for pattern, encoding, leads in ((_MOJIBAKE_1252, "cp1252", "ØÙ"), (_MOJIBAKE_1256, "cp1256", "طظ")):
        # In real Arabic alef outnumbers them; looking and counting are cheap, and most pages end here.
        leading = sum(sample.count(lead) for lead in leads if lead in sample)
        if not leading or leading <= 2 * sample.count("ا") or len(sample) < 50:
            continue
        letters = len(_NOT_ASCII_LETTER.findall(sample))
        found = len(pattern.findall(sample))
        if found < 50 or found < MIN_MOJIBAKE_SHARE * letters / 2:
            continue
        repaired = b"".join(_byte(character, encoding) for character in text).decode("utf-8", errors="replace")
        if repaired.count("\ufffd") <= MAX_DAMAGED_SHARE * len(repaired) and len(_ARABIC.findall(repaired)) > found / 2:
            return repaired
    return text


def _byte(character: str, encoding: str) -> bytes:
    try:
        return character.encode(encoding)
    except UnicodeEncodeError:
        # Bytes that the encoding leaves undefined pass through readers as control characters of the same number.
        return bytes([ord(character)]) if ord(character) < 0x100 else character.encode("utf-8")
