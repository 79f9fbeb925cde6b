"""Text of others on the page of one article: cards with excerpts, the next one of an endless page, what readers say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise, takewhile

from extract.body.block_shapes import tells_day, words_beside_when
from extract.body.text_density import is_story_link
from extract.html.block import HEADING_TAGS, MAX_LABEL_WORDS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS, Block
from extract.html.parsing import Element
from extract.lexicon.list_pages import LIST_PATH, READ_MORE

# A card is repeated at least this often, and holds little text.
MIN_CARDS = 3
MAX_CARD_PROSE_BLOCKS = 2
MAX_CARD_CHARACTERS = 700
MAX_CARD_LEVELS = 4
MAX_HEADLINES = 50
MAX_LINES_TO_HEADING = 2  # a section, the headline
_YEAR = re.compile(r"\b(?:20|٢٠)\d\d\b")
OTHER_STORY = "shape.other_story"
NEXT_ARTICLE = "shape.next_article"
COMMENTS = "class.comments"


def mark_other_stories(blocks: list[Block], headline: Block | None) -> None:
    """Set `pruned_by` on the text of cards and of following articles."""
    cards = _cards(blocks, headline)
    for block in blocks:
        if block.pruned_by is None and not cards.isdisjoint(block.path):
            block.pruned_by = OTHER_STORY
    if headline is not None and headline.tag == "h1":
        _mark_next_articles(blocks, headline)
    if headline is not None:
        _mark_cards_above_text(blocks, headline)
        _mark_neighbours(blocks, headline)
        _mark_dated_siblings(blocks, headline)
        _mark_dated_entries(blocks, headline)


def mark_scopes(blocks: list[Block], scopes: Sequence[Element]) -> None:
    """Set `pruned_by` on the text below elements whose microdata are those of another story."""
    others = set(scopes)
    for block in blocks:
        if others and block.pruned_by is None and not others.isdisjoint(block.path):
            block.pruned_by = OTHER_STORY


def _mark_neighbours(blocks: list[Block], headline: Block) -> None:
    """Lines of boxes between headline and text that lead to another story: its day and writer are not this one's."""
    first = next((block for block in blocks[headline.order + 1 :] if block.own_text), None)
    if first is None:
        return
    own = {*headline.path, *first.path}
    beside = blocks[headline.order + 1 : first.order]
    boxes: set[Element] = set()
    for block in beside:
        if _leads_to_story(block, headline):
            boxes.update(list(takewhile(lambda element: element not in own, block.path))[-1:])
    for block in beside if boxes else ():
        if not boxes.isdisjoint(block.path):
            block.pruned_by = OTHER_STORY


def _mark_cards_above_text(blocks: list[Block], headline: Block) -> None:
    """Cards between headline and text: another story's headline and excerpt, one of which leads to the rest."""
    lines = (block for block in blocks[headline.order + 1 :] if block.own_text)
    for first in islice(lines, MIN_CARDS):
        above = blocks[first.order - 1]
        if above is headline or above.leads_out or above.words < MIN_HEADLINE_WORDS:
            break
        below = blocks[first.order + 1 : first.order + 2]
        button = next((block for block in below if block.links and READ_MORE.fullmatch(block.folded)), None)
        is_headline = above.is_heading or (button is not None and above.bold_chars > 0)
        if not is_headline or (button is None and not _leads_to_story(above, headline)):
            break
        last = button or first
        around_both = (element for element in last.path[:MAX_CARD_LEVELS] if element in first.path)
        card = next((element for element in around_both if element in above.path), None)
        if card is None or card in headline.path or card.tag in ("body", "p", "article", "main"):
            break
        inside = [block for block in blocks if card in block.path]
        behind = blocks[inside[-1].order + 1 :]
        texts = [block for block in inside if block.own_text]
        around = set(card.iterancestors("div", "section", "article", "main"))
        has_text_below = any(block.own_text and not around.isdisjoint(block.path) for block in behind)
        if texts != [first] or inside[0].order < above.order - 1 or not has_text_below:
            break
        for block in inside:
            block.pruned_by = block.pruned_by or OTHER_STORY


def _leads_to_story(block: Block, headline: Block) -> bool:
    """A headline that is a link and no other one: none of the page itself, of its section, of what it has in common."""
    if not is_story_link(block) or not (block.is_heading or (block.words > MAX_LABEL_WORDS and not tells_day(block))):
        return False
    is_list = any(map(LIST_PATH.search, block.hrefs))
    return not is_list and block.folded not in headline.folded


def _cards(blocks: list[Block], headline: Block | None) -> set[Element]:
    """Elements that repeat beside each other, each with a headline that is a link and a little text of its own."""
    own = set(headline.path) if headline is not None else set()
    groups: dict[tuple[Element, str, str], dict[Element, None]] = {}
    for block in blocks:
        if block.pruned_by is None and is_story_link(block) and not block.leads_out:
            for level, element in enumerate(block.path):
                parent = element.getparent()
                if level >= MAX_CARD_LEVELS or parent is None or element in own or element.tag in ("body", "p"):
                    break
                if element.tag == "a":
                    continue  # around a headline
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
        begun = [
            lines for lines in members.values() if any(b.tag in HEADING_TAGS for b in lines[:MAX_LINES_TO_HEADING])
        ]
        dated = [lines for lines in begun if any(map(_is_day, takewhile(_is_above_text, lines[1:])))]
        if members[box] not in dated or len(dated) < 2:
            continue
        for block in (block for lines in begun[1:] for block in lines):
            block.pruned_by = block.pruned_by or NEXT_ARTICLE


def _mark_dated_entries(blocks: list[Block], headline: Block) -> None:
    """What stands behind the text in elements of one name that each begin alike: with a reader's name and a day, or
    with another story's headline and its day. An excerpt may also stand below them without an element around it.
    """
    first = next((block for block in blocks[headline.order + 1 :] if block.own_text), None)
    behind = blocks[first.order + 1 :] if first is not None else []
    days = [block for block in behind if tells_day(block)]
    if first is None or len(days) < MIN_CARDS:
        return
    _mark_flat_excerpts(blocks, days)
    own = {*headline.path, *first.path}
    for around, entries in alike_around(days, behind, own=own):
        for begins, rule in ((_begins_comment, COMMENTS), (_begins_story, OTHER_STORY)):
            begun = [entry for entry in entries if begins(entry)]
            if len(begun) < MIN_CARDS or 2 * len(begun) <= len(entries):
                continue
            above = blocks[begun[0][0].order - 1]
            is_label = not above.running and around in above.path and around not in own
            for block in (*chain.from_iterable(entries), *([above] if is_label else [])):
                block.pruned_by = block.pruned_by or rule


def _mark_flat_excerpts(blocks: list[Block], days: Sequence[Block]) -> None:
    excerpts: dict[Element | None, list[Block]] = {}
    for day in days:
        if words_beside_when(day) in (0, 1) and is_story_link(blocks[day.order - 1]):
            below = [block for block in blocks[day.order + 1 : day.order + 2] if block.own_text]
            excerpts.setdefault(day.owner.getparent(), []).extend(below)
    for found in excerpts.values():
        for block in found if len(found) >= MIN_CARDS else ():
            block.pruned_by = OTHER_STORY


def alike_around(
    days: Sequence[Block], behind: Sequence[Block], *, own: set[Element]
) -> Iterator[tuple[Element, list[list[Block]]]]:
    """Elements and the blocks of those of one name right below them, some of which tell a day."""
    groups: dict[tuple[Element, object, str | None], set[Element]] = {}
    for day in days:
        for entry, around in pairwise(day.path[: MAX_CARD_LEVELS + 1]):
            if entry in own:
                break
            groups.setdefault((around, entry.tag, entry.get("class")), set()).add(entry)
    alike: dict[tuple[Element, object, str | None], list[Element]] = {
        key: [] for key, dated in groups.items() if len(dated) >= MIN_CARDS
    }
    for around in dict.fromkeys(around for around, _, _ in alike):
        for entry in around:
            alike.get((around, entry.tag, entry.get("class")), []).append(entry)
    lines: dict[Element, list[Block]] = {entry: [] for entries in alike.values() for entry in entries}
    for block in behind if lines else ():
        for element in block.path:
            if element in lines:
                lines[element].append(block)
    for (around, _, _), entries in alike.items():
        yield around, [lines[entry] for entry in entries if lines[entry]]


def _begins_comment(entry: list[Block]) -> bool:
    """A name of a few words and a day, then what is said."""
    day = next((index for index, block in enumerate(entry[:2]) if tells_day(block)), None)
    if day is None or len(entry) == day + 1:
        return False
    name = sum(block.words for block in entry[:day]) + (words_beside_when(entry[day]) or 0)
    return 0 < name < MIN_HEADLINE_WORDS and not entry[0].is_heading


def _begins_story(entry: list[Block]) -> bool:
    """A headline, its day, and a little text."""
    headline, *below = entry
    day = next((index for index, block in enumerate(below[:2]) if tells_day(block)), None)
    return (
        day is not None
        and headline.words >= MIN_HEADLINE_WORDS
        and (headline.is_heading or is_story_link(headline))
        and any(block.running for block in below[day + 1 :])
        and sum(block.running for block in below) <= MAX_CARD_CHARACTERS
    )


def _is_above_text(block: Block) -> bool:
    return not block.running or block.tag in HEADING_TAGS


def _is_day(block: Block) -> bool:
    return block.words <= MAX_LINE_WORDS and not block.running and _YEAR.search(block.text) is not None
