"""`warraq import`: bring WARC, WACZ and ARC files of others into the archive."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiders.registry import find_portal
from storage.errors import ExitCode, StageFailed
from storage.model.records import Verdict
from storage.model.window import RunId
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from storage.tables.archive_tables import ArchiveTables
    from warraq.pipeline.importing.report import ImportReport

TELL_EVERY = 1000  # records between two lines of progress


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--portal", required=True, metavar="NAME", help="Whose pages to take; pages of other sites are passed over."
)
@click.option("--raw-only", is_flag=True, help="Only fill the raw archive; do not extract and publish.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the counts.")
def command(files: tuple[Path, ...], portal: str, raw_only: bool, as_json: bool) -> int:
    """Bring existing WARC, WACZ or ARC files (Common Crawl, Heritrix, wget, browsertrix) into the archive.

    Each page goes into the run of the UTC day it was captured on, with its own date, as another round beside what was
    crawled; importing a file again brings nothing twice. A day that was never crawled is `partial` then: a file holds
    some of its pages, and nobody asked for the others. Pages are responses with status 200; that an article which the
    archive has answers 404, 410 or 451 is told by `gone` and `edits`, redirects and errors are passed over. Records of
    the portal that are lost, and those that hold no
    answer of a server, are named with their reason. Exit codes: 0 done, 3 something is lost or looks wrong,
    5 no page of the portal.

    \b
    Examples:
      warraq import CC-NEWS-20241225.warc.gz --portal almasaa
      warraq import crawl.wacz older/*.warc.gz --portal almasaa --raw-only
    """
    from storage.fixity.log import RAW_PAGES
    from storage.objects.open import open_store
    from storage.tables.archive_tables import open_tables
    from storage.tables.known_articles import addresses_of
    from storage.tables.removal_register import read_denied
    from warraq.pipeline.importing.files import import_files

    settings = read_settings()
    definition = find_portal(portal, settings)

    def tell(name: str, records: int) -> None:
        if records % TELL_EVERY == 0:
            click.echo(f"{name}: {records} records", err=True)

    # Opened before anything is written: a catalog of another archive is refused while nothing has to be undone.
    tables = open_tables(settings)
    store = open_store(settings)
    denied = read_denied(store, settings.removals, now=datetime.now(UTC))
    report = import_files(
        files,
        definition,
        store,
        spool=settings.cache,
        denied=denied,
        addresses_of=partial(addresses_of, tables.batches, definition.name),
        progress=tell,
    )
    waiting = _waiting(report, tables)
    if raw_only and waiting:
        tables.note(RAW_PAGES, {"runs": sorted(map(str, waiting))})  # no row tells of them
    runs = {} if raw_only else {run: _publish(run, settings) for run in waiting}
    if as_json:
        click.echo(json_text(_as_json(report, runs)))
    else:
        _show(report, runs)
    if not report.captures and not report.gone and not report.passed_over["known"]:
        raise StageFailed(
            f"no page of {definition.name} in {len(files)} files ({_counts(report)})",
            remedy=f"is --portal right? its hosts are {', '.join(definition.all_domains)}",
        )
    is_sound = not report.damaged and all(verdict == Verdict.OK for verdict, _ in runs.values())
    return ExitCode.DONE if is_sound else ExitCode.DEGRADED


def _waiting(report: ImportReport, tables: ArchiveTables) -> list[RunId]:
    """The days whose pages no reader sees yet: of this import, or of one that was interrupted before it published."""
    from storage.raw.run import RawRun
    from warraq.pipeline.staleness import is_published

    found = {run: RawRun(tables.store, run).report() for run in sorted(report.days)}
    return [run for run, crawl in found.items() if crawl and not is_published(crawl, tables.run_row(run))]


def _publish(run: RunId, settings: Settings) -> tuple[str, str]:
    """The verdict of a day and what was noticed; a day that is refused does not stop the others."""
    from warraq.pipeline.extract import extract_run
    from warraq.pipeline.publish import publish_run

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
        "gone": report.gone,
        "site_files": report.site_files,
        "damaged": report.damaged,
        "no_answers": report.named,
        "cut": report.cut,
        "runs": {str(run): {"verdict": str(verdict), "detail": detail} for run, (verdict, detail) in runs.items()},
    }


def _show(report: ImportReport, runs: dict[RunId, tuple[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None)
    for name in ("run", "captures", "verdict", ""):
        table.add_column(name, justify="right" if name == "captures" else "left")
    for run in sorted({*report.captures, *runs}):
        verdict, detail = runs.get(run, ("raw only", f"next: warraq extract {run}"))
        table.add_row(Text(str(run)), f"{report.captures.get(run, 0):,}", Text(str(verdict)), Text(detail))
    Console().print(table)
    click.echo(f"{sum(report.captures.values())} pages imported; passed over: {_counts(report)}")
    if report.gone:
        click.echo(f"answers that an article is gone (404, 410, 451): {report.gone}")
    if report.site_files:
        click.echo(f"robots.txt, ai.txt and tdmrep.json: {report.site_files} read for what they say of mining")
    for message in report.damaged:
        click.echo(f"lost: {message}")
    for message in report.named:
        click.echo(f"not taken: {message}")


def _counts(report: ImportReport) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in report.passed_over.most_common()) or "nothing"
