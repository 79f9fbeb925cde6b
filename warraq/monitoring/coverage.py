"""What of a portal's time is archived: arithmetic over the columns of its runs, linear in their number."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from storage.model.records import Run, Verdict
from storage.model.window import Window
from warraq.findings.rhythm import DAY as DAY_SECONDS
from warraq.findings.rhythm import HOUR, Numbers, Seconds
from warraq.findings.usual_days import is_thin, usual_days
from warraq.monitoring.run_columns import RunColumns

DAY = timedelta(days=1)
# Of today the windows that are not due yet cannot be missing: one that runs now, and one that has just ended.
DUE_WINDOWS = 2
FULL_SHARE = 0.95  # of a day covered: then it tells what a day of the portal brings


class DayStatus(enum.StrEnum):
    """How a day stands, worst last; the first two say nothing against the portal."""

    BEFORE = "before"
    DUE = "due"
    ARCHIVED = "archived"
    THIN = "thin"
    DEGRADED = "degraded"
    PARTIAL = "partial"
    REFUSED = "refused"
    MISSING = "missing"


@dataclass(frozen=True)
class DayCoverage:
    """One UTC day of a portal, by the windows centred on it.

    `articles` were seen for the first time, `editions` are new texts of known ones.
    """

    portal: str
    day: date
    status: DayStatus
    covered_hours: float
    articles: int
    editions: int
    expected_articles: float | None
    runs: int

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "portal": self.portal,
            "day": self.day.isoformat(),
            "status": str(self.status),
            "covered_hours": self.covered_hours,
            "articles": self.articles,
            "editions": self.editions,
            "expected_articles": self.expected_articles,
            "runs": self.runs,
        }


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
    """Windows of the runs that readers see, up to when they were crawled: what came later, no run has seen.

    Imported pages alone cover nothing: nobody asked for the others of their day.
    """
    spans = (
        (run.window_start, min(run.window_end, run.started_at.replace(microsecond=0)))
        for run in runs
        if run.verdict != Verdict.FAILED and run.requests
    )
    return [Window(start, end) for start, end in spans if start < end]


def day_coverage(
    portal: str,
    runs: RunColumns,
    days: Sequence[date],
    *,
    now: datetime,
    since: datetime | None = None,
    refused: Sequence[Window] = (),
) -> list[DayCoverage]:
    """Each of the days, which follow one another. Days before `since`, the first run ever, are empty, not missing.

    `runs` may begin before the days: what is usual is learnt from there.
    """
    days = [day for day in days if _seconds(day) < now.timestamp()]
    if not days:
        return []
    first = min(_seconds(days[0]), int(runs.start.min()) // DAY_SECONDS * DAY_SECONDS if len(runs) else 2**60)
    facts = _Days.of(runs, first=first, count=(_seconds(days[-1]) - first) // DAY_SECONDS + 1, now=now)
    shut = {day for window in refused for day in window.days()}
    begin = since.date() if since else None
    return [
        facts.coverage(portal, day, (_seconds(day) - first) // DAY_SECONDS, begin=begin, is_refused=day in shut)
        for day in days
    ]


@dataclass(frozen=True)
class _Days:
    """Figures with one place a day, from the first run's on; lists, because each is asked for alone."""

    over: list[int]  # seconds of the day that are past
    owed: list[int]  # of them, what a run should have covered by now
    covered: list[int]
    articles: list[float]
    editions: list[float]
    reached: list[float]
    usual: list[float]
    dispersion: float
    degraded: list[int]
    runs: list[int]

    @classmethod
    def of(cls, runs: RunColumns, *, first: int, count: int, now: datetime) -> _Days:
        starts = first + np.arange(count, dtype=np.int64) * DAY_SECONDS
        instant = int(now.timestamp())
        over = np.clip(instant - starts, 0, DAY_SECONDS)
        length = int(np.median(runs.end - runs.start)) if len(runs) else HOUR
        owed = np.clip(instant - DUE_WINDOWS * length - starts, 0, DAY_SECONDS)
        covered = _covered(runs.chosen(runs.crawled), first, count)
        reached = _by_day(runs, runs.reached, first, count)
        usual, dispersion = usual_days(
            reached, covered >= FULL_SHARE * DAY_SECONDS, first_weekday=(first // DAY_SECONDS + 3) % 7
        )
        return cls(
            over.tolist(),
            owed.tolist(),
            np.minimum(covered, over).tolist(),
            _by_day(runs, runs.new, first, count).tolist(),
            _by_day(runs, runs.editions, first, count).tolist(),
            reached.tolist(),
            usual.tolist(),
            dispersion,
            _touching(runs.chosen(runs.degraded), first, count).tolist(),
            _touching(runs, first, count).tolist(),
        )

    def coverage(self, portal: str, day: date, place: int, *, begin: date | None, is_refused: bool) -> DayCoverage:
        """The day at a place."""
        usual = self.usual[place] * self.covered[place] / DAY_SECONDS
        return DayCoverage(
            portal=portal,
            day=day,
            status=self._status(place, usual, day, begin=begin, is_refused=is_refused),
            covered_hours=round(self.covered[place] / HOUR, 2),
            articles=int(self.articles[place]),
            editions=int(self.editions[place]),
            expected_articles=None if math.isnan(usual) else round(usual, 1),
            runs=self.runs[place],
        )

    def _status(self, place: int, usual: float, day: date, *, begin: date | None, is_refused: bool) -> DayStatus:
        missing = self.over[place] - self.covered[place]
        if self.covered[place] <= 0 and not self.runs[place]:
            if begin is not None and day < begin:
                return DayStatus.BEFORE
            if is_refused:
                return DayStatus.REFUSED
            return DayStatus.MISSING if self.owed[place] > 0 else DayStatus.DUE
        # The last hours of today are not over or not due, and their runs have not ended.
        due = max(HOUR, self.over[place] - self.owed[place])
        if missing > due or self.covered[place] <= 0:  # by imported pages only
            return DayStatus.PARTIAL
        if self.degraded[place]:
            return DayStatus.DEGRADED
        return DayStatus.THIN if is_thin(self.reached[place], usual, self.dispersion) else DayStatus.ARCHIVED


def _by_day(runs: RunColumns, counts: Numbers, first: int, count: int) -> npt.NDArray[np.float64]:
    """What the runs counted, on the middle day of each window; of a window longer than a day on all its days alike."""
    length = runs.end - runs.start
    centre = np.clip((runs.start + length // 2 - first) // DAY_SECONDS, 0, count - 1)
    is_short = (length <= DAY_SECONDS) & (runs.start < first + count * DAY_SECONDS)
    found = np.bincount(centre[is_short], counts[is_short], count).astype(np.float64)
    for run in np.flatnonzero(length > DAY_SECONDS):
        until = first + DAY_SECONDS * np.arange(count + 1) - runs.start[run]
        found += np.diff(np.rint(counts[run] * (np.clip(until, 0, length[run]) / length[run])))
    return found


def _covered(runs: RunColumns, first: int, count: int) -> Seconds:
    """Seconds of each day that the union of the windows covers."""
    found = np.zeros(count, np.int64)
    for start, end in _union(runs):
        begin, finish = max(start - first, 0), min(end - first, count * DAY_SECONDS)
        if begin >= finish:
            continue
        head, tail = begin // DAY_SECONDS, (finish - 1) // DAY_SECONDS
        found[head : tail + 1] += DAY_SECONDS
        found[head] -= begin - head * DAY_SECONDS
        found[tail] -= (tail + 1) * DAY_SECONDS - finish
    return found


def _union(runs: RunColumns) -> Iterator[tuple[int, int]]:
    """The windows, sorted by start, joined where they touch."""
    if not len(runs):
        return
    reach = np.maximum.accumulate(runs.end)
    heads = np.concatenate([[0], np.flatnonzero(runs.start[1:] > reach[:-1]) + 1])
    tails = np.concatenate([heads[1:] - 1, [len(runs) - 1]])
    yield from zip(runs.start[heads].tolist(), reach[tails].tolist(), strict=True)


def _touching(runs: RunColumns, first: int, count: int) -> Seconds:
    """How many runs touch each day."""
    head = np.clip((runs.start - first) // DAY_SECONDS, 0, count)
    tail = np.clip((runs.end - 1 - first) // DAY_SECONDS + 1, 0, count)
    steps = np.bincount(head, minlength=count + 1) - np.bincount(tail, minlength=count + 1)
    return np.asarray(np.cumsum(steps)[:count], np.int64)


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
