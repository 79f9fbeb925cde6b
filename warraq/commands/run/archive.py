"""`warraq archive`: crawl, extract and publish one window of a portal, without Airflow."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from spiders.registry import find_portal
from storage.model.window import RunId, Window
from warraq.cli.terminal_text import json_text


@click.command()
@click.argument("portal")
@click.option("--from", "start", required=True, help="Start of the window, UTC: 2024-12-25 or 2024-12-25T06:00Z.")
@click.option("--to", "end", required=True, help="End of the window, UTC, not part of it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the reports of the three stages.")
def command(portal: str, start: str, end: str, as_json: bool) -> int:
    """Archive a window of a portal: crawl, extract, publish.

    A repeated window replaces its rows. Interrupted, the same command goes on.
    Exit codes: 0 done, 2 usage, 3 published degraded, 4 try again later, 5 failed for good.

    \b
    Examples:
      warraq archive almasaa --from 2024-12-25 --to 2024-12-26
      warraq archive demo --from 2024-12-25T06:00Z --to 2024-12-25T12:00Z --json
    """
    from rich.console import Console

    from warraq.cli.lines.archive_lines import stage_lines, summary_table
    from warraq.cli.signals import ended_by_signal
    from warraq.pipeline.archive import archive_run
    from warraq.pipeline.settings_to_write import settings_to_write

    window, told = Window.until_now(start, end, now=datetime.now(UTC))
    run = RunId(find_portal(portal, settings_to_write()).name, window)
    if told:
        click.echo(told, err=True)
    with ended_by_signal(), stage_lines(Console(stderr=True)) as say:
        result = archive_run(run, say=say)
    if as_json:
        click.echo(json_text(result.as_json()))
    else:
        Console().print(summary_table(result))
    return int(result.exit_code)
