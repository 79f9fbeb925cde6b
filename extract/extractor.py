"""Page in, article or rejection out: the stages of extraction in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from extract.body.json_ld_body import stated_blocks
from extract.body.other_stories import mark_other_stories, mark_scopes
from extract.body.region import Region, find_region, mark_structure, with_lead
from extract.body.skip_links import mark_skipped
from extract.body.text_density import prose_weight
from extract.body.trafilatura_text import body_text
from extract.boilerplate.block_verdicts import Surroundings
from extract.boilerplate.learnt_lines import LearntLines, learnt_verdicts
from extract.boilerplate.remove import boilerplate_verdicts
from extract.dates import ResolvedDates, date_fields, page_dates
from extract.fields.authors import BLOCKS_ABOVE_HEADLINE, BLOCKS_BELOW_TEXT, Byline, find_byline
from extract.fields.section_tags_image import page_address, read_page_facts
from extract.fields.site_names import name_beside, site_names
from extract.fields.title import Headline, find_headline
from extract.html.blocks import Block, read_blocks
from extract.html.decoding import decode_page
from extract.html.metadata import PageMetadata, read_metadata
from extract.html.parsing import CUT_AT_DEPTH, MAX_DEPTH, Element, NotHtml, TooComplex, parse_html
from extract.html.selectors import remove_selected, select_elements, select_texts
from extract.lexicon.language import language_of
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL, PortalProfile
from extract.verdict.page_evidence import Evidence
from extract.verdict.page_kind import reject_bytes, reject_page, reject_text
from extract.verdict.quality import Measured, judge_quality
from storage.identity.simhash import text_simhash
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Rejected, RemovedBlock

# What an analyst needs to see of a stripped block, and of all of them.
MAX_REMOVED_CHARACTERS = 500
MAX_REMOVED_BLOCKS = 200
# Where no headline is seen, a byline is looked for this far above the text.
BLOCKS_WITHOUT_HEADLINE = 8
# What is left of the quality of a page of which the parser gave a part.
CUT_QUALITY = 0.5
# Between a lead and the text stand date, writer, picture, share bar.
MAX_BLOCKS_BEHIND_LEAD = 12


@dataclass(frozen=True)
class _Reading:
    """One page as it has been read: tree, head, blocks, and where the article is."""

    root: Element
    metadata: PageMetadata
    blocks: list[Block]
    url: str | None
    names: tuple[str, ...]
    headline: Headline
    region: Region | None
    first: int  # number of the first block of prose


@dataclass
class Seen:
    """What was seen on the way to an article or a rejection, for who asks why (warraq/lookup/explain_page.py)."""

    blocks: Sequence[Block] = ()
    evidence: Evidence | None = None
    headline: Headline | None = None
    byline: Byline | None = None
    dates: ResolvedDates | None = None


def extract_article(
    page: Page,
    profile: PortalProfile = UNKNOWN_PORTAL,
    *,
    learnt: LearntLines | None = None,
    seen: Seen | None = None,
) -> ArticleText | Rejected:
    """The article on the page, or why there is none. Never raises; the same arguments give the same record.

    What was seen is put into `seen` where it is given. `learnt` holds lines that repeat over the portal's articles;
    they are stripped too.
    """
    rejected = reject_bytes(page)
    if rejected is not None:
        return rejected
    text = decode_page(page)
    rejected = reject_text(text)
    if rejected is not None:
        return rejected
    try:
        root = parse_html(text)
    except NotHtml as error:
        return Rejected(Rejection.NOT_HTML, str(error))
    except TooComplex as error:
        return Rejected(Rejection.TOO_COMPLEX, str(error))
    return _from_tree(root, page, profile, learnt, seen or Seen())


def _from_tree(
    root: Element, page: Page, profile: PortalProfile, learnt: LearntLines | None, seen: Seen
) -> ArticleText | Rejected:
    reading = _read(root, page, profile)
    kept, removed = _strip(reading, reading.region.blocks if reading.region is not None else [], learnt)
    stated = stated_blocks(reading.metadata, kept)
    text_blocks = kept
    if stated is not None:
        kept, (text_blocks, removed) = [], _strip(reading, stated, learnt)
    body = body_text(text_blocks)
    words = len(body.split())
    seen.blocks, seen.headline = reading.blocks, reading.headline
    seen.evidence = _evidence(reading, page, text_blocks, removed, words)
    rejected = reject_page(seen.evidence)
    if rejected is not None and root.get(CUT_AT_DEPTH) is not None:
        return Rejected(Rejection.TOO_COMPLEX, f"elements more than {MAX_DEPTH:,} deep: {rejected.detail}", removed)
    if rejected is not None:
        return Rejected(rejected.reason, rejected.detail, removed)
    byline = _byline(reading, profile, kept, body)
    facts = read_page_facts(
        reading.metadata,
        profile,
        reading.blocks,
        url=reading.url,
        section=next(iter(select_texts(root, profile.section)), None),
        title=reading.headline.text,
    )
    dates = _dates(reading, page, profile, kept)
    seen.byline, seen.dates = byline, dates
    quality, flags = judge_quality(
        Measured(
            kept=text_blocks,
            words=words,
            date_confidence=dates.published.confidence if dates.published else None,
            title_witnesses=reading.headline.witnesses,
            title_is_visible=reading.headline.block is not None,
        )
    )
    if stated is not None:
        flags.add("body_from_json_ld")
    if root.get(CUT_AT_DEPTH) is not None:
        flags.add("cut_at_depth")
        quality = round(quality * CUT_QUALITY, 3)
    if facts.canonical_elsewhere:
        flags.add("canonical_elsewhere")
    if facts.canonical_of_section:
        flags.add("canonical_of_section")
    flags.update(dates.flags)
    return ArticleText(
        title=reading.headline.text,
        body=body,
        description=facts.description,
        section=facts.section,
        tags=facts.tags,
        authors=byline.authors,
        agency=byline.agency,
        language=language_of(body, reading.metadata.html_lang),
        lead_image_url=facts.lead_image_url,
        canonical_url=facts.canonical_url,
        word_count=words,
        **date_fields(dates),
        removed_blocks=removed,
        quality=quality,
        flags=tuple(sorted(flags)),
        text_simhash=text_simhash(reading.headline.text, body),
    )


def _read(root: Element, page: Page, profile: PortalProfile) -> _Reading:
    metadata = read_metadata(root, page.url, link_header=page.link_header)
    url = page_address(metadata, page.url)
    remove_selected(root, profile.remove)
    blocks = read_blocks(root)
    mark_structure(blocks, root)
    mark_skipped(blocks)
    mark_scopes(blocks, metadata.other_scopes)
    names = site_names(metadata, profile.site_names, urlsplit(url or "").hostname, blocks)
    headline = find_headline(
        blocks,
        metadata,
        names,
        before=next((block.order for block in blocks if prose_weight(block)), len(blocks)),
        selected=next(iter(select_texts(root, profile.title)), None),
    )
    beside = name_beside(headline.text, metadata.title_element)
    names = (*names, beside) if beside else names
    mark_other_stories(blocks, headline.block)
    selected = next(iter(select_elements(root, profile.body)), None)
    region = find_region(blocks, root, headline=headline.block, selected=selected)
    in_region = region.blocks if region is not None else []
    first = next((block.order for block in in_region if prose_weight(block)), len(blocks))
    if region is not None and headline.block is not None and headline.block.order < first:
        region = with_lead(region, blocks, after=headline.block.order)
    return _Reading(root, metadata, blocks, url, names, headline, region, first)


def _strip(
    reading: _Reading, candidates: Sequence[Block], learnt: LearntLines | None
) -> tuple[list[Block], tuple[RemovedBlock, ...]]:
    """The blocks of the article, and what was taken from between them."""
    named = reading.region is not None and reading.region.named
    around = Surroundings(
        reading.headline.text, site_names=reading.names, named_region=named, headline_block=reading.headline.block
    )
    verdicts = boilerplate_verdicts(candidates, around)
    verdicts |= learnt_verdicts([(i, block.text) for i, block in enumerate(candidates) if i not in verdicts], learnt)
    kept = [block for index, block in enumerate(candidates) if index not in verdicts]
    removed = [
        RemovedBlock(verdicts[index], block.text[:MAX_REMOVED_CHARACTERS])
        for index, block in enumerate(candidates)
        if index in verdicts
    ]
    return kept, tuple(removed[:MAX_REMOVED_BLOCKS])


def _evidence(
    reading: _Reading, page: Page, kept: Sequence[Block], removed: Sequence[RemovedBlock], words: int
) -> Evidence:
    return Evidence(
        root=reading.root,
        metadata=reading.metadata,
        blocks=reading.blocks,
        kept=kept,
        title=reading.headline.text,
        headline=reading.headline.block,
        title_witnesses=reading.headline.witnesses,
        body_words=words,
        named_region=reading.region is not None and reading.region.named,
        url=reading.url,
        status=page.status,
        removed_rules=frozenset(block.rule for block in removed),
    )


def _byline(reading: _Reading, profile: PortalProfile, kept: Sequence[Block], body: str) -> Byline:
    first, last = _span(reading, kept)
    headline = reading.headline.block
    top = headline.order if headline is not None and headline.order <= first else first - BLOCKS_WITHOUT_HEADLINE
    return find_byline(
        reading.blocks,
        reading.metadata,
        reading.names,
        above=range(max(0, top - BLOCKS_ABOVE_HEADLINE), first + 1),
        below=range(last, last + 1 + BLOCKS_BELOW_TEXT),
        selected=select_texts(reading.root, profile.author),
        body=body,
        title=reading.headline.text,
    )


def _span(reading: _Reading, kept: Sequence[Block]) -> tuple[int, int]:
    """Numbers of the first and the last block of the text. Writer and date may stand between its lead and the rest."""
    orders = [block.order for block in kept]
    first, last = min(orders, default=reading.first), max(orders, default=reading.first)
    has_lead = first < reading.first <= first + MAX_BLOCKS_BEHIND_LEAD and reading.first <= last
    return reading.first if has_lead else first, last


def _dates(reading: _Reading, page: Page, profile: PortalProfile, kept: Sequence[Block]) -> ResolvedDates:
    return page_dates(
        page,
        profile,
        url=reading.url,
        metadata=reading.metadata,
        blocks=reading.blocks,
        headline=reading.headline.block,
        body_start=_span(reading, kept)[0],
        body_end=_span(reading, kept)[1],
        selected=select_elements(reading.root, profile.date),
    )
