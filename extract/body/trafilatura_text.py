"""What trafilatura reads: in the article's own elements, and on the whole page. The one module that knows it."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import lxml.etree
import lxml.html
import trafilatura
from trafilatura.settings import Document, Extractor
from trafilatura.utils import trim

from extract.html.block import Block, clean_line
from extract.html.blocks import INLINE_TAGS
from extract.html.parsing import CUT_AT_DEPTH, Element

# It warns of every short text; short texts are ours to judge.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

# Deduplication would make a text depend on the pages before it.
# Its fallbacks (readability, jusText) take four times as long and say no more as a third voice.
# What it would write of a text is not asked for; "python" would write it all the same.
_OPTIONS = Extractor(fast=True, output_format="txt", comments=False, tables=True, dedup=False, with_metadata=False)
# It is not asked for more: its time grows with the square of inline elements in a line, and of nested tables.
MAX_READ_ELEMENTS = 6_000
MAX_READ_DEPTH = 250
MAX_READ_BYTES = 2_500_000
# It remembers some thousand texts, however long they are.
MAX_REMEMBERED_LINE = 20_000
# A shorter line is looked for as a line of its own, a longer one anywhere in the answer.
MIN_FOUND_INSIDE = 25
# What damaged pages have for tags can be no element again.
_NAME = re.compile("[a-z][a-z0-9]*")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_LETTERS = re.compile(r"[\W_]+")
_LINES = frozenset(("p", "head", "item", "list", "quote", "code", "table", "row", "body", "div", "ab", "done"))


# Elements that it takes for something else than text, whatever is in them; here they hold what was found to be text.
_OUTER = frozenset(
    [
        "article",
        "aside",
        "button",
        "details",
        "dialog",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "label",
        "main",
        "menu",
        "nav",
        "section",
        "summary",
    ]
)


# Its elements are those of lxml.html, as it wants them; lxml.html's own parser asks Python for the class of each.
_PARSER = lxml.etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
_PARSER.set_element_class_lookup(lxml.etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))
# A line in another element than these, between paragraphs, it takes for none of the text.
_WITHIN_LINES = INLINE_TAGS | {"br"}
_READ = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "td", "th", "blockquote", "pre"])


def read_region(blocks: Sequence[Block]) -> list[str]:
    """trafilatura's lines of the blocks, which it reads in the page's own elements; empty if it has none."""
    if not blocks or _beyond_bounds(blocks):
        return []
    return _answer(_own_elements(blocks), blocks)


def read_whole_page(root: Element, blocks: Sequence[Block]) -> list[str]:
    """trafilatura's lines of the page, of which the blocks are at hand; empty if it has none."""
    markup = lxml.etree.tostring(root, encoding="utf-8", method="html")
    if len(markup) > MAX_READ_BYTES or root.get(CUT_AT_DEPTH) is not None or _beyond_bounds(blocks):
        return []
    page = lxml.etree.fromstring(markup, parser=_PARSER)
    return _answer(page, blocks) if page is not None else []


def why_silent(blocks: Sequence[Block]) -> str:
    """Why `read_region` has no line of the blocks."""
    return _beyond_bounds(blocks) or "it was asked and found no text"


def _beyond_bounds(blocks: Sequence[Block]) -> str | None:
    """Why it is not asked about the blocks; None where it may be."""
    pieces = sum(len(block.places) for block in blocks)
    if pieces > MAX_READ_ELEMENTS:
        return f"it is not asked about more than {MAX_READ_ELEMENTS:,} pieces of text; here are {pieces:,}"
    depth = max((len(block.path) for block in blocks), default=0)
    if depth > MAX_READ_DEPTH:
        return f"it is not asked about elements more than {MAX_READ_DEPTH} deep; here they are {depth:,}"
    return None


def found_in(lines: Sequence[str], blocks: Sequence[Block]) -> list[bool]:
    """Which of the blocks stand in its lines, whatever it made of their blanks and breaks."""
    whole = set(lines)
    found = [block.text in whole for block in blocks]
    if not all(found):
        squeezed = [_squeeze(line) for line in lines]
        short, everything = set(squeezed), "".join(squeezed)
        last = 0  # where the last one was found: most follow it
        for index, block in enumerate(blocks):
            if not found[index]:
                text = _squeeze(block.text)
                found[index] = text in short
                if not found[index] and len(text) >= MIN_FOUND_INSIDE:
                    place = everything.find(text, last)
                    found[index] = place >= 0 or text in everything
                    last = max(place, last)
    return found


def _squeeze(text: str) -> str:
    return _NO_LETTERS.sub("", text)


def _own_elements(blocks: Sequence[Block]) -> Element:
    """A page of the elements that the blocks stand in, with their text and no other.

    Names and roles are left out: what they say of an element has been judged before, and here all is text. Running text
    that would not be read where it stands is a paragraph there; that of a paragraph stands in it without links and the
    like, which cost time and say no more of it.
    """
    around = _around(blocks)
    texts: set[Element] = set()
    tails: set[Element] = set()
    held: dict[Element, int] = {around: 0}  # and how many elements each has
    paragraphs: dict[Element, list[Block]] = {}  # by the element that they begin in or behind
    whole: dict[Element, str] = {}  # texts of paragraphs that are one line
    lines = Counter(block.owner for block in blocks)
    for block in blocks:
        if block.running and block.tag == "p" and lines[block.owner] == 1:
            whole[block.owner] = block.text
            _hold(block.owner, held)
            continue
        if block.running and not _is_read(block.owner):
            paragraphs.setdefault(block.places[0][0], []).append(block)
            _hold(block.owner, held)
            held[block.owner] += 1
            continue
        for element, is_tail in block.places:
            (tails if is_tail else texts).add(element)
            _hold(element, held)
    html = _PARSER.makeelement("html")
    twins = {around: lxml.etree.SubElement(lxml.etree.SubElement(html, "body"), "article")}
    twins[around].text = _writable(around.text if around in texts else whole.get(around))
    wrappers = {element for element in held if held[element] == 1 and element not in texts and element not in tails}
    for element in around.iter():
        if element in held and element is not around:
            tag = "div" if element.tag in _OUTER or not _NAME.fullmatch(element.tag) else element.tag
            if tag == "time":
                tag = "span"  # what it says at a line's end would be dropped
            above = element.getparent()
            twin = twins[element] = _put(tag, twins[above], is_wrapped=above in wrappers and element not in tails)
            twin.text = _writable(element.text if element in texts else whole.get(element))
            twin.tail = _writable(element.tail) if element in tails else None
        for block in paragraphs.get(element, ()):
            _put("p", twins[block.owner], is_wrapped=block.owner in wrappers).text = _writable(block.text)
    return html


def _hold(element: Element | None, held: dict[Element, int]) -> None:
    below = 0
    while element is not None and element not in held:
        held[element] = below
        below = 1
        element = element.getparent()
    if element is not None:
        held[element] += below


def _put(tag: str, above: Element, *, is_wrapped: bool) -> Element:
    """A new element below another; in its place where that one wraps it and nothing else: each element costs time."""
    if is_wrapped and above.tag == "div" and above.getparent().tag in ("div", "article") and tag not in _WITHIN_LINES:
        above.tag = tag
        return above
    return lxml.etree.SubElement(above, tag)


def _is_read(element: Element) -> bool:
    """Whether trafilatura takes the element's own text for a line between paragraphs; an item stands in a list."""
    return element.tag in _READ or (element.tag == "li" and element.getparent().tag in ("ul", "ol"))


def _writable(text: str | None) -> str | None:
    return _UNWRITABLE.sub("", text) if text else text


def _around(blocks: Sequence[Block]) -> Element:
    common = blocks[0].path
    for block in blocks[1:]:
        if block.path[-len(common) :] != common:
            held = set(block.path)
            common = tuple(element for element in common if element in held)
    return common[0]


def _answer(page: Element, blocks: Sequence[Block]) -> list[str]:
    document = trafilatura.bare_extraction(page, options=_OPTIONS)
    if any(len(block.text) > MAX_REMEMBERED_LINE for block in blocks):
        trim.cache_clear()  # its own reset also asks a library for what it no longer has, and logs an error
    if not isinstance(document, Document) or document.body is None:
        return []
    return list(_lines(document.body))


def _lines(body: Element) -> Iterable[str]:
    """Headings, paragraphs, quotations, list items and table rows in their order, each one line; breaks divide them."""
    parts: list[str] = []
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in _LINES or tag == "lb":
                yield from _line(parts)
            elif tag == "cell" and parts:
                parts.append(" | ")
            parts.append(element.text or "")
        else:
            if tag in _LINES:
                yield from _line(parts)
            parts.append(element.tail or "")
    yield from _line(parts)


def _line(parts: list[str]) -> Iterable[str]:
    text = clean_line("".join(parts)).strip("| ")
    parts.clear()
    if text:
        yield text
