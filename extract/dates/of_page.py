"""The dates of one page, as the extractor asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from extract.blocks import Block
from extract.dates.records import ResolvedDates
from extract.dates.resolve import resolve_dates
from extract.dates.witnesses import date_witnesses
from extract.dates.zones import portal_zone
from extract.metadata import PageMetadata
from extract.page import Page
from extract.parsing import Element
from extract.profile import PortalProfile


class DateFields(TypedDict):
    """The fields of storage.records.ArticleText that hold dates."""

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
        nodes=metadata.json_ld,
        blocks=blocks,
        headline=headline,
        body_start=body_start,
        body_end=body_end,
        selected=selected,
        listed_at=page.listed_at,
    )
    zone = portal_zone(profile.timezone, profile.country)
    return resolve_dates(witnesses, captured_at=page.captured_at, zone=zone, quirks=profile.date_quirks)


def date_fields(dates: ResolvedDates) -> DateFields:
    """The dates as fields of an article's record."""
    published = dates.published
    return DateFields(
        published_at=published.instant if published else None,
        published_precision=published.precision if published else None,
        published_source=published.source if published else None,
        published_confidence=published.confidence if published else None,
        published_raw=published.raw if published else None,
        modified_at=dates.modified.instant if dates.modified else None,
    )
