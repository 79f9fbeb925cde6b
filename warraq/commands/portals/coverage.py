"""`warraq coverage`: which days of which portals are archived."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from spiders.registry import find_portal
from storage.errors import UsageError
from storage.model.window import Window, parse_time
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from warraq.findings.completeness import DayLists

DAY = timedelta(days=1)
DEFAULT_DAYS = 62  # without --from: the last two months


@click.command()
@click.argument("portal", required=False)
@click.option("--from", "start", help="First day, UTC; by default two months ago.")
@click.option("--to", "end", help="End, UTC, not part of it; by default now.")
@click.option("--lists", is_flag=True, help="Of all portals too, what their own dated lists name; of one it is shown.")
@click.option("--missing", is_flag=True, help="The listed URLs of PORTAL that are not held, each with its reason.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list with one object a portal and day.")
def command(
    *, portal: str | None, start: str | None, end: str | None, lists: bool, missing: bool, as_json: bool
) -> None:
    """Show a calendar of what is archived, thin, degraded, partial, refused or missing.

    Days are UTC. Articles are those seen for the first time; editions, new texts of known ones, are counted apart. A
    day is thin when it has so few articles as chance would give it once in three years, and under two thirds of the
    usual, and partial too where its pages were only imported. Days before a portal's first run are empty; of today
    nothing is missing before it is due.
    Beside the calendar stands the share held of what the portal's own dated lists name, and how sure those are: high
    (WordPress, dated archives), medium (sitemaps, numbered pages), low (feeds, which forget).

    \b
    Examples:
      warraq coverage
      warraq coverage almasaa --from 2024-01-01 --to 2025-01-01
      warraq coverage almasaa --missing --from 2024-12-25 --to 2024-12-26
      warraq coverage --json
    """
    from rich.console import Console

    from warraq.cli.coverage_calendar import print_calendar
    from warraq.monitoring.archived_runs import archived_span, portal_coverage

    if missing and not portal:
        raise UsageError("--missing of which portal?", remedy="name one")
    settings = read_settings()
    now = datetime.now(UTC).replace(microsecond=0)
    window = _asked(start, end, now=now)
    name = find_portal(portal, settings).name if portal else None
    if missing and name:
        _missing(settings, name, window, as_json=as_json)
        return
    days = portal_coverage(settings, name, window, now=now)
    named = _named(settings, window, name) if name or lists else {}
    if as_json:
        rows = [{**day.as_json(), **(_as_json(named.get((day.portal, day.day))) if named else {})} for day in days]
        click.echo(json_text(rows))
    elif days:
        print_calendar(Console(), days, named)
    else:
        click.echo(_nothing(window, archived_span(settings, portal)))


def _named(settings: Settings, window: Window, portal: str | None) -> dict[tuple[str, date], DayLists]:
    """What the portals' lists say of the days."""
    from storage.tables.archive_tables import open_tables
    from warraq.findings.completeness import day_lists

    found = day_lists(open_tables(settings, create=False), window, portal=portal)
    return {(one.portal, one.day): one for one in found}


def _as_json(named: DayLists | None) -> dict[str, Any]:
    return named.as_json() if named else {"listed": None, "held_share": None, "list_confidence": None}


def _missing(settings: Settings, portal: str, window: Window, *, as_json: bool) -> None:
    from storage.tables.archive_tables import open_tables
    from warraq.cli.terminal_text import safe_line
    from warraq.findings.completeness import missing_links

    found = missing_links(open_tables(settings, create=False), window, portal)
    if as_json:
        rows = [{**asdict(link), "day": link.day.isoformat()} for link in found]
        click.echo(json_text({"missing": rows}))
        return
    for link in found:
        click.echo(safe_line(f"{link.day} {link.reason} {link.url} {link.detail}"))
    if not found:
        click.echo("nothing that the portal's lists name is missing")


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


def _nothing(asked: Window, archived: Window | None) -> str:
    told = f"nothing is archived between {asked.start:%Y-%m-%d} and {asked.end:%Y-%m-%d}"
    if archived is None:
        return told
    days = archived.days()
    return f"{told}; what is there begins on {days[0]}: warraq coverage --from {days[0]} --to {days[-1] + DAY}"
