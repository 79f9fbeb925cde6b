"""`warraq extract-file`: the extractor on saved pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from extract.page import Page
from storage.errors import UsageError
from storage.model.window import parse_time
from warraq.cli.terminal_text import json_text, safe_line

if TYPE_CHECKING:
    from rich.panel import Panel

    from extract.profile import PortalProfile
    from storage.model.records import ArticleText, Rejected


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
    from rich.console import Console

    from extract.extractor import extract_article
    from warraq.lookup.saved_page import as_object, profile_named, read_saved

    if url is not None and len(files) > 1:
        raise UsageError("--url names one page, and there are several files", remedy="give the files one by one")
    moment = parse_time(captured_at, name="--captured-at") if captured_at else datetime.now(UTC).replace(microsecond=0)
    pages = [(name, read_saved(name)) for name in files]
    console = Console()
    for name, body in pages:
        page = Page(body=body, captured_at=moment, url=url)
        profile = profile_named(portal, page)
        result = extract_article(page, profile)
        if as_json:
            click.echo(json_text(as_object(name, result, profile)))
        else:
            console.print(_panel(name, result, profile))


def _panel(name: str, result: ArticleText | Rejected, profile: PortalProfile) -> Panel:
    from rich.panel import Panel
    from rich.text import Text

    from storage.model.records import Rejected
    from warraq.lookup.saved_page import own_time

    if isinstance(result, Rejected):
        text = Text(f"not an article: {result.reason}\n{result.detail}")
        return Panel(text, title=Text(safe_line(name)), border_style="yellow")
    published = own_time(result, profile)
    facts = {
        "published": f"{published.isoformat()} ({result.published_source}, {result.published_confidence})"
        if published
        else "unknown",
        "authors": "، ".join(result.authors) or "none",
        "agency": result.agency,
        "section": result.section,
        "licence": result.licence,
        "words": f"{result.word_count:,}",
        "quality": f"{result.quality} {' '.join(result.flags)}",
        "removed": ", ".join(sorted({block.rule for block in result.removed_blocks})) or "nothing",
    }
    text = Text(f"{result.title}\n\n", style="bold")
    text.append("\n".join(f"{key:<10}{value}" for key, value in facts.items() if value), style="dim")
    text.append(f"\n\n{result.body}", style="not bold")
    return Panel(text, title=Text(safe_line(name)))
