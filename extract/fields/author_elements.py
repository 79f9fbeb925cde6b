"""What the elements of a line say of its writer: class names, hCard, links to a writer's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from extract.body.block_shapes import FULL_STOP, tells_day
from extract.fields.person_names import is_arabic, person_names
from extract.fields.stated_names import is_plausible
from extract.html.block import LONG_TEXT, MAX_LABEL_WORDS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS, Block, clean_line
from extract.html.element_roles import class_words
from extract.html.parsing import Element
from extract.lexicon.given_names import read_as_names
from extract.lexicon.people import (
    AUTHOR_CLASSES,
    AUTHOR_LINK,
    BYLINE_LABEL,
    OCCUPATION_CLASSES,
    SECTION_WORDS,
    TITLES,
    WRITER_CLASSES,
)
from storage.identity.arabic_folding import text_norm

# Structure rules whose elements show other stories with bylines of their own.
_OTHERS = "class.related class.read_more class.popular class.comments class.sidebar tag.aside shape.other_story"
OTHER_STORIES = tuple(_OTHERS.split())
_ICONS = frozenset(("user", "person", "pencil", "pen", "author", "writer"))
# Attributes that name an element where its class is made up by a program.
_NAMING = ("data-testid", "data-component", "data-hook")
_PAIRS = tuple(map(frozenset, (("write", "by"), ("user", "name"), ("name", "uid"))))  # the last one is Drupal's
_FOR_VOICES = frozenset(("sr", "screen", "visually"))
_BESIDE = re.compile(r"\s*[|•·]\s*")
_YEAR = re.compile(r"\b20\d\d\b")
MAX_LINES_OF_BOX = MAX_LINE_WORDS
MAX_LABEL_OF_NAME = 2  # words: «written by»
# «خ. بوعمامة»
_INITIAL = re.compile(r"[^\W\d_]\. ?[^\W\d_]{2,}$")


def in_author_element(block: Block, *, boxes: bool) -> bool:
    """Whether an element around a line's first words is called the writer's; `boxes`: a portrait's box counts too."""
    element = block.places[0][0] if block.places else block.owner
    is_said = block.words > MAX_LABEL_WORDS and FULL_STOP.search(block.text) is not None  # a sentence on the writer
    for _ in range(4):
        if is_said or element is None or element.tag in ("body", "article", "main", "html"):
            return False
        if _is_stated(element) or leads_to_writer(element):
            return True
        words = class_words(element, *_NAMING)
        if words & OCCUPATION_CLASSES:
            return False
        if words & AUTHOR_CLASSES or _is_called_by(words) or any(pair <= words for pair in _PAIRS):
            return (boxes or not words & {"box", "bio", "authorbox"}) and not _tells_of_writer(block, element)
        element = element.getparent()
    return False


def _tells_of_writer(block: Block, box: Element) -> bool:
    """Whether a line without a label stands beside the writer's name in his box: «أستاذة في الجامعة، ولها مؤلفات»."""
    if block.words < MIN_HEADLINE_WORDS or block.links or BYLINE_LABEL.match(block.folded):
        return False
    said = (TITLES.sub("", text_norm(text[:LONG_TEXT])) for text in islice(box.itertext(), MAX_LINES_OF_BOX))
    return any(name not in block.folded for name in said if read_as_names(name))


def name_pieces(block: Block) -> tuple[str, ...]:
    """The texts of a line's elements that are names, and of those that are a writer's."""
    if len(block.places) < 2:
        return ()
    found: list[str] = []
    for element, is_tail in block.places:
        text = ((element.tail if is_tail else element.text) or "").strip()
        if not text:
            continue
        is_for_voices = not class_words(element).isdisjoint(_FOR_VOICES)  # «أرسل بريدا» of a sign beside the name
        whole = None if is_tail or is_for_voices else _writers(element, block)
        if whole is not None:
            found.append(whole)
        elif read_as_names(text_norm(text)):
            found.append(text)
    return tuple(dict.fromkeys(found))


def names_writer_beside_headline(block: Block) -> bool:
    """Whether a line is called a writer's name in what stands beside the main heading in the article's head."""
    words = class_words(block.owner)
    is_name = "name" in words and not words.isdisjoint(AUTHOR_CLASSES)
    return is_name and any(element.tag == "header" and element.find(".//h1") is not None for element in block.path)


def is_another_column(block: Block) -> bool:
    """Whether it is one of a list of the writer's columns: a linked headline with its day."""
    return block.tag == "li" and block.links > 0 and tells_day(block) and not name_pieces(block)


def latin_names(block: Block) -> tuple[str, ...]:
    """The persons that elements of a line name and nothing else, in letters that have capitals."""
    pieces = [
        (piece, person_names(piece, set())) for piece in block.pieces if not is_arabic(piece) and "," not in piece
    ]
    return tuple(
        names[0]
        for piece, names in pieces
        if len(names) == 1
        and names[0] != names[0].lower()
        and is_plausible(names[0])
        and len(piece.split()) <= len(names[0].split()) + MAX_LABEL_OF_NAME
    )


def names_beside_day(block: Block, outlets: set[str]) -> list[str]:
    """The persons whom a line below the headline names beside its day, in letters that have capitals:
    «28 May 2026 | Fatema Sultana and Jonas Ruud», «‹i›Gareth Pugh‹/i› at the Saltings | Saturday 18 April 2026».
    """
    parts = [part for piece in block.pieces or [block.text] for part in _BESIDE.split(piece)]
    if len(parts) == 1 or block.links or FULL_STOP.search(block.text):
        return []
    if block.words > 2 * MAX_LINE_WORDS or not any(_YEAR.search(part) for part in parts):
        return []
    for part in parts:
        names = person_names(part, outlets)
        said = sum(len(name.split()) for name in names) + len(names) - 1
        if names and len(part.split()) <= said and all(_is_no_section(name) for name in names):
            return names
    return []


def _is_no_section(name: str) -> bool:
    return is_plausible(name) and not name.isupper() and SECTION_WORDS.isdisjoint(text_norm(name).split())


def _writers(element: Element, block: Block) -> str | None:
    """The text of the element of the line, this one or around it, that is a writer's and says more than a word."""
    while element is not None and element is not block.owner:
        if is_writers(element) and (element.tag == "a" or not any(map(leads_to_writer, element.iter("a")))):
            text = clean_line("".join(element.itertext()))
            if " " in text:
                return text
        element = element.getparent()
    return None


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
    is_name = "name" in words and not words.isdisjoint(AUTHOR_CLASSES)
    return is_name or leads_to_writer(element) or _is_stated(element) or not words.isdisjoint(WRITER_CLASSES)


def _is_stated(element: Element) -> bool:
    return element.get("rel") == "author" or "author" in (element.get("itemprop") or "").lower()


def leads_to_writer(element: Element) -> bool:
    return element.tag == "a" and AUTHOR_LINK.search(element.get("href") or "") is not None


def _is_called_by(words: frozenset[str]) -> bool:
    return "by" in words and len(words - {"by"}) <= 2 and words.isdisjoint(("sort", "filter", "powered"))
