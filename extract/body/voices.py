"""Three voices on each block: our rules, a fitted scorecard, and trafilatura where the first two are in doubt."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from extract.body.block_shapes import answers_a_question
from extract.body.text_card import JOINS, TEXT_CARD
from extract.html.block import Block
from extract.html.element_roles import class_words
from extract.html.parsing import Element
from extract.lexicon.class_names import NOTE_BOXES

# Below this agreement of rules and scorecard, in words, the whole page is read by trafilatura too.
MIN_AGREEMENT = 0.85
# A text of fewer words is one line of a page that has more, as a rule.
THIN_WORDS = 45
# What rules by position and class name take out may be chosen again; the others know what a block is.
WEAK_RULES = (
    "shape.leading_label",
    "shape.trailing_",
    "shape.beside_furniture",
    "shape.link",
    "shape.labelled_link",
    "shape.caption",
    "shape.hidden",
    "shape.other_story",
    "class.",
    "tag.",
    "role.",
)
# Of so many characters most are Arabic on a page that our rules were written for.
SAMPLE_CHARACTERS = 4000
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Votes:
    """What rules and scorecard say of each block of a page."""

    scores: list[float]  # log-odds of the scorecard
    kept: frozenset[int]  # orders of the blocks that the rules keep
    doubt: str | None  # why they are not believed alone


def votes(blocks: Sequence[Block], features: Sequence[tuple[float, ...]], kept: Sequence[Block]) -> Votes:
    """The two voices that cost little, and whether a third is needed."""
    scores = TEXT_CARD.scores(features)
    orders = frozenset(block.order for block in kept)
    return Votes(scores, orders, _doubt(blocks, scores, orders))


def _doubt(blocks: Sequence[Block], scores: Sequence[float], kept: frozenset[int]) -> str | None:
    words = [block.words for block in blocks]
    ours = sum(count for index, count in enumerate(words) if index in kept)
    cards = sum(count for count, score in zip(words, scores, strict=True) if score > 0)
    both = sum(count for index, count in enumerate(words) if index in kept and scores[index] > 0)
    if ours < THIN_WORDS:
        return "thin_text"
    return "voices_disagree" if 2 * both < MIN_AGREEMENT * (ours + cards) else None


def is_known(rule: str) -> bool:
    """Whether a rule knows what a block is, so that no other voice can choose it."""
    return not rule.startswith(WEAK_RULES)


def is_arabic(blocks: Sequence[Block]) -> bool:
    """Whether most letters of the page are of the Arabic script, for which our rules were written."""
    sample = "".join(block.text for block in blocks[:: max(1, len(blocks) // 60)])[:SAMPLE_CHARACTERS]
    arabic = 0 if sample.isascii() else len(_ARABIC.findall(sample))
    return arabic > 0 and 2 * arabic > sum(map(len, _LETTERS.findall(sample)))


def choose(blocks: Sequence[Block], said: Votes, *, whole_page: Sequence[bool] | None = None) -> list[Block]:
    """The blocks that the voices choose together. `whole_page`: which ones trafilatura has, where it was asked."""
    in_arabic = is_arabic(blocks)
    join = JOINS[in_arabic, whole_page is not None]
    chosen = []
    for index, block in enumerate(blocks):
        score = said.scores[index] + join.rules * (block.order in said.kept) + join.bias
        if whole_page is not None:
            score += join.trafilatura * whole_page[index]
        if score > 0:
            chosen.append(block)
    if not in_arabic:
        return chosen
    orders, twins = {block.order for block in chosen}, set(map(_twin_key, chosen))
    return [
        block
        for block in blocks
        if block.order in orders or (block.order in said.kept and not block.links and _twin_key(block) in twins)
    ]


def _twin_key(block: Block) -> tuple[str, str | None, tuple[Element, ...]]:
    """What captions of a gallery or questions of a list share: name and class, and the element around their boxes."""
    return block.tag, block.owner.get("class"), tuple(block.path[2:3])


def beside_found(kept: Sequence[Block], found: Sequence[Block]) -> set[int]:
    """Lines of an Arabic text without links beside running text that was found: a verse, a last short sentence."""
    if not is_arabic(kept):
        return set()
    around = {block.path[1:2] for block in found if block.running}
    return {block.order for block in kept if not block.links and block.path[1:2] in around}


def in_other_boxes(blocks: Sequence[Block], found: Sequence[Block], kept: Collection[int]) -> set[int]:
    """Numbers of lines behind the text that the rules keep, below headings in their boxes that are none of the text; in
    Arabic the rules know such boxes.
    """
    orders = {block.order for block in found}
    last = max((block.order for block in found if block.order in kept), default=len(blocks))
    behind = [block for block in found if block.order > last and block.order not in kept]
    return {
        block.order
        for block in behind
        if (above := blocks[block.order - 1]).is_heading
        and above.order not in orders
        and above.path[1:2] == block.path[1:2]
        and not is_arabic([block])
    }


def sure_of(kept: Sequence[Block], called: Collection[int]) -> set[int]:
    """Numbers of lines that the other voices know no better: what is called a lead (`called`), source code, notes amid
    the text in a box of theirs, questions that have an answer.
    """
    notes = {b.order for b in kept if b.running and any(class_words(e) & NOTE_BOXES for e in b.path[:3])}
    asked = {
        block.order
        for index, block in enumerate(kept[:-1])
        if not block.is_heading and answers_a_question(kept, index + 1)
    }
    return notes | asked | {block.order for block in kept if block.order in called or block.tag == "pre"}
