"""`warraq extract` itself."""

from __future__ import annotations

import json

import click
from rich.console import Console

from storage.model.window import RunId
from storage.settings import read_settings
from warraq.cli.run_table import page_progress, run_as_json, run_table
from warraq.pipeline.extract import ExtractProgress, extract_run
from warraq.pipeline.metrics import run_figures, stage_metrics


def extract_and_tell(run_name: str, *, workers: int | None, as_json: bool) -> None:
    """Extract and show the summary; raises WarraqError."""
    run = RunId.parse(run_name)
    settings = read_settings()
    with (
        stage_metrics(settings, stage="extract", portal=run.portal) as metrics,
        page_progress(Console(stderr=True), "pages extracted") as say,
    ):

        def tell(progress: ExtractProgress) -> None:
            say(progress.done, progress.captures)

        report = extract_run(run, settings, workers=workers, progress=tell)
        metrics.counters |= run_figures(report.run, captures=report.captures)
    if as_json:
        click.echo(json.dumps({**run_as_json(report.run), "captures": report.captures}, ensure_ascii=False))
        return
    Console().print(run_table(report.run))
    click.echo(f"staged; next: warraq publish {run}")
