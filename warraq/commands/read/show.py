"""`warraq show`: one article."""

from __future__ import annotations

import sys

import click

from storage.errors import UsageError
from storage.settings import read_settings


@click.command()
@click.argument("wanted", metavar="ID|URL")
@click.option("--editions", is_flag=True, help="List the article's editions, the oldest first.")
@click.option("--diff", is_flag=True, help="What changed from edition to edition, word by word.")
@click.option("--raw", is_flag=True, help="The WARC record, as received.")
@click.option("--html", is_flag=True, help="The archived page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, wanted: str, as_json: bool, **parts: bool) -> None:
    """Show an article: by its id, the id of one edition, or its address in any spelling.

    \b
    Examples:
      warraq show https://almessa.gomhuriaonline.com/123
      warraq show 0123456789abcdef0123456789abcdef --diff
      warraq show https://almessa.gomhuriaonline.com/123 --html > page.html
    """
    from storage.objects.open import open_store
    from storage.raw.run import read_capture, read_record
    from warraq.cli.article_view import article_as_object, print_article
    from warraq.cli.query_output import as_json as to_json
    from warraq.lookup.article import find_editions

    asked = [name for name, is_asked in parts.items() if is_asked]
    if len(asked) > 1:
        raise UsageError(f"--{asked[0]} and --{asked[1]} are two answers", remedy="ask for one of them")
    part = next(iter(asked), "article")
    settings = read_settings()
    editions = find_editions(wanted, settings)
    chosen = next((edition for edition in editions if edition.edition_id == wanted), editions[-1])
    if part in ("raw", "html"):
        if as_json:
            raise UsageError(f"--{part} prints bytes, not JSON", remedy="leave out --json")
        store = open_store(settings)
        data = read_record(store, chosen.place) if part == "raw" else read_capture(store, chosen.place).body
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    elif as_json:
        click.echo(to_json(article_as_object(chosen, editions, part=part)))
    else:
        print_article(chosen, editions, part=part)
