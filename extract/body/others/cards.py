"""Cards of other stories beside the text: boxes of one look, each with a headline and an excerpt, linked or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from extract.body.block_shapes import ENUMERATED, FULL_STOP, tells_day, words_beside_when
from extract.body.others.other_stories import (
    MAX_CARD_CHARACTERS,
    MAX_CARD_LEVELS,
    MAX_CARD_PROSE_BLOCKS,
    MIN_CARDS,
    OTHER_STORY,
    alike_around,
)
from extract.html.block import MAX_LABEL_WORDS, MIN_HEADLINE_WORDS, Block
from extract.html.element_roles import class_words
from extract.html.parsing import Element
from extract.lexicon.list_pages import OTHER_STORIES_LINE

_CARDS = frozenset(("card", "teaser", "summary"))
_WRITTEN_TO_WORDS = re.compile("^[وف]?(?:[بك]?ال|لل|[بلك](?=....))?(?=...)")


def mark_headed_cards(blocks: list[Block]) -> None:
    """Set `pruned_by` on boxes of one look below a heading of other stories, each with a headline and an excerpt."""
    labels = [block for block in blocks if block.words <= MAX_LABEL_WORDS and (block.is_heading or not block.links)]
    headings = [block for block in labels if OTHER_STORIES_LINE.fullmatch(block.folded)]
    around: dict[Element | None, Element] = {}
    for heading in headings:
        owner = heading.owner
        parent = owner.getparent()
        if parent is not None and len(parent) == 1:
            owner = parent
        around.setdefault(owner.getparent(), owner)
    boxes: dict[Element, list[Block]] = {box: [] for owner in around.values() for box in owner.itersiblings()}
    for block in blocks if boxes else ():
        for element in block.path:
            if element in boxes:
                boxes[element].append(block)
    alike: dict[tuple[Element | None, str, str | None], list[list[Block]]] = {}
    for box, lines in boxes.items():
        alike.setdefault((box.getparent(), str(box.tag), box.get("class")), []).append(lines)
    for cards in alike.values():
        if len(cards) >= MIN_CARDS and all(map(_is_card, cards)):
            for block in chain.from_iterable(cards):
                block.pruned_by = block.pruned_by or OTHER_STORY


def _is_card(lines: Sequence[Block]) -> bool:
    texts = [block.running for block in lines if block.running]
    is_headed = bool(lines) and not lines[0].running and lines[0].words >= MIN_HEADLINE_WORDS
    return is_headed and 0 < len(texts) <= MAX_CARD_PROSE_BLOCKS and sum(texts) <= MAX_CARD_CHARACTERS


def mark_plain_cards(blocks: list[Block], headline: Block | None) -> None:
    """Cards behind two paragraphs whose headlines are no links, or stand in one line with the excerpt: each has a
    headline and one paragraph, and most speak of nothing that this page's headline names. Parts of a story do.
    """
    if headline is None:
        return
    behind = [block for block in blocks[headline.order + 1 :] if block.pruned_by is None]
    texts = [block for block in behind if block.running]
    if len(texts) < MIN_CARDS:
        return
    first, second = texts[:2]
    last = next(block for block in reversed(texts) if block.path[1:2] == first.path[1:2])
    own = {*headline.path, *first.path}
    for around, entries in alike_around(texts[1:], behind, own=own):
        start, end = entries[0][0].order, entries[-1][-1].order
        is_led = all(_leads_to_excerpt(entry[0]) for entry in entries)
        is_apart = around not in own and first.owner.getparent() not in around.iterancestors()
        is_behind = second.order < start and last.order < end
        if not is_behind or not (is_led or (is_apart and _are_plain_cards(entries, headline))):
            continue
        label = blocks[start - 1]
        is_label = not label.running and around not in own and (around in label.path or label.is_heading)
        for block in (*chain.from_iterable(entries), *([label] if is_label else [])):
            block.pruned_by = block.pruned_by or OTHER_STORY


def _leads_to_excerpt(block: Block) -> bool:
    """Whether a line begins with a headline that is a link, and goes on with an excerpt."""
    if block.links != 1 or block.leads_out or not block.running or len(block.pieces) == 1:
        return False
    element, is_tail = block.places[0]
    is_link = not is_tail and (element.tag == "a" or next(element.iterancestors("a"), None) is not None)
    return is_link and len(block.pieces[0]) >= block.link_chars and block.pieces[0].count(" ") >= MIN_HEADLINE_WORDS - 1


def _are_plain_cards(entries: Sequence[list[Block]], headline: Block) -> bool:
    """Whether each has a headline and one paragraph, and no hour: an entry of a live report has. A headline may count
    its story's parts: «5 كتب لهذا الصيف».
    """
    named = content_words(headline)
    headed = 0
    for entry in entries:
        texts = [block for block in entry if block.running]
        above = entry[: entry.index(texts[0])] if len(texts) == 1 else []
        titles = [block for block in above if words_beside_when(block) is None]
        has_hour = any(words_beside_when(block) is not None and not tells_day(block) for block in entry)
        if not titles or has_hour or len(texts[0].text) > MAX_CARD_CHARACTERS:
            return False
        title = max(titles, key=lambda block: block.words)
        is_part = ENUMERATED.match(title.text) or FULL_STOP.search(title.text)  # a step, a question
        is_headline = title.words >= MIN_HEADLINE_WORDS and not is_part
        headed += is_headline and named.isdisjoint(content_words(title) | content_words(texts[0]))
    return 2 * headed > len(entries) and str(len(entries)) not in headline.folded.split()


def content_words(block: Block) -> set[str]:
    """The longer words without what Arabic writes to their beginning: «والقرية», «للقرية», «قرية»."""
    return {_WRITTEN_TO_WORDS.sub("", word) for word in block.folded.split() if len(word) > len("بعد")}


def mark_called_cards(blocks: list[Block], headline: Block | None) -> None:
    """Set `pruned_by` on a box amid the text that is called a card, and speaks of nothing that headline and text name.

    A box of facts, a quotation and a summary may be called so too, and speak of the story.
    """
    boxes: dict[Element, list[Block]] = {}
    for block in blocks[headline.order + 1 :] if headline is not None else ():
        if block.pruned_by is None:
            called = [
                element for element in block.path[:MAX_CARD_LEVELS] if element.tag == "div" and _is_called(element)
            ]
            if called:
                boxes.setdefault(called[-1], []).append(block)
    if headline is None or not 0 < len(boxes) < MIN_CARDS:
        return
    inside = set(chain.from_iterable(boxes.values()))
    texts = [block for block in blocks[headline.order + 1 :] if block.own_text and block not in inside]
    named = content_words(headline)
    told = named.union(*map(content_words, texts))
    for box, lines in boxes.items():
        around = next((element for element in box.iterancestors() if len(element) > 1), None)
        is_amid = any(b.order < lines[0].order and around in b.path for b in texts) and any(
            b.order > lines[-1].order and around in b.path for b in texts
        )
        is_long = sum(len(block.text) for block in lines) > MAX_CARD_CHARACTERS
        has_words = lines[0].words >= MIN_HEADLINE_WORDS and any(block.running for block in lines[1:])
        if not is_amid or is_long or not has_words or any(block.text[0] in '«"“' for block in lines):
            continue
        if told.isdisjoint(content_words(lines[0])) and all(named.isdisjoint(content_words(b)) for b in lines):
            for block in lines:
                block.pruned_by = OTHER_STORY


def _is_called(element: Element) -> bool:
    return not _CARDS.isdisjoint(class_words(element))
