"""`warraq import` itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spiders.registry import find_portal
from storage.errors import ExitCode, StageFailed
from storage.iceberg.catalog import refuse_foreign_catalog
from storage.model.records import Verdict
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from warraq.pipeline.extract import extract_run
from warraq.pipeline.import_warc import ImportReport, import_files
from warraq.pipeline.publish import publish_run
from warraq.pipeline.staleness import is_published

TELL_EVERY = 1000  # records between two lines of progress


def import_and_tell(paths: tuple[Path, ...], *, portal_name: str, raw_only: bool, as_json: bool) -> ExitCode:
    """Import, then extract and publish each day; raises WarraqError for what stops the whole."""
    settings = read_settings()
    portal = find_portal(portal_name, settings)

    def tell(name: str, records: int) -> None:
        if records % TELL_EVERY == 0:
            click.echo(f"{name}: {records} records", err=True)

    # Opened before anything is written: a catalog of another archive is refused while nothing has to be undone.
    refuse_foreign_catalog(settings)
    tables = None if raw_only else open_tables(settings)
    report = import_files(paths, portal, open_store(settings), spool=settings.cache, progress=tell)
    runs = {run: _publish(run, settings) for run in _waiting(report, tables)} if tables else {}
    if as_json:
        click.echo(json.dumps(_as_json(report, runs), ensure_ascii=False))
    else:
        _show(report, runs)
    if not report.captures and not report.passed_over["known"]:
        raise StageFailed(
            f"no page of {portal.name} in {len(paths)} files ({_counts(report)})",
            remedy=f"is --portal right? its hosts are {', '.join(portal.all_domains)}",
        )
    is_sound = not report.damaged and all(verdict == Verdict.OK for verdict, _ in runs.values())
    return ExitCode.DONE if is_sound else ExitCode.DEGRADED


def _waiting(report: ImportReport, tables: ArchiveTables) -> list[RunId]:
    """The days whose pages no reader sees yet: of this import, or of one that was interrupted before it published."""
    found = {run: RawRun(tables.store, run).report() for run in sorted(report.days)}
    return [run for run, crawl in found.items() if crawl and not is_published(crawl, tables.run_row(run))]


def _publish(run: RunId, settings: Settings) -> tuple[str, str]:
    """The verdict of a day and what was noticed; a day that is refused does not stop the others."""
    click.echo(f"extract and publish {run}", err=True)
    extract_run(run, settings)
    try:
        row = publish_run(run, settings)
    except StageFailed as error:
        return Verdict.FAILED, error.message
    return row.verdict, "; ".join([f"{row.articles_new} new articles, {row.editions} editions", *row.findings])


def _as_json(report: ImportReport, runs: dict[RunId, tuple[str, str]]) -> dict[str, Any]:
    return {
        "captures": {str(run): count for run, count in sorted(report.captures.items())},
        "passed_over": dict(sorted(report.passed_over.items())),
        "damaged": report.damaged,
        "no_answers": report.named,
        "runs": {str(run): {"verdict": str(verdict), "detail": detail} for run, (verdict, detail) in runs.items()},
    }


def _show(report: ImportReport, runs: dict[RunId, tuple[str, str]]) -> None:
    table = Table(box=None)
    for name in ("run", "captures", "verdict", ""):
        table.add_column(name, justify="right" if name == "captures" else "left")
    for run in sorted({*report.captures, *runs}):
        verdict, detail = runs.get(run, ("raw only", f"next: warraq extract {run}"))
        table.add_row(Text(str(run)), f"{report.captures.get(run, 0):,}", Text(str(verdict)), Text(detail))
    Console().print(table)
    click.echo(f"{sum(report.captures.values())} pages imported; passed over: {_counts(report)}")
    for message in report.damaged:
        click.echo(f"lost: {message}")
    for message in report.named:
        click.echo(f"not taken: {message}")


def _counts(report: ImportReport) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in report.passed_over.most_common()) or "nothing"
