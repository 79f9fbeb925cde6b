"""Links and reports of an invented portal, for the parts of a crawl that need no network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from spiders.links.known_links import KnownLinks
from spiders.links.link_selection import Selection
from spiders.links.options import Revisit
from spiders.portal.definition import Portal
from spiders.sources.records import ListedLink
from storage.model.records import CrawlReport, LinkRecord
from storage.model.window import Window

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAST = Window(datetime(2024, 12, 1, tzinfo=UTC), datetime(2024, 12, 2, tzinfo=UTC))
LIVE = Window(NOW - timedelta(hours=1), NOW)
PORTAL = Portal(
    name="news",
    title_ar="أخبار",
    title_en="News",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.news.example/",
    domains=(".cdn.example",),
)


def selection(window: Window = PAST, *, revisit: Revisit = Revisit.DUE, known: KnownLinks | None = None) -> Selection:
    return Selection(PORTAL, window, NOW, f"news/{window}", revisit, known or KnownLinks())


def link(path: str = "/a", **fields: object) -> ListedLink:
    return replace(ListedLink(f"https://www.news.example{path}", "feed", "https://www.news.example/feed"), **fields)


def record(url: str = "https://www.news.example/a", outcome: str = "interrupted") -> LinkRecord:
    return LinkRecord(url=url, link_id=selection().identity(url), source="feed", source_url=None, outcome=outcome)


def report(outcomes: dict[str, int]) -> CrawlReport:
    return CrawlReport(
        run_id=f"news/{PAST}",
        round=1,
        attempt=1,
        started_at=NOW,
        finished_at=NOW,
        links=sum(outcomes.values()),
        outcomes=outcomes,
        chunks=(),
        links_key="",
        bytes_received=0,
        requests=0,
    )
