"""Compaction: the many small files of a portal-month become few, in one commit, while others read and write.

A month that is over becomes one file (of up to TARGET_BYTES each). In the month that goes on, the small files of
settled windows are put together whenever there are many; what they become is small itself until it has grown. A run
that finds very many when it publishes does so itself: what a window costs does not grow with those before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pyarrow as pa
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from storage.errors import StageFailed
from storage.iceberg.commit_log import Told
from storage.iceberg.data_files import check_data_file, put_data_file
from storage.iceberg.live_files import dataset_of, live_files, time_bounds
from storage.iceberg.manifests import ManifestReader, partition_of
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import StagedTransaction, TableChange, change_files, merge_layers
from storage.schema.columns import TABLE_BY_NAME
from storage.schema.sorting import sorted_batches
from storage.tables.archive_tables import EVERYTHING, ArchiveTables
from storage.tables.row_filters import select

TARGET_BYTES = 128 << 20  # a file that scans read in one go, and that a rerun within the month can still rewrite
SMALL_BYTES = TARGET_BYTES // 8  # in the current month a larger file is left alone until the month is over
MAX_SMALL_FILES = 24  # of a portal's current month: a day of hourly windows
SETTLED = timedelta(hours=6)  # a window that ended longer ago is rarely crawled again: no conflict with its publisher
CROWDS_A_COMMIT, BYTES_A_COMMIT = 50, 1 << 30  # neighbours share manifests, which each commit writes again
COMPACTED = "warraq.compacted"  # in the summary of a snapshot: the portal-months


@dataclass(frozen=True)
class Crowd:
    """A portal-month of a table that lies in several files."""

    table: str
    portal: str
    month: datetime
    files: tuple[DataFile, ...]

    @property
    def name(self) -> str:
        return f"{self.portal}/{self.month:%Y-%m}"

    @property
    def paths(self) -> set[str]:
        return {file.file_path for file in self.files}

    @property
    def rows(self) -> int:
        return sum(file.record_count for file in self.files)

    @property
    def bytes(self) -> int:
        return sum(file.file_size_in_bytes for file in self.files)


def crowds(tables: Mapping[str, Table], *, now: datetime, target_bytes: int = TARGET_BYTES) -> list[Crowd]:
    """The portal-months that compaction would bring down to fewer files, by table, month and portal."""
    found = []
    this_month = datetime(now.year, now.month, 1, tzinfo=UTC)
    for name, table in tables.items():
        for portal, month, files in _by_partition(table):
            is_over = month < this_month
            chosen = files if is_over else _settled_small(table, files, before=now - SETTLED)
            crowd = Crowd(name, portal, month, tuple(chosen))
            enough = max(1, -(-crowd.bytes // target_bytes)) if is_over else MAX_SMALL_FILES
            if len(chosen) > enough:
                found.append(crowd)
    return found


def small_crowds(tables: Mapping[str, Table], portal: str, *, now: datetime) -> list[Crowd]:
    """The months of one portal, over or not, that have several small files of settled windows."""
    found = [
        Crowd(name, portal, month, tuple(_settled_small(table, files, before=now - SETTLED)))
        for name, table in tables.items()
        for _, month, files in _by_partition(table, row_filter=select(portal=portal))
    ]
    return [crowd for crowd in found if len(crowd.files) > 1]


def _by_partition(table: Table, *, row_filter: str = EVERYTHING) -> list[tuple[str, datetime, list[DataFile]]]:
    """The live files of each portal and month, by month and portal."""
    found: dict[tuple[int, str], list[DataFile]] = defaultdict(list)
    for file in live_files(table, row_filter=row_filter):
        portal, months = partition_of(file)
        found[months, portal].append(file)
    return [(portal, _first_day(months), files) for (months, portal), files in sorted(found.items())]


def _settled_small(table: Table, files: Sequence[DataFile], *, before: datetime) -> list[DataFile]:
    """The small files of which no window ends later; one that does not say is left alone."""
    ends = ((file, time_bounds(table, file, "window_end")) for file in files)
    return [file for file, bounds in ends if file.file_size_in_bytes < SMALL_BYTES and bounds and bounds[1] <= before]


def in_commits(found: Sequence[Crowd]) -> Iterator[list[Crowd]]:
    """As many crowds at once as one commit takes."""
    portion: list[Crowd] = []
    for crowd in found:
        is_full = len(portion) >= CROWDS_A_COMMIT or sum(one.bytes for one in portion) + crowd.bytes > BYTES_A_COMMIT
        if portion and is_full:
            yield portion
            portion = []
        portion.append(crowd)
    if portion:
        yield portion


def compact_together(
    tables: ArchiveTables, portion: Sequence[Crowd], *, spill: Path, target_bytes: int = TARGET_BYTES
) -> list[Crowd]:
    """Write the rows of crowds again, sorted, in as few files as their size allows, and swap them in.

    Returns the crowds that were swapped: one of which another writer has taken a file meanwhile is left as it is, and
    a later run does it. Raises StageFailed if the new files do not hold as many rows as the old.
    """
    before = tables.load()
    new = [
        (crowd, _rewritten(tables, before[crowd.table], crowd, spill=spill, target_bytes=target_bytes))
        for crowd in portion
    ]
    reader = ManifestReader()
    swapped: list[Crowd] = []

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        swapped.clear()
        changes = []
        for name, newest in loaded.items():
            of_table = [(crowd, files) for crowd, files in new if crowd.table == name]
            live = reader.files(newest, "main", [partition_of(crowd.files[0]) for crowd, _ in of_table])
            paths = {file.file_path for file in live}
            intact = [(crowd, files) for crowd, files in of_table if crowd.paths <= paths]
            swapped.extend(crowd for crowd, _ in intact)
            transaction = StagedTransaction(newest)
            change_files(
                transaction,
                out=[file for crowd, _ in intact for file in crowd.files],
                new=[file for _, files in intact for file in files],
                facts={COMPACTED: ", ".join(crowd.name for crowd, _ in intact)},
                reader=reader,
            )
            changes.append(transaction.change())
        return [change for change in changes if change]

    commit_group(tables.catalog, plan, Told("compact", lambda: {"months": [crowd.name for crowd in swapped]}))
    return swapped


def _rewritten(tables: ArchiveTables, table: Table, crowd: Crowd, *, spill: Path, target_bytes: int) -> list[DataFile]:
    spec = TABLE_BY_NAME[crowd.table]
    for file in crowd.files:
        check_data_file(tables.store, table, file)
    rows_a_file = max(1, crowd.rows * target_bytes // max(crowd.bytes, 1))
    with sorted_batches(dataset_of(table, crowd.files), spec, spill=spill, rows=rows_a_file) as batches:
        new = [
            put_data_file(tables.store, table, part, portal=crowd.portal, month=crowd.month)
            for part in _portions(batches, rows=rows_a_file)
        ]
    if sum(file.record_count for file in new) != crowd.rows:
        raise StageFailed(f"{crowd.name} of {crowd.table}: {crowd.rows} rows would have become a different number")
    return new


def merge_manifests(tables: ArchiveTables) -> bool:
    """Bring the manifests of all tables into few layers, which commits leave undone when it is much; if it was due."""
    reader = ManifestReader()
    for table in tables.load().values():  # read before others have to wait
        snapshot = table.current_snapshot()
        if snapshot:
            reader.entries(table.io, snapshot.manifests(table.io))
    was_due = False

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        nonlocal was_due
        changes = []
        for table in loaded.values():
            transaction = StagedTransaction(table)
            merge_layers(transaction, facts={COMPACTED: "manifests"}, reader=reader)
            changes.append(transaction.change())
        due = [change for change in changes if change]
        was_due = bool(due)
        return due

    commit_group(tables.catalog, plan, Told("merge manifests"))
    return was_due


def _portions(batches: Iterator[pa.Table], *, rows: int) -> Iterator[Iterator[pa.Table]]:
    """Batches in portions of about so many rows; each portion is taken whole before the next is asked for."""
    for first in batches:
        yield chain([first], _until(batches, rows - first.num_rows))


def _until(batches: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    while rows > 0:
        batch = next(batches, None)
        if batch is None:
            return
        rows -= batch.num_rows
        yield batch


def _first_day(months: int) -> datetime:
    """The first day of a month, from what Iceberg's month transform counts (months since 1970)."""
    return datetime(1970 + months // 12, 1 + months % 12, 1, tzinfo=UTC)
