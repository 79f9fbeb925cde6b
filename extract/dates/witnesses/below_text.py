"""Which line behind the text says the story's own day: many themes print it in its foot, Blogger's among them."""

from __future__ import annotations

from collections.abc import Sequence

from extract.dates.grammar.words import STATED_LABEL
from extract.dates.witnesses.elements import near
from extract.html.block import MIN_HEADLINE_WORDS, Block
from extract.html.element_roles import class_words

# Names of the publication in the hAtom format and in themes.
_PUBLISHED_NAMES = frozenset(("published", "timestamp"))


def is_in_storys_foot(block: Block, blocks: Sequence[Block], *, text_end: int, folded: str) -> bool:
    """Whether a line in a foot below the text (whose last block is number `text_end`) is the story's, and is called its
    publication: no other story stands between or right behind, and an element less than the page holds both.
    """
    if not (_is_named_published(block) or STATED_LABEL.search(folded)):
        return False
    return stands_with_text(block, blocks, text_end=text_end)


def stands_with_text(block: Block, blocks: Sequence[Block], *, text_end: int) -> bool:
    """Whether a line below the text belongs to it and not to another story."""
    if not 0 <= text_end < block.order:
        return False
    between = blocks[text_end + 1 : block.order]
    following = blocks[block.order + 1] if block.order + 1 < len(blocks) else None
    if following is not None and following.pruned_by is not None and following.pruned_by == block.pruned_by:
        following = None  # of the same foot
    if any(line.is_heading or _is_story(line) for line in between) or (following and _is_story(following)):
        return False
    of_text = blocks[text_end].path
    shared = next((element for element in block.path if any(element is other for other in of_text)), None)
    return shared is not None and shared.tag not in ("body", "html")


def _is_story(block: Block) -> bool:
    return block.links == 1 and block.words >= MIN_HEADLINE_WORDS and block.link_share > 0.5


def _is_named_published(block: Block) -> bool:
    return any(
        element.get("itemprop") == "datePublished" or not class_words(element).isdisjoint(_PUBLISHED_NAMES)
        for element in near(block)
    )
