"""`warraq query`: SQL over the archive."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from warraq.api.export.names import path_of

MAX_SQL_CHARACTERS = 1_000_000


class _SqlCommand(click.Command):
    """Takes SQL that begins with a comment («-- what it asks») for SQL, not for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments left; a blank before a comment changes nothing in SQL."""
        return super().parse_args(ctx, [f" {arg}" if re.match(r"--\s", arg) else arg for arg in args])


@click.command(cls=_SqlCommand)
@click.argument("sql")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "jsonl", "parquet", "arrow"]),
    help="Default: what --output ends in; else a table on a terminal, CSV in a pipe.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "-o",
    "--output",
    type=path_of,
    metavar="FILE",
    help="Write there, whole or not at all.",
)
@click.option(
    "--spreadsheet",
    is_flag=True,
    help="CSV for Excel and LibreOffice: they see that it is UTF-8, read times, and take no title for a formula.",
)
@click.option("--release", metavar="NAME", help="Over this release, as 2024-12; it has no fetches.")
@click.option("--as-of", metavar="T", help="Over the state that readers saw then, by the commits that are still kept.")
@click.option("--outside-files", is_flag=True, help="Let the SQL read and write files outside the archive.")
def command(
    *,
    sql: str,
    form: str | None,
    as_json: bool,
    output: Path | None,
    spreadsheet: bool,
    release: str | None,
    as_of: str | None,
    outside_files: bool,
) -> None:
    """Answer SQL (DuckDB's) over the archive as it is now; "-" reads it from standard input.

    "DESCRIBE articles" lists the columns of a table, "SELECT column_name, comment FROM duckdb_columns()" says what
    each is, and which are never null: DESCRIBE cannot.

    \b
    Tables:
      articles   the latest edition of each article     editions   every edition, as published
      fetches    one row a URL a run, with its outcome  runs       one row a run
      coverage   what a portal's day holds              archived_days  how much of each day runs cover
      edits      one row a change between editions      stories        near copies, each article with its story
      gone       articles that are not at their address any more: removed, withheld, redirected, hidden
      opt_outs   articles whose page or site reserves text and data mining, as it was fetched
    Functions:
      ar_fold(text)               spelling differences removed: أ إ آ → ا, ة → ه, no tashkeel
      ar_contains(text, phrase)   whether it is in there, however either is spelled
      ar_contains(text, phrase, word := true)   as whole words: انتخابات finds للانتخابات, سد does not find جسد
      as_of('2026-01-01')         articles by what was captured then; a later backfill adds to it: see --as-of
      day_series(phrase)          articles a day and portal
      series(term, per := 'month')   counts, shares, and what of each period is archived
      first_report(phrase, portal := …, since := …, most := 20)   the earliest articles; of a story:
                                  FROM stories WHERE story_id = '…' ORDER BY place
      wire_copies(days := 3)      articles of several portals with one text
      stories_within(within_days := 7)   near copies, each article with its story; the same: FROM stories

    \b
    Examples:
      warraq query "SELECT portal, count(*) AS articles FROM articles GROUP BY portal ORDER BY 2 DESC"
      warraq query "SELECT * FROM day_series('سد النهضة')" --output series.csv
      warraq query "SELECT published_at, title FROM articles" --spreadsheet --output titles.csv
      warraq query "SELECT title, url FROM articles WHERE published_at >= '2024-12-25'" --json
      warraq query "SELECT count(*) FROM articles" --release 2024-12
    """
    import pyarrow as pa

    import warraq
    from storage.read.query import answer
    from warraq.cli.query_output import form_of, one_form, write_answer

    written = form_of(one_form(form, as_json=as_json), output, spreadsheet=spreadsheet)
    if sql == "-":
        sql = sys.stdin.read(MAX_SQL_CHARACTERS)
    # The system's allocator gives back what a batch took: a fifth less memory than Arrow's own, and no slower.
    pa.set_memory_pool(pa.system_memory_pool())
    archive = warraq.open_archive(release=release, as_of=as_of)
    with archive.connections.fresh(outside_files=outside_files, is_described=True) as connection:
        write_answer(answer(connection, sql), form=written, output=output)
