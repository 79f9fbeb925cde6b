"""`warraq extract-file`: the extractor on saved pages."""

from __future__ import annotations

import click


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--url", help="Address of the page; by default the one that the page itself states.")
@click.option("--captured-at", help="When it was saved, UTC: 2024-12-25 or 2024-12-25T06:00Z; by default now.")
@click.option("--portal", help="Portal whose definition helps; `auto` finds it by the page's address.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file and line (JSON Lines).")
def command(
    files: tuple[str, ...], url: str | None, captured_at: str | None, portal: str | None, as_json: bool
) -> None:
    """Extract the article from saved pages, without network and archive.

    `-` reads a page from standard input; a gzip file is unpacked. What is not an article says why, under `rejection`.

    \b
    Examples:
      warraq extract-file page.html
      warraq extract-file saved/*.html --json > articles.jsonl
      warraq extract-file page.html --portal almasaa --url https://almessa.gomhuriaonline.com/577176/
    """
    from warraq.extract_file_command import extract_files

    extract_files(files, url=url, captured_at=captured_at, portal=portal, as_json=as_json)
