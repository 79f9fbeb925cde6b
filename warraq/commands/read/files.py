"""`warraq files`: the live Parquet files of a selection."""

from __future__ import annotations

import click

from spiders.registry import find_portal
from storage.errors import UsageError
from storage.model.window import parse_time
from storage.settings import read_settings
from warraq.cli.terminal_text import json_text


@click.command()
@click.option(
    "--table", type=click.Choice(["articles", "fetches", "runs"]), default="articles", show_default=True, help="Which."
)
@click.option("--portal", metavar="NAME", help="Only this portal's.")
@click.option("--from", "start", metavar="T", help="Only windows that start at or after this time, UTC.")
@click.option("--to", "end", metavar="T", help="Only windows that start before this time, UTC.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array with each file's address, rows and bytes.")
def command(*, table: str, portal: str | None, start: str | None, end: str | None, as_json: bool) -> None:
    """Print the addresses of the Parquet files that hold a selection now, one a line.

    Any Parquet reader takes them. A file holds windows of a portal's month, or of a small portal's whole year: filter
    by window_start as well.
    Files of a table may be replaced by a later run; `warraq release` makes a copy that stays.

    \b
    Examples:
      warraq files --portal almasaa --from 2024-12-01 --to 2025-01-01
      warraq files --table runs --json
      duckdb -c "SELECT count(*) FROM read_parquet([$(warraq files | sed "s/.*/'&'/" | paste -sd,)])"
    """
    from storage.tables.archive_tables import open_tables
    from storage.tables.row_filters import select

    since = parse_time(start, name="--from") if start else None
    before = parse_time(end, name="--to") if end else None
    if since and before and since >= before:
        raise UsageError("--from must be before --to", remedy="exchange the two")
    wanted = select(portal=portal, since=since, before=before)
    settings = read_settings()
    files = open_tables(settings, create=False).file_facts(table, row_filter=wanted)
    if not files:
        if portal:
            find_portal(portal, settings)
        click.echo("nothing is archived in this selection; `warraq coverage` shows what there is", err=True)
    if as_json:
        click.echo(json_text([{"uri": uri, "rows": rows, "bytes": size} for uri, rows, size in files]))
        return
    for uri, _, _ in files:
        click.echo(uri)
