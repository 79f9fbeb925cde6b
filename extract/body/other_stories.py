"""Text of other stories on the page of one: cards with excerpts, the next article of an endless page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from extract.body.text_density import is_story_link
from extract.html.block import HEADING_TAGS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS, Block
from extract.html.parsing import Element

# A card is repeated at least this often, and holds little text.
MIN_CARDS = 3
MAX_CARD_PROSE_BLOCKS = 2
MAX_CARD_CHARACTERS = 700
MAX_CARD_LEVELS = 4
MAX_HEADLINES = 50
_YEAR = re.compile(r"\b(?:20|٢٠)\d\d\b")
OTHER_STORY = "shape.other_story"
NEXT_ARTICLE = "shape.next_article"


def mark_other_stories(blocks: list[Block], headline: Block | None) -> None:
    """Set `pruned_by` on the text of cards and of following articles."""
    cards = _cards(blocks, headline)
    for block in blocks:
        if block.pruned_by is None and not cards.isdisjoint(block.path):
            block.pruned_by = OTHER_STORY
    if headline is not None and headline.tag == "h1":
        _mark_next_articles(blocks, headline)
    if headline is not None:
        _mark_dated_siblings(blocks, headline)


def mark_scopes(blocks: list[Block], scopes: Sequence[Element]) -> None:
    """Set `pruned_by` on the text below elements whose microdata are those of another story."""
    others = set(scopes)
    for block in blocks:
        if others and block.pruned_by is None and not others.isdisjoint(block.path):
            block.pruned_by = OTHER_STORY


def _cards(blocks: list[Block], headline: Block | None) -> set[Element]:
    """Elements that repeat beside each other, each with a headline that is a link and a little text of its own."""
    own = set(headline.path) if headline is not None else set()
    groups: dict[tuple[Element, str, str], dict[Element, None]] = {}
    for block in blocks:
        if block.pruned_by is None and is_story_link(block):
            for level, element in enumerate(block.path):
                parent = element.getparent()
                if level >= MAX_CARD_LEVELS or parent is None or element in own or element.tag in ("body", "p", "a"):
                    break
                groups.setdefault((parent, str(element.tag), element.get("class") or ""), {})[element] = None
    repeated = [members for members in groups.values() if len(members) >= MIN_CARDS]
    prose: dict[Element, list[int]] = {}
    for block in blocks if repeated else ():
        weight = block.own_text
        if weight:
            for element in block.path:
                prose.setdefault(element, []).append(weight)
    cards: set[Element] = set()
    for members in repeated:
        texts = [prose.get(element, []) for element in members]
        if all(len(text) <= MAX_CARD_PROSE_BLOCKS and sum(text) <= MAX_CARD_CHARACTERS for text in texts):
            cards.update(element for element, text in zip(members, texts, strict=True) if text)
    return cards


def _mark_next_articles(blocks: list[Block], headline: Block) -> None:
    """Text under a further main headline, in an element that has no text of the first article."""
    own = set(headline.path)
    looked_at = 0
    for other in blocks[headline.order + 1 :]:
        if looked_at >= MAX_HEADLINES:
            break
        if other.tag != headline.tag or other.pruned_by is not None or other.words < MIN_HEADLINE_WORDS:
            continue
        if other.text == headline.text:
            continue
        box: Element | None = None
        for element in other.path:
            if element in own:
                break
            box = element
        if box is None or box is other.owner:
            continue
        looked_at += 1
        members = [block for block in blocks if box in block.path]
        if any(block.own_text for block in members if block.order < other.order):
            continue
        for block in members:
            block.pruned_by = block.pruned_by or NEXT_ARTICLE


def _mark_dated_siblings(blocks: list[Block], headline: Block) -> None:
    """Articles behind the headline's, in elements of the same name: each with a heading, and with a day like its."""
    for box in headline.path:
        name = box.get("class")
        following = [other for other in box.itersiblings(box.tag) if other.get("class") == name]
        if not name or not following:
            continue
        members = {element: [b for b in blocks if element in b.path] for element in (box, *following)}
        begun = [lines for lines in members.values() if lines and lines[0].tag in HEADING_TAGS]
        dated = [lines for lines in begun if any(map(_is_day, takewhile(lambda block: not block.running, lines[1:])))]
        if members[box] not in dated or len(dated) < 2:
            continue
        for block in (block for lines in begun[1:] for block in lines):
            block.pruned_by = block.pruned_by or NEXT_ARTICLE


def _is_day(block: Block) -> bool:
    return block.words <= MAX_LINE_WORDS and not block.running and _YEAR.search(block.text) is not None
