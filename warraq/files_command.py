"""`warraq files` itself."""

from __future__ import annotations

import json

import click

from spiders.registry import find_portal
from storage.errors import UsageError
from storage.model.window import parse_time
from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.row_filters import select


def print_files(table: str, *, portal: str | None, start: str | None, end: str | None, as_json: bool) -> None:
    """Print what the newest commit's files are. Raises UsageError, ObjectMissing."""
    since = parse_time(start, name="--from") if start else None
    before = parse_time(end, name="--to") if end else None
    if since and before and since >= before:
        raise UsageError("--from must be before --to", remedy="exchange the two")
    wanted = select(portal=portal, since=since, before=before)
    settings = read_settings()
    files = open_tables(settings, create=False).file_facts(table, row_filter=wanted)
    if not files:
        if portal:
            find_portal(portal, settings)
        click.echo("nothing is archived in this selection; `warraq coverage` shows what there is", err=True)
    if as_json:
        click.echo(json.dumps([{"uri": uri, "rows": rows, "bytes": size} for uri, rows, size in files]))
        return
    for uri, _, _ in files:
        click.echo(uri)
