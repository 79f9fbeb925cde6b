"""Page in, article or rejection out: the stages of extraction in their order."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from extract.boilerplate.learnt_lines import LearntLines
from extract.dates import ResolvedDates, date_fields, page_dates
from extract.fields.authors import BLOCKS_ABOVE_HEADLINE, BLOCKS_BELOW_TEXT, Byline, find_byline
from extract.fields.licence import stated_licence
from extract.fields.section_tags_image import read_page_facts
from extract.fields.title import Headline
from extract.html.block import Block
from extract.html.decoding import decode
from extract.html.parsing import CUT_AT_DEPTH, MAX_DEPTH, NotHtml, TooComplex, parse_html
from extract.html.selectors import select_elements, select_texts
from extract.lexicon.language import language_of
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL, PortalProfile
from extract.text.article_text import ArticleBody, article_text, page_evidence, seen_blocks
from extract.text.reading import Reading, read_page
from extract.verdict.no_page import reject_bytes, reject_text
from extract.verdict.page_evidence import Evidence
from extract.verdict.page_kind import reject_page
from extract.verdict.quality import Measured, judge_quality
from storage.identity.arabic_folding import text_norm
from storage.identity.simhash import text_simhash
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Rejected

# Where no headline is seen, a byline is looked for this far above the text.
BLOCKS_WITHOUT_HEADLINE = 8
# What is left of the quality of a page of which the parser gave a part.
CUT_QUALITY = 0.5
# And of one whose text the voices disagree on, or trafilatura does not answer on.
IN_DOUBT = frozenset(("views_disagree", "trafilatura_silent", "trafilatura_partial"))
DOUBT_QUALITY = 0.9
# Between a lead and the text stand date, writer, picture, share bar.
MAX_BLOCKS_BEHIND_LEAD = 12


@dataclass
class Seen:
    """What was seen on the way to an article or a rejection, for who asks why (warraq/lookup/explain_page.py)."""

    blocks: Sequence[Block] = ()
    features: Sequence[tuple[float, ...]] = ()  # of the blocks, for the scorecard of text
    text: ArticleBody | None = None
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
    # What was read of the page is gone when the collector looks again.
    with _without_collector():
        return _extract(page, profile, learnt, seen or Seen())


def _extract(page: Page, profile: PortalProfile, learnt: LearntLines | None, seen: Seen) -> ArticleText | Rejected:
    rejected = reject_bytes(page)
    if rejected is not None:
        return rejected
    text, utf8 = decode(page.body, page.content_type)
    rejected = reject_text(text, page.body)
    if rejected is not None:
        return rejected
    try:
        root = parse_html(text, utf8)
        reading = read_page(root, page, profile)
    except NotHtml as error:
        return Rejected(Rejection.NOT_HTML, str(error))
    except TooComplex as error:
        return Rejected(Rejection.TOO_COMPLEX, str(error))
    return _from_reading(reading, page, profile, learnt, seen)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the search for cycles, which would look through all blocks and elements of the page again and again, a
    tenth of its time: they have none, and go with the last reference.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _from_reading(
    reading: Reading, page: Page, profile: PortalProfile, learnt: LearntLines | None, seen: Seen
) -> ArticleText | Rejected:
    root = reading.root
    text = article_text(reading, page, learnt)
    seen.blocks, seen.features, seen.headline, seen.text = reading.blocks, reading.features, reading.headline, text
    seen.evidence = page_evidence(reading, page, text)
    rejected = reject_page(seen.evidence)
    if rejected is not None and root.get(CUT_AT_DEPTH) is not None:
        detail = f"elements more than {MAX_DEPTH:,} deep: {rejected.detail}"
        return Rejected(Rejection.TOO_COMPLEX, detail, seen_blocks(reading, text))
    if rejected is not None:
        return Rejected(rejected.reason, rejected.detail, seen_blocks(reading, text))
    byline = _byline(reading, profile, text.shown, text.body)
    facts = read_page_facts(
        reading.metadata,
        profile,
        reading.blocks,
        url=reading.url,
        section=next(iter(select_texts(root, profile.section)), None),
        title=reading.headline.text,
    )
    dates = _dates(reading, page, profile, text.shown)
    seen.byline, seen.dates = byline, dates
    quality, flags = judge_quality(
        Measured(
            kept=text.blocks,
            words=text.words,
            date_confidence=dates.published.confidence if dates.published else None,
            title_witnesses=reading.headline.witnesses,
            title_is_visible=reading.headline.block is not None,
        )
    )
    flags |= text.flags
    if flags & IN_DOUBT:
        quality = round(quality * DOUBT_QUALITY, 3)
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
        body=text.body,
        description=facts.description,
        section=facts.section,
        tags=facts.tags,
        authors=byline.authors,
        agency=byline.agency,
        language=language_of(text.body, reading.metadata.html_lang),
        lead_image_url=facts.lead_image_url,
        canonical_url=facts.canonical_url,
        word_count=text.words,
        **date_fields(dates),
        removed_blocks=text.removed,
        quality=quality,
        flags=tuple(sorted(flags)),
        text_simhash=text_simhash(
            " ".join((text_norm(reading.headline.text), *(block.folded for block in text.blocks)))
        ),
        licence=stated_licence(
            root, reading.metadata, reading.blocks, url=reading.url, shown=text.shown, removed=text.removed
        ),
    )


def _byline(reading: Reading, profile: PortalProfile, kept: Sequence[Block], body: str) -> Byline:
    first, last = _span(reading, kept)
    headline = reading.headline.block
    lead, behind = (kept[0], kept[1]) if len(kept) > 1 and kept[0].order == first else (None, None)
    is_apart = lead is not None and behind is not None and lead.owner.getparent() is not behind.owner.getparent()
    if is_apart and behind is not None and 1 < behind.order - first <= MAX_BLOCKS_BEHIND_LEAD:
        first = behind.order  # the writer stands between the lead and the rest
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


def _span(reading: Reading, kept: Sequence[Block]) -> tuple[int, int]:
    """Numbers of the first and the last block of the text. Writer and date may stand between its lead and the rest."""
    orders = [block.order for block in kept if block.order not in reading.called]
    first, last = min(orders, default=reading.first), max(orders, default=reading.first)
    has_lead = first < reading.first <= first + MAX_BLOCKS_BEHIND_LEAD and reading.first <= last
    return reading.first if has_lead else first, last


def _dates(reading: Reading, page: Page, profile: PortalProfile, kept: Sequence[Block]) -> ResolvedDates:
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
