"""How much running text blocks and elements hold, in characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.body.block_shapes import heads_a_part, is_unfolding
from extract.html.block import MIN_HEADLINE_WORDS, Block
from extract.html.parsing import Element
from extract.lexicon.given_names import read_as_names
from extract.lexicon.list_pages import READ_MORE
from extract.lexicon.people import TITLES

# What a text counts for, in hundredths, that has running text on no side, on one, on both.
COMPANY = (20, 60, 100)
MAX_LABELS_BETWEEN = 3
MAX_PRUNED_LINKS = 2
SHORT_LINE_DISCOUNT = 4
# A date beside a story's link is no longer.
MAX_BESIDE_LINK = 25
MIN_LINE_CHARACTERS = 12
# Below it short lines count too: poems, lists, line-ups.
LITTLE_PROSE = 150
# Where a link leads that leads to no other page.
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|jpe?g|png|mp[34])(?:$|[?#])", re.IGNORECASE)


def is_story_link(block: Block) -> bool:
    """Whether the block is a headline that is a link, alone or with a date beside it."""
    if block.words < MIN_HEADLINE_WORDS or all(href.startswith("#") for href in block.hrefs):
        return False
    is_dated_link = block.links == 1 and block.plain_chars <= MAX_BESIDE_LINK and block.link_share > 0.5
    is_link = block.link_share > 0.8 or is_dated_link
    return is_link and not read_as_names(TITLES.sub("", block.folded)) and not is_unfolding(block)


def _divides(block: Block) -> bool:
    """Whether it is a link that leads elsewhere; a button of one word («تبرع») is a label, and so is one to a file."""
    if block.link_share <= 0.5 or heads_a_part(block) or all(map(_FILE.search, block.hrefs)):
        return False
    return block.words > 1 or READ_MORE.fullmatch(block.folded) is not None


def text_runs(blocks: Sequence[Block], headline: Block | None = None) -> list[int]:
    """The number of the run of text that each block belongs to, 0 for none. Links, and more than a few labels, divide
    runs; the headline begins one.
    """
    runs: list[int] = []
    run, labels, pruned_links, is_near = 0, 0, 0, False
    for block in blocks:
        if (block.running and block.pruned_by is None) or block is headline:
            run += block is headline or not is_near
            is_near, labels, pruned_links = True, 0, 0
            runs.append(run)
            continue
        runs.append(0)
        if not is_near:
            continue
        if block.pruned_by is None:
            labels += block.tag not in ("dt", "dd")  # prices, results: a list of them is no row of labels
            is_near = not _divides(block) and labels <= MAX_LABELS_BETWEEN
        else:
            # One or two stand in boxes between paragraphs, more behind the text.
            pruned_links += is_story_link(block)
            is_near = pruned_links <= MAX_PRUNED_LINKS
    return runs


def weigh(blocks: Sequence[Block], *, headline: Block | None = None) -> dict[Element, int]:
    """Characters of running text below each element that has any, behind `headline` where it is given.

    Text that stands alone between links counts little: excerpts of other stories, notes of the site on itself.
    """
    start = headline.order + 1 if headline is not None else 0
    weights = _sum_up(blocks, _in_company(blocks, text_runs(blocks, headline)), start)
    if max(weights.values(), default=0) < LITTLE_PROSE:
        lines = [block.own_text or _line_weight(block) for block in blocks]
        return _sum_up(blocks, lines, start)
    return weights


def weigh_plainly(blocks: Sequence[Block]) -> dict[Element, int]:
    """Characters of running text below each element that has any, wherever it stands."""
    return _sum_up(blocks, [block.own_text for block in blocks], 0)


def _sum_up(blocks: Sequence[Block], block_weights: Sequence[int], start: int) -> dict[Element, int]:
    weights: dict[Element, int] = {}
    for block, weight in zip(blocks[start:], block_weights[start:], strict=True):
        if weight:
            for element in block.path:
                weights[element] = weights.get(element, 0) + weight
    return weights


def _in_company(blocks: Sequence[Block], runs: Sequence[int]) -> list[int]:
    """The weight of each block, less where no running text of its run stands beside it."""
    texts = [index for index, run in enumerate(runs) if run]
    found = [0] * len(blocks)
    for place, index in enumerate(texts):
        before = place > 0 and runs[texts[place - 1]] == runs[index]
        after = place + 1 < len(texts) and runs[texts[place + 1]] == runs[index]
        found[index] = blocks[index].own_text * COMPANY[before + after] // 100
    return found


def _line_weight(block: Block) -> int:
    """Short lines without links are a little text: poems, lists, line-ups have no others."""
    if block.pruned_by is not None or block.links or block.is_heading or block.plain_chars < MIN_LINE_CHARACTERS:
        return 0
    return block.plain_chars // SHORT_LINE_DISCOUNT
