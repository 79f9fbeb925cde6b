"""`warraq release`: a month, or some in a row, as plain, citable Parquet."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    from storage.read.release.releases import Months

_DOI = re.compile(r"10\.\d{4,9}/\S+")


@click.command()
@click.argument("spans", nargs=-1, metavar="[MONTHS]...")
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
    spans: tuple[str, ...],
    portals: tuple[str, ...],
    creator: str,
    licence: str | None,
    doi: str | None,
    key: Path | None,
    authority: str | None,
    as_json: bool,
) -> None:
    """Freeze months as plain Parquet, one file a portal; without MONTHS, list the releases.

    MONTHS are one (2024-12), or some in a row that are one release with one name and DOI: 2024-10..2024-12, 2024-Q4 and
    2024 make 2024-10-to-2024-12 and 2024-01-to-2024-12. Several of them, divided by spaces, are a release each.
    A release is never changed: months that changed since become 2024-12-r2, such as did not are refused with the
    citation of the release there is. One of some portals only is another one: 2024-12-of-almasaa. It comes with
    manifest, SHA-256 sums, data dictionary, citation, DataCite and Zenodo metadata, opt-outs, articles that are gone
    and what was seen to change as known by now, counts compared with the release that it corrects or that of as many
    months before, and a Frictionless description; its state of the tables is tagged `release-2024-12`. Interrupted, the
    same command goes on. Rows are those of windows that start in the months, in UTC. --sign and --stamp seal its
    SHA-256 sums, also of a release that is there:
    `ssh-keygen -Y check-novalidate -n warraq-release -s SHA256SUMS.sig < SHA256SUMS`, and
    `openssl ts -verify -data SHA256SUMS -in SHA256SUMS.tsr -CAfile AUTHORITY.pem`.

    \b
    Examples:
      warraq release 2024-12
      warraq release 2024-12 --portal almasaa --portal youm7 --json
      warraq release 2024-10..2024-12 --creator "Archive of the Press" --doi 10.5281/zenodo.123
      warraq release 2024-11 2024-12
      warraq release 2024-12 --sign ~/.ssh/id_ed25519 --stamp https://freetsa.org/tsr
      warraq release
    """
    from storage.fixity.seals import check_key
    from storage.read.release.documents import RIGHTS, Credit
    from storage.read.release.releases import Months
    from warraq.cli.main import refuse_unused

    if not spans:
        named = ("portals", "creator", "licence", "doi", "key", "authority")
        refuse_unused(*named, where="without MONTHS, where releases are listed")
    if doi and not _DOI.fullmatch(doi):
        raise UsageError(f"--doi: {doi!r} is no DOI", remedy="write it as 10.5281/zenodo.123")
    check_key(key)
    now = datetime.now(UTC)
    wanted = {str(months): months for months in (Months.parse(text, now=now) for text in spans)}  # a slip makes none
    if doi and len(wanted) > 1:
        whole = Months(min(one.start for one in wanted.values()), max(one.end for one in wanted.values()))
        raise UsageError(
            f"--doi: one DOI names one release, and these are {len(wanted)}: {', '.join(wanted)}",
            remedy=f"make one of them: warraq release {whole}; or call it for each with its own",
        )
    refused: list[UsageError] = []
    for months in wanted.values():
        try:
            _make(
                months,
                portals=portals,
                credit=Credit(creator, licence or RIGHTS, doi),
                key=key,
                authority=authority,
                as_json=as_json,
            )
        except UsageError as error:  # the others are tried
            refused.append(error)
    if not spans:
        _list(as_json=as_json)
    _tell(refused, is_any_made=len(refused) < len(wanted))


def _tell(refused: Sequence[UsageError], *, is_any_made: bool) -> None:
    """Say of each why it was not made; the last is raised, but for unchanged ones where another one was made."""
    from storage.read.release.claiming import Unchanged

    raised = [error for error in refused if not (is_any_made and isinstance(error, Unchanged))][-1:]
    for message in dict.fromkeys(f"{error.message} — {error.remedy}" for error in refused if error not in raised):
        click.echo(safe_line(message), err=True)
    if raised:
        raise raised[0]


def _make(
    months: Months,
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
    from storage.read.release.releases import read_release
    from storage.tables.archive_tables import open_tables

    settings, now = read_settings(), datetime.now(UTC)
    tables = open_tables(settings, create=False, to_write=True)
    try:
        release = make_release(
            tables,
            months,
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
