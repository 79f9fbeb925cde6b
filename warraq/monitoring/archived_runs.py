"""The published runs of a span of time, and what they say of coverage, health and the articles of one day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pyarrow.compute as pc

from spiders.registry import find_portal, read_definitions
from storage.errors import ObjectMissing, UsageError
from storage.model.record_json import record_from_json
from storage.model.records import Run
from storage.model.window import Window
from storage.objects.keys import refused_root
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.row_filters import select
from warraq.findings.causes import Cause
from warraq.findings.dated_links import dated_links, is_long, middle_day
from warraq.findings.last_failure import LastFailure, last_failures
from warraq.monitoring.coverage import DayCoverage, day_coverage
from warraq.monitoring.funnel import DAY, USUAL_DAYS, Funnel, funnel
from warraq.monitoring.health import Health, PortalFacts, PortalHealth, portal_health
from warraq.monitoring.run_columns import EMPTY, RunColumns, read_runs

LOOK_BACK = timedelta(days=71)  # the rhythm's eight weeks, the two weeks that are judged, and a window
LEARN = timedelta(days=63)  # before the days asked for: what is usual is learnt there
MAX_WINDOW = timedelta(days=31)


def archived_runs(settings: Settings, *, portal: str | None, window: Window) -> list[Run]:
    """The published runs whose windows touch this one."""
    # Windows are at most a month long; one that began before may reach into ours.
    wanted = select(portal=portal, since=window.start - MAX_WINDOW, before=window.end)
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
    return Window(pc.min(rows["window_start"]).as_py(), pc.max(rows["window_end"]).as_py())


def portal_coverage(
    settings: Settings,
    portal: str | None,
    window: Window,
    *,
    now: datetime,
    runs: Mapping[str, RunColumns] | None = None,
) -> list[DayCoverage]:
    """Each day of the window for one portal, or for every portal that has runs or refused runs in it.

    `runs` that were read already, from LEARN before the window on, are not read again.
    """
    tables = open_tables(settings, create=False)
    if runs is None:
        runs = read_runs(tables, portal=portal, since=window.start - LEARN, before=window.end)
    refused = {name: rows for name, rows in refused_runs(open_store(settings)).items() if portal in (None, name)}
    shut = {name: [Window(row.window_start, row.window_end) for row in rows] for name, rows in refused.items()}
    touched = {name for name, rows in runs.items() if (rows.end > window.start.timestamp()).any()}
    touched |= {name for name, windows in shut.items() if any(_overlap(one, window) for one in windows)}
    first = _first_starts(tables, runs, window)
    days = window.days()
    return [
        day
        for name in sorted({portal} if portal else touched)
        for day in day_coverage(
            name, runs.get(name, EMPTY), days, now=now, since=first.get(name), refused=shut.get(name, ())
        )
    ]


def refused_runs(store: ObjectStore) -> dict[str, list[Run]]:
    """The runs that the audit refused and that were not published since, by portal."""
    found: dict[str, list[Run]] = {}
    for info in store.list(refused_root()):
        row = record_from_json(Run, store.get(info.key), where=info.key)
        found.setdefault(row.portal, []).append(row)
    return found


def health_of_all(
    settings: Settings,
    wanted: set[str],
    *,
    now: datetime,
    silent_hours: float | None,
    runs: Mapping[str, RunColumns] | None = None,
) -> list[PortalHealth]:
    """The wanted portals, or all that are archived regularly, however long ago they last answered.

    A portal that was only backfilled, by hand, is judged when it is named; a definition that cannot be used always.
    `runs` that were read already, from LOOK_BACK on, are not read again.
    """
    definitions = read_definitions(settings)
    failures, runs, findings = _archive_facts(settings, wanted, now, runs)
    names = wanted or {name for name, rows in runs.items() if rows.is_live.any()} | (failures.keys() - runs.keys())
    found = [
        portal_health(
            PortalFacts(
                name,
                definitions.portals.get(name),
                runs.get(name, EMPTY),
                findings.get(name, ()),
                failures.get(name),
            ),
            now=now,
            silent_hours=silent_hours,
        )
        for name in names - {bad.name for bad in definitions.bad}
    ]
    found += [
        PortalHealth(bad.name, Health.DEFINITION, cause=Cause.DEFINITION, detail=str(bad))
        for bad in definitions.bad
        if not wanted or bad.name in wanted
    ]
    return sorted(found, key=lambda one: one.portal)


def portal_day(portal: str, day: date | None, settings: Settings) -> Funnel:
    """The day's funnel, by default of the latest day that a run covers.

    Raises UsageError for an unknown portal, a day that has not begun, and a portal without runs where no day is given.
    """
    name = find_portal(portal, settings).name
    if day is not None and day > datetime.now(UTC).date():
        raise UsageError(f"{day} has not begun", remedy="name a day that is over, or today")
    wanted = day or _latest_day(name, settings)
    start = datetime(wanted.year, wanted.month, wanted.day, tzinfo=UTC)
    # A window that began the day after may be of this day by its middle.
    window = Window(start - (USUAL_DAYS + 1) * DAY, start + 2 * DAY)
    runs = archived_runs(settings, portal=name, window=window)
    return funnel(name, wanted, runs, dated_links(open_tables(settings, create=False), name, runs))


def _archive_facts(
    settings: Settings, wanted: set[str], now: datetime, known: Mapping[str, RunColumns] | None
) -> tuple[dict[str, LastFailure], dict[str, RunColumns], dict[str, tuple[str, ...]]]:
    """Failures, runs and the newest run's findings of each portal; empty while nothing is archived."""
    failures = last_failures(open_store(settings))
    try:
        tables = open_tables(settings, create=False)
    except ObjectMissing:
        return failures, {}, {}
    only = next(iter(wanted)) if len(wanted) == 1 else None
    runs = dict(known) if known is not None else read_runs(tables, portal=only, since=now - LOOK_BACK, before=now)
    for name, month in tables.newest_months("runs").items():
        if name not in runs and only in (None, name):
            runs |= read_runs(tables, portal=name, since=month)
    return failures, runs, _findings(tables, runs)


def _findings(tables: ArchiveTables, runs: Mapping[str, RunColumns]) -> dict[str, tuple[str, ...]]:
    """Of the newest run of each portal; only those that are degraded have any."""
    newest = {name: int(rows.start[-1]) for name, rows in runs.items() if len(rows) and rows.degraded[-1]}
    if not newest:
        return {}
    since = datetime.fromtimestamp(min(newest.values()), UTC)
    found: dict[str, tuple[str, ...]] = {}
    for batch in tables.batches("runs", row_filter=select(since=since), columns=("portal", "window_start", "findings")):
        for row in batch.to_pylist():
            if int(row["window_start"].timestamp()) == newest.get(row["portal"]):
                found[row["portal"]] = tuple(row["findings"])
    return found


def _first_starts(tables: ArchiveTables, runs: Mapping[str, RunColumns], window: Window) -> dict[str, datetime]:
    """When the first run of each portal began, where that is not before the window: its days before are empty."""
    months = tables.oldest_months("runs")
    found = {}
    for name, month in months.items():
        if month + MAX_WINDOW >= window.start and name in runs and len(runs[name]):
            found[name] = datetime.fromtimestamp(int(runs[name].start.min()), UTC)
        elif name not in runs or month < window.start:
            found[name] = month
    return found


def _overlap(one: Window, other: Window) -> bool:
    return one.start < other.end and one.end > other.start


def _latest_day(portal: str, settings: Settings) -> date:
    span = archived_span(settings, portal)
    if span is None:
        raise UsageError(
            f"nothing of {portal} is archived yet",
            remedy=f"archive a window of it: warraq archive {portal} --from … --to …",
        )
    runs = archived_runs(settings, portal=portal, window=Window(span.end - DAY, span.end))
    last = max(runs, key=lambda run: run.window_end)
    return (last.window_end - timedelta(microseconds=1)).astimezone(UTC).date() if is_long(last) else middle_day(last)
