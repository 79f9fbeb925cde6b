"""A page read once: its tree, its head, its blocks with what they look like, and where the article seems to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from extract.body.block_features import block_features
from extract.body.block_shapes import is_row_of_facts
from extract.body.others.cards import mark_called_cards, mark_headed_cards, mark_plain_cards
from extract.body.others.flat_cards import mark_flat_cards
from extract.body.others.other_stories import mark_other_stories, mark_scopes
from extract.body.others.set_apart import mark_second_story, mark_skipped, set_offers_apart
from extract.body.region import Region, find_region, mark_structure, with_lead
from extract.boilerplate.block_verdicts import Surroundings
from extract.boilerplate.learnt_lines import LearntLines, learnt_verdicts
from extract.boilerplate.notices import mark_notice
from extract.boilerplate.remove import boilerplate_verdicts, text_verdicts
from extract.fields.authors import LINES_BESIDE_HEADLINE
from extract.fields.section_tags_image import page_address
from extract.fields.site_names import name_beside, site_names
from extract.fields.stated_names import stated_persons
from extract.fields.title import Headline, find_headline
from extract.html.block import Block
from extract.html.blocks import read_blocks
from extract.html.metadata import PageMetadata, read_metadata
from extract.html.own_story import mark_leading_out
from extract.html.parsing import Element
from extract.html.selectors import remove_selected, select_elements, select_texts
from extract.html.streamed import place_streamed
from extract.page import Page
from extract.profile import PortalProfile
from storage.identity.arabic_folding import text_norm


@dataclass(frozen=True)
class Reading:
    """One page as it has been read."""

    root: Element
    metadata: PageMetadata
    blocks: list[Block]
    features: list[tuple[float, ...]]  # of each block, see BLOCK_FEATURES
    url: str | None
    names: tuple[str, ...]
    headline: Headline
    region: Region | None
    first: int  # number of the first block of prose
    is_sure: bool  # the region is what a portal's selector found, or all that is left beside a notice

    @property
    def is_named(self) -> bool:
        """Whether the region's element calls itself the article's text."""
        return self.region is not None and self.region.named

    @property
    def called(self) -> frozenset[int]:
        """Numbers of the lines that are called the text's lead, or are its points."""
        return self.region.called if self.region is not None else frozenset()


def read_page(root: Element, page: Page, profile: PortalProfile) -> Reading:
    """Read a parsed page. Takes what the profile removes out of the tree."""
    place_streamed(root)
    metadata = read_metadata(root, page.url, link_header=page.link_header)
    url = page_address(metadata, page.url)
    remove_selected(root, profile.remove)
    blocks = read_blocks(root)
    if set_offers_apart(blocks):
        blocks = read_blocks(root)
    mark_leading_out(blocks, url)
    mark_structure(blocks, root)
    mark_skipped(blocks)
    mark_scopes(blocks, metadata.other_scopes)
    names = site_names(metadata, profile.site_names, urlsplit(url or "").hostname, blocks)
    headline = find_headline(
        blocks,
        metadata,
        names,
        before=next((block.order for block in blocks if block.own_text), len(blocks)),
        selected=next(iter(select_texts(root, profile.title)), None),
    )
    beside = name_beside(headline.text, metadata.title_element)
    names = (*names, beside) if beside else names
    if headline.block is not None:
        # As long as a paragraph where it has all that a portal knows.
        for block in blocks[headline.block.order + 1 : headline.block.order + 1 + LINES_BESIDE_HEADLINE]:
            block.running = 0 if is_row_of_facts(block) else block.running
    mark_other_stories(blocks, headline.block)
    mark_plain_cards(blocks, headline.block)
    mark_headed_cards(blocks)
    mark_flat_cards(blocks, headline.block)
    mark_called_cards(blocks, headline.block)
    mark_second_story(blocks, headline.block)
    selected = next(iter(select_elements(root, profile.body)), None)
    region = find_region(blocks, root, headline=headline.block, selected=selected)
    is_sure = selected is not None and region is not None and region.element is selected
    if region is not None and mark_notice(region.blocks):
        # Lines so short that the notice outweighs them: a poem, a list.
        left = find_region(blocks, root, headline=headline.block, selected=selected)
        region, is_sure = left or region, left is not None
    in_region = region.blocks if region is not None else []
    first = next((block.order for block in in_region if block.own_text), len(blocks))
    if region is not None and headline.block is not None and headline.block.order < first:
        region = with_lead(region, blocks, after=headline.block.order)
    return Reading(
        root=root,
        metadata=metadata,
        blocks=blocks,
        features=block_features(blocks, headline.block),
        url=url,
        names=names,
        headline=headline,
        region=region,
        first=first,
        is_sure=is_sure,
    )


def boilerplate(reading: Reading, candidates: Sequence[Block], learnt: LearntLines | None) -> dict[int, str]:
    """Rule ids by index of the region's blocks that rules or learnt lines take for something else than text."""
    return _with_learnt(boilerplate_verdicts(candidates, _surroundings(reading)), candidates, learnt)


def boilerplate_amid_text(reading: Reading, blocks: Sequence[Block], learnt: LearntLines | None) -> dict[int, str]:
    """The same for blocks that were found to be text, wherever on the page they stand."""
    return _with_learnt(text_verdicts(blocks, _surroundings(reading)), blocks, learnt)


def _surroundings(reading: Reading) -> Surroundings:
    return Surroundings(
        reading.headline.text,
        site_names=reading.names,
        named_region=reading.is_named,
        headline_block=reading.headline.block,
        writers=tuple(text_norm(name) for name in stated_persons(reading.metadata)),
    )


def _with_learnt(verdicts: dict[int, str], blocks: Sequence[Block], learnt: LearntLines | None) -> dict[int, str]:
    return verdicts | learnt_verdicts([(i, block.text) for i, block in enumerate(blocks) if i not in verdicts], learnt)
