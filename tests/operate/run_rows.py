"""Rows of news.runs for tests, made from the start and end of their windows."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.model.records import Run
from storage.model.window import Window, parse_time

NOW = datetime(2025, 1, 10, 12, tzinfo=UTC)


def window(start: str, end: str) -> Window:
    return Window(parse_time(start), parse_time(end))


def run(start: str, end: str, *, verdict: str = "ok", articles: int = 10, baseline: float | None = 10.0) -> Run:
    covers = window(start, end)
    return Run(
        run_id=f"demo/{covers}",
        portal="demo",
        window_start=covers.start,
        window_end=covers.end,
        verdict=verdict,
        findings=(),
        links=articles,
        outcomes={"new": articles},
        articles_new=articles,
        editions=0,
        rejected=0,
        baseline_articles=baseline,
        rounds=1,
        attempts=1,
        requests=articles,
        bytes_received=1,
        crawl_seconds=1.0,
        started_at=NOW,
        finished_at=NOW,
        extractor_version="1",
        code_version="1",
    )
