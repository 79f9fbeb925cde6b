"""`warraq query`: SQL over the archive."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from storage.errors import UsageError
from storage.settings import read_settings

MAX_SQL_CHARACTERS = 1_000_000
FORM_BY_SUFFIX = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
}


@click.command()
@click.argument("sql")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "jsonl", "parquet", "arrow"]),
    help="Default: what --output ends in; else a table on a terminal, CSV in a pipe.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write there, whole or not at all.",
)
@click.option(
    "--spreadsheet",
    is_flag=True,
    help="CSV for Excel and LibreOffice: they see that it is UTF-8, read times, and take no title for a formula.",
)
@click.option("--outside-files", is_flag=True, help="Let the SQL read and write files outside the archive.")
def command(
    *, sql: str, form: str | None, as_json: bool, output: Path | None, spreadsheet: bool, outside_files: bool
) -> None:
    """Answer SQL (DuckDB's) over the archive as it is now; "-" reads it from standard input.

    "DESCRIBE articles" lists the columns of a table.

    \b
    Tables:
      articles   the latest edition of each article     editions   every edition, as published
      fetches    one row a URL a run, with its outcome  runs       one row a run
      coverage   what a portal's day holds
    Functions:
      ar_fold(text)               spelling differences removed: أ إ آ → ا, ة → ه, no tashkeel
      ar_contains(text, phrase)   whether it is in there, however either is spelled
      ar_contains(text, phrase, word := true)   as whole words: انتخابات finds للانتخابات, سد does not find جسد
      as_of('2026-01-01')         articles as they stood then
      day_series(phrase)          articles a day and portal
      first_report(phrase)        the earliest articles
      wire_copies(days := 3)      articles of several portals with one text

    \b
    Examples:
      warraq query "SELECT portal, count(*) AS articles FROM articles GROUP BY portal ORDER BY 2 DESC"
      warraq query "SELECT * FROM day_series('سد النهضة')" --output series.csv
      warraq query "SELECT published_at, title FROM articles" --spreadsheet --output titles.csv
      warraq query "SELECT title, url FROM articles WHERE published_at >= '2024-12-25'" --json
    """
    import pyarrow as pa

    from storage.read.query import answer, connect
    from warraq.cli.query_output import BINARY_FORMS, write_answer

    if sql == "-":
        sql = sys.stdin.read(MAX_SQL_CHARACTERS)
    form = "json" if as_json else form or ("csv" if spreadsheet and output is None else _form_of(output))
    if spreadsheet and form != "csv":
        raise UsageError(f"--spreadsheet is about CSV, not {form}", remedy="leave it out, or write CSV")
    if form in BINARY_FORMS and output is None:
        raise UsageError(f"{form.capitalize()} is not for the terminal", remedy="add --output FILE")
    # The system's allocator gives back what a batch took: a fifth less memory than Arrow's own, and no slower.
    pa.set_memory_pool(pa.system_memory_pool())
    with connect(read_settings(), outside_files=outside_files) as connection:
        write_answer(answer(connection, sql), form="spreadsheet" if spreadsheet else form, output=output)


def _form_of(output: Path | None) -> str:
    """What the file's name says; else a table for a terminal and CSV for a pipe. Raises UsageError."""
    if output is None:
        return "table" if sys.stdout.isatty() else "csv"
    form = FORM_BY_SUFFIX.get(output.suffix.lower())
    if form is None:
        raise UsageError(
            f"{output.name} does not say how to write it: {', '.join(FORM_BY_SUFFIX)} are known",
            remedy="choose another name, or name a --format; for Excel: --spreadsheet --output x.csv",
        )
    return form
