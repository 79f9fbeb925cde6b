"""`warraq coverage`: which days of which portals are archived."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import click

from spiders.registry import find_portal
from storage.errors import UsageError
from storage.model.window import Window, parse_time
from storage.settings import read_settings

DAY = timedelta(days=1)
DEFAULT_DAYS = 62  # without --from: the last two months


@click.command()
@click.argument("portal", required=False)
@click.option("--from", "start", help="First day, UTC; by default two months ago.")
@click.option("--to", "end", help="End, UTC, not part of it; by default now.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list with one object a portal and day.")
def command(portal: str | None, start: str | None, end: str | None, as_json: bool) -> None:
    """Show a calendar of what is archived, thin, degraded, partial, refused or missing.

    Days are UTC. A day is thin when it has so few articles as chance would give it once in three years, and under two
    thirds of the usual. Days before a portal's first run are empty; of today nothing is missing before it is due.

    \b
    Examples:
      warraq coverage
      warraq coverage almasaa --from 2024-01-01 --to 2025-01-01
      warraq coverage --json
    """
    from rich.console import Console

    from warraq.cli.coverage_calendar import print_calendar
    from warraq.monitoring.archived_runs import archived_span, portal_coverage

    settings = read_settings()
    now = datetime.now(UTC).replace(microsecond=0)
    window = _asked(start, end, now=now)
    days = portal_coverage(settings, find_portal(portal, settings).name if portal else None, window, now=now)
    if as_json:
        click.echo(json.dumps([day.as_json() for day in days], ensure_ascii=False))
    elif days:
        print_calendar(Console(), days)
    else:
        click.echo(_nothing(window, archived_span(settings, portal)))


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
