"""How each block looks beside the other blocks of its page, as numbers for a scorecard: once, in one pass."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from extract.html.block import Block
from extract.html.parsing import Element

# A label has no more words.
LABEL_WORDS = 3
# So many blocks on each side are around one.
AROUND = 3
# The text has not begun, or is over, where no more than this share of it lies beyond.
EDGE_SHARE = 0.02
MAX_DEPTH_APART = 6

_STOPS, _CLOSING = frozenset(".!؟?…。！？"), " »”\"')]"
_FOOTERS = frozenset(("tag.footer", "class.footer", "role.contentinfo"))
_LISTS = frozenset(("ul", "ol", "dl"))

# In the order of the vectors. Shares are 0 to 1, flags 0 or 1, logarithms natural, of one more than the count.
BLOCK_FEATURES = (
    "characters",  # log of those outside of links, by 5
    "linked",  # share of the text in links
    "has_link",
    "ends_like_sentence",
    "is_label",
    "is_heading",
    "is_h2_or_h3",
    "is_p",
    "is_li",
    "is_cell",
    "in_list",
    "in_main",
    "depth",  # levels below the median running text, by 4; negative above it
    "depth_apart",  # the same without its sign
    "pruned",  # a structure rule calls its element something else
    "in_comments",
    "in_footer",
    "before_headline",
    "text_before",  # share of the page's running text before it
    "before_text",
    "behind_text",
    "linked_around",  # share in links of the three blocks on each side
    "before_link",  # the next block is a link
    "twins",  # log of the blocks with the same tags and classes
    "twins_are_text",  # share of running text in them
    "twins_share",  # their share of the page's running text
    "class_share",  # the same, for blocks whose own element alone has the same tag and class
    "parent_share",  # the same, for blocks of the same parent
    "parent_is_text",  # share of running text in them
)


@dataclass(slots=True)
class _Group:
    """Characters of running text and of all text in some blocks, and how many they are."""

    text: int = 0
    characters: int = 0
    blocks: int = 0


# Blocks with the same tags and classes, with the same tag and class, of the same parent; in a list; in `main`.
_Place = tuple[_Group, _Group, _Group, bool, bool]


def block_features(blocks: Sequence[Block], headline: Block | None) -> list[tuple[float, ...]]:
    """A vector for each block, in the order of BLOCK_FEATURES."""
    page = sum(block.running for block in blocks) or 1
    median = _median_depth(blocks)
    places = _places(blocks)
    lengths = _running_sums(len(block.text) for block in blocks)
    links = _running_sums(block.link_chars for block in blocks)
    headline_order = headline.order if headline is not None else -1
    deepest = max((len(block.path) for block in blocks), default=0)
    depths = [max(-MAX_DEPTH_APART, min(MAX_DEPTH_APART, depth - median)) / 4 for depth in range(deepest + 1)]
    found: list[tuple[float, ...]] = []
    before = 0
    next_shares = [block.link_share for block in blocks[1:]] + [0.0]
    log = math.log1p
    for index, block in enumerate(blocks):
        twin, alike, parent, in_list, in_main = places[block.owner]
        tag, line, text, pruned, is_heading = block.tag, block.text, block.running, block.pruned_by, block.is_heading
        depth = depths[len(block.path)]
        behind = index + AROUND + 1 + AROUND
        around = lengths[behind] - lengths[index] - len(line)
        linked_around = links[behind] - links[index] - block.link_chars
        found.append(
            (
                log(block.plain_chars) / 5,
                block.link_share,
                block.links > 0,
                line.rstrip(_CLOSING)[-1:] in _STOPS,
                block.words <= LABEL_WORDS,
                is_heading,
                is_heading and tag in ("h2", "h3"),
                tag == "p",
                tag == "li",
                tag in ("td", "th"),
                in_list,
                in_main,
                depth,
                abs(depth),
                pruned is not None,
                pruned == "class.comments",
                pruned in _FOOTERS,
                index < headline_order,
                before / page,
                text == 0 and before <= EDGE_SHARE * page,
                before >= (1 - EDGE_SHARE) * page,
                linked_around / around if around > 0 else 0.0,
                next_shares[index] > 0.6,
                log(twin.blocks),
                twin.text / twin.characters,
                twin.text / page,
                alike.text / page,
                parent.text / page,
                parent.text / parent.characters,
            )
        )
        before += text
    return found


def _places(blocks: Sequence[Block]) -> dict[Element, _Place]:
    """Each owner's groups, filled with all blocks."""
    groups: defaultdict[Hashable, _Group] = defaultdict(_Group)
    holders: dict[Element, tuple[bool, bool]] = {}
    places: dict[Element, _Place] = {}
    for block in blocks:
        place = places.get(block.owner)
        if place is None:
            place = places[block.owner] = _place(block.path, groups, holders)
        text, characters = block.running, len(block.text)
        for group in place[:3]:
            group.text += text
            group.characters += characters
            group.blocks += 1
    return places


def _place(
    path: Sequence[Element], groups: defaultdict[Hashable, _Group], holders: dict[Element, tuple[bool, bool]]
) -> _Place:
    above = path[1] if len(path) > 1 else None
    kind = (path[0].tag, path[0].get("class") or "")
    twins = (kind, above.tag, above.get("class") or "") if above is not None else (kind, "", "")
    return groups[twins], groups[kind], groups[above], *_held(path, holders)


def _held(path: Sequence[Element], holders: dict[Element, tuple[bool, bool]]) -> tuple[bool, bool]:
    """Whether the first element of the path is or stands in a list, and in `main`."""
    below: list[Element] = []
    found = (False, False)
    for element in path[:-2]:
        if element in holders:
            found = holders[element]
            break
        below.append(element)
    for element in reversed(below):
        tag = element.tag
        found = holders[element] = (found[0] or tag in _LISTS, found[1] or tag == "main")
    return found


def _median_depth(blocks: Sequence[Block]) -> int:
    """The depth at which the middle character of running text stands; 0 where there is none."""
    texts = sorted((len(block.path), block.running) for block in blocks if block.running)
    total = sum(text for _, text in texts)
    seen = 0
    for depth, text in texts:
        seen += text
        if 2 * seen >= total:
            return depth
    return 0


def _running_sums(counts: Iterable[int]) -> list[int]:
    """Sums of the counts before each place, with so many more places on each side as blocks are around one."""
    sums = list(accumulate(counts, initial=0))
    return [0] * AROUND + sums + sums[-1:] * AROUND
