"""How much running text blocks and elements hold, in characters."""

from __future__ import annotations

from collections.abc import Callable

from extract.blocks import Block
from extract.parsing import Element

# A block counts as prose from here on: shorter lines are labels, headlines, menu words.
MIN_PROSE_CHARACTERS = 35
# The text behind a headline that is a link is probably another story's.
TEASER_DISCOUNT = 4
MIN_LINE_CHARACTERS = 12
MIN_STORY_LINK_WORDS = 4
# Below it short lines count too: poems, lists, line-ups.
LITTLE_PROSE = 150


def prose_weight(block: Block) -> int:
    """How much running text a block adds, in characters; links and labels add nothing."""
    if block.pruned_by is not None or block.is_heading:
        return 0
    plain = block.plain_chars
    return plain if plain >= MIN_PROSE_CHARACTERS and block.link_share <= 0.5 else 0


def is_story_link(block: Block) -> bool:
    """Whether the block is a headline that is a link."""
    return block.link_share > 0.8 and len(block.text.split()) >= MIN_STORY_LINK_WORDS


def weigh(blocks: list[Block]) -> dict[Element, int]:
    """Characters of running text below each element that has any; teasers of other stories count little."""
    weights = _weigh(blocks, prose_weight)
    if max(weights.values(), default=0) < LITTLE_PROSE:
        return _weigh(blocks, lambda block: prose_weight(block) or _line_weight(block))
    return weights


def _weigh(blocks: list[Block], weight_of: Callable[[Block], int]) -> dict[Element, int]:
    weights: dict[Element, int] = {}
    before: Block | None = None
    for block in blocks:
        weight = weight_of(block)
        if weight and before is not None and is_story_link(before):
            weight //= TEASER_DISCOUNT
        before = block
        if weight:
            for element in block.path:
                weights[element] = weights.get(element, 0) + weight
    return weights


def _line_weight(block: Block) -> int:
    """Short lines without links are a little text: poems, lists, line-ups have no others."""
    if block.pruned_by is not None or block.links or block.is_heading or block.plain_chars < MIN_LINE_CHARACTERS:
        return 0
    return block.plain_chars // TEASER_DISCOUNT if block.plain_chars < MIN_PROSE_CHARACTERS else 0
