"""`warraq extract`: the second stage of a run."""

from __future__ import annotations

import click

from storage.model.window import RunId
from warraq.cli.terminal_text import json_text


@click.command()
@click.argument("run")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes; by default one a processor core.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the counts.")
def command(run: str, workers: int | None, as_json: bool) -> None:
    """Turn a run's captured pages into articles, and stage them; RUN is portal/start--end.

    Needs no network. Repeated, it stages the same rows again. Nothing is visible before `warraq publish`.

    \b
    Examples:
      warraq extract almasaa/2024-12-25T00Z--2024-12-26T00Z
      warraq extract demo/2024-12-25T06Z--2024-12-25T12Z --workers 4 --json
    """
    from rich.console import Console

    from warraq.cli.run_table import page_progress, run_as_json, run_table
    from warraq.findings.last_failure import failures_noted
    from warraq.pipeline.extract import ExtractProgress, extract_run
    from warraq.pipeline.metrics import run_figures, stage_metrics
    from warraq.pipeline.settings_to_write import settings_to_write

    run_id, settings = RunId.parse(run), settings_to_write()
    with (
        stage_metrics(settings, stage="extract", portal=run_id.portal) as metrics,
        failures_noted(settings, run_id, stage="extract"),
        page_progress(Console(stderr=True), "pages extracted") as say,
    ):

        def tell(progress: ExtractProgress) -> None:
            say(progress.done, progress.captures)

        report = extract_run(run_id, settings, workers=workers, progress=tell)
        metrics.counters |= run_figures(report.run, captures=report.captures)
    if as_json:
        click.echo(json_text({**run_as_json(report.run), "captures": report.captures}))
        return
    Console().print(run_table(report.run))
    click.echo(f"staged; next: warraq publish {run_id}")
