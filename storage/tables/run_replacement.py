"""A run's rows in the place of what it wrote before: files stored first, then a plan against the newest tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.catalog import Catalog
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from storage.errors import RetryLater, StageFailed, WarraqError
from storage.iceberg.data_files import check_data_file, put_data_file, put_written_file, store_location
from storage.iceberg.live_files import dataset_of, streamed
from storage.iceberg.manifests import ManifestReader, partition_of
from storage.iceberg.multi_table_commit import ArchiveCatalog, load_tables
from storage.iceberg.snapshots import MAX_SNAPSHOTS, StagedTransaction, TableChange, change_files
from storage.model.partition import Partition
from storage.model.row_digests import root_of, row_digest
from storage.model.window import RunId
from storage.objects.store import ObjectStore
from storage.schema.columns import ARTICLES, TABLES
from storage.schema.parquet import FileFacts, parts_of

RUN_ID = "warraq.run-id"  # in the summary of a snapshot: the run it replaced
REMOVALS = "warraq.removals"  # property of news.runs: counted up as a removal begins, and as its rows are gone
RUN_IDS = "warraq.run-ids"  # the same of several, with blanks between: whoever knows but the other takes no chance


class Overtaken(RetryLater):
    """Other runs published meanwhile what this one calls new: nothing was changed; extract it again."""


class RemovalBegun(Overtaken):
    """A removal began meanwhile, which did not see these rows: ask the register again whether they may be."""


def removals_begun(tables: Mapping[str, Table]) -> str:
    """How far removals were when the tables were loaded; to be asked before the register is read."""
    return tables["runs"].properties.get(REMOVALS, "0")


def no_removal_since(begun: str) -> Callable[[Mapping[str, Table]], None]:
    """To be asked inside a commit, with the newest tables: raises RemovalBegun where more removals have begun."""

    def check(newest: Mapping[str, Table]) -> None:
        if removals_begun(newest) != begun:
            raise RemovalBegun("a removal on request began meanwhile", remedy="run it again")

    return check


def has_changed(table: Table, portal: str, *, since: int | None) -> bool:
    """Whether rows of a portal may have come into a table after one of its snapshots.

    Most commits say in their summary which run they replaced, so that one of another portal costs nothing here.
    """
    snapshot = table.metadata.current_snapshot()
    while snapshot is not None and snapshot.snapshot_id != since:
        said = snapshot.summary.additional_properties if snapshot.summary else {}
        runs = said.get(RUN_IDS, said.get(RUN_ID, "")).split(" ")
        if not {"", portal}.isdisjoint(run.partition("/")[0] for run in runs):
            return True
        parent = snapshot.parent_snapshot_id
        snapshot = None if parent is None else table.metadata.snapshot_by_id(parent)
    return snapshot is None and since is not None  # the way back was forgotten


class RunRows(Protocol):
    """What a run will write to the three tables."""

    def count(self, table: str) -> int:
        """How many rows it has for a table."""
        ...

    def write(self, table: str, path: Path) -> FileFacts:
        """Write the rows of a table, sorted as the table is, as a new Parquet file."""
        ...


@dataclass(frozen=True)
class WrittenRun:
    """A run whose files are stored and wait for their commit, and what the log of commits will say of it."""

    run: RunId
    files: Mapping[str, DataFile]  # by table; none where it has no row
    rows: Mapping[str, int]
    articles: str  # one digest over its rows of news.articles


class RunReplacement:
    """Replaces what one run has in the tables. `plan` may be called again after a conflict."""

    def __init__(
        self,
        catalog: Catalog,
        store: ObjectStore,
        run: RunId,
        *,
        branch: str,
        check: Callable[[Mapping[str, Table]], None] = lambda _: None,
        others: Callable[[Mapping[str, Table]], Sequence[WrittenRun]] = lambda _: (),
    ) -> None:
        """`check` sees the tables that a commit is planned against, and may raise; `others` go in the same commit.

        Others have no row in the tables, and no portal in common with this run or with each other.
        """
        self._check, self._others = check, others
        self.beside: Sequence[WrittenRun] = ()
        self.was_taken_along = self.is_first = False
        self._catalog, self._store, self._run, self._branch = catalog, store, run, branch
        self._month = Partition.month_of(run.portal, run.window.start)
        self._is_own = pc.field("run_id") == str(run)
        self._reader = ManifestReader()
        self.written = WrittenRun(run, {}, {}, root_of(()))
        # By the path of a file that other runs share, what is left of it without this run.
        self._rest: dict[str, tuple[DataFile, ...]] = {}

    def put_files(self, rows: RunRows) -> None:
        """Store the run's rows, and what is left of files it shares: all that can be done before others must wait."""
        root = self.written.articles

        def put(name: str, table: Table) -> DataFile:
            def write(path: Path) -> FileFacts:
                facts = rows.write(name, path)
                nonlocal root
                if name == ARTICLES.name:
                    root = root_of(row_digest(row) for part in parts_of(path) for row in part.to_pylist())
                return facts

            return put_written_file(self._store, table, write, self._month)

        tables = load_tables(self._catalog)
        counts = {name: rows.count(name) for name in tables}
        with ThreadPoolExecutor(len(TABLES)) as pool:
            stored = {name: pool.submit(put, name, table) for name, table in tables.items() if counts[name]}
            present = self._old(tables)
            self.is_first = not any(present.values())
            for name, old in present.items():
                for file in old:
                    self._left(tables[name], file)
            files = {name: file.result() for name, file in stored.items()}
        self.written = WrittenRun(self._run, files, counts, root)

    def facts(self) -> dict[str, Any]:
        """What the log of commits says: of several runs their rows and digests by run."""
        if self.beside:
            runs = sorted((self.written, *self.beside), key=lambda one: one.run)
            return {
                "rows": {str(one.run): dict(one.rows) for one in runs},
                "articles": {str(one.run): one.articles for one in runs},
            }
        where = {} if self._branch == "main" else {"branch": self._branch}
        told = self.written
        return {"run": str(told.run), "rows": dict(told.rows), "articles": told.articles, **where}

    def plan(self, tables: Mapping[str, Table]) -> list[TableChange]:
        """The changes of the three tables; none where another writer has taken this run along."""
        if self.is_taken_along(tables):
            return []
        new = self.written.files
        self._check(tables)
        self.beside = self._others(tables)
        old = self._old(tables)
        changes = (self._change(table, old[name], new.get(name)) for name, table in tables.items())
        return [change for change in changes if change]

    def is_taken_along(self, tables: Mapping[str, Table]) -> bool:
        """Whether another writer has committed this run, which it saw waiting."""
        new, is_atomic = self.written.files.get("runs"), isinstance(self._catalog, ArchiveCatalog)
        self.was_taken_along = is_atomic and new is not None and self._files(tables["runs"]) == [new]
        return self.was_taken_along

    def take_back(self) -> None:
        """Delete the files that were stored for a commit which was refused: nobody names them, or ever will."""
        if isinstance(self._catalog, ArchiveCatalog):  # others may have committed one of the tables
            home = store_location(load_tables(self._catalog)["runs"])
            left = {file.file_path for place, rest in self._rest.items() for file in rest if file.file_path != place}
            for path in left | {file.file_path for file in self.written.files.values()}:
                with suppress(WarraqError):  # left for maintenance
                    self._store.delete(path.removeprefix(f"{home}/"))

    def _old(self, tables: Mapping[str, Table]) -> dict[str, list[DataFile]]:
        """The live files with rows of the run."""
        # With a catalog that commits all tables at once, a run without a row in `runs` has none anywhere.
        if isinstance(self._catalog, ArchiveCatalog) and not self._files(tables["runs"]):
            return {name: [] for name in tables}
        return {name: self._files(table) for name, table in tables.items()}

    def _files(self, table: Table) -> list[DataFile]:
        files = self._reader.files(table, self._branch, [self._month])
        return [file for file in files if self._may_hold(table, file) and self._left(table, file) != (file,)]

    def _may_hold(self, table: Table, file: DataFile) -> bool:
        lower, upper = self._bounds(table, file)
        return lower is None or upper is None or lower <= str(self._run).encode() <= upper

    def _left(self, table: Table, file: DataFile) -> tuple[DataFile, ...]:
        """What is to stand in a file's place: nothing, its rows of other runs, or itself if it has none of ours."""
        if self._bounds(table, file) == (str(self._run).encode(),) * 2:
            return ()
        if file.file_path not in self._rest:
            own = dataset_of(table, [file]).count_rows(filter=self._is_own)
            whole = () if own else (file,)
            is_shared = own not in (0, file.record_count)
            self._rest[file.file_path] = self._without_own(table, file, own=own) if is_shared else whole
        return self._rest[file.file_path]

    def _without_own(self, table: Table, file: DataFile, *, own: int) -> tuple[DataFile, ...]:
        """A file's rows of other runs as new files: those of a year apart from the run's month.

        So the next run of that month, as a backfill publishes it, writes a month again and not a year.
        """
        check_data_file(self._store, table, file)
        others, of = dataset_of(table, [file]).filter(~self._is_own), partition_of(file)
        begins = pc.field("window_start")
        in_month = (begins >= pa.scalar(self._month.start)) & (begins < pa.scalar(self._month.end))
        parts = [(others, of)]
        if of != self._month:
            parts = [(others.filter(~in_month), of), (others.filter(in_month), self._month)]
        new = tuple(
            put_data_file(self._store, table, streamed(rows), part) for rows, part in parts if rows.count_rows()
        )
        if sum(one.record_count for one in new) + own != file.record_count:
            raise StageFailed(f"{file.file_path}: its rows would have become a different number", remedy="report it")
        return new

    def _bounds(self, table: Table, file: DataFile) -> tuple[bytes | None, bytes | None]:
        """The least and greatest run_id in a file; they are kept whole."""
        field = table.schema().find_field("run_id").field_id
        return (file.lower_bounds or {}).get(field), (file.upper_bounds or {}).get(field)

    def _change(self, table: Table, old: list[DataFile], new: DataFile | None) -> TableChange | None:
        """Out with the run's files, in with the new one, what is left of files it shared, and the files of others."""
        coming = [one for file in old for one in self._left(table, file)] + ([new] if new else [])
        if set(old) == set(coming):  # planned again, after a conflict in a table that comes later
            return None
        transaction = StagedTransaction(table)
        if len(table.metadata.snapshots) >= MAX_SNAPSHOTS:
            transaction.forget_snapshots()
        name = table.name()[-1]
        coming += [other.files[name] for other in self.beside if name in other.files]
        runs = " ".join(str(run) for run in (self._run, *(other.run for other in self.beside)))
        facts = {RUN_IDS if self.beside else RUN_ID: runs}
        change_files(transaction, out=old, new=coming, facts=facts, branch=self._branch, reader=self._reader)
        return transaction.change()
