"""`warraq check`: a live probe of one portal."""

from __future__ import annotations

from pathlib import Path

import click


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
    from warraq.check_command import check_portal

    return check_portal(portal, save_to=folder, as_json=as_json)
