"""What the extractor makes of a saved page: whose it is, and the result as plain values."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from extract.decide.version import extractor_version
from extract.fields.section_tags_image import page_address
from extract.html.decoding import decode_page
from extract.html.metadata import read_metadata
from extract.html.parsing import NotHtml, TooComplex, parse_html
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL, PortalProfile
from spiders.portal.definition import Portal
from spiders.registry import find_portal, load_portals
from storage.errors import UsageError
from storage.model.records import ArticleText, Rejected
from storage.settings import read_settings

MAX_FILE_BYTES = 64_000_000

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


def read_saved(name: str) -> bytes:
    """The bytes of a saved page, unpacked; `-` is standard input. Raises UsageError."""
    if name == "-":
        body = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    else:
        try:
            with Path(name).open("rb") as file:
                body = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise UsageError(f"{name}: {error.strerror}", remedy="name files that hold saved pages") from error
    if len(body) > MAX_FILE_BYTES:
        raise UsageError(f"{name}: more than {MAX_FILE_BYTES:,} bytes", remedy="name files that hold one page each")
    if body[:2] == b"\x1f\x8b":
        try:
            return zlib.decompressobj(wbits=31).decompress(body, MAX_FILE_BYTES)
        except zlib.error:
            return body  # the extractor calls it damaged
    return body


def profile_named(portal: str | None, page: Page) -> PortalProfile:
    """The profile of a portal by its name, `auto`: by the page's address; the unknown portal's for None."""
    if portal is None:
        return UNKNOWN_PORTAL
    settings = read_settings()
    return profile_for(page, load_portals(settings)) if portal == "auto" else find_portal(portal, settings).profile
