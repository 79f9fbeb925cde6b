"""Compaction: the many small files of a portal-month become few, in one commit, while others read and write.

A month that is over becomes one file (of up to TARGET_BYTES each). In the month that goes on, the small files of
settled windows are put together whenever there are many; what they become is small itself until it has grown. A run
that finds very many when it publishes does so itself: what a window costs does not grow with those before it.

A file costs whoever reads it the same whatever it holds. So the months of a small portal's year become one file once
the year is long over; a run of it that is published again takes its month out (run_replacement.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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
from storage.iceberg.table_layout import add_year_spec
from storage.model.partition import YEARS, Partition
from storage.schema.columns import TABLE_BY_NAME
from storage.schema.sorting import sorted_batches
from storage.tables.archive_tables import EVERYTHING, ArchiveTables
from storage.tables.row_filters import select

TARGET_BYTES = 128 << 20  # a file that scans read in one go, and that a rerun within the month can still rewrite
SMALL_BYTES = TARGET_BYTES // 8  # in the current month a larger file is left alone until the month is over
MAX_SMALL_FILES = 24  # of a portal's current month: a day of hourly windows
SETTLED = timedelta(hours=6)  # a window that ended longer ago is rarely crawled again: no conflict with its publisher
# A year of a table that is no larger becomes one file: what a run of it writes again is then no more than in the month
# of a busy portal (500 articles a day). A portal of forty a day has about as much in a year.
YEAR_BYTES = SMALL_BYTES
CLOSED_AFTER = timedelta(days=90)  # its end: what is crawled or extracted again is mostly of the last weeks
CROWDS_A_COMMIT, BYTES_A_COMMIT = 50, 1 << 30  # neighbours share manifests, which each commit writes again
COMPACTED = "warraq.compacted"  # in the summary of a snapshot: the portals' months and years


@dataclass(frozen=True)
class Crowd:
    """A portal's month, or year, of a table that lies in several files and is to lie in fewer."""

    table: str
    partition: Partition
    files: tuple[DataFile, ...]

    @property
    def name(self) -> str:
        return f"{self.partition.portal}/{self.partition.name}"

    @property
    def paths(self) -> set[str]:
        return {file.file_path for file in self.files}

    @property
    def rows(self) -> int:
        return sum(file.record_count for file in self.files)

    @property
    def bytes(self) -> int:
        return sum(file.file_size_in_bytes for file in self.files)


def crowds(
    tables: Mapping[str, Table], *, now: datetime, target_bytes: int = TARGET_BYTES, year_bytes: int = YEAR_BYTES
) -> list[Crowd]:
    """What compaction would bring down to fewer files, by table, time and portal."""
    found = []
    for name, table in tables.items():
        years: dict[Partition, list[Crowd]] = defaultdict(list)
        for partition, files in _by_partition(table):
            years[partition.year].append(Crowd(name, partition, tuple(files)))
        of_table = []
        for year, parts in years.items():
            whole = Crowd(name, year, tuple(file for part in parts for file in part.files))
            if len(parts) > 1 and year.end + CLOSED_AFTER <= now and whole.bytes <= year_bytes:
                of_table.append(whole)
            else:
                of_table += [
                    one for part in parts if (one := _crowded(table, part, now=now, target_bytes=target_bytes))
                ]
        found += sorted(of_table, key=lambda crowd: (crowd.partition.start, crowd.partition.portal))
    return found


def _crowded(table: Table, whole: Crowd, *, now: datetime, target_bytes: int) -> Crowd | None:
    """What is to be done of a partition by itself; None where its files are few enough."""
    if whole.partition.end <= now:
        return whole if len(whole.files) > max(1, -(-whole.bytes // target_bytes)) else None
    chosen = _settled_small(table, whole.files, before=now - SETTLED)
    return replace(whole, files=tuple(chosen)) if len(chosen) > MAX_SMALL_FILES else None


def small_crowds(tables: Mapping[str, Table], portal: str, *, now: datetime) -> list[Crowd]:
    """The months of one portal, over or not, that have several small files of settled windows."""
    found = [
        Crowd(name, partition, tuple(_settled_small(table, files, before=now - SETTLED)))
        for name, table in tables.items()
        for partition, files in _by_partition(table, row_filter=select(portal=portal))
    ]
    return [crowd for crowd in found if len(crowd.files) > 1]


def _by_partition(table: Table, *, row_filter: str = EVERYTHING) -> list[tuple[Partition, list[DataFile]]]:
    """The live files of each portal and month, and those of years, by time and portal."""
    found: dict[Partition, list[DataFile]] = defaultdict(list)
    for file in live_files(table, row_filter=row_filter):
        found[partition_of(file)].append(file)
    return sorted(found.items(), key=lambda one: (one[0].start, one[0]))


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
    if any(crowd.partition.spec == YEARS for crowd in portion):
        add_year_spec(tables.catalog)
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
            live = reader.files(newest, "main", [crowd.partition for crowd, _ in of_table])
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
            put_data_file(tables.store, table, part, crowd.partition) for part in _portions(batches, rows=rows_a_file)
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
