"""`warraq release`: a month as plain, citable Parquet."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

import click

from storage.settings import read_settings


@click.command()
@click.argument("month", required=False)
@click.option(
    "--portal", "portals", multiple=True, metavar="NAME", help="Only this portal; may be given several times."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, month: str | None, portals: tuple[str, ...], as_json: bool) -> None:
    """Freeze a month (2024-12) as plain Parquet, one file a portal; without a month, list the releases.

    A release is never changed: releasing a month again makes 2024-12-r2. It comes with manifest, SHA-256 sums, data
    dictionary, citation and a Frictionless description, and its state of the tables is tagged `release-2024-12`.
    Interrupted, the same command goes on. Rows are those of windows that start in the month, in UTC.

    \b
    Examples:
      warraq release 2024-12
      warraq release 2024-12 --portal almasaa --portal youm7 --json
      warraq release
    """
    if month is None:
        _list(as_json=as_json)
    else:
        _make(month, portals=portals, as_json=as_json)


def _make(month: str, *, portals: tuple[str, ...], as_json: bool) -> None:
    """Make the release and show what it holds."""
    from storage.read.monthly_release import Month, make_release
    from storage.tables.archive_tables import open_tables

    settings, now = read_settings(), datetime.now(UTC)
    wanted = Month.parse(month, now=now)
    tables = open_tables(settings, create=False)
    release = make_release(
        tables,
        wanted,
        portals=tuple(dict.fromkeys(portals)),
        now=now,
        code_version=version("warraq"),
        spill=settings.cache / "duckdb",
        progress=lambda line: click.echo(line, err=True),
    )
    place = f"{tables.store.url}/{release.key.rpartition('/')[0]}"
    if as_json:
        click.echo(json.dumps({**asdict(release), "place": place}, ensure_ascii=False))
        return
    size = sum(file.bytes for file in release.files)
    click.echo(f"release {release.name}: {len(release.portals)} portals, {release.rows:,} editions, {size:,} bytes")
    click.echo(place)


def _list(*, as_json: bool) -> None:
    """Show the releases there are."""
    from storage.objects.open import open_store
    from storage.read.monthly_release import read_release, release_names

    store = open_store(read_settings())
    releases = [read_release(store, name) for name in release_names(store)]
    if as_json:
        click.echo(json.dumps([asdict(release) for release in releases], ensure_ascii=False))
        return
    for release in releases:
        click.echo(f"{release.name}\t{len(release.portals)} portals\t{release.rows:,} editions\t{release.created_at}")
    if not releases:
        click.echo("no release yet; make one: warraq release 2024-12")
