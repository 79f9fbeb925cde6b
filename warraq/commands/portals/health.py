"""`warraq health`: which portals are silent, degraded or drifting."""

from __future__ import annotations

import click


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
    from warraq.health_command import show_health

    return show_health(portals, silent_hours=silent_hours, as_json=as_json)
