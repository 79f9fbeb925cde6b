"""`warraq search`: the articles that speak of something."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from warraq.api.export.names import path_of
from warraq.cli.main import for_spreadsheets, of_a_state, refuse_unused

if TYPE_CHECKING:
    from storage.search.snippets import Piece
    from warraq.api.search import Found, Sort


class _WordsCommand(click.Command):
    """Takes «-مصر» and «-"سد النهضة"» for words that must not be there: no option is spelled so."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments left; a blank before a word changes nothing in a query."""
        return super().parse_args(ctx, [f" {arg}" if re.match(r"-[^-\x00-!#-\x7f]", arg) else arg for arg in args])


@click.command(cls=_WordsCommand)
@click.argument("query", nargs=-1, required=True, metavar="WORDS...")
@click.option("--portal", "portals", multiple=True, metavar="NAME", help="Only this portal; may be repeated.")
@click.option("--country", "countries", multiple=True, metavar="CC", help="Only this country's; may be repeated.")
@click.option("--from", "since", metavar="T", help="Published from this time on, UTC.")
@click.option("--to", "until", metavar="T", help="Published before this time, UTC.")
@click.option("--limit", type=click.IntRange(min=0), default=10, show_default=True, help="How many to show.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Pass over so many.")
@click.option(
    "--sort", type=click.Choice(["best", "newest", "oldest"]), default="best", show_default=True, help="Order."
)
@click.option("--counts", metavar="BY", help="Only how many, by portal, month or portal,month.")
@click.option("--scan", is_flag=True, help="Read the texts themselves, not the index.")
@click.option("--format", "form", type=click.Choice(["csv", "json", "jsonl", "parquet", "arrow"]), help="For programs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: total, how it was found, hits.")
@click.option("-o", "--output", type=path_of, metavar="FILE", help="Write there.")
@for_spreadsheets
@of_a_state
def command(
    *,
    query: tuple[str, ...],
    portals: tuple[str, ...],
    countries: tuple[str, ...],
    since: str | None,
    until: str | None,
    limit: int,
    offset: int,
    sort: Sort,
    counts: str | None,
    scan: bool,
    form: str | None,
    as_json: bool,
    output: Path | None,
    spreadsheet: bool,
    release: str | None,
    as_of: str | None,
) -> None:
    """Find articles by their words, the best first, with the passage that says it.

    A word is found in its forms: انتخابات finds الانتخابات, للانتخابات and وانتخاباتنا; سد does not find جسد. All words
    must be there; a phrase stands in quotes. AND, OR, NOT (or -), brackets, a beginning (انتخاب*), one spelling only
    (=كتاب) and a field (title:زلزال, body:زلزال) are understood.

    It answers from the index that `warraq maintain` keeps; without one it reads all texts, and says so. A time or
    portal of which nothing is archived is refused (exit code 2), with what there is; an archived one may have no hits.

    \b
    Examples:
      warraq search انتخابات --portal almasaa
      warraq search '"سد النهضة"' -مصر --sort oldest
      warraq search 'title:زلزال OR هزة*' --from 2024-12-01 --counts portal,month
      warraq search انتخابات --limit 1000 --spreadsheet --output hits.csv
      warraq search انتخابات --release 2024-12
    """
    import warraq
    from storage.read.query import Answer
    from warraq.api.series.held import check_held
    from warraq.cli.query_output import as_json as in_json
    from warraq.cli.query_output import form_of, one_form, write_answer

    if counts:
        refuse_unused("limit", "offset", "sort", where="of --counts, which counts all")
    asked = one_form(form, as_json=as_json)
    is_file = form or output or spreadsheet
    written = form_of(asked, output, spreadsheet=spreadsheet) if is_file else None
    within: dict[str, Any] = {
        "portal": portals or None,
        "country": countries or None,
        "since": since,
        "until": until,
    }
    with warraq.open_archive(release=release, as_of=as_of) as archive:
        found = archive.search(
            " ".join(query), **within, limit=0 if counts else limit, offset=offset, sort=sort, scan=scan
        )
        if not found.total:
            check_held(archive.connections, archive.articles(**within).selection)
    table = found.counts(counts) if counts else found.to_arrow()
    if found.how != "index" and not as_json:
        click.echo(f"found by {found.how}", err=True)
    if as_json and output is None:
        told = {
            "total": found.total,
            "how": found.how,
            "understood": found.understood,
            "counts" if counts else "hits": table.to_pylist(),
        }
        click.echo(in_json(told))
    elif written or counts:
        answer = Answer(table.schema, iter(table.to_batches()))
        write_answer(answer, form=written or form_of(asked, output), output=output)
    else:
        _print(found, offset=offset)


def _print(found: Found, *, offset: int) -> None:
    """Headline, where from, and the passage with what was found in bold; between ** where nothing is bold."""
    from rich.console import Console
    from rich.text import Text

    from warraq.cli.terminal_text import safe_line, safe_text

    console = Console()
    signs = "**" if console.no_color or console.is_dumb_terminal or not console.is_terminal else ""

    def styled(pieces: tuple[Piece, ...]) -> Text:
        line = Text()
        for piece in pieces:
            mark = signs if piece.is_found else ""
            shown = safe_text(piece.text).replace("\n", " ")
            line.append(f"{mark}{shown}{mark}", style="bold" if piece.is_found else "")
        return line

    for number, hit in enumerate(found.hits, start=offset + 1):
        console.print(Text(f"{number}. ") + styled(hit.title_pieces), soft_wrap=True)
        day = f"{hit.published_at:%Y-%m-%d}" if hit.published_at else "undated"
        console.print(Text(f"   {hit.portal} · {day} · {safe_line(hit.url)}", style="dim"), soft_wrap=True)
        console.print(Text("   ") + styled(hit.pieces), soft_wrap=not console.is_terminal)
    console.print(Text(f"{len(found.hits)} of {found.total:,} articles for {found.understood}", style="dim"))
