"""`warraq show`: one article."""

from __future__ import annotations

import click


@click.command()
@click.argument("wanted", metavar="ID|URL")
@click.option("--editions", "part", flag_value="editions", help="List the article's editions, the oldest first.")
@click.option("--diff", "part", flag_value="diff", help="What changed from edition to edition, word by word.")
@click.option("--raw", "part", flag_value="raw", help="The WARC record, as received.")
@click.option("--html", "part", flag_value="html", help="The archived page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, wanted: str, part: str | None, as_json: bool) -> None:
    """Show an article: by its id, the id of one edition, or its address in any spelling.

    \b
    Examples:
      warraq show https://almessa.gomhuriaonline.com/123
      warraq show 0123456789abcdef0123456789abcdef --diff
      warraq show https://almessa.gomhuriaonline.com/123 --html > page.html
    """
    from warraq.show_command import show_article

    show_article(wanted, part=part or "article", json_output=as_json)
