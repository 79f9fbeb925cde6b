"""Compaction: the many small files of a closed portal-month become one, in one commit, while others read and write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pyarrow as pa
from pyiceberg.manifest import DataFile
from pyiceberg.table import FileScanTask, Table

from storage.columns import TABLE_BY_NAME
from storage.data_files import put_data_file
from storage.errors import StageFailed
from storage.group_commit import StagedTransaction, TableChange, commit_group
from storage.live_files import dataset_of
from storage.sorting import sorted_batches
from storage.tables import ArchiveTables

TARGET_BYTES = 128 << 20  # a file that scans read in one go, and that a rerun within the month can still rewrite
COMPACTED = "warraq.compacted"  # in the summary of a snapshot: the portal-month


@dataclass(frozen=True)
class Crowd:
    """A portal-month of a table that lies in several files."""

    table: str
    portal: str
    month: datetime
    files: tuple[FileScanTask, ...]

    @property
    def name(self) -> str:
        return f"{self.portal}/{self.month:%Y-%m}"

    @property
    def rows(self) -> int:
        return sum(task.file.record_count for task in self.files)

    @property
    def bytes(self) -> int:
        return sum(task.file.file_size_in_bytes for task in self.files)


def crowds(tables: Mapping[str, Table], *, now: datetime, target_bytes: int = TARGET_BYTES) -> list[Crowd]:
    """The portal-months before the current month that compaction would bring down to fewer files."""
    found = []
    this_month = datetime(now.year, now.month, 1, tzinfo=UTC)
    for name, table in tables.items():
        by_partition: dict[tuple[str, int], list[FileScanTask]] = defaultdict(list)
        for task in table.scan().plan_files():
            by_partition[task.file.partition[0], task.file.partition[1]].append(task)
        for (portal, months), tasks in sorted(by_partition.items()):
            crowd = Crowd(name, portal, _first_day(months), tuple(tasks))
            if crowd.month < this_month and len(tasks) > max(1, -(-crowd.bytes // target_bytes)):
                found.append(crowd)
    return found


def compact(tables: ArchiveTables, crowd: Crowd, *, spill: Path, target_bytes: int = TARGET_BYTES) -> bool:
    """Write the crowd's rows again, sorted, in as few files as their size allows, and swap them in.

    False if another writer has changed the portal-month meanwhile: then nothing is changed, and a later run does it.
    Raises StageFailed if the new files do not hold as many rows as the old.
    """
    table = tables.load()[crowd.table]
    spec = TABLE_BY_NAME[crowd.table]
    rows_a_file = max(1, crowd.rows * target_bytes // max(crowd.bytes, 1))
    with sorted_batches(dataset_of(table, crowd.files), spec, spill=spill, rows=rows_a_file) as batches:
        new = [
            put_data_file(tables.store, table, part, portal=crowd.portal, month=crowd.month)
            for part in _portions(batches, rows=rows_a_file)
        ]
    if sum(file.record_count for file in new) != crowd.rows:
        raise StageFailed(f"{crowd.name} of {crowd.table}: {crowd.rows} rows would have become a different number")
    has_swapped = False

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        nonlocal has_swapped
        change = _swap(loaded[crowd.table], crowd, new)
        has_swapped = change is not None
        return [change] if change else []

    commit_group(tables.catalog, plan)
    return has_swapped


def _swap(table: Table, crowd: Crowd, new: Iterable[DataFile]) -> TableChange | None:
    live = {task.file.file_path for task in table.scan().plan_files()}
    if not {task.file.file_path for task in crowd.files} <= live:
        return None
    transaction = StagedTransaction(table)
    update = transaction.update_snapshot(snapshot_properties={COMPACTED: crowd.name})
    with update.overwrite() as overwrite:
        for task in crowd.files:
            overwrite.delete_data_file(task.file)
        for file in new:
            overwrite.append_data_file(file)
    return transaction.change()


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
