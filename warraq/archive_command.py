"""`warraq archive` itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click
from rich.console import Console

from spiders.registry import find_portal
from storage.model.window import RunId, Window
from storage.settings import read_settings
from warraq.cli.archive_lines import stage_lines, summary_table
from warraq.cli.signals import ended_by_signal
from warraq.pipeline.archive import archive_run


def archive_window(portal: str, start: str, end: str, *, as_json: bool) -> int:
    """Run the stages and show the summary; returns the exit code, raises WarraqError."""
    run = RunId(find_portal(portal, read_settings()).name, Window.parse(start, end, now=datetime.now(UTC)))
    with ended_by_signal(), stage_lines(Console(stderr=True)) as say:
        result = archive_run(run, say=say)
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        Console().print(summary_table(result))
    return int(result.exit_code)
