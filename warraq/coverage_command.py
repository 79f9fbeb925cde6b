"""`warraq coverage` itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console

from spiders.registry import find_portal
from storage.errors import UsageError
from storage.model.records import Run
from storage.model.window import Window, parse_time
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.row_filters import select
from warraq.cli.coverage_calendar import print_calendar
from warraq.monitoring.coverage import DAY, DayCoverage, day_coverage

DEFAULT_DAYS = 62  # without --from: the last two months


def show_coverage(portal: str | None, start: str | None, end: str | None, *, as_json: bool) -> None:
    """Print the calendar or its numbers. Raises UsageError, and ObjectMissing when nothing is archived."""
    settings = read_settings()
    now = datetime.now(UTC).replace(microsecond=0)
    window = _asked(start, end, now=now)
    days = portal_coverage(settings, find_portal(portal, settings).name if portal else None, window, now=now)
    if as_json:
        click.echo(json.dumps([_plain(day) for day in days], ensure_ascii=False))
    elif days:
        print_calendar(Console(), days)
    else:
        click.echo(_nothing(window, _archived_span(settings, portal)))


def portal_coverage(settings: Settings, portal: str | None, window: Window, *, now: datetime) -> list[DayCoverage]:
    """Each day of the window for one portal, or for every portal that has runs in it."""
    by_portal: dict[str, list[Run]] = {portal: []} if portal else {}
    for run in archived_runs(settings, portal=portal, window=window):
        by_portal.setdefault(run.portal, []).append(run)
    return [day for name, runs in sorted(by_portal.items()) for day in day_coverage(name, runs, window.days(), now=now)]


def archived_runs(settings: Settings, *, portal: str | None, window: Window) -> list[Run]:
    """The published runs whose windows touch this one."""
    # Windows are at most a month long; one that began before may reach into ours.
    wanted = select(portal=portal, since=window.start - 31 * DAY, before=window.end)
    runs = runs_from(open_tables(settings, create=False).scan("runs", row_filter=wanted))
    return sorted(
        (run for run in runs if run.window_end > window.start), key=lambda run: (run.portal, run.window_start)
    )


def _archived_span(settings: Settings, portal: str | None) -> Window | None:
    """From the first archived window to the last, of a portal or of all."""
    rows = open_tables(settings, create=False).scan(
        "runs", row_filter=select(portal=portal), columns=("window_start", "window_end")
    )
    if not rows.num_rows:
        return None
    return Window(min(rows["window_start"].to_pylist()), max(rows["window_end"].to_pylist()))


def _nothing(asked: Window, archived: Window | None) -> str:
    told = f"nothing is archived between {asked.start:%Y-%m-%d} and {asked.end:%Y-%m-%d}"
    if archived is None:
        return told
    days = archived.days()
    return f"{told}; what is there begins on {days[0]}: warraq coverage --from {days[0]} --to {days[-1] + DAY}"


def _asked(start: str | None, end: str | None, *, now: datetime) -> Window:
    last = parse_time(end, name="--to") if end else now + timedelta(seconds=1)
    first = (
        parse_time(start, name="--from")
        if start
        else (min(last, now) - DEFAULT_DAYS * DAY).replace(hour=0, minute=0, second=0)
    )
    if last - first > 36_600 * DAY:
        raise UsageError("more than a hundred years were asked for", remedy="choose a shorter --from … --to …")
    return Window(first, last)


def _plain(day: DayCoverage) -> dict[str, object]:
    return {**asdict(day), "day": day.day.isoformat(), "status": str(day.status)}
