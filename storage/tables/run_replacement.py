"""A run's rows in the place of what it wrote before: files stored first, then a plan against the newest tables."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import pyarrow.compute as pc
from pyiceberg.catalog import Catalog
from pyiceberg.manifest import DataFile
from pyiceberg.table import FileScanTask, Table

from storage.iceberg.data_files import put_data_file, put_written_file
from storage.iceberg.live_files import dataset_of, streamed
from storage.iceberg.manifests import ManifestReader, Partition
from storage.iceberg.multi_table_commit import (
    MAX_SNAPSHOTS,
    ArchiveCatalog,
    StagedTransaction,
    TableChange,
    load_tables,
)
from storage.iceberg.snapshots import change_files
from storage.model.window import RunId
from storage.objects.store import ObjectStore
from storage.schema.columns import TABLES
from storage.schema.parquet import FileFacts

RUN_ID = "warraq.run-id"  # in the summary of a snapshot: the run it replaced


class RunRows(Protocol):
    """What a run will write to the three tables."""

    def count(self, table: str) -> int:
        """How many rows it has for a table."""
        ...

    def write(self, table: str, path: Path) -> FileFacts:
        """Write the rows of a table, sorted as the table is, as a new Parquet file."""
        ...


class RunReplacement:
    """Replaces what one run has in the tables. `plan` may be called again after a conflict."""

    def __init__(self, catalog: Catalog, store: ObjectStore, run: RunId, *, branch: str) -> None:
        self._catalog, self._store, self._run, self._branch = catalog, store, run, branch
        self._reader = ManifestReader()
        self._new: dict[str, DataFile] = {}
        self._rest: dict[str, DataFile | None] = {}  # a file that other runs share: what is left without this run

    def put_files(self, rows: RunRows) -> None:
        """Store the run's rows, and what is left of files it shares: all that can be done before others must wait."""

        def put(name: str, table: Table) -> DataFile:
            def write(path: Path) -> FileFacts:
                return rows.write(name, path)

            return put_written_file(self._store, table, write, portal=self._run.portal, month=self._run.window.start)

        tables = load_tables(self._catalog)
        with ThreadPoolExecutor(len(TABLES)) as pool:
            stored = {name: pool.submit(put, name, table) for name, table in tables.items() if rows.count(name)}
            for name, files in self._old(tables).items():
                for file in files:
                    self._left(tables[name], file)
            self._new = {name: file.result() for name, file in stored.items()}

    def plan(self, tables: Mapping[str, Table]) -> list[TableChange]:
        """The changes of the three tables."""
        old = self._old(tables)
        changes = (self._change(table, old[name], self._new.get(name)) for name, table in tables.items())
        return [change for change in changes if change]

    def _old(self, tables: Mapping[str, Table]) -> dict[str, list[DataFile]]:
        """The live files with rows of the run."""
        # With a catalog that commits all tables at once, a run without a row in `runs` has none anywhere.
        if isinstance(self._catalog, ArchiveCatalog) and not self._files(tables["runs"]):
            return {name: [] for name in tables}
        return {name: self._files(table) for name, table in tables.items()}

    def _files(self, table: Table) -> list[DataFile]:
        start = self._run.window.start
        partition: Partition = (self._run.portal, (start.year - 1970) * 12 + start.month - 1)
        files = self._reader.files(table, self._branch, [partition])
        return [file for file in files if self._may_hold(table, file) and self._left(table, file) != file]

    def _may_hold(self, table: Table, file: DataFile) -> bool:
        lower, upper = self._bounds(table, file)
        return lower is None or upper is None or lower <= str(self._run).encode() <= upper

    def _left(self, table: Table, file: DataFile) -> DataFile | None:
        """What is to stand in a file's place: nothing, its rows of other runs, or itself if it has none of ours."""
        if self._bounds(table, file) == (str(self._run).encode(),) * 2:
            return None
        if file.file_path not in self._rest:
            dataset = dataset_of(table, [FileScanTask(file)])
            is_own = pc.field("run_id") == str(self._run)
            own = dataset.count_rows(filter=is_own)
            if own in (0, file.record_count):
                self._rest[file.file_path] = None if own else file
            else:
                rows = streamed(dataset.filter(~is_own))
                month = self._run.window.start
                self._rest[file.file_path] = put_data_file(
                    self._store, table, rows, portal=self._run.portal, month=month
                )
        return self._rest[file.file_path]

    def _bounds(self, table: Table, file: DataFile) -> tuple[bytes | None, bytes | None]:
        """The least and greatest run_id in a file; they are kept whole."""
        field = table.schema().find_field("run_id").field_id
        return (file.lower_bounds or {}).get(field), (file.upper_bounds or {}).get(field)

    def _change(self, table: Table, old: list[DataFile], new: DataFile | None) -> TableChange | None:
        """Out with the run's files, in with the new one and with what is left of files it shared."""
        left = [self._left(table, file) for file in old]
        coming = [file for file in (*left, new) if file]
        if set(old) == set(coming):  # planned again, after a conflict in a table that comes later
            return None
        transaction = StagedTransaction(table)
        if len(table.metadata.snapshots) >= MAX_SNAPSHOTS:
            transaction.forget_snapshots()
        facts = {RUN_ID: str(self._run)}
        change_files(transaction, out=old, new=coming, facts=facts, branch=self._branch, reader=self._reader)
        return transaction.change()
