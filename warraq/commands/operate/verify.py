"""`warraq verify`: prove that the archive is what was written."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from spiders.registry import find_portal
from storage.errors import DamagedObject, ExitCode, UsageError
from storage.model.window import parse_time
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text, safe_line

if TYPE_CHECKING:
    from rich.table import Table

    from warraq.monitoring.verify import MonthReport

PIPE_WIDTH = 200  # columns of a table that no terminal bounds
MAX_TOLD = 20  # problems shown to a person; --json has them all


@click.command()
@click.option("--portal", metavar="NAME", help="Only this portal.")
@click.option("--from", "start", metavar="TIME", help="Only windows that begin at this time or later.")
@click.option("--to", "end", metavar="TIME", help="Only windows that begin before this time.")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="At most N chunks and N articles of each run.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes; by default one a processor core.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with all findings.")
def command(
    *, portal: str | None, start: str | None, end: str | None, sample: int | None, workers: int | None, as_json: bool
) -> int:
    """Compare stored bytes with their digests, and published texts with what the raw archive gives today.

    Hashes WARC chunks, indexes, crawl reports and Parquet files again, and derives each text again from its captured
    bytes. Texts of another extractor version are compared by digest only. Names runs whose pages wait for their rows.
    Exit codes: 0 sound, 3 sound but runs are unfinished, 5 anything differs.

    \b
    Examples:
      warraq verify
      warraq verify --portal almasaa --from 2024-12-01 --to 2025-01-01 --sample 50
    """
    from rich.console import Console

    from warraq.cli.run_table import page_progress
    from warraq.monitoring.verify import VerifyScope, verify_archive

    settings = read_settings()
    if portal:
        find_portal(portal, settings)
    selection = VerifyScope(
        portal=portal,
        since=parse_time(start, name="--from") if start else None,
        before=parse_time(end, name="--to") if end else None,
        sample=sample,
    )
    with page_progress(Console(stderr=True), "runs verified") as say:
        months = verify_archive(settings, selection, workers=workers, progress=say)
    if not months:
        raise UsageError(
            "nothing is archived in this selection", remedy="see `warraq coverage`, or leave out --from and --to"
        )
    if portal is None:
        months[0].problems += _index_problems(settings)
    problems = [problem for month in months for problem in month.problems]
    unfinished = [run for month in months for run in month.unfinished]
    if as_json:
        click.echo(json_text({"sound": not problems, "months": [asdict(month) for month in months]}))
    else:
        Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(_table(months))
        for problem in problems[:MAX_TOLD]:
            click.echo(safe_line(problem))
        if len(problems) > MAX_TOLD:
            click.echo(f"… and {len(problems) - MAX_TOLD} more; --json lists all")
        for run in unfinished:
            click.echo(safe_line(f"unfinished: {run}"))
        click.echo(f"{len(problems)} problems" if problems else "sound: everything is as it was written")
    if problems:
        return ExitCode.FAILED
    return ExitCode.DEGRADED if unfinished else ExitCode.DONE


def _index_problems(settings: Settings) -> list[str]:
    """What is wrong with the search index, which belongs to no month."""
    from storage.tables.archive_tables import open_tables
    from warraq.api.connections import Connections
    from warraq.api.search_index import check_index

    try:
        return check_index(Connections(settings, open_tables(settings, create=False).load()))
    except DamagedObject:
        return []  # the tables are, which is told


def _table(months: list[MonthReport]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None)
    for name in ("portal", "month"):
        table.add_column(name)
    for name in ("runs", "objects", "MB", "rows", "derived", "other rules", "no digest", "problems"):
        table.add_column(name, justify="right", overflow="fold")
    for month in months:
        counts = (month.articles, month.derived, month.other_version, month.unrecorded, len(month.problems))
        table.add_row(
            Text(month.portal),
            Text(month.month),
            *(f"{month.runs:,}", f"{month.objects:,}", f"{month.bytes / 1e6:,.1f}"),
            *(f"{number:,}" for number in counts),
        )
    return table
