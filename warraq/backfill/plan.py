"""The plan of a backfill: its windows, what is there already, and what it will cost. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from spiders.portal.definition import Portal
from storage.errors import UsageError
from storage.model.records import Run
from storage.model.window import RunId, Window, parse_time
from warraq.backfill.cost import Cost, cost_of
from warraq.monitoring.coverage import published_windows, uncovered

_BARE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MAX_WINDOWS = 100_000  # ten years of hours; more is a typing error


@dataclass(frozen=True)
class PlannedWindow:
    """One run of the plan. `overlaps` names runs of other windows that share time with it."""

    run: RunId
    is_archived: bool
    overlaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class PortalPlan:
    """What a backfill does with one portal; the cost is None where the portal has no run yet."""

    portal: Portal
    windows: tuple[PlannedWindow, ...]  # to do, in order
    already_archived: int  # windows of the range that are archived, whether they are done again or not
    cost: Cost | None
    # Parts of the range that no window of the plan covers and no run did before, and whether a whole window is missing.
    not_covered: tuple[Window, ...] = ()
    is_short: bool = False

    @property
    def sources_of_the_past(self) -> tuple[str, ...]:
        """Kinds of the portal's sources that can list windows long gone."""
        return tuple(source.kind for source in self.portal.sources if source.lists_past)

    def without(self, done: Collection[str]) -> PortalPlan:
        """The plan without the windows of these runs."""
        return replace(self, windows=tuple(window for window in self.windows if str(window.run) not in done))

    @property
    def most_requests(self) -> int:
        """The most it can send, by the portal's budget a run."""
        return len(self.windows) * self.portal.politeness.max_requests_per_run


def asked_range(start: str, end: str, *, zone: str, now: datetime) -> Window:
    """The range a person typed; a bare day begins at midnight of the portal, a time without zone is UTC."""
    window = Window(_instant(start, zone, "--from"), _instant(end, zone, "--to"))
    if window.end > now:
        raise UsageError(
            f"the range ends in the future: {end}", remedy="a backfill is about the past; choose an earlier --to"
        )
    return window


def local_days(window: Window, *, zone: str) -> list[Window]:
    """The range cut at the midnights of a zone; days with a change of clocks have 23 or 25 hours."""
    local = ZoneInfo(zone)
    if window.end - window.start > timedelta(days=MAX_WINDOWS):
        raise UsageError("the range is longer than two centuries", remedy="choose a shorter --from … --to …")
    cuts = [window.start]
    day = window.start.astimezone(local).date() + timedelta(days=1)
    while (midnight := _midnight(day, local)) < window.end:
        cuts.append(midnight)
        day += timedelta(days=1)
    cuts.append(window.end)
    return [Window(start, end) for start, end in itertools.pairwise(cuts) if start < end]


def plan_portal(
    portal: Portal,
    windows: Sequence[Window],
    runs: Sequence[Run],
    *,
    only_missing: bool,
    newest_first: bool,
    asked: Window | None = None,
) -> PortalPlan:
    """Plan a portal's windows against the runs of its archive; what they leave out of `asked` is told.

    Raises UsageError for more than MAX_WINDOWS.
    """
    if len(windows) > MAX_WINDOWS:
        raise UsageError(f"{len(windows)} windows are too many", remedy="choose a shorter --from … --to …")
    published = published_windows(runs)
    planned = [_planned(RunId(portal.name, window), published, runs) for window in windows]
    todo = [window for window in planned if not (only_missing and window.is_archived)]
    todo.sort(key=lambda window: window.run.window.start, reverse=newest_first)
    holes = uncovered(asked, [*windows, *published]) if asked else []
    shortest = min((window.end - window.start for window in windows), default=timedelta())
    lengths = [window.run.window.end - window.run.window.start for window in todo]
    return PortalPlan(
        portal=portal,
        windows=tuple(todo),
        already_archived=sum(window.is_archived for window in planned),
        cost=cost_of(lengths, runs, delay_seconds=portal.politeness.delay_seconds),
        not_covered=tuple(holes),
        is_short=any(hole.end - hole.start >= shortest for hole in holes),
    )


def _planned(run: RunId, published: Sequence[Window], runs: Sequence[Run]) -> PlannedWindow:
    window = run.window
    touching = [
        other.run_id
        for other in runs
        if other.window_start < window.end and other.window_end > window.start and other.run_id != str(run)
    ]
    return PlannedWindow(run, is_archived=not uncovered(window, published), overlaps=tuple(touching))


def _instant(text: str, zone: str, option: str) -> datetime:
    found = parse_time(text, name=option)
    if _BARE_DAY.fullmatch(text.strip()):
        return _midnight(found.date(), ZoneInfo(zone))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
