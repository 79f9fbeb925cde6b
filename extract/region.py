"""Where the article stands on the page: the element whose blocks are its text, and the lead before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extract.blocks import Block, ancestors
from extract.parsing import Element
from extract.structure import body_rank, class_words, structure_rule
from extract.text_norm import text_norm

# A block counts as prose from here on: shorter lines are labels, headlines, menu words.
MIN_PROSE_CHARACTERS = 35
# An element that a structure rule proposes to drop is a wrapper, and kept, when it holds this share of the prose.
WRAPPER_SHARE = 0.5
# Going down the tree ends where no single child holds this share of the prose.
DESCENT_SHARE = 0.85
TEASER_DISCOUNT = 4
MIN_LINE_CHARACTERS = 12
# Below it short lines count too: poems, lists, line-ups.
LITTLE_PROSE = 150
MIN_HEADLINE_CHARACTERS = 20
# An element that names itself the article's text is believed when it holds this share of the best region's prose.
NAMED_SHARE = 0.35
# Of several such, an inner one is preferred that holds nearly all of the outer one's text.
INNER_SHARE = 0.93


# A lead that stands apart from the text has a sentence's length.
MIN_LEAD_CHARACTERS = 60
LEAD_WORDS = frozenset(
    ("lead", "lede", "intro", "summary", "abstract", "excerpt", "standfirst", "short", "teaser", "brief")
)
_SENTENCE_END = re.compile("[.!؟?…:][\\s»”\"')]*$")


@dataclass(frozen=True)
class Region:
    """The article's element and the blocks that are candidates for its text, in document order."""

    element: Element
    blocks: list[Block]
    named: bool  # the element calls itself the article's text


def prose_weight(block: Block) -> int:
    """How much running text a block adds, in characters; links and labels add nothing."""
    if (
        block.pruned_by is not None
        or block.plain_chars < MIN_PROSE_CHARACTERS
        or block.link_share > 0.5
        or block.is_heading
    ):
        return 0
    return block.plain_chars


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
        if weight and before is not None and _is_story_link(before):
            weight //= TEASER_DISCOUNT
        before = block
        if weight:
            for element in ancestors(block):
                weights[element] = weights.get(element, 0) + weight
    return weights


def _line_weight(block: Block) -> int:
    """Short lines without links are a little text: poems, lists, line-ups have no others."""
    if block.pruned_by is not None or block.links or block.is_heading or block.plain_chars < MIN_LINE_CHARACTERS:
        return 0
    return block.plain_chars // TEASER_DISCOUNT if block.plain_chars < MIN_PROSE_CHARACTERS else 0


def _is_story_link(block: Block) -> bool:
    return block.link_share > 0.8 and len(block.text) >= MIN_HEADLINE_CHARACTERS


def mark_structure(blocks: list[Block], root: Element) -> None:
    """Set `pruned_by` on blocks below elements that are something else than article text, wrappers excepted."""
    weights = weigh(blocks)
    total = weights.get(root, 0)
    verdicts: dict[Element, str | None] = {}
    for block in blocks:
        path: list[Element] = []
        rule: str | None = None
        for element in ancestors(block):
            if element in verdicts:
                rule = verdicts[element]
                break
            path.append(element)
        for element in reversed(path):
            if rule is None and element.tag not in ("body", "html"):
                proposed = structure_rule(element)
                if proposed is not None and (total == 0 or weights.get(element, 0) < WRAPPER_SHARE * total):
                    rule = proposed
            verdicts[element] = rule
        block.pruned_by = rule


def find_region(blocks: list[Block], root: Element, *, selected: Element | None = None) -> Region | None:
    """The article's region, or None when no prose stands on the page. `selected` is what a portal's selector found."""
    weights = weigh(blocks)
    if selected is not None and weights.get(selected, 0) > 0:
        return Region(selected, _below(blocks, selected), named=True)
    if not weights:
        return None
    best = _descend(weights, root)
    named = _named(weights, best)
    if named is None:
        return Region(best, _below(blocks, best), named=False)
    twins = [named, *_twins(named, weights)]
    return Region(named, [block for block in blocks if any(above in twins for above in ancestors(block))], named=True)


def _twins(element: Element, weights: dict[Element, int]) -> list[Element]:
    """Siblings of the same class with text: some systems cut an article into several such elements."""
    parent, names = element.getparent(), element.get("class")
    if parent is None or not names or element.tag in ("article", "li", "td"):
        return []
    return [other for other in parent if other is not element and other.get("class") == names and other in weights]


def _descend(weights: dict[Element, int], root: Element) -> Element:
    element = root
    while True:
        children = [child for child in element if child in weights]
        if not children:
            return element
        heaviest = max(children, key=lambda child: weights[child])
        if weights[heaviest] < DESCENT_SHARE * weights[element] or heaviest.tag in ("p", "h1", "h2", "h3", "li", "td"):
            # A cell may be the whole of an old page's layout; a paragraph is not a region.
            if heaviest.tag == "td" and weights[heaviest] >= DESCENT_SHARE * weights[element]:
                element = heaviest
                continue
            return element
        element = heaviest


def _named(weights: dict[Element, int], best: Element) -> Element | None:
    ranked = [(body_rank(element), element) for element in weights]
    most = weights[best]
    for wanted in (0, 1):
        found = [element for rank, element in ranked if rank == wanted and weights[element] >= NAMED_SHARE * most]
        if found:
            heaviest = max(weights[element] for element in found)
            inner = [element for element in found if weights[element] >= INNER_SHARE * heaviest]
            return min(inner, key=lambda element: sum(1 for _ in element.iter()))
    return None


def _below(blocks: list[Block], element: Element) -> list[Block]:
    return [block for block in blocks if any(above is element for above in ancestors(block))]


def with_lead(region: Region, blocks: list[Block], *, after: int) -> Region:
    """The region with the lead paragraphs that stand between the headline (block number `after`) and the text."""
    first = next((block.order for block in region.blocks if prose_weight(block)), None)
    if first is None:
        return region
    inside = {id(block) for block in region.blocks}
    opening = text_norm(" ".join(block.text for block in region.blocks[:6]))
    lead = [
        block
        for block in blocks[after + 1 : first]
        if id(block) not in inside and _is_lead(block) and text_norm(block.text)[:60] not in opening
    ]
    return Region(region.element, [*lead, *region.blocks], region.named) if lead else region


def _is_lead(block: Block) -> bool:
    if not prose_weight(block) or block.link_share > 0.2 or block.tag == "li":
        return False
    parent = block.owner.getparent()
    words = class_words(block.owner) | (class_words(parent) if parent is not None else frozenset())
    if words & LEAD_WORDS:
        return True
    if block.plain_chars < MIN_LEAD_CHARACTERS or not _SENTENCE_END.search(block.text):
        return False
    # Text beside a picture is its caption.
    around = parent if parent is not None and len(parent) <= 3 else block.owner
    return block.owner.find(".//img") is None and around.find(".//img") is None
