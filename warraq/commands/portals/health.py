"""`warraq health`: which portals are silent, degraded or drifting."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from spiders.registry import find_portal
from storage.errors import ExitCode
from storage.model.window import spell_time
from storage.settings import read_settings
from warraq.monitoring.health import Health, PortalHealth

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {Health.WELL: "green", Health.DEGRADED: "dark_orange", Health.DRIFTING: "yellow"}


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL…]")
@click.option(
    "--silent-hours",
    type=click.FloatRange(min=1),
    help="A portal without a new article for so long is silent; by default WARRAQ_SILENT_HOURS, else its own rhythm.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(portals: tuple[str, ...], silent_hours: float | None, as_json: bool) -> int:
    """Judge portals by their latest runs; needs no network. Without names: all that were archived in the last month.

    stopped: no run published for two days. silent: no new article for so long that ten were to be expected (half a day
    at least, a week at most). drifting: three runs together brought less than
    half of what they usually bring. degraded: the audit had findings. Exit codes: 0 all are well, 3 one is not.

    \b
    Examples:
      warraq health
      warraq health almasaa youm7 --silent-hours 6 --json
    """
    from rich.console import Console

    from warraq.monitoring.archived_runs import health_of_all

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


def _told(one: PortalHealth) -> str:
    since = "" if one.quiet_hours is None else f", nothing new for {one.quiet_hours:g} hours"
    return f"{one.portal}: {one.health}{since}"


def _plain(one: PortalHealth) -> dict[str, object]:
    end = spell_time(one.last_window_end) if one.last_window_end else None
    return {**asdict(one), "health": str(one.health), "last_window_end": end}


def _table(found: list[PortalHealth]) -> Table:
    from rich.table import Table
    from rich.text import Text

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
