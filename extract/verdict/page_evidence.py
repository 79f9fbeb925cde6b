"""What is known of a page when its text has been extracted: the evidence for or against an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.html.block import Block
from extract.html.metadata import PageMetadata
from extract.html.parsing import Element
from extract.lexicon.speech import TO_READER, TOLD

# Urgent news is one sentence; what is shorter is a label.
MIN_BODY_WORDS = 8
MIN_STORY_SENTENCES = 2
# A video or a set of pictures has a line or two of text; with more it is an article that has pictures.
MAX_STUB_WORDS = 45
# So many headlines that are links are a list.
MIN_STORIES = 3
_SENTENCES = re.compile(r"[.!؟?…](?=\s|$)")


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


def states_article(metadata: PageMetadata) -> bool:
    is_typed = any("article" in kind.lower() for kind in metadata.meta.get("og:type", []))
    return is_typed or states_its_day(metadata)


def states_its_day(metadata: PageMetadata) -> bool:
    return metadata.article is not None or "article:published_time" in metadata.meta


def tells_a_story(evidence: Evidence) -> bool:
    """Whether the words beside a video or pictures are a short article: sentences below its title, not a caption."""
    texts = [block.text for block in evidence.kept if block.running]
    sentences = sum(len(_SENTENCES.findall(text)) for text in texts) if evidence.title_witnesses else 0
    return max(len(texts), sentences) >= MIN_STORY_SENTENCES


def is_told(evidence: Evidence) -> bool:
    """Whether somebody is said to have said or done something in the text."""
    return any(TOLD.search(block.folded) for block in evidence.kept)


def speaks_to_reader(evidence: Evidence) -> bool:
    """Whether a paragraph of the text speaks to who opened the page, and nobody is told to have said it."""
    return any(TO_READER.search(block.folded) and not TOLD.search(block.folded) for block in evidence.kept)
