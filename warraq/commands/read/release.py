"""`warraq release`: a month as plain, citable Parquet."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storage.errors import UsageError
from storage.settings import read_settings
from warraq.cli.terminal_text import json_text, safe_line

if TYPE_CHECKING:
    from storage.read.release.documents import Credit

_DOI = re.compile(r"10\.\d{4,9}/\S+")


@click.command()
@click.argument("months", nargs=-1, metavar="[MONTH]...")
@click.option(
    "--portal",
    "portals",
    multiple=True,
    metavar="NAME",
    help="A release of this portal alone; may be repeated.",
)
@click.option("--creator", default="Warraq", show_default=True, help="Who is named as its maker.")
@click.option("--licence", metavar="TEXT", help="Terms of use. Default: the rights are the publishers'.")
@click.option("--doi", metavar="DOI", help="Its DOI, if a repository reserved one, as 10.5281/zenodo.123.")
@click.option(
    "--sign",
    "key",
    type=click.Path(path_type=Path),
    help="A private SSH key to sign with.",
)
@click.option("--stamp", "authority", metavar="URL", help="An authority that stamps its time (RFC 3161).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    *,
    months: tuple[str, ...],
    portals: tuple[str, ...],
    creator: str,
    licence: str | None,
    doi: str | None,
    key: Path | None,
    authority: str | None,
    as_json: bool,
) -> None:
    """Freeze months (2024-12) as plain Parquet, one file a portal; without a month, list the releases.

    A release is never changed: a month that changed since becomes 2024-12-r2, one that did not is refused with the
    citation of the release there is. One of some portals only is another one: 2024-12-of-almasaa. It comes with
    manifest, SHA-256 sums, data dictionary, citation, DataCite and Zenodo metadata, opt-outs, articles that are gone
    and what was seen to change as known by now, counts compared with the release that it corrects or the month before,
    and a Frictionless description; its state of the tables is tagged `release-2024-12`. Interrupted, the same command goes on.
    Rows are those of windows that start in the month, in UTC. --sign and --stamp seal its SHA-256 sums, also of a
    release that is there:
    `ssh-keygen -Y check-novalidate -n warraq-release -s SHA256SUMS.sig < SHA256SUMS`, and
    `openssl ts -verify -data SHA256SUMS -in SHA256SUMS.tsr -CAfile AUTHORITY.pem`.

    \b
    Examples:
      warraq release 2024-12
      warraq release 2024-12 --portal almasaa --portal youm7 --json
      warraq release 2024-10 2024-11 2024-12 --creator "Archive of the Press" --doi 10.5281/zenodo.123
      warraq release 2024-12 --sign ~/.ssh/id_ed25519 --stamp https://freetsa.org/tsr
      warraq release
    """
    from storage.fixity.seals import check_key
    from storage.read.release.claiming import Unchanged
    from storage.read.release.documents import RIGHTS, Credit
    from storage.read.release.releases import Month
    from warraq.cli.main import refuse_unused

    if not months:
        named = ("portals", "creator", "licence", "doi", "key", "authority")
        refuse_unused(*named, where="without a MONTH, where releases are listed")
    if doi and not _DOI.fullmatch(doi):
        raise UsageError(f"--doi: {doi!r} is no DOI", remedy="write it as 10.5281/zenodo.123")
    check_key(key)
    now = datetime.now(UTC)
    for month in months:
        Month.parse(month, now=now)  # a slip in the last one leaves the first unmade
    unchanged: list[Unchanged] = []
    for month in months:
        try:
            _make(
                month,
                portals=portals,
                credit=Credit(creator, licence or RIGHTS, doi),
                key=key,
                authority=authority,
                as_json=as_json,
            )
        except Unchanged as error:
            unchanged.append(error)
    if unchanged and len(unchanged) == len(months):
        raise unchanged[-1]
    for same in unchanged:
        click.echo(safe_line(f"{same.message} — {same.remedy}"), err=True)
    if not months:
        _list(as_json=as_json)


def _make(
    month: str,
    *,
    portals: tuple[str, ...],
    credit: Credit,
    key: Path | None,
    authority: str | None,
    as_json: bool,
) -> None:
    """Make the release, seal it, and show what it holds."""
    from storage.fixity.seals import seal_release
    from storage.read.release.claiming import Unchanged
    from storage.read.release.making import make_release
    from storage.read.release.releases import Month, read_release
    from storage.tables.archive_tables import open_tables

    settings, now = read_settings(), datetime.now(UTC)
    wanted = Month.parse(month, now=now)
    tables = open_tables(settings, create=False, to_write=True)
    try:
        release = make_release(
            tables,
            wanted,
            portals=tuple(dict.fromkeys(portals)),
            now=now,
            code_version=version("warraq"),
            spill=settings.cache / "duckdb",
            credit=credit,
            progress=lambda line: click.echo(line, err=True),
        )
    except Unchanged as error:
        if key is None and authority is None:
            raise
        release = read_release(tables.store, error.release)
    seal_release(tables, release.name, key=key, authority=authority)
    place = f"{tables.store.url}/{release.key.rpartition('/')[0]}"
    if as_json:
        click.echo(json_text({**asdict(release), "place": place}))
        return
    size = sum(file.bytes for file in release.files)
    click.echo(f"release {release.name}: {len(release.portals)} portals, {release.rows:,} editions, {size:,} bytes")
    click.echo(place)


def _list(*, as_json: bool) -> None:
    """Show the releases there are."""
    from storage.objects.open import open_store
    from storage.read.release.releases import read_release, release_names

    store = open_store(read_settings())
    releases = [read_release(store, name) for name in release_names(store)]
    if as_json:
        click.echo(json_text([asdict(release) for release in releases]))
        return
    for release in releases:
        click.echo(f"{release.name}\t{len(release.portals)} portals\t{release.rows:,} editions\t{release.created_at}")
    if not releases:
        click.echo("no release yet; make one: warraq release 2024-12")
