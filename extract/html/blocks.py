"""A tree as a sequence of blocks: paragraphs, headings, cells and lines, with their place and their links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import lxml.etree

from extract.html.parsing import Element
from storage.identity.arabic_folding import text_norm

_INLINE = """a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark nobr q s samp small span
strike strong sub sup time tt u var wbr"""
INLINE_TAGS = frozenset(_INLINE.split())
# Nothing below these is text of the page.
_SKIPPED = """script style noscript template svg math iframe object embed audio video canvas select option button
textarea input head datalist map progress meter"""
SKIPPED_TAGS = frozenset(_SKIPPED.split())
HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

MAX_CELL_CHARACTERS = 80
# Text that is broken by line ends alone has several lines, and is long.
MIN_LINES = 3
MIN_LINED_CHARACTERS = 200
# What stands before a noun and is none itself.
_PROCLITIC = re.compile(r"(?:^|\s)[وف]?(?:[بك]?ال|لل)$")
_LONG_SENTENCE = re.compile(r"^.{60,}[.…]\s*[»”\"')]*\s*$", re.DOTALL)
_SENTENCE = re.compile(r"[.!؟?…:»”\"]\s*$")
# Elements that a style sheet sets apart where no blank stands between them, in lines that are no running text.
SPACED_TAGS = frozenset(["a", "span", "time", "small", "strong", "b", "em", "i", "label"])
MAX_SPACED_CHARACTERS = 120
# A line of so many words that is a paragraph or ends like a sentence is running text.
MIN_TEXT_WORDS = 4

_SPACE = re.compile(r"\s+")
# Direction marks, zero-width space, soft hyphen, byte order mark, object replacement; the Persian joiner U+200C stays.
# Control characters and non-characters too: no tree can be made of them again.
_INVISIBLE = re.compile(
    "[\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\u00ad\ufeff\ufffc"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


def clean_line(text: str) -> str:
    """One line of visible text: spaces collapsed, invisible characters dropped."""
    line = " ".join(text.split())
    # Invisible characters are not printable, but for the object replacement.
    if line.isprintable() and "\ufffc" not in line:
        return line
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


@dataclass(slots=True, eq=False)
class Block:
    """One line or paragraph. `owner` is the nearest block-level element; `places` say where its text hangs."""

    order: int
    owner: Element
    tag: str
    text: str = ""
    link_chars: int = 0
    links: int = 0
    bold_chars: int = 0
    places: list[tuple[Element, bool]] = field(default_factory=list)  # (element, is its tail)
    hrefs: list[str] = field(default_factory=list)
    path: tuple[Element, ...] = ()  # the owner and what stands above it, innermost first
    pruned_by: str | None = None  # id of the structure rule under whose element it stands
    _folded: str | None = None

    @property
    def folded(self) -> str:
        """The text in the spelling of the rules, see storage.identity.arabic_folding."""
        if self._folded is None:
            self._folded = text_norm(self.text)
        return self._folded

    @property
    def words(self) -> int:
        """Words of the text, which has one blank between two."""
        return self.text.count(" ") + 1

    @property
    def plain_chars(self) -> int:
        """Characters outside of links."""
        return max(0, len(self.text) - self.link_chars)

    @property
    def link_share(self) -> float:
        """Share of the text that is inside links, 0 to 1."""
        return min(1.0, self.link_chars / len(self.text)) if self.text else 0.0

    @property
    def is_heading(self) -> bool:
        """Whether it stands in h1 to h6 and is no sentence: some sites set their paragraphs in headings."""
        return self.tag in HEADING_TAGS and not (self.tag != "h1" and _LONG_SENTENCE.search(self.text))


class BlockReader:
    """Reads the blocks below an element in document order, in one walk."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self._open: list[Element] = []  # all open elements, outermost first
        self._owners: list[Element] = []
        self._parts: list[str] = []
        self._gaps: list[int] = []  # parts before which one inline element ends and the next begins
        self._has_ended = False
        self._current: Block | None = None
        self._link: Element | None = None
        self._bold = 0
        self._above = tuple(root.iterancestors())
        self._paths: tuple[Element, ...] | None = None

    def read(self) -> list[Block]:
        """All blocks that have text."""
        walk = lxml.etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if not isinstance(tag, str) or tag in SKIPPED_TAGS:
                    walk.skip_subtree()
                    continue
                self._start(element, tag)
            else:
                self._end(element, tag)
        self._flush()
        return self.blocks

    def _start(self, element: Element, tag: str) -> None:
        if tag == "br":
            self._flush()
            return
        self._open.append(element)
        if self._has_ended and tag in SPACED_TAGS:
            self._gaps.append(len(self._parts))
        self._has_ended = False
        if tag == "a":
            self._link = element
        elif tag in ("b", "strong"):
            self._bold += 1
        elif tag not in INLINE_TAGS:
            self._flush()
            self._owners.append(element)
        if tag == "span" and _is_set_apart(element):
            self._flush()
        if element.text:
            self._add(element.text, element, is_tail=False)

    def _end(self, element: Element, tag: object) -> None:
        if isinstance(tag, str) and tag not in SKIPPED_TAGS:
            if tag != "br":
                self._open.pop()
            if tag == "a":
                self._link = None
            elif tag in ("b", "strong"):
                self._bold -= 1
            elif tag not in INLINE_TAGS and tag != "br":
                self._flush()
                self._owners.pop()
            if tag == "span" and _is_set_apart(element):
                self._flush()
        self._has_ended = not element.tail and tag in SPACED_TAGS
        if element.tail and element is not self.root:
            self._add(element.tail, element, is_tail=True)

    def _add(self, text: str, element: Element, *, is_tail: bool) -> None:
        if self._current is None:
            if not text.strip():
                return
            owner = self._owners[-1] if self._owners else self.root
            self._current = Block(
                order=len(self.blocks),
                owner=owner,
                tag=str(owner.tag),
                path=self._path(owner),
            )
        self._parts.append(text)
        self._current.places.append((element, is_tail))
        if self._link is None and self._bold <= 0:
            return
        visible = len(" ".join(text.split()))
        if self._link is not None and visible:
            self._current.link_chars += visible
            if not self._current.hrefs or self._current.hrefs[-1] != self._link.get("href", ""):
                self._current.hrefs.append(self._link.get("href", ""))
                self._current.links += 1
        if self._bold > 0 and visible:
            self._current.bold_chars += visible

    def _path(self, owner: Element) -> tuple[Element, ...]:
        if self._paths is None or self._paths[0] is not owner:
            at = len(self._open)
            while at > 0 and self._open[at - 1] is not owner:
                at -= 1
            self._paths = (*reversed(self._open[:at]), *self._above)
        return self._paths

    def _flush(self) -> None:
        block = self._current
        if block is None:
            return
        block.text = clean_line("".join(self._parts))
        if self._gaps and len(block.text) <= MAX_SPACED_CHARACTERS and not block.is_heading and not _is_text(block):
            block.text = clean_line("".join(_spaced(self._parts, set(self._gaps))))
        if block.text:
            lines = _lines(block, self._parts)
            for line in lines:
                line.order = len(self.blocks)
                self.blocks.append(line)
        self._current = None
        self._parts, self._gaps = [], []


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
    words = len(block.text.split())
    return words >= MIN_TEXT_WORDS and (block.tag == "p" or _SENTENCE.search(block.text) is not None)


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
    return [replace(block, text=line, bold_chars=int(share * len(line))) for line in lines]


def read_blocks(root: Element) -> list[Block]:
    """The blocks below `root`, in document order; the short cells of a table's row are one block."""
    return _join_rows(BlockReader(root).read())


def _join_rows(blocks: list[Block]) -> list[Block]:
    owners = Counter(block.owner for block in blocks)
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if (
            before is not None
            and _are_cells_of_a_row(before, block)
            and owners[block.owner] == owners[before.owner] == 1
        ):
            before.text = f"{before.text} | {block.text}"
            before.places += block.places
        else:
            block.order = len(joined)
            joined.append(block)
    return joined


def _are_cells_of_a_row(one: Block, other: Block) -> bool:
    """Cells of a table of data: short, without links, nothing but one text each."""
    return (
        other.tag in ("td", "th")
        and one.tag in ("td", "th")
        and one.path[1:2] == other.path[1:2]
        and not (one.links or other.links)
        and len(other.text) <= MAX_CELL_CHARACTERS
        and len(one.owner) == len(other.owner) == 0
    )


def ancestors(block: Block) -> tuple[Element, ...]:
    """The block's owner and what stands above it, innermost first."""
    return block.path
