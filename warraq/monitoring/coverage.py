"""What of a portal's time is archived: pure arithmetic over the runs of `news.runs`."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from storage.model.records import Run, Verdict
from storage.model.window import Window

DAY = timedelta(days=1)
# Below this share of what the portal yields in such a window a day is called thin; a slow Friday is still above it.
THIN_SHARE = 0.5


class DayStatus(enum.StrEnum):
    """How a day stands, worst last."""

    ARCHIVED = "archived"
    THIN = "thin"
    DEGRADED = "degraded"
    PARTIAL = "partial"
    MISSING = "missing"


@dataclass(frozen=True)
class DayCoverage:
    """One UTC day of a portal. `articles` counts new articles and editions of the windows centred on the day."""

    portal: str
    day: date
    status: DayStatus
    covered_hours: float
    articles: int
    expected_articles: float | None
    runs: int


def uncovered(window: Window, covered: Iterable[Window]) -> list[Window]:
    """The parts of `window` that none of `covered` touches, in order."""
    gaps = []
    start = window.start
    for other in sorted(covered):
        if other.start >= window.end:
            break
        if other.start > start:
            gaps.append(Window(start, min(other.start, window.end)))
        start = max(start, other.end)
    if start < window.end:
        gaps.append(Window(start, window.end))
    return gaps


def published_windows(runs: Iterable[Run]) -> list[Window]:
    """Windows of the runs that readers see."""
    return [Window(run.window_start, run.window_end) for run in runs if run.verdict != Verdict.FAILED]


def day_coverage(portal: str, runs: Sequence[Run], days: Iterable[date], *, now: datetime) -> list[DayCoverage]:
    """Each of the days; of today only the hours that are over can be missing."""
    published = [run for run in runs if run.verdict != Verdict.FAILED]
    covered = published_windows(published)
    return [_day(portal, day, published, covered, now) for day in days if _start(day) < now]


def _day(portal: str, day: date, published: Sequence[Run], covered: Sequence[Window], now: datetime) -> DayCoverage:
    start, end = _start(day), min(_start(day) + DAY, now.replace(microsecond=0))
    touching = [run for run in published if run.window_start < end and run.window_end > start]
    missing = (
        sum((gap.end - gap.start for gap in uncovered(Window(start, end), covered)), timedelta())
        if end > start
        else DAY
    )
    # A run belongs to the day its window is centred on, so that none is counted twice.
    centred = [run for run in touching if run.window_start + (run.window_end - run.window_start) / 2 < start + DAY]
    centred = [run for run in centred if run.window_start + (run.window_end - run.window_start) / 2 >= start]
    articles = sum(run.articles_new + run.editions for run in centred)
    baselines = [run.baseline_articles for run in centred if run.baseline_articles is not None]
    expected = sum(baselines) if baselines and len(baselines) == len(centred) else None
    return DayCoverage(
        portal=portal,
        day=day,
        status=_status(touching, missing=missing, whole=end - start, articles=articles, expected=expected),
        covered_hours=round((end - start - missing) / timedelta(hours=1), 2),
        articles=articles,
        expected_articles=expected,
        runs=len(touching),
    )


def _status(
    touching: Sequence[Run], *, missing: timedelta, whole: timedelta, articles: int, expected: float | None
) -> DayStatus:
    if missing >= whole:
        return DayStatus.MISSING
    # The last hour of today is not over yet, and the run for it has not begun.
    if missing > timedelta(hours=1):
        return DayStatus.PARTIAL
    if any(run.verdict == Verdict.DEGRADED for run in touching):
        return DayStatus.DEGRADED
    if expected is not None and articles < THIN_SHARE * expected:
        return DayStatus.THIN
    return DayStatus.ARCHIVED


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
