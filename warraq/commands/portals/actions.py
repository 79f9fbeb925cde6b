"""`warraq actions`: who did what to which portal, and when."""

from __future__ import annotations

import click

from storage.settings import read_settings
from warraq.cli.terminal_text import json_text


@click.command()
@click.argument("portal", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="So many, the newest first.")
@click.option("--via", type=click.Choice(["airflow"]), help="Also what was done in Airflow: pauses, runs, backfills.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, portal: str | None, limit: int, via: str | None, as_json: bool) -> None:
    """Print the action log: silences, acknowledgements, backfills and verdicts, with name and time.

    \b
    Examples:
      warraq actions
      warraq actions almasaa --limit 5 --json
      warraq actions --via airflow
    """
    from rich.console import Console

    from storage.objects.open import open_store
    from warraq.airflow.rest_client import known_airflow
    from warraq.alerts.action_log import actions, of_airflow
    from warraq.alerts.watch import silenced_subject

    settings = read_settings()
    subject = silenced_subject(portal, settings) if portal else None
    found = actions(open_store(settings), subject=subject, limit=limit)
    if via:
        with known_airflow(settings) as airflow:
            found = [*found, *of_airflow(airflow.events(limit=limit), subject=subject)]
    found = sorted(found, key=lambda one: one.at, reverse=True)[:limit]
    if as_json:
        click.echo(json_text({"actions": [one.as_json() for one in found]}))
        return
    for one in found:
        Console(soft_wrap=True).print(one.line, markup=False, highlight=False)
    if not found:
        click.echo("nothing was done yet")
