"""What the elements of a line say of its writer: class names, hCard, links to a writer's page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.body.block_shapes import FULL_STOP
from extract.html.block import MAX_LABEL_WORDS, Block
from extract.html.element_roles import class_words
from extract.html.parsing import Element
from extract.lexicon.given_names import read_as_names
from extract.lexicon.people import AUTHOR_CLASSES, AUTHOR_LINK, OCCUPATION_CLASSES
from storage.identity.arabic_folding import text_norm

_ICONS = frozenset(("user", "person", "pencil", "pen", "author", "writer"))
# «خ. بوعمامة»
_INITIAL = re.compile(r"[^\W\d_]\. ?[^\W\d_]{2,}$")


def in_author_element(block: Block, *, boxes: bool) -> bool:
    """Whether an element around a line's first words is called the writer's; `boxes`: a portrait's box counts too."""
    element = block.places[0][0] if block.places else block.owner
    is_said = block.words > MAX_LABEL_WORDS and FULL_STOP.search(block.text) is not None  # a sentence on the writer
    for _ in range(4):
        if is_said or element is None or element.tag in ("body", "article", "main", "html"):
            return False
        if element.get("rel") == "author" or "author" in (element.get("itemprop") or "").lower():
            return True
        if leads_to_writer(element):
            return True
        words = class_words(element)
        if words & OCCUPATION_CLASSES:
            return False
        if words & AUTHOR_CLASSES or _is_called_by(words) or {"write", "by"} <= words or {"user", "name"} <= words:
            return boxes or not words & {"box", "bio", "authorbox"}
        element = element.getparent()
    return False


def name_pieces(block: Block) -> tuple[str, ...]:
    """The texts of a line's elements that are names, and of those that lead to a writer's page."""
    if len(block.places) < 2:
        return ()
    found: list[str] = []
    for element, is_tail in block.places:
        text = ((element.tail if is_tail else element.text) or "").strip()
        if read_as_names(text_norm(text)) or (text and not is_tail and is_writers(element)):
            found.append(text)
    return tuple(found)


def behind_icon(block: Block) -> str | None:
    """The name behind the sign of a person or a pen: «‹sign› سلمى الخطاط ‹eye› 318 قراءة»."""
    for element, is_tail in block.places:
        name = (element.tail or "").strip()
        if is_tail and not class_words(element).isdisjoint(_ICONS) and (_INITIAL.match(name) or _is_name(name)):
            return name
    return None


def _is_name(text: str) -> bool:
    return read_as_names(text_norm(text))


def elements_of(block: Block) -> Iterator[Element]:
    """The elements whose own words a line has."""
    return (element for element, is_tail in block.places if not is_tail)


def is_writers(element: Element) -> bool:
    """Whether the element leads to a writer's page or is called a writer's name, as in the hCard format."""
    words = class_words(element)
    if "fn" in words and (parent := element.getparent()) is not None:
        words |= class_words(parent) | {"name"}
    return leads_to_writer(element) or ("name" in words and not words.isdisjoint(AUTHOR_CLASSES))


def leads_to_writer(element: Element) -> bool:
    return element.tag == "a" and AUTHOR_LINK.search(element.get("href") or "") is not None


def _is_called_by(words: frozenset[str]) -> bool:
    return "by" in words and len(words - {"by"}) <= 2 and words.isdisjoint(("sort", "filter", "powered"))
