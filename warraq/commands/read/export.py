"""`warraq export`: a selection of articles as files for others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storage.errors import UsageError
from warraq.api.export.names import path_of
from warraq.cli.main import for_spreadsheets, of_a_state, refuse_unused
from warraq.cli.terminal_text import safe_line

if TYPE_CHECKING:
    from warraq.api.articles import Articles

FORMS = ("parquet", "csv", "jsonl", "arrow", "dataset", "wacz")
TEXT_FORMS = ("csv", "jsonl")
STEP_ROWS = 10_000


@click.command()
@click.option(
    "-o",
    "--output",
    type=path_of,
    metavar="PATH",
    required=True,
    help="File or new folder; - for standard output.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="Default: what the name ends in; `dataset` for one without."
)
@click.option("--portal", "portals", multiple=True, metavar="NAME", help="Only this portal; may be repeated.")
@click.option("--country", "countries", multiple=True, metavar="CC", help="Only this country's; may be repeated.")
@click.option("--from", "since", metavar="T", help="Published from this time on, UTC.")
@click.option("--to", "until", metavar="T", help="Published before this time, UTC.")
@click.option("--text", metavar="PHRASE", help="Only articles that hold this word or phrase, in any of its forms.")
@click.option("--agency", metavar="NAME", help="Only reports of this agency.")
@click.option("--language", metavar="CODE", help="Only this language, as ar.")
@click.option("--licence", metavar="TEXT", help="Only articles whose page states a licence with this in it.")
@click.option("--one-per-story", is_flag=True, help="Of near copies in the selection only the earliest.")
@click.option("--with-opt-outs", is_flag=True, help="Also articles whose page or site reserves text and data mining.")
@click.option("--columns", metavar="A,B,…", help="Only these columns.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="So many at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the sample and of the splits.")
@for_spreadsheets
@of_a_state
def command(
    *,
    output: Path,
    form: str | None,
    portals: tuple[str, ...],
    countries: tuple[str, ...],
    since: str | None,
    until: str | None,
    text: str | None,
    agency: str | None,
    language: str | None,
    licence: str | None,
    one_per_story: bool,
    with_opt_outs: bool,
    columns: str | None,
    sample: int | None,
    seed: int,
    spreadsheet: bool,
    release: str | None,
    as_of: str | None,
) -> None:
    """Write the articles of a selection as Parquet, CSV, JSON Lines, Arrow, a data set folder or WACZ.

    A data set folder is what Hugging Face's `datasets` loads: Parquet by split, where near copies of one text never
    stand on both sides, a card with sources, rights, columns and quality, Croissant and checksums. WACZ holds the
    archived pages for ReplayWeb.page and pywb. Rights, source and what was left out stand in the file, or beside it:
    x.csv-metadata.json for CSV (CSV on the Web), the same for JSON Lines. A file is written whole or not at all; a
    folder that was interrupted goes on when the same command is run again. A time or portal of which nothing is
    archived is refused (exit code 2), with what there is.

    \b
    Examples:
      warraq export --output december.parquet --from 2024-12-01 --to 2025-01-01
      warraq export --output corpus --one-per-story --columns article_id,title,body --seed 7
      warraq export --output quake.wacz --text زلزال
      warraq export --output titles.csv --spreadsheet --columns published_at,title,url --as-of 2025-01-10
    """
    import warraq
    from warraq.api.export.dataset_card import MAX_LICENCES
    from warraq.api.export.dataset_folder import check_folder
    from warraq.api.export.metadata_beside import metadata_path
    from warraq.api.export.names import check_name, form_named
    from warraq.api.export.whole_file import check_place
    from warraq.api.series.held import check_held
    from warraq.cli.query_output import STANDARD_OUTPUT

    is_file = output != STANDARD_OUTPUT
    if is_file:
        remedy = "choose another name, or name a --format; for Excel: --spreadsheet --output x.csv"
        chosen = form or form_named(output, FORMS, remedy=remedy, bare="dataset")
        check_name(output, chosen)
        check = check_folder if chosen == "dataset" else check_place
        check(output)
        if chosen in TEXT_FORMS:
            check_place(metadata_path(output))
    else:
        chosen = form or ""
    if not is_file and chosen not in TEXT_FORMS:
        raise UsageError(
            "standard output takes text only", remedy=f"add --format {' or '.join(TEXT_FORMS)}, or name a file"
        )
    if spreadsheet and chosen != "csv":
        raise UsageError(f"--spreadsheet is about CSV, not {chosen}", remedy="leave it out, or write CSV")
    if sample is None and chosen != "dataset":
        refuse_unused("seed", where="without --sample or a data set folder")
    if chosen == "wacz":
        refuse_unused("columns", where="of WACZ, which holds pages")
    with warraq.open_archive(release=release, as_of=as_of) as archive:
        articles = archive.articles(
            portal=portals or None,
            country=countries or None,
            since=since,
            until=until,
            text=text,
            agency=agency,
            language=language,
            licence=licence,
            one_per_story=one_per_story,
            exclude_opt_out=not with_opt_outs,
            columns=[name.strip() for name in columns.split(",")] if columns is not None else None,
        )
        check_held(archive.connections, articles.selection)
        if sample is not None:
            articles = articles.sample(sample, seed=seed)
        left_out = articles.left_out()
        if left_out:
            click.echo(f"left out: {left_out:,} articles whose page or site reserves text and data mining", err=True)
        for stated, states in list(articles.licences().items())[:MAX_LICENCES]:
            click.echo(f"licence: {safe_line(stated)}: {states:,} articles", err=True)
        count = _write(articles, output, form="spreadsheet" if spreadsheet else chosen, seed=seed)
    click.echo(f"{safe_line(str(output))}: {count:,} articles", err=not is_file)


def _write(articles: Articles, output: Path, *, form: str, seed: int) -> int:
    """Write it; returns the number of articles."""
    from warraq.api.export.metadata_beside import metadata_path, metadata_text
    from warraq.api.export.whole_file import whole_file
    from warraq.cli.query_output import BINARY_FORMS, STANDARD_OUTPUT, write_answer

    done = 0

    def progress(count: int) -> None:
        nonlocal done
        if count // STEP_ROWS > done // STEP_ROWS:
            click.echo(f"{count:,} articles", err=True)
        done = count

    if form == "dataset":
        articles.to_dataset(output, seed=seed, progress=progress)
    elif form == "wacz":
        articles.to_wacz(output, progress=progress)
    else:
        found, described = articles.answer(progress=progress), articles.described()
        if form in BINARY_FORMS:
            found = replace(found, schema=found.schema.with_metadata(described.metadata()))
        write_answer(found, form=form, output=output)
        if form not in BINARY_FORMS and output != STANDARD_OUTPUT:
            with whole_file(metadata_path(output)) as part:
                part.write_text(metadata_text(found.schema, output, described), encoding="utf-8")
    return done
