"""Tell article text from what stands around it: shapes, words with evidence, links, edges, in this order."""

from __future__ import annotations

from collections.abc import Sequence

from extract.blocks import Block
from extract.judged_blocks import JudgedBlocks, Surroundings
from extract.odd_shapes import judge_shapes
from extract.spoken_boilerplate import judge_words
from extract.text_edges import drop_edges, drop_links


def boilerplate_verdicts(blocks: Sequence[Block], around: Surroundings) -> dict[int, str]:
    """Rule ids by index of the blocks that are no article text; kept blocks have none."""
    judged = JudgedBlocks(blocks, around)
    judge_shapes(judged)
    judge_words(judged)
    drop_links(judged)
    drop_edges(judged)
    return judged.verdicts
