"""`warraq release` itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

import click

from storage.objects.open import open_store
from storage.release.monthly_release import Month, make_release, read_release, release_names
from storage.settings import read_settings
from storage.tables.archive_tables import open_tables


def release_and_tell(month: str, *, portals: tuple[str, ...], as_json: bool) -> None:
    """Make the release and show what it holds."""
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


def list_releases(*, as_json: bool) -> None:
    """Show the releases there are."""
    store = open_store(read_settings())
    releases = [read_release(store, name) for name in release_names(store)]
    if as_json:
        click.echo(json.dumps([asdict(release) for release in releases], ensure_ascii=False))
        return
    for release in releases:
        click.echo(f"{release.name}\t{len(release.portals)} portals\t{release.rows:,} editions\t{release.created_at}")
    if not releases:
        click.echo("no release yet; make one: warraq release 2024-12")
