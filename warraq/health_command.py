"""`warraq health` itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spiders.registry import find_portal
from storage.errors import ExitCode, ObjectMissing
from storage.model.records import Run
from storage.model.window import Window, spell_time
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from warraq.coverage_command import archived_runs
from warraq.monitoring.health import Health, PortalHealth, portal_health

LOOK_BACK = timedelta(days=31)
_COLOURS = {Health.WELL: "green", Health.DEGRADED: "dark_orange", Health.DRIFTING: "yellow"}


def show_health(portals: tuple[str, ...], *, silent_hours: float | None, as_json: bool) -> int:
    """Print each portal's health; exit code 3 when one is not well. Raises UsageError for an unknown portal."""
    settings = read_settings()
    wanted = {find_portal(name, settings).name for name in portals}
    now = datetime.now(UTC).replace(microsecond=0)
    found = health_of_all(settings, wanted, now=now, silent_hours=silent_hours or settings.silent_hours)
    sick = [one for one in found if one.health is not Health.WELL]
    if as_json:
        click.echo(
            json.dumps(
                {"portals": [_plain(one) for one in found], "findings": [_told(one) for one in sick]},
                ensure_ascii=False,
            )
        )
    elif found:
        Console().print(_table(found))
    else:
        click.echo("nothing was archived in the last month; name a portal to look further back")
    return ExitCode.DEGRADED if sick else ExitCode.DONE


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


def _told(one: PortalHealth) -> str:
    since = "" if one.quiet_hours is None else f", nothing new for {one.quiet_hours:g} hours"
    return f"{one.portal}: {one.health}{since}"


def _plain(one: PortalHealth) -> dict[str, object]:
    end = spell_time(one.last_window_end) if one.last_window_end else None
    return {**asdict(one), "health": str(one.health), "last_window_end": end}


def _table(found: list[PortalHealth]) -> Table:
    table = Table(
        "portal", "health", "archived until", "quiet hours (silent after)", "articles lately", "findings", box=None
    )
    for one in found:
        table.add_row(
            one.portal,
            Text(str(one.health), style=_COLOURS.get(one.health, "red")),
            spell_time(one.last_window_end) if one.last_window_end else "",
            "" if one.quiet_hours is None else f"{one.quiet_hours:,.0f} ({one.silent_after_hours:.0f})",
            str(one.articles_lately) + (f" of {one.expected_lately:.0f}" if one.expected_lately is not None else ""),
            Text("; ".join(one.findings)),
        )
    return table
