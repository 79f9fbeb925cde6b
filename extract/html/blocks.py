"""A tree as a sequence of blocks: paragraphs, headings, cells and lines, in document order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

import lxml.etree

from extract.html.block import MAX_LINE_WORDS, Block, clean_line
from extract.html.parsing import CHARACTERS_A_LINE, MAX_READ_CHARACTERS, MAX_STEPS, Element, TooComplex

_INLINE = """a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark nobr q s samp small span
strike strong sub sup time tt u var wbr"""
INLINE_TAGS = frozenset(_INLINE.split())
# Nothing below these is text of the page.
_SKIPPED = """script style noscript template svg math iframe object embed audio video canvas select option button
textarea input head datalist map progress meter"""
SKIPPED_TAGS = frozenset(_SKIPPED.split())
_WITHOUT_TEXT = SKIPPED_TAGS | {"br"}

MAX_CELL_CHARACTERS = 80
# Text that is broken by line ends alone has several lines, and is long; verses have as many words each.
MIN_LINES = 3
MIN_LINED_CHARACTERS = 200
# What stands before a noun and is none itself.
_PROCLITIC = re.compile(r"(?:^|\s)[وف]?(?:[بك]?ال|لل)$")
_SENTENCE = re.compile(r"[.!؟?…:»”\"]\s*$")
# Elements that a style sheet sets apart where no blank stands between them, in lines that are no running text.
SPACED_TAGS = frozenset(["a", "span", "time", "small", "strong", "b", "em", "i", "label"])
MAX_SPACED_CHARACTERS = 120
_PERMALINKS = frozenset("#¶§🔗")  # what a heading's link to itself says
_NO_VERSE = re.compile(r"[\d@|]|:\s+[A-Z]")
_owner = attrgetter("owner")
# A line of so many words that is a paragraph or ends like a sentence is running text.
MIN_TEXT_WORDS = 4


def read_blocks(root: Element) -> list[Block]:
    """The blocks below `root`; the short cells of a table's row are one block. Raises TooComplex."""
    blocks = _Reader(root).read()
    steps = sum(len(block.path) for block in blocks)
    if steps > MAX_STEPS:
        raise TooComplex(f"{len(blocks):,} lines below {steps // len(blocks):,} elements each")
    characters = sum(len(block.text) for block in blocks)
    if characters + CHARACTERS_A_LINE * len(blocks) > MAX_READ_CHARACTERS:
        raise TooComplex(f"{characters:,} characters in {len(blocks):,} lines")
    _mark_verses(blocks)
    return _join_rows(blocks)


def _mark_verses(blocks: list[Block]) -> None:
    """Short lines that breaks divide, or that stand in an element each, are running text where they are many, and
    neither links nor addresses.
    """
    for key in (_owner, _verse_place):
        for place, group in groupby(blocks, key=key):
            lines = list(group)
            if len(lines) <= MIN_LINES or sum(len(line.text) for line in lines) < MIN_LINED_CHARACTERS:
                continue
            # Entries of a menu have an element each, and one or two words.
            words = sum(line.words for line in lines)
            are_entries = key is _verse_place and (place is None or words < MIN_LINES * len(lines))
            if not are_entries and all(map(_is_verse, lines)):
                for line in lines:
                    # «شعر: سامي الغندور» stands above them.
                    line.running = line.plain_chars if key is _owner or ":" not in line.text else line.running


def _verse_place(line: Block) -> tuple[Element, str] | None:
    """Where the verses of a poem stand that have an element each."""
    return (line.path[1], line.tag) if line.tag in ("div", "p") and len(line.path) > 1 else None


def _is_verse(line: Block) -> bool:
    return (
        line.tag != "pre"
        and not line.links
        and not line.is_heading
        and line.words <= MAX_LINE_WORDS
        and not _NO_VERSE.search(line.text)
    )


class _Reader:
    """Reads the blocks below an element in one walk."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self._open: list[Element] = []  # all open elements, outermost first
        self._owners: list[int] = []  # places of the block-level ones among them
        self._above = tuple(root.iterancestors())
        self._path: tuple[Element, ...] = ()  # of the line that is being read, or of the last one
        self._parts: list[str] = []
        self._places: list[tuple[Element, bool]] = []
        self._gaps: list[int] = []  # parts before which one inline element ends and the next begins
        self._hrefs: list[str] = []
        self._link_chars = self._bold_chars = 0
        self._link: Element | None = None
        self._offers = False  # the open link, another story
        self._bold = 0

    def read(self) -> list[Block]:
        """All blocks that have text."""
        walk = lxml.etree.iterwalk(self.root, events=("start", "end"))
        has_ended = False  # an inline element, and nothing behind it yet
        for event, element in walk:
            tag = element.tag
            is_read = tag not in _WITHOUT_TEXT and isinstance(tag, str)
            if event == "start":
                if is_read:
                    if has_ended and tag in SPACED_TAGS:
                        self._gaps.append(len(self._parts))
                    has_ended = False
                    self._start(element, tag)
                elif tag == "br":
                    self._flush()
                else:
                    walk.skip_subtree()
                continue
            if is_read:
                self._end(element, tag)
            tail = element.tail
            if not tail:
                has_ended = tag in SPACED_TAGS
                continue
            has_ended = False
            # Most texts are the line ends between two elements.
            if (self._parts or not tail.isspace()) and element is not self.root:
                self._add(tail, element, is_tail=True)
        self._flush()
        return self.blocks

    def _start(self, element: Element, tag: str) -> None:
        self._open.append(element)
        if tag not in INLINE_TAGS:
            if self._parts:
                self._flush()
            self._owners.append(len(self._open))
        elif tag == "a":
            self._link = element
            self._offers = not self._parts and "related" in element.get("class", "")
            if element.text in _PERMALINKS:
                return
        elif tag in ("b", "strong"):
            self._bold += 1
        elif tag == "span" and _is_set_apart(element):
            self._flush()
        text = element.text
        if text and (self._parts or not text.isspace()):
            self._add(text, element, is_tail=False)

    def _end(self, element: Element, tag: str) -> None:
        if tag not in INLINE_TAGS:
            if self._parts:
                self._flush()
            self._owners.pop()
        elif tag == "a":
            self._link = None
            if self._offers:
                self._flush()
        elif tag in ("b", "strong"):
            self._bold -= 1
        elif tag == "span" and _is_set_apart(element):
            self._flush()
        self._open.pop()

    def _add(self, text: str, element: Element, *, is_tail: bool) -> None:
        if not self._parts:
            place = self._owners[-1] if self._owners else 0
            owner = self._open[place - 1] if place else self.root
            if not self._path or self._path[0] is not owner:
                self._path = (*reversed(self._open[:place]), *self._above) if place else (owner, *self._above)
        self._parts.append(text)
        self._places.append((element, is_tail))
        if self._link is None and self._bold <= 0:
            return
        visible = len(" ".join(text.split()))
        if self._link is not None and visible:
            self._link_chars += visible
            href = self._link.get("href", "")
            if not self._hrefs or self._hrefs[-1] != href:
                self._hrefs.append(href)
        if self._bold > 0:
            self._bold_chars += visible

    def _flush(self) -> None:
        if not self._parts:
            return
        text = clean_line("".join(self._parts))
        owner = self._path[0]
        if text:
            block = Block(
                len(self.blocks),
                owner,
                owner.tag,
                self._path,
                text,
                self._places,
                self._hrefs,
                self._link_chars,
                self._bold_chars,
            )
            if self._gaps and len(text) <= MAX_SPACED_CHARACTERS and not block.is_heading and not _is_text(block):
                block = replace(block, text=clean_line("".join(_spaced(self._parts, set(self._gaps)))))
            self.blocks += _lines(block, self._parts)
        self._parts, self._gaps, self._places, self._hrefs = [], [], [], []
        self._link_chars = self._bold_chars = 0


def _spaced(parts: list[str], gaps: set[int]) -> Iterator[str]:
    """The parts with a blank at each gap, but not behind an article: «ال» is no word, whatever elements divide."""
    before = ""
    for index, part in enumerate(parts):
        if index in gaps and not _PROCLITIC.search(before):
            yield " "
        yield part
        before = part


def _is_text(block: Block) -> bool:
    """Whether a line is running text, where nothing stands between adjoining elements: a word may be split by them."""
    return block.words >= MIN_TEXT_WORDS and (block.tag == "p" or _SENTENCE.search(block.text) is not None)


def _is_set_apart(element: Element) -> bool:
    """Whether a span with a name of its own is a field of a form, as ASP.NET writes them: text with breaks in it, or
    beside another such span.
    """
    if element.get("id") is None:
        return False
    before, after = element.getprevious(), element.getnext()
    is_first_of = after is not None and not (element.tail or "").strip() and _is_field(after)
    is_next_to = before is not None and not (before.tail or "").strip() and _is_field(before)
    return is_first_of or is_next_to or any(child.tag == "br" for child in element)


def _is_field(element: Element) -> bool:
    return element.tag == "span" and element.get("id") is not None


def _lines(block: Block, parts: list[str]) -> list[Block]:
    """A text that a style sheet breaks at its line ends is one block a line: each line ends like a sentence.

    Source code breaks lines too, but not after each full stop and nowhere else.
    """
    if block.links or len(block.text) < MIN_LINED_CHARACTERS:
        return [block]
    lines = [line for line in map(clean_line, "".join(parts).splitlines()) if line]
    breaks = "white-space:pre" in (block.owner.get("style") or "").replace(" ", "").lower() or block.tag == "pre"
    if len(lines) < MIN_LINES or not (breaks or all(map(_SENTENCE.search, lines))):
        return [block]
    share = block.bold_chars / len(block.text)
    return [
        replace(block, order=block.order + place, text=line, bold_chars=int(share * len(line)))
        for place, line in enumerate(lines)
    ]


def _join_rows(blocks: list[Block]) -> list[Block]:
    if not any(element.tag in ("td", "th") for block in blocks for element in block.path[:2]):
        return blocks
    owners = Counter(block.owner for block in blocks)
    rows: list[list[Block]] = []
    for block in blocks:
        if rows and owners[block.owner] == owners[rows[-1][0].owner] == 1 and _are_cells_of_a_row(rows[-1][0], block):
            rows[-1].append(block)
        else:
            rows.append([block])
    return [_joined(row, order) for order, row in enumerate(rows)]


def _joined(row: list[Block], order: int) -> Block:
    if len(row) == 1:
        row[0].order = order
        return row[0]
    text = " | ".join(cell.text for cell in row)
    return replace(row[0], order=order, text=text, places=[place for cell in row for place in cell.places])


def _are_cells_of_a_row(one: Block, other: Block) -> bool:
    """Cells of a table of data: short, without links, nothing but one text each, in whatever elements it stands."""
    cell = _cell(other)
    return (
        cell is not None
        and (before := _cell(one)) is not None
        and before.getparent() is cell.getparent()
        and not (one.links or other.links)
        and len(other.text) <= MAX_CELL_CHARACTERS
    )


def _cell(block: Block) -> Element | None:
    """The cell that has the block for its only text: «<td>24</td>», «<td><p><b>24</b></p></td>»."""
    if len(block.places) > 1 and block.tag not in ("td", "th"):
        return None
    owner = block.owner
    if owner.tag in ("p", "div") and (parent := owner.getparent()) is not None and len(parent) == 1:
        owner = parent
    is_plain = owner.tag in ("td", "th") and all(len(element) <= 1 for element in owner.iter())
    return owner if is_plain else None
