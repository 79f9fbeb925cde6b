"""Compaction and clean-up of the tables: what `warraq maintain` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from storage.iceberg.multi_table_commit import point_to_newest
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.compaction import (
    MAX_SMALL_FILES,
    compact_together,
    crowds,
    in_commits,
    merge_manifests,
    small_crowds,
)
from storage.tables.expiry import expire_snapshots, pack_log, remove_old_staging, remove_unreferenced


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
    log_entries_packed: int  # whose own objects went


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
    tables = open_tables(settings, create=False, to_write=not dry_run)
    compacted, later, before = _compact(tables, settings, now=now, dry_run=dry_run, progress=progress)
    expired = 0
    if not dry_run:
        progress("forgetting old snapshots")
        expired = expire_snapshots(tables, older_than=now - keep)
    progress("looking for unused files")
    removed = remove_unreferenced(tables, now=now, margin=margin, dry_run=dry_run)
    staged = remove_old_staging(tables, now=now, margin=staging, dry_run=dry_run)
    packed = 0
    if not dry_run:
        progress("packing the log of commits")
        packed = pack_log(tables, now=now, margin=margin, progress=progress)
        point_to_newest(tables.catalog)  # also where nothing was committed, and it was lost
    after = sum(len(tables.files(name)) for name in tables.load())
    return MaintenanceReport(
        compacted=tuple(compacted),
        files_before=before,
        files_after=after,
        left_for_later=tuple(later),
        snapshots_expired=expired,
        files_removed=len(removed),
        staged_objects_removed=staged,
        log_entries_packed=packed,
    )


def compact_portal(tables: ArchiveTables, portal: str, *, now: datetime, spill: Path) -> int:
    """Put a portal's small files together where they have become many; how many months of a table that were."""
    found = small_crowds(tables.load(), portal, now=now)
    if sum(len(crowd.files) - 1 for crowd in found if crowd.table == "runs") < MAX_SMALL_FILES:
        return 0  # they are large, or of windows that may be crawled again
    return sum(len(compact_together(tables, portion, spill=spill)) for portion in in_commits(found))


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
