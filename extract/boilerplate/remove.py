"""Tell article text from what stands around it: shapes, words with evidence, links, edges, in this order."""

from __future__ import annotations

from collections.abc import Sequence

from extract.boilerplate.block_verdicts import JudgedBlocks, Surroundings
from extract.boilerplate.by_position import drop_edges, drop_links, drop_notes_on_writers
from extract.boilerplate.by_shape import judge_shapes
from extract.boilerplate.by_words import judge_words
from extract.boilerplate.cards import drop_asking_boxes, drop_cards, drop_promotions, drop_teasers, drop_threads
from extract.boilerplate.link_lists import drop_labels_of_links
from extract.boilerplate.notices import drop_notes_on_publisher
from extract.boilerplate.opened_lists import spare_opened_lists
from extract.html.block import Block


def boilerplate_verdicts(blocks: Sequence[Block], around: Surroundings) -> dict[int, str]:
    """Rule ids by index of the blocks that are no article text; kept blocks have none."""
    judged = JudgedBlocks(blocks, around)
    spare_opened_lists(judged)
    judge_shapes(judged)
    judge_words(judged)
    drop_promotions(judged)
    drop_threads(judged)
    drop_teasers(judged)
    drop_asking_boxes(judged)
    drop_cards(judged)
    drop_links(judged)
    drop_edges(judged)
    drop_labels_of_links(judged)
    drop_notes_on_publisher(judged)
    return {index: rule for index, rule in judged.verdicts.items() if index not in judged.spared}


def text_verdicts(blocks: Sequence[Block], around: Surroundings) -> dict[int, str]:
    """The same by shapes and words alone, for blocks that were found to be text wherever they stand."""
    judged = JudgedBlocks(blocks, around, with_structure=False)
    spare_opened_lists(judged)
    judge_shapes(judged)
    judge_words(judged)
    drop_promotions(judged)
    drop_threads(judged)
    drop_asking_boxes(judged)
    drop_cards(judged)
    drop_notes_on_writers(judged)
    return {index: rule for index, rule in judged.verdicts.items() if index not in judged.spared}
