"""What a crawl was asked for and what was known before its first request: frozen, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from spiders.http.retry_policy import RULES
from spiders.job.scrapy_settings import request_headers
from spiders.links.options import CrawlOptions
from spiders.links.told_apart import read_told_apart
from spiders.portal.definition import Portal
from spiders.sources.records import RECENT
from storage.model.outcomes import Outcome
from storage.model.records import LinkRecord, Role
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.chunk_index import IndexEntry
from storage.raw.run import RawRun
from storage.settings import Settings

# A source that a killed attempt captured is read from the archive, unless it lists the present and has grown old.
SOURCE_STAYS_FRESH_SECONDS = 6 * 3600.0


@dataclass(frozen=True)
class CrawlPlan:
    """One window of one portal, by these settings, at this time; and what earlier attempts of its round left."""

    portal: Portal
    run: RunId
    settings: Settings
    options: CrawlOptions
    headers: Mapping[str, str]
    store: ObjectStore
    raw: RawRun
    round: int
    attempt: int
    now: datetime  # the clock that windows and revisits are judged by
    started_at: datetime
    earlier: Mapping[str, LinkRecord]  # by link id: ended by an attempt of this round
    earlier_sources: Mapping[str, IndexEntry]  # by URL: captured by such an attempt

    @property
    def max_requests(self) -> int:
        """How many may leave in this run."""
        return self.options.max_requests or self.portal.politeness.max_requests_per_run

    @property
    def is_live(self) -> bool:
        """Whether the window is of the present."""
        return self.run.window.end > self.now - RECENT


def make_plan(portal: Portal, window: Window, settings: Settings, options: CrawlOptions, *, now: datetime) -> CrawlPlan:
    """Read what the plan needs. Raises UsageError, StoreUnreachable, StoreDenied."""
    run = RunId(portal.name, window)
    headers = request_headers(portal, settings)
    store = open_store(settings)
    raw = RawRun(store, run)
    round_, attempt = raw.next_position()
    is_live = window.end > now - RECENT
    links, sources = _left_by_earlier_attempts(raw, round_, now, is_live=is_live) if attempt > 1 else ({}, {})
    return CrawlPlan(
        portal=read_told_apart(store, portal),
        run=run,
        settings=settings,
        options=options,
        headers=headers,
        store=store,
        raw=raw,
        round=round_,
        attempt=attempt,
        now=now,
        started_at=datetime.now(UTC),
        earlier=links,
        earlier_sources=sources,
    )


def _left_by_earlier_attempts(
    raw: RawRun, round_: int, now: datetime, *, is_live: bool
) -> tuple[dict[str, LinkRecord], dict[str, IndexEntry]]:
    """Links and sources that attempts of the unfinished round brought into the archive."""
    links: dict[str, LinkRecord] = {}
    sources: dict[str, IndexEntry] = {}
    prefix = f"r{round_:02d}-"
    for chunk in raw.chunks():
        if not chunk.key.rpartition("/")[2].startswith(prefix):
            continue
        for entry in raw.index(chunk):
            if entry.link is not None and not RULES[Outcome(entry.link.outcome)].is_transient:
                links[entry.link.link_id] = entry.link
            age = (now - entry.captured_at).total_seconds()
            if entry.role == Role.SOURCE and (not is_live or age < SOURCE_STAYS_FRESH_SECONDS):
                sources[entry.url] = entry
    return links, sources
