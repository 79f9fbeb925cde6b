"""`warraq report`: a month as one page."""

from __future__ import annotations

from pathlib import Path

import click

from storage.errors import UsageError
from warraq.api.export.names import PAGES, path_of
from warraq.cli.main import of_a_state
from warraq.cli.terminal_text import safe_line


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option("--country", "countries", multiple=True, metavar="CC", help="All portals of this country, as EG.")
@click.option("--month", required=True, metavar="YYYY-MM", help="Which month, by publication, UTC.")
@click.option(
    "-o",
    "--output",
    type=path_of,
    required=True,
    metavar="FILE",
    help="An .html file.",
)
@of_a_state
def command(
    *,
    portals: tuple[str, ...],
    countries: tuple[str, ...],
    month: str,
    output: Path,
    release: str | None,
    as_of: str | None,
) -> None:
    """Write a month as one self-contained page, in English and Arabic: to read, to print, to send on.

    It shows articles a day with what is archived of each, quality by portal, edits with the differing words, stories
    that several articles tell, and samples. Of articles whose page or site reserved text and data mining neither
    edits nor samples are shown, and the page says how many they are. It loads nothing from elsewhere. A month of which
    nothing is archived, or no run is in the release, is refused (exit code 2).

    \b
    Examples:
      warraq report almasaa --month 2024-12 -o almasaa.html
      warraq report --country EG --month 2024-12 -o egypt.html
      warraq report --month 2024-12 --release 2024-12 -o released.html
    """
    import warraq
    from warraq.api.export.whole_file import check_place, whole_file
    from warraq.api.report.month_report import Scope, month_report

    if output.suffix.lower() not in PAGES:
        raise UsageError(f"{output.name}: a report is written as .html", remedy="choose another name")
    check_place(output)
    with warraq.open_archive(release=release, as_of=as_of) as archive:
        page = month_report(archive, Scope(portals, countries), month)
    with whole_file(output) as part:
        part.write_text(page, encoding="utf-8")
    click.echo(safe_line(str(output)))
