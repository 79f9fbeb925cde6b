"""XML as the web serves it, read as a stream: tags and text, whatever is broken around them.

lxml's recovery drops what looks like an entity, stops silently behind a bare `<` and refuses undeclared prefixes;
feedparser holds the whole document several times over. Here every character is either part of a tag or is text, no
entity is ever declared or fetched, and memory is bounded by one tag.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from dataclasses import dataclass

from spiders.sources.reading.documents import UnreadableListing

START, END, TEXT, LEAF = 0, 1, 2, 3
# Kind; name of the tag, or the text; attributes as they are written, of a LEAF its text: `<loc>…</loc>` in one piece.
Event = tuple[int, str, str]

MAX_TAG_CHARACTERS = 64 * 1024  # a tag longer than this is text
_NAME = r"[A-Za-z_][\w.\-]*+(?::[\w.\-]++)?"
# Possessive throughout: a tag that does not close must not be tried in many ways.
_TOKEN = re.compile(
    rf"<({_NAME})>([^<]*+)</\1>(?:\s++(?=<))?+"
    r"|([^<]++)"
    rf"|<(/?+)({_NAME})((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>"
    rf"|<(/?+)({_NAME})([^<>]*+)>"  # an odd number of quotation marks
    r"|(<!--|<!\[CDATA\[|<\?|<![A-Za-z])"
)
_CLOSING = {"<!--": "-->", "<![CDATA[": "]]>", "<?": ">"}  # PHP's notices may hold a "<?" that nothing closes
_ENTITY_DECLARATION = re.compile(r"<!ENTITY", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));")
_ATTRIBUTE = re.compile(rf"({_NAME})\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]++))")


@dataclass
class Damage:
    """What a reader noticed on its way: the end of the document is missing."""

    is_cut: bool = False


def read_markup(pieces: Iterator[str], damage: Damage) -> Iterator[Event]:
    """The tags and texts of a document. Raises UnreadableListing for one that declares entities, as bombs do.

    Comments and instructions are passed over, CDATA is text with its entities spelled out. Text may come in pieces.
    """
    source = _Source(pieces)
    while source.has_more():
        buffer, at = source.buffer, source.at
        # All that begins before the last `<` is complete; what begins there may go on in the next piece.
        limit = len(buffer) if source.is_last else buffer.rfind("<", at)
        limit = len(buffer) if limit < 0 or len(buffer) - limit > MAX_TAG_CHARACTERS else limit
        while at < limit:
            match = _TOKEN.match(buffer, at)
            if match is None:
                yield TEXT, "&lt;", ""  # a `<` that opens nothing
                at += 1
                continue
            at = match.end()
            leaf, leaf_text, text, slash, name, attributes, slash2, name2, attributes2, opened = match.groups()
            if leaf:
                yield LEAF, leaf, leaf_text
            elif text:
                yield TEXT, text, ""
            elif opened:
                source.at = at
                yield from _passed_over(source, opened, damage)
                break
            elif slash or slash2:
                yield END, name or name2, ""
            else:
                name, attributes = name or name2, attributes or attributes2 or ""
                yield START, name, attributes
                if attributes.endswith("/"):
                    yield END, name, ""
        else:
            source.at = at
            source.refill()


class _Source:
    """What is read but not understood yet begins at `at`; more comes from the pieces."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self.buffer, self.at, self.is_last = "", 0, False

    def has_more(self) -> bool:
        return self.at < len(self.buffer) or not self.is_last

    def refill(self) -> None:
        """Drop what is understood and take another piece."""
        piece = None if self.is_last else next(self._pieces, None)
        self.is_last = piece is None
        self.buffer, self.at = self.buffer[self.at :] + (piece or ""), 0


def _passed_over(source: _Source, opened: str, damage: Damage) -> Iterator[Event]:
    """Go on behind a comment, an instruction or a document type; of CDATA give the text."""
    if opened not in _CLOSING:
        _pass_over_doctype(source)
        return
    closing, is_text = _CLOSING[opened], opened == "<![CDATA["
    while (end := source.buffer.find(closing, source.at)) < 0:
        whole = max(source.at, len(source.buffer) - len(closing) + 1)
        if is_text and whole > source.at:
            yield TEXT, source.buffer[source.at : whole].replace("&", "&amp;"), ""
        source.at = whole
        if source.is_last:
            source.at = len(source.buffer)
            damage.is_cut = True
            return
        source.refill()
    if is_text and end > source.at:
        yield TEXT, source.buffer[source.at : end].replace("&", "&amp;"), ""
    source.at = end + len(closing)


def _pass_over_doctype(source: _Source) -> None:
    while not source.is_last and len(source.buffer) - source.at < MAX_TAG_CHARACTERS:
        source.refill()
    buffer, end = source.buffer, source.buffer.find(">", source.at)
    if end >= 0 and "[" in buffer[source.at : end]:
        end = buffer.find("]", source.at)
        end = buffer.find(">", end) if end >= 0 else end
    if end < 0:
        raise UnreadableListing("declares a document type without an end")
    if _ENTITY_DECLARATION.search(buffer, source.at, end):
        raise UnreadableListing("declares XML entities")
    source.at = end + 1


def plain_text(text: str) -> str:
    """Text with its entities resolved: those of XML and HTML that end in a semicolon; a bare & stays one."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a start tag by their names as written; the first of two with one name."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(written):
        found.setdefault(name, plain_text(double or single or bare))
    return found


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return html.entities.html5.get(f"{name};", match[0])
    code = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = 0 < code < 0xD800 or 0xDFFF < code < 0x110000
    return chr(code) if is_character else ""
