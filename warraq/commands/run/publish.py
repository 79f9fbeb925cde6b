"""`warraq publish`: the third stage of a run."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from storage.errors import ExitCode
from storage.model.window import RunId
from warraq.cli.terminal_text import json_text


@click.command()
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the verdict and the counts.")
def command(run: str, as_json: bool) -> int:
    """Audit what `warraq extract` staged, then make it visible in one commit; RUN is portal/start--end.

    Replaces what the run published before. Exit codes: 0 published, 3 published with findings, 4 try again later,
    5 refused by the audit, nothing changed.

    \b
    Examples:
      warraq publish almasaa/2024-12-25T00Z--2024-12-26T00Z
      warraq publish demo/2024-12-25T06Z--2024-12-25T12Z --json
    """
    from rich.console import Console

    from storage.model.records import Verdict
    from warraq.cli.run_table import run_as_json, run_table
    from warraq.findings.last_failure import failures_noted
    from warraq.pipeline.metrics import publication_lag, run_figures, stage_metrics
    from warraq.pipeline.publish import publish_run
    from warraq.pipeline.settings_to_write import settings_to_write

    run_id, settings = RunId.parse(run), settings_to_write()
    with (
        stage_metrics(settings, stage="publish", portal=run_id.portal) as metrics,
        failures_noted(settings, run_id, stage="publish"),
    ):
        row = publish_run(run_id, settings, progress=lambda step: click.echo(step, err=True))
        metrics.counters |= run_figures(row)
        metrics.gauges |= publication_lag(row, now=datetime.now(UTC))
        metrics.exit_code = ExitCode.DONE if row.verdict == Verdict.OK else ExitCode.DEGRADED
    if as_json:
        click.echo(json_text(run_as_json(row)))
    else:
        Console().print(run_table(row))
    return metrics.exit_code
