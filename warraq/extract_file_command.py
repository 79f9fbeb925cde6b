"""`warraq extract-file` itself."""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from extract.extractor import EXTRACTOR_VERSION, extract_article
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
from storage.model.window import parse_time
from storage.settings import read_settings

MAX_FILE_BYTES = 64_000_000
_OFFSET = re.compile(r"\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?\s?([+-])(\d{2}):?(\d{2})\s*$")


def extract_files(
    files: Sequence[str], *, url: str | None, captured_at: str | None, portal: str | None, as_json: bool
) -> None:
    """Print one object or one panel a file. Raises UsageError for what cannot be read."""
    if url is not None and len(files) > 1:
        raise UsageError("--url names one page, and there are several files", remedy="give the files one by one")
    moment = parse_time(captured_at, name="--captured-at") if captured_at else datetime.now(UTC).replace(microsecond=0)
    pages = [(name, _read(name)) for name in files]
    console = Console()
    for name, body in pages:
        page = Page(body=body, captured_at=moment, url=url)
        profile = _profile(portal, page)
        result = extract_article(page, profile)
        if as_json:
            click.echo(json.dumps(as_object(name, result, profile), ensure_ascii=False))
        else:
            console.print(_panel(name, result, profile))


def as_object(name: str, result: ArticleText | Rejected, profile: PortalProfile) -> dict[str, Any]:
    """One file's result as plain JSON values. `published` is `published_at` in the page's own offset, when known."""
    known: dict[str, Any] = {"file": name, "portal": profile.name or None, "extractor_version": EXTRACTOR_VERSION}
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


def _read(name: str) -> bytes:
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


def _profile(portal: str | None, page: Page) -> PortalProfile:
    if portal is None:
        return UNKNOWN_PORTAL
    settings = read_settings()
    return profile_for(page, load_portals(settings)) if portal == "auto" else find_portal(portal, settings).profile


def profile_for(page: Page, portals: Mapping[str, Portal]) -> PortalProfile:
    """The profile of the portal on whose domain the page says it stands, else the unknown portal's."""
    try:
        address = page_address(read_metadata(parse_html(decode_page(page))), page.url)
    except (NotHtml, TooComplex):
        return UNKNOWN_PORTAL
    host = urlsplit(address or "").hostname or ""
    for definition in portals.values():
        own = [domain.lstrip(".") for domain in definition.all_domains]
        if any(host == domain or host.endswith(f".{domain}") for domain in own if domain):
            return definition.profile
    return UNKNOWN_PORTAL


def _panel(name: str, result: ArticleText | Rejected, profile: PortalProfile) -> Panel:
    if isinstance(result, Rejected):
        text = Text(f"not an article: {result.reason}\n{result.detail}")
        return Panel(text, title=Text(name), border_style="yellow")
    published = own_time(result, profile)
    facts = {
        "published": f"{published.isoformat()} ({result.published_source}, {result.published_confidence})"
        if published
        else "unknown",
        "authors": "، ".join(result.authors) or "none",
        "agency": result.agency,
        "section": result.section,
        "words": f"{result.word_count:,}",
        "quality": f"{result.quality} {' '.join(result.flags)}",
        "removed": ", ".join(sorted({block.rule for block in result.removed_blocks})) or "nothing",
    }
    text = Text(f"{result.title}\n\n", style="bold")
    text.append("\n".join(f"{key:<10}{value}" for key, value in facts.items() if value), style="dim")
    text.append(f"\n\n{result.body}", style="not bold")
    return Panel(text, title=Text(name))
