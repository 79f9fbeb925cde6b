"""Lists that a line of the text opens («وشملت القائمة:»): their items are text, however short and whatever they say."""

from __future__ import annotations

import re

from extract.body.block_shapes import label_of_block, list_of
from extract.boilerplate.block_verdicts import JudgedBlocks
from extract.boilerplate.rule_matching import candidates
from extract.html.block import MAX_LINE_WORDS, Block

MIN_ITEMS = 2
# A linked item of more words is another story's headline.
MAX_LINKED_ITEM_WORDS = 3
MIN_OPENING_WORDS = 2
_ADDRESS = re.compile(r"^\W*(?:https?://|www\.)\S+\W*$", re.IGNORECASE)
_POINTS_TO_ADDRESS = re.compile(r"(?:الرابط(?: التالي)?|الموقع(?: التالي)?|العنوان(?: التالي)?)\s*$")


def spare_opened_lists(judged: JudgedBlocks) -> None:
    """Spare the items behind each line that ends with a colon and is no label of a box, and the address it tells."""
    for index in judged.open():
        if _opens(judged, index):
            items = _items(judged, index)
            judged.spared.update(items)
            if items:
                judged.spared.add(index)


def _opens(judged: JudgedBlocks, index: int) -> bool:
    block = judged.blocks[index]
    if block.link_share > 0.5 or judged.words[index] < MIN_OPENING_WORDS:
        return False
    if not (block.text.rstrip().endswith((":", "：")) or _POINTS_TO_ADDRESS.search(block.folded)):
        return False
    label = label_of_block(block)
    return not candidates(block.folded, label if label == block.folded else None)


def _items(judged: JudgedBlocks, opening: int) -> list[int]:
    following = opening + 1
    if following >= len(judged.blocks):
        return []
    if _ADDRESS.match(judged.blocks[following].text):
        return [following]
    first = judged.blocks[following]
    own = list_of(first)
    if own is None and first.tag != judged.blocks[opening].tag:
        return []
    found: list[int] = []
    for index in range(following, len(judged.blocks)):
        same = list_of(judged.blocks[index]) is own and (
            own is not None or judged.rank(index) == judged.rank(following)
        )
        if not same or not _is_item(judged, index, is_list=own is not None):
            break
        found.append(index)
    return found if len(found) >= MIN_ITEMS else []


def _is_item(judged: JudgedBlocks, index: int, *, is_list: bool) -> bool:
    block, words = judged.blocks[index], judged.words[index]
    if index in judged.verdicts or not 0 < words <= MAX_LINE_WORDS:
        return False
    if block.links and (not is_list or words > MAX_LINKED_ITEM_WORDS):
        return False
    return is_list or not _speaks(block)


def _speaks(block: Block) -> bool:
    return bool(candidates(block.folded, label_of_block(block)))
