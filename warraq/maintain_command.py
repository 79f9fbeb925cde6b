"""`warraq maintain` itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import click

from storage.iceberg.catalog_rebuild import rebuild_catalog
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.compaction import compact_together, crowds, in_commits, merge_manifests
from storage.tables.expiry import expire_snapshots, remove_old_staging, remove_unreferenced


@dataclass(frozen=True)
class MaintenanceReport:
    """What was done (or would be, in a dry run)."""

    compacted: tuple[str, ...]
    files_before: int
    files_after: int
    left_for_later: tuple[str, ...]
    snapshots_expired: int
    files_removed: int
    staged_objects_removed: int


def maintain(
    settings: Settings,
    *,
    now: datetime,
    keep: timedelta,
    margin: timedelta,
    staging: timedelta,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> MaintenanceReport:
    """Compact files, forget old snapshots, remove files that have been unused for `margin`.

    Readers and writers go on meanwhile; interrupted, the next maintenance goes on. ObjectMissing for an empty archive.
    """
    tables = open_tables(settings, create=False)
    compacted, later, before = _compact(tables, settings, now=now, dry_run=dry_run, progress=progress)
    expired = 0
    if not dry_run:
        progress("forgetting old snapshots")
        expired = expire_snapshots(tables, older_than=now - keep)
    progress("looking for unused files")
    removed = remove_unreferenced(tables, now=now, margin=margin, dry_run=dry_run)
    staged = remove_old_staging(tables, now=now, margin=staging, dry_run=dry_run)
    after = sum(len(tables.files(name)) for name in tables.load())
    return MaintenanceReport(
        compacted=tuple(compacted),
        files_before=before,
        files_after=after,
        left_for_later=tuple(later),
        snapshots_expired=expired,
        files_removed=len(removed),
        staged_objects_removed=staged,
    )


def _compact(
    tables: ArchiveTables, settings: Settings, *, now: datetime, dry_run: bool, progress: Callable[[str], None]
) -> tuple[list[str], list[str], int]:
    loaded = tables.load()
    before = sum(len(tables.files(name)) for name in loaded)
    done: list[str] = []
    later: list[str] = []
    for portion in in_commits(crowds(loaded, now=now)):
        for crowd in portion:
            progress(f"compacting {crowd.table} {crowd.name}: {len(crowd.files)} files")
        swapped = portion if dry_run else compact_together(tables, portion, spill=settings.cache / "duckdb")
        done += [f"{crowd.table} {crowd.name}" for crowd in swapped]
        later += [f"{crowd.table} {crowd.name}" for crowd in portion if crowd not in swapped]
    if not dry_run:
        merge_manifests(tables)
    return done, later, before


def maintain_and_tell(
    *, keep_days: float, margin_days: float, staging_days: float, dry_run: bool, as_json: bool
) -> None:
    """Maintain and show what was done."""
    report = maintain(
        read_settings(),
        now=datetime.now(UTC),
        keep=timedelta(days=keep_days),
        margin=timedelta(days=margin_days),
        staging=timedelta(days=staging_days),
        dry_run=dry_run,
        progress=lambda line: click.echo(line, err=True),
    )
    if as_json:
        click.echo(json.dumps(asdict(report)))
        return
    would = "would be " if dry_run else ""
    click.echo(f"portal-months {would}compacted: {len(report.compacted)}; data files: {report.files_before}", nl=False)
    click.echo("" if dry_run else f" → {report.files_after}")
    for name in report.left_for_later:
        click.echo(f"left for the next time, because a run was published meanwhile: {name}")
    click.echo(f"snapshots forgotten: {report.snapshots_expired}; unused files {would}removed: {report.files_removed}")
    click.echo(f"old staged objects {would}removed: {report.staged_objects_removed}")


def rebuild_and_tell(*, as_json: bool) -> None:
    """Make a lost catalog again and show what it now points at."""
    taken = sorted(rebuild_catalog(read_settings()).items())
    if as_json:
        told = [
            {"table": name, "metadata": one.table.metadata_location, "passed_over": one.passed_over}
            for name, one in taken
        ]
        click.echo(json.dumps(told))
        return
    for name, one in taken:
        over = f" ({one.passed_over} newer: damaged, or never committed)" if one.passed_over else ""
        click.echo(f"news.{name}: {one.table.metadata_location}{over}")
    click.echo("the catalog is made again; prove it: warraq verify")
