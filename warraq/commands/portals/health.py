"""`warraq health`: which portals are silent, degraded or drifting."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from spiders.registry import find_portal
from storage.errors import ExitCode
from storage.model.window import spell_time
from storage.settings import read_settings
from warraq.cli.terminal_text import json_text, safe_line
from warraq.findings.causes import NEXT_STEPS

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from warraq.monitoring.health import PortalHealth

_COLOURS = {"well": "green", "retired": "dim", "degraded": "dark_orange", "drifting": "yellow", "late": "yellow"}


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL…]")
@click.option(
    "--silent-hours",
    type=click.FloatRange(min=1),
    help="A portal without a new article for so long is silent; by default WARRAQ_SILENT_HOURS, else its own rhythm.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(portals: tuple[str, ...], silent_hours: float | None, as_json: bool) -> int:
    """Judge portals by their runs; needs no network. Without names: all that are archived regularly.

    \b
    late      three windows of its schedule have ended and none was published
    stopped   the same for two days; dead: for two weeks
    silent    runs are published and bring nothing new for as long as ten articles were to be expected
    drifting  half of the usual or less, where chance would not do that (docs/explain/drift.md)
    degraded  the audit of the last run had findings
    never     switched on, and nothing was published yet
    retired   says its definition; no trouble

    Each is told with its cause and the next step. Exit codes: 0 all are well, 3 one is not.

    \b
    Examples:
      warraq health
      warraq health almasaa youm7 --silent-hours 6 --json
    """
    from rich.console import Console

    from warraq.monitoring.archived_runs import health_of_all
    from warraq.monitoring.health import Health

    settings = read_settings()
    wanted = {find_portal(name, settings).name for name in portals}
    now = datetime.now(UTC).replace(microsecond=0)
    found = health_of_all(settings, wanted, now=now, silent_hours=silent_hours or settings.silent_hours)
    sick = [one for one in found if one.is_sick]
    if as_json:
        click.echo(
            json_text(
                {"portals": [one.as_json() for one in found], "findings": [_told(one) for one in sick]},
            )
        )
    elif found:
        console = Console()
        console.print(_table(sorted(found, key=lambda one: -list(Health).index(one.health))))
        for one in sick:
            console.print(_advice(one), soft_wrap=True)
    else:
        click.echo("no portal is archived regularly; name one to look at what was archived by hand")
    return ExitCode.DEGRADED if sick else ExitCode.DONE


def _told(one: PortalHealth) -> str:
    since = f" since {spell_time(one.since)}" if one.since else ""
    return f"{one.portal}: {one.health}{since}" + (f", {NEXT_STEPS[one.cause].meaning}" if one.cause else "")


def _table(found: list[PortalHealth]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table("portal", "health", "since", "archived until", "quiet hours (silent after)", "24 hours", box=None)
    for one in found:
        table.add_row(
            one.portal,
            Text(str(one.health), style=_COLOURS.get(str(one.health), "red")),
            spell_time(one.since) if one.since else "",
            spell_time(one.last_window_end) if one.last_window_end else "",
            "" if one.quiet_hours is None else f"{one.quiet_hours:,.0f} ({one.silent_after_hours:.0f})",
            str(one.articles_lately) + (f" of {one.expected_lately:.0f}" if one.expected_lately is not None else ""),
        )
    return table


def _advice(one: PortalHealth) -> Text:
    from rich.text import Text

    line = Text(f"{one.portal}: ", style="bold")
    if one.cause:
        line.append(f"{NEXT_STEPS[one.cause].meaning}. ", style="")
    if one.detail:
        line.append(f"{safe_line(one.detail)[:300]}. ", style="dim")
    line.append(f"Next: {one.advice}: {one.command}" if one.cause else "", style="")
    return line
