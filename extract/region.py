"""Where the article stands on the page: the element whose blocks are its text, and the lead before it."""

from __future__ import annotations

from dataclasses import dataclass

from extract.blocks import Block, ancestors
from extract.parsing import Element
from extract.structure import body_rank, structure_rule

# A block counts as prose from here on: shorter lines are labels, headlines, menu words.
MIN_PROSE_CHARACTERS = 35
# An element that a structure rule proposes to drop is a wrapper, and kept, when it holds this share of the prose.
WRAPPER_SHARE = 0.5
# Going down the tree ends where no single child holds this share of the prose.
DESCENT_SHARE = 0.85
# An element that names itself the article's text is believed when it holds this share of the best region's prose.
NAMED_SHARE = 0.35


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
    """Prose characters below each element that has any."""
    weights: dict[Element, int] = {}
    for block in blocks:
        weight = prose_weight(block)
        if weight:
            for element in ancestors(block):
                weights[element] = weights.get(element, 0) + weight
    return weights


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
    element = named if named is not None else best
    return Region(element, _below(blocks, element), named=named is not None)


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
            # The innermost of those that hold nearly all that the heaviest of them holds.
            heaviest = max(weights[element] for element in found)
            inner = [element for element in found if weights[element] >= 0.9 * heaviest]
            return min(inner, key=lambda element: sum(1 for _ in element.iter()))
    return None


def _below(blocks: list[Block], element: Element) -> list[Block]:
    return [block for block in blocks if any(above is element for above in ancestors(block))]
