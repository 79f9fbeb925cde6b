"""`warraq check`: a live probe of one portal."""

from __future__ import annotations

import json
import logging
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiders.registry import find_portal
from storage.errors import UsageError
from storage.settings import read_settings

if TYPE_CHECKING:
    from spiders.check.probe import Probe

_SUFFIXES = {"html": ".html", "xml": ".xml", "rss": ".xml", "json": ".json", "plain": ".txt"}


@click.command("check")
@click.argument("portal")
@click.option("--save", "folder", type=click.Path(file_okay=False, path_type=Path), help="Keep what was fetched here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def command(portal: str, folder: Path | None, as_json: bool) -> int:
    """Probe the live site of PORTAL: robots.txt, each source, five articles, dates, rules that never matched.

    Needs a network. Nothing is written to the archive. The probe keeps all limits of a crawl.
    Exit codes: 0 all is well, 2 usage, 3 something is wrong, 4 try again later, 5 no article came out.

    \b
    Examples:
      warraq check almasaa
      warraq check youm7 --save youm7-pages
      warraq check demo --json
    """
    from spiders.check.probe import probe_portal

    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of every page it finds no text in
    settings = read_settings()
    definition = find_portal(portal, settings)
    if folder and folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty", remedy="name a new folder")
    with tempfile.TemporaryDirectory(prefix="warraq-check-") as scratch:
        probe = probe_portal(definition, settings, Path(scratch), now=datetime.now(UTC))
    if folder:
        _save(probe, folder)
    if as_json:
        click.echo(json.dumps(_as_record(probe), ensure_ascii=False, default=str))
    else:
        _print(probe)
    return probe.exit_code


def _as_record(probe: Probe) -> dict[str, Any]:
    """The probe for programs."""
    return {
        "portal": probe.portal.name,
        "robots_status": probe.robots_status,
        "requests": probe.report.requests,
        "links": len(probe.links),
        "sources": [asdict(source) for source in probe.sources],
        "pages": [asdict(page) for page in probe.pages],
        "found": [{"kind": source.kind, **asdict(source)} for source in probe.found],
        "problems": list(probe.problems),
        "exit_code": int(probe.exit_code),
    }


def _print(probe: Probe) -> None:
    """The probe for people."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from spiders.job.crawl_verdict import readable

    console = Console(soft_wrap=True, highlight=False)
    console.print(Text(f"{probe.portal.name}  {probe.portal.start_url}", style="bold"))
    console.print(f"robots.txt: {probe.robots_status or 'no answer'}; {probe.report.requests} requests")
    table = Table("source", "status", "links", "with date", "address", box=None, pad_edge=False, title_justify="left")
    for source in probe.sources:
        address = Text(" ".join(filter(None, (readable(source.url), source.note))))
        table.add_row(source.kind, str(source.status or "—"), str(source.links), str(source.dated), address)
    console.print(table)
    for page in probe.pages:
        console.print(Text(f"  {readable(page.url)}", style="cyan"))
        if page.rejection:
            console.print(f"    no article: {page.rejection}")
            continue
        date = f"{page.published_at:%Y-%m-%d %H:%M}Z ({page.published_source})" if page.published_at else "no date"
        console.print(Text(f"    {page.title}"))
        console.print(
            Text(f"    {date}, {page.words} words, {page.language}, {', '.join(page.authors) or 'no author'}")
        )
    if not probe.problems:
        console.print("nothing is wrong", style="green")
    for line in probe.problems:
        console.print(Text(f"problem: {line}", style="red"))


def _save(probe: Probe, folder: Path) -> None:
    """Keep robots.txt, listings and pages as files, with a manifest and what extraction made of the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, capture in enumerate(probe.captures, 1):
        content_type = capture.header("content-type") or ""
        suffix = next((suffix for word, suffix in _SUFFIXES.items() if word in content_type), ".bin")
        file = f"{number:02}-{capture.role}{suffix}"
        (folder / file).write_bytes(capture.body)
        rows.append(
            {
                "file": file,
                "role": capture.role,
                "url": capture.url,
                "status": capture.status,
                "content_type": content_type,
                "captured_at": capture.captured_at.isoformat(),
            }
        )
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "manifest.jsonl").write_text(lines, encoding="utf-8")
    pages = "".join(json.dumps(asdict(page), ensure_ascii=False, default=str) + "\n" for page in probe.pages)
    (folder / "extracted.jsonl").write_text(pages, encoding="utf-8")
