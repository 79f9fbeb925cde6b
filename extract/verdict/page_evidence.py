"""What is known of a page when its text has been extracted: the evidence for or against an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.html.block import Block
from extract.html.metadata import PageMetadata
from extract.html.parsing import Element

# A video or a set of pictures has a line or two of text; with more it is an article that has pictures.
MAX_STUB_WORDS = 45
# So many headlines that are links are a list.
MIN_STORIES = 3


@dataclass(frozen=True)
class Evidence:
    """What is known of a page when its text has been extracted."""

    root: Element
    metadata: PageMetadata
    blocks: Sequence[Block]
    kept: Sequence[Block]
    title: str
    headline: Block | None
    title_witnesses: int
    body_words: int
    named_region: bool
    url: str | None
    status: int
    removed_rules: frozenset[str]
