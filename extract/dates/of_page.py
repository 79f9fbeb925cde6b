"""The dates of one page, as the extractor asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TypedDict

from extract.dates.grammar.arabic import parse_dates
from extract.dates.grammar.zones import portal_zone
from extract.dates.records import LISTING, URL, DateWitness, RefusedDate, ResolvedDates
from extract.dates.resolve import resolve_dates
from extract.dates.witnesses.all_witnesses import date_witnesses
from extract.dates.witnesses.dateline import dateline_witnesses
from extract.dates.witnesses.elements import MAX_LINE_CHARACTERS
from extract.html.block import Block
from extract.html.metadata import PageMetadata
from extract.html.parsing import Element
from extract.page import Page
from extract.profile import PortalProfile

MAX_BLOCKS = 1_000  # looked through only when a relative date is all there is
STALE = timedelta(days=3)  # a portal's page that names days names one of the last three: other stories, its clock


class DateFields(TypedDict):
    """The fields of storage.model.records.ArticleText that hold dates."""

    published_at: datetime | None
    published_precision: str | None
    published_source: str | None
    published_confidence: float | None
    published_raw: str | None
    modified_at: datetime | None


def page_dates(
    page: Page,
    profile: PortalProfile,
    *,
    url: str | None,
    metadata: PageMetadata,
    blocks: Sequence[Block],
    headline: Block | None,
    body_start: int,
    body_end: int,
    selected: Sequence[Element] = (),
) -> ResolvedDates:
    """Publication and change of the page's article. `body_start` and `body_end` are orders of blocks."""
    witnesses = date_witnesses(
        url=url,
        meta=metadata.meta,
        article=metadata.article,
        nodes=metadata.page_nodes,
        blocks=blocks,
        headline=headline,
        body_start=body_start,
        body_end=body_end,
        selected=selected,
        listed_at=page.listed_at,
    )
    zone = portal_zone(profile.timezone, profile.country)
    dates = resolve_dates(witnesses, captured_at=page.captured_at, zone=zone, quirks=profile.date_quirks)
    if dates.published is None and not dates.refused:
        witnesses += dateline_witnesses(blocks, body_start=body_start)
        dates = resolve_dates(witnesses, captured_at=page.captured_at, zone=zone, quirks=profile.date_quirks)
    if dates.published and "relative" in dates.published.flags and _was_saved_before(page.captured_at, blocks, zone):
        witness = DateWitness(dates.published.source, "relative", dates.published.raw)
        refused = (RefusedDate(witness, "date_doubtful"), *dates.refused)
        return ResolvedDates(None, dates.modified, ("date_doubtful", "date_missing"), refused, dates.evidence)
    return dates


def _was_saved_before(captured_at: datetime, blocks: Sequence[Block], zone: tzinfo | None) -> bool:
    """Whether all dates on the page are so old that it cannot have been served when it is said to be captured.

    So it is with a file saved long ago: «منذ 3 ساعات» then counts from a moment that nobody knows.
    """
    newest: datetime | None = None
    for block in blocks[:MAX_BLOCKS]:
        if len(block.text) <= MAX_LINE_CHARACTERS:
            for parsed in parse_dates(block.text, zone=zone, captured_at=captured_at):
                if not parsed.is_relative:
                    newest = max(newest or parsed.instant, parsed.instant)
    return newest is not None and newest < captured_at - STALE


def date_fields(dates: ResolvedDates) -> DateFields:
    """The dates as fields of an article's record."""
    published = dates.published
    raw = published.raw if published else None
    if dates.refused and (published is None or published.source in (URL, LISTING)):
        raw = dates.refused[0].witness.raw  # what the page itself says of its date
    return DateFields(
        published_at=published.instant if published else None,
        published_precision=published.precision if published else None,
        published_source=published.source if published else None,
        published_confidence=published.confidence if published else None,
        published_raw=raw,
        modified_at=dates.modified.instant if dates.modified else None,
    )
