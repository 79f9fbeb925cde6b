"""`warraq publish` itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click
from rich.console import Console

from storage.errors import ExitCode
from storage.model.records import Verdict
from storage.model.window import RunId
from storage.settings import read_settings
from warraq.cli.run_table import run_as_json, run_table
from warraq.pipeline.metrics import publication_lag, run_figures, stage_metrics
from warraq.pipeline.publish import publish_run


def publish_and_tell(run_name: str, *, as_json: bool) -> ExitCode:
    """Publish and show the summary; raises WarraqError."""
    run, settings = RunId.parse(run_name), read_settings()
    with stage_metrics(settings, stage="publish", portal=run.portal) as metrics:
        row = publish_run(run, settings, progress=lambda step: click.echo(step, err=True))
        metrics.counters |= run_figures(row)
        metrics.gauges |= publication_lag(row, now=datetime.now(UTC))
        metrics.exit_code = ExitCode.DONE if row.verdict == Verdict.OK else ExitCode.DEGRADED
    if as_json:
        click.echo(json.dumps(run_as_json(row), ensure_ascii=False))
    else:
        Console().print(run_table(row))
    return metrics.exit_code
