"""`warraq files`: the live Parquet files of a selection."""

from __future__ import annotations

import click


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

    Any Parquet reader takes them. A file may hold rows of neighbouring windows: filter by window_start as well.
    Files of a table may be replaced by a later run; `warraq release` makes a copy that stays.

    \b
    Examples:
      warraq files --portal almasaa --from 2024-12-01 --to 2025-01-01
      warraq files --table runs --json
      duckdb -c "SELECT count(*) FROM read_parquet([$(warraq files | sed "s/.*/'&'/" | paste -sd,)])"
    """
    from warraq.files_command import print_files

    print_files(table, portal=portal, start=start, end=end, as_json=as_json)
