"""`warraq series`: how often terms are written about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from warraq.api.export.names import path_of
from warraq.cli.main import for_spreadsheets, of_a_state
from warraq.cli.terminal_text import safe_line

if TYPE_CHECKING:
    from warraq.api.series.series import By

PERIODS = ("day", "week", "month", "quarter", "year")


@click.command()
@click.argument("terms", nargs=-1, required=True, metavar="TERM...")
@click.option("--by", type=click.Choice(PERIODS), default="month", show_default=True, help="Length of a period.")
@click.option("--group", type=click.Choice(["portal", "country"]), help="A row for each of these as well.")
@click.option("--portal", "portals", multiple=True, metavar="NAME", help="Only this portal; may be repeated.")
@click.option("--country", "countries", multiple=True, metavar="CC", help="Only this country's; may be repeated.")
@click.option("--from", "since", metavar="T", help="From this time on, UTC.")
@click.option("--to", "until", metavar="T", help="Before this time, UTC.")
@click.option("--plot", type=path_of, metavar="FILE", help="Picture: .png, .svg.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "jsonl", "parquet", "arrow"]), help="As `query`."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--output", type=path_of, metavar="FILE", help="Write there.")
@for_spreadsheets
@of_a_state
def command(
    *,
    terms: tuple[str, ...],
    by: By,
    group: str | None,
    portals: tuple[str, ...],
    countries: tuple[str, ...],
    since: str | None,
    until: str | None,
    plot: Path | None,
    form: str | None,
    as_json: bool,
    output: Path | None,
    spreadsheet: bool,
    release: str | None,
    as_of: str | None,
) -> None:
    """Count the articles that hold each term, as a share of all, and say what is archived of each period.

    A period no run covers is "not archived" and has no share, and no counts but of articles that runs of other times
    brought: a gap never looks like silence. So is every period of a portal that is named and was never archived. A
    term is a word or a phrase, found in all its forms.

    \b
    Examples:
      warraq series انتخابات --by day --from 2024-12-01 --to 2025-01-01
      warraq series "سد النهضة" "نهر النيل" --group country --plot nile.svg
      warraq series زلزال --portal almasaa --output quake.csv
      warraq series زلزال --by week --as-of 2025-01-10
    """
    import warraq
    from storage.read.query import Answer
    from warraq.api.series.plot import check_picture
    from warraq.cli.query_output import form_of, one_form, write_answer

    written = form_of(one_form(form, as_json=as_json), output, spreadsheet=spreadsheet)
    if plot is not None:
        check_picture(plot)
    with warraq.open_archive(release=release, as_of=as_of) as archive:
        series = archive.series(
            terms,
            by=by,
            group=group,
            portal=portals or None,
            country=countries or None,
            since=since,
            until=until,
        )
    if plot is not None:
        series.plot(plot, title=" · ".join(terms))
        click.echo(safe_line(str(plot)), err=True)
    if plot is None or output is not None or form or as_json or spreadsheet:
        table = series.to_arrow()
        write_answer(Answer(table.schema, iter(table.to_batches())), form=written, output=output)
