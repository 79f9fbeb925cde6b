"""How each block looks beside the other blocks of its page, as numbers for a scorecard: once, in one pass."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from extract.html.blocks import Block
from extract.html.parsing import Element

# Running text: long, or of medium length and ended like a sentence.
LONG_TEXT = 90
SHORT_TEXT = 45
# A label has no more words.
LABEL_WORDS = 3
# So many blocks on each side are around one.
AROUND = 3
# The text has not begun, or is over, where no more than this share of it lies beyond.
EDGE_SHARE = 0.02
MAX_DEPTH_APART = 6

_ENDS = re.compile("[.!؟?…。！？][\\s»”\"')\\]]*$")
_STOPS = re.compile("[.!؟?…:؛»”\"')\\]。！？]\\s*$")
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
    "siblings",  # log of the blocks of the same parent
)


@dataclass(slots=True)
class _Group:
    text: int = 0
    characters: int = 0
    blocks: int = 0


def running_text(block: Block) -> int:
    """Characters of running text in the block: outside of links, in a sentence or a long line; 0 for labels."""
    if block.link_chars > 0.5 * len(block.text) or block.is_heading:
        return 0
    plain = block.plain_chars
    if plain >= LONG_TEXT:
        return plain
    return plain if plain >= SHORT_TEXT and _STOPS.search(block.text) else 0


def block_features(blocks: Sequence[Block], headline: Block | None) -> list[tuple[float, ...]]:
    """A vector for each block, in the order of BLOCK_FEATURES."""
    texts = [running_text(block) for block in blocks]
    page = sum(texts) or 1
    median = _median_depth(blocks, texts)
    twin_keys = [_twin_key(block) for block in blocks]
    class_keys = [key[:2] for key in twin_keys]
    parents = [block.path[1] if len(block.path) > 1 else None for block in blocks]
    twins = _groups(twin_keys, blocks, texts)
    classes = _groups(class_keys, blocks, texts)
    siblings = _groups(parents, blocks, texts)
    lengths, links = _running_sums(blocks)
    places: dict[Element, tuple[float, float]] = {}
    headline_order = headline.order if headline is not None else -1
    found: list[tuple[float, ...]] = []
    before = 0
    last = len(blocks) - 1
    for index, block in enumerate(blocks):
        tag, length, plain, text = block.tag, len(block.text), block.plain_chars, texts[index]
        owner = block.path[0]
        if owner not in places:
            tags = {element.tag for element in block.path[:-2]}
            places[owner] = (float(not _LISTS.isdisjoint(tags)), float("main" in tags))
        in_list, in_main = places[owner]
        depth = max(-MAX_DEPTH_APART, min(MAX_DEPTH_APART, len(block.path) - median)) / 4
        pruned = block.pruned_by
        low, high = max(0, index - AROUND), min(last + 1, index + AROUND + 1)
        around = lengths[high] - lengths[low] - length
        linked_around = links[high] - links[low] - block.link_chars
        following = blocks[index + 1] if index < last else None
        twin, alike, parent = twins[twin_keys[index]], classes[class_keys[index]], siblings[parents[index]]
        is_heading = block.is_heading
        found.append(
            (
                math.log1p(plain) / 5,
                min(1.0, block.link_chars / length),
                float(block.links > 0),
                float(_ENDS.search(block.text) is not None),
                float(block.text.count(" ") < LABEL_WORDS),
                float(is_heading),
                float(is_heading and tag in ("h2", "h3")),
                float(tag == "p"),
                float(tag == "li"),
                float(tag in ("td", "th")),
                in_list,
                in_main,
                depth,
                abs(depth),
                float(pruned is not None),
                float(pruned == "class.comments"),
                float(pruned in _FOOTERS),
                float(index < headline_order),
                before / page,
                float(text == 0 and before + text <= EDGE_SHARE * page),
                float(before >= (1 - EDGE_SHARE) * page),
                linked_around / around if around > 0 else 0.0,
                float(following is not None and following.link_chars > 0.6 * len(following.text)),
                math.log1p(twin.blocks),
                twin.text / twin.characters,
                twin.text / page,
                alike.text / page,
                parent.text / page,
                parent.text / parent.characters,
                math.log1p(parent.blocks),
            )
        )
        before += text
    return found


def _twin_key(block: Block) -> tuple[str, str, str, str]:
    path = block.path
    owner = path[0]
    if len(path) < 2:
        return (str(owner.tag), owner.get("class") or "", "", "")
    return (str(owner.tag), owner.get("class") or "", str(path[1].tag), path[1].get("class") or "")


def _groups(keys: Sequence[Hashable], blocks: Sequence[Block], texts: Sequence[int]) -> dict[Hashable, _Group]:
    groups: dict[Hashable, _Group] = {}
    for key, block, text in zip(keys, blocks, texts, strict=True):
        group = groups.get(key)
        if group is None:
            group = groups[key] = _Group()
        group.text += text
        group.characters += len(block.text)
        group.blocks += 1
    return groups


def _median_depth(blocks: Sequence[Block], texts: Sequence[int]) -> int:
    """The depth at which the middle character of running text stands; 0 where there is none."""
    total = sum(texts)
    seen = 0
    for depth, text in sorted((len(block.path), text) for block, text in zip(blocks, texts, strict=True) if text):
        seen += text
        if 2 * seen >= total:
            return depth
    return 0


def _running_sums(blocks: Sequence[Block]) -> tuple[list[int], list[int]]:
    lengths, links = [0], [0]
    for block in blocks:
        lengths.append(lengths[-1] + len(block.text))
        links.append(links[-1] + block.link_chars)
    return lengths, links
