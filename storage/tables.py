"""The three tables of the archive: replace a run in one commit, read back what readers see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.expressions import BooleanExpression
from pyiceberg.expressions.parser import parse
from pyiceberg.io.pyarrow import ArrowScan
from pyiceberg.manifest import DataFile
from pyiceberg.table import FileScanTask, Table
from pyiceberg.types import StringType

from storage.catalog import check_claim, claim_archive, open_catalog, translated
from storage.columns import TABLE_BY_NAME, TABLES
from storage.data_files import put_data_file
from storage.errors import ObjectMissing
from storage.group_commit import (
    MAX_SNAPSHOTS,
    ArchiveCatalog,
    StagedTransaction,
    TableChange,
    commit_group,
    load_tables,
)
from storage.known import LINK_COLUMNS, KnownArticles, KnownLinks
from storage.objects import ObjectStore, open_store
from storage.parquet import in_order
from storage.records import Run
from storage.schema import runs_from
from storage.selection import select
from storage.settings import Settings
from storage.staging import StagedRows
from storage.table_layout import create_tables, evolve_tables
from storage.window import RunId

EVERYTHING = "true"
MAIN = "main"
RUN_ID = "warraq.run-id"  # in the summary of a snapshot: the run it replaced


class ArchiveTables:
    """The tables of one archive. Every call sees the newest commit; instances may be shared between threads."""

    def __init__(self, catalog: Catalog, store: ObjectStore) -> None:
        self.catalog = catalog
        self.store = store

    def load(self) -> dict[str, Table]:
        """The tables by name, all as of one instant."""
        with translated(self.store.url):
            return load_tables(self.catalog)

    def replace_run(self, run: RunId, rows: StagedRows, *, branch: str = MAIN) -> None:
        """Put `rows` in the place of whatever the run wrote before, in one atomic commit over the three tables."""
        with translated(self.store.url):
            new = self._put_files(run, rows)
            own = parse(select(run=run))

            def plan(tables: Mapping[str, Table]) -> list[TableChange]:
                # With a catalog that commits all tables at once, a run without a row in `runs` has none anywhere.
                is_new = isinstance(self.catalog, ArchiveCatalog) and not _plan(tables["runs"], own, branch)
                old = {name: [] if is_new else _plan(table, own, branch) for name, table in tables.items()}
                changes = (
                    self._replacement(table, run, old[name], new.get(name), branch) for name, table in tables.items()
                )
                return [change for change in changes if change]

            commit_group(self.catalog, plan)

    def _put_files(self, run: RunId, rows: StagedRows) -> dict[str, DataFile]:
        """The run's rows as stored files, each sorted as its table is; no file for a table without rows."""

        def put(name: str, table: Table) -> DataFile:
            part = in_order(TABLE_BY_NAME[name], rows.of(name))
            return put_data_file(self.store, table, [part], portal=run.portal, month=run.window.start)

        with ThreadPoolExecutor(len(TABLES)) as pool:
            tables = load_tables(self.catalog)
            files = {name: pool.submit(put, name, table) for name, table in tables.items() if rows.of(name).num_rows}
            return {name: file.result() for name, file in files.items()}

    def _replacement(
        self, table: Table, run: RunId, old: list[FileScanTask], new: DataFile | None, branch: str
    ) -> TableChange | None:
        """Out with the run's files, in with the new one; files shared with other runs are written again without it."""
        transaction = StagedTransaction(table)
        if len(table.metadata.snapshots) >= MAX_SNAPSHOTS:
            transaction.forget_snapshots()
        update = transaction.update_snapshot(snapshot_properties={RUN_ID: str(run)}, branch=branch)
        if not old:
            if new:
                with update.merge_append() as append:
                    append.append_data_file(new)
            return transaction.change()
        with update.overwrite() as overwrite:
            for task in old:
                overwrite.delete_data_file(task.file)
                if not _holds_only(table, task.file, run):
                    rest = _batches(table, [task], select(without=run))
                    kept = put_data_file(self.store, table, rest, portal=run.portal, month=run.window.start)
                    if kept.record_count:
                        overwrite.append_data_file(kept)
            if new:
                overwrite.append_data_file(new)
        return transaction.change()

    def history(self, portal: str, *, limit: int = 60, before: datetime | None = None) -> list[Run]:
        """The newest `limit` runs of a portal (whose windows start before `before`), oldest first."""
        found = self.scan("runs", row_filter=select(portal=portal, before=before), columns=("window_start",))
        starts = sorted(found["window_start"].to_pylist())[-limit:]
        if not starts:
            return []
        rows = self.scan("runs", row_filter=select(portal=portal, since=starts[0], before=before))
        return runs_from(rows.sort_by([("window_start", "ascending"), ("run_id", "ascending")]))[-limit:]

    def known_links(self, portal: str, *, without: RunId | None = None) -> KnownLinks:
        """The portal's links that were ever captured, apart from what the run `without` wrote itself."""
        wanted = select(portal=portal, without=without, captured=True)
        return KnownLinks(self.batches("fetches", row_filter=wanted, columns=LINK_COLUMNS))

    def known_articles(self, portal: str, *, without: RunId | None = None) -> KnownArticles:
        """The portal's articles and editions, apart from what the run `without` wrote itself."""
        wanted = select(portal=portal, without=without)
        return KnownArticles(self.batches("articles", row_filter=wanted, columns=("article_id", "edition_id")))

    def scan(self, table: str, *, row_filter: str = EVERYTHING, columns: tuple[str, ...] = ("*",)) -> pa.Table:
        """Rows of a table in memory. Small types: text stays below 2 GiB a column chunk."""
        with translated(self.store.url):
            return self._table(table).scan(row_filter=row_filter, selected_fields=columns).to_arrow()

    def batches(
        self, table: str, *, row_filter: str = EVERYTHING, columns: tuple[str, ...] = ("*",), branch: str = MAIN
    ) -> Iterator[pa.Table]:
        """Rows of a table, a file's row groups at a time."""
        with translated(self.store.url):
            loaded = self._table(table)
            scan = loaded.scan(row_filter=row_filter, selected_fields=columns)
            if branch in loaded.metadata.refs:
                scan = scan.use_ref(branch)
            for batch in scan.to_arrow_batch_reader():
                yield pa.Table.from_batches([batch])

    def files(self, table: str, *, row_filter: str = EVERYTHING) -> list[str]:
        """The live Parquet files that may hold rows of a selection, as paths or s3:// addresses, sorted."""
        return [uri for uri, _, _ in self.file_facts(table, row_filter=row_filter)]

    def file_facts(self, table: str, *, row_filter: str = EVERYTHING) -> list[tuple[str, int, int]]:
        """The same with each file's rows and bytes."""
        with translated(self.store.url):
            files = [task.file for task in self._table(table).scan(row_filter=row_filter).plan_files()]
        return sorted((file.file_path, file.record_count, file.file_size_in_bytes) for file in files)

    def _table(self, name: str) -> Table:
        try:
            return load_tables(self.catalog)[name]
        except KeyError:
            raise _empty(self.store.url) from None


def open_tables(settings: Settings, *, create: bool = True) -> ArchiveTables:
    """The tables of the archive, made at first use if `create`; ObjectMissing if there are none and not `create`.

    Also adds columns that a newer version of the code brings. Raises UsageError, StoreUnreachable, StoreDenied.
    """
    store = open_store(settings)
    with translated(settings.archive):
        catalog = open_catalog(settings)
        if create:
            claim_archive(catalog, store)
            create_tables(catalog, settings.archive)
            evolve_tables(catalog)
        else:
            check_claim(catalog, store)
            if len(load_tables(catalog)) < len(TABLES):
                raise _empty(settings.archive)
    return ArchiveTables(catalog, store)


def _empty(archive: str) -> ObjectMissing:
    return ObjectMissing(
        f"nothing is archived in {archive} yet",
        remedy="check WARRAQ_ARCHIVE and WARRAQ_CATALOG, or archive something: warraq archive PORTAL --from … --to …",
    )


def _plan(table: Table, row_filter: BooleanExpression, branch: str) -> list[FileScanTask]:
    if table.metadata.snapshot_by_name(branch) is None:
        return []
    return list(table.scan(row_filter=row_filter).use_ref(branch).plan_files())


def _holds_only(table: Table, file: DataFile, run: RunId) -> bool:
    """Whether all rows of a file are the run's; told by the bounds of run_id, which are kept whole."""
    field = table.schema().find_field("run_id").field_id
    own = str(run).encode()
    lower, upper = (bounds.get(field) for bounds in (file.lower_bounds or {}, file.upper_bounds or {}))
    return lower == upper == own and isinstance(table.schema().find_type("run_id"), StringType)


def _batches(table: Table, tasks: list[FileScanTask], row_filter: str) -> Iterator[pa.Table]:
    scan = ArrowScan(table.metadata, table.io, table.schema(), parse(row_filter))
    for batch in scan.to_record_batches(tasks):
        yield pa.Table.from_batches([batch])
