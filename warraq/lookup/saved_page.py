"""What the extractor makes of a saved page: whose it is, and the result as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from extract.fields.section_tags_image import page_address
from extract.html.decoding import decode_page
from extract.html.metadata import read_metadata
from extract.html.parsing import NotHtml, TooComplex, parse_html
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL, PortalProfile
from extract.version import extractor_version
from spiders.portal.definition import Portal
from storage.model.records import ArticleText, Rejected

_OFFSET = re.compile(r"\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?\s?([+-])(\d{2}):?(\d{2})\s*$")


def as_object(name: str, result: ArticleText | Rejected, profile: PortalProfile) -> dict[str, Any]:
    """One file's result as plain JSON values. `published` is `published_at` in the page's own offset, when known."""
    known: dict[str, Any] = {"file": name, "portal": profile.name or None, "extractor_version": extractor_version()}
    removed = [asdict(block) for block in result.removed_blocks]
    if isinstance(result, Rejected):
        return {**known, "rejection": str(result.reason), "detail": result.detail, "removed_blocks": removed}
    fields = asdict(result)
    published = own_time(result, profile)
    times = {
        "published": published.isoformat() if published else None,
        "published_at": result.published_at.isoformat() if result.published_at else None,
        "modified_at": result.modified_at.isoformat() if result.modified_at else None,
    }
    return {**known, **fields, **times, "removed_blocks": removed}


def own_time(article: ArticleText, profile: PortalProfile) -> datetime | None:
    """The publication in the offset that the page states, else in the portal's zone, else in UTC."""
    if article.published_at is None or article.published_precision == "day":
        return article.published_at
    match = _OFFSET.search(article.published_raw or "")
    if match is not None:
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if offset < timedelta(hours=15):
            return article.published_at.astimezone(timezone(offset if match[1] == "+" else -offset))
    return article.published_at.astimezone(ZoneInfo(profile.timezone) if profile.timezone else UTC)


def profile_for(page: Page, portals: Mapping[str, Portal]) -> PortalProfile:
    """The profile of the portal on whose domain the page says it stands, else the unknown portal's."""
    try:
        address = page_address(read_metadata(parse_html(decode_page(page))), page.url)
    except (NotHtml, TooComplex):
        return UNKNOWN_PORTAL
    for definition in portals.values():
        if address and (definition.hosts.owns(address) or definition.hosts.is_beneath(address)):
            return definition.profile
    return UNKNOWN_PORTAL
