"""`warraq import`: bring WARC, WACZ and ARC files of others into the archive."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--portal", required=True, metavar="NAME", help="Whose pages to take; pages of other sites are passed over."
)
@click.option("--raw-only", is_flag=True, help="Only fill the raw archive; do not extract and publish.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the counts.")
def command(files: tuple[Path, ...], portal: str, raw_only: bool, as_json: bool) -> int:
    """Bring existing WARC, WACZ or ARC files (Common Crawl, Heritrix, wget, browsertrix) into the archive.

    Each page goes into the run of the UTC day it was captured on, with its own date, as another round beside what was
    crawled; importing a file again brings nothing twice. Records of the portal that are lost, and those that hold no
    answer of a server, are named with their reason. Exit codes: 0 done, 3 something is lost or looks wrong,
    5 no page of the portal.

    \b
    Examples:
      warraq import CC-NEWS-20241225.warc.gz --portal almasaa
      warraq import crawl.wacz older/*.warc.gz --portal almasaa --raw-only
    """
    from warraq.import_command import import_and_tell

    return import_and_tell(files, portal_name=portal, raw_only=raw_only, as_json=as_json)
