"""The published runs of a span of time, and what they say of coverage and health."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.errors import ObjectMissing
from storage.model.records import Run
from storage.model.window import Window
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.row_filters import select
from warraq.monitoring.coverage import DAY, DayCoverage, day_coverage
from warraq.monitoring.health import PortalHealth, portal_health

LOOK_BACK = timedelta(days=31)


def archived_runs(settings: Settings, *, portal: str | None, window: Window) -> list[Run]:
    """The published runs whose windows touch this one."""
    # Windows are at most a month long; one that began before may reach into ours.
    wanted = select(portal=portal, since=window.start - 31 * DAY, before=window.end)
    runs = runs_from(open_tables(settings, create=False).scan("runs", row_filter=wanted))
    return sorted(
        (run for run in runs if run.window_end > window.start), key=lambda run: (run.portal, run.window_start)
    )


def runs_about(settings: Settings, portal: str, window: Window) -> list[Run]:
    """A portal's runs that touch the window, and its latest others: the cost of a backfill is estimated from them."""
    try:
        touching = archived_runs(settings, portal=portal, window=window)
        latest = open_tables(settings, create=False).history(portal)
    except ObjectMissing:
        return []
    return list({run.run_id: run for run in (*touching, *latest)}.values())


def archived_span(settings: Settings, portal: str | None) -> Window | None:
    """From the first archived window to the last, of a portal or of all."""
    rows = open_tables(settings, create=False).scan(
        "runs", row_filter=select(portal=portal), columns=("window_start", "window_end")
    )
    if not rows.num_rows:
        return None
    return Window(min(rows["window_start"].to_pylist()), max(rows["window_end"].to_pylist()))


def portal_coverage(settings: Settings, portal: str | None, window: Window, *, now: datetime) -> list[DayCoverage]:
    """Each day of the window for one portal, or for every portal that has runs in it."""
    by_portal: dict[str, list[Run]] = {portal: []} if portal else {}
    for run in archived_runs(settings, portal=portal, window=window):
        by_portal.setdefault(run.portal, []).append(run)
    return [day for name, runs in sorted(by_portal.items()) for day in day_coverage(name, runs, window.days(), now=now)]


def health_of_all(
    settings: Settings, wanted: set[str], *, now: datetime, silent_hours: float | None
) -> list[PortalHealth]:
    """The wanted portals, or all that were archived in the last month; without `silent_hours` by their own."""
    by_portal: dict[str, list[Run]] = {name: [] for name in wanted}
    try:
        runs = archived_runs(settings, portal=None, window=Window(now - LOOK_BACK, now))
        found = {run.portal for run in runs}
        tables = open_tables(settings, create=False)
        runs += [run for name in sorted(wanted - found) for run in tables.history(name)]
    except ObjectMissing:
        runs = []
    for run in runs:
        if not wanted or run.portal in wanted:
            by_portal.setdefault(run.portal, []).append(run)
    return [portal_health(name, runs, now=now, silent_hours=silent_hours) for name, runs in sorted(by_portal.items())]
