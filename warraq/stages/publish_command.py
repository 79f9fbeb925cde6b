"""`warraq publish` itself."""

from __future__ import annotations

import json

import click
from rich.console import Console

from storage.errors import ExitCode
from storage.records import Verdict
from storage.settings import read_settings
from storage.window import RunId
from warraq.stages.publish import publish_run
from warraq.stages.terminal import run_as_json, run_table


def publish_and_tell(run_name: str, *, as_json: bool) -> ExitCode:
    """Publish and show the summary; raises WarraqError."""
    row = publish_run(RunId.parse(run_name), read_settings(), progress=lambda step: click.echo(step, err=True))
    if as_json:
        click.echo(json.dumps(run_as_json(row), ensure_ascii=False))
    else:
        Console().print(run_table(row))
    return ExitCode.DONE if row.verdict == Verdict.OK else ExitCode.DEGRADED
