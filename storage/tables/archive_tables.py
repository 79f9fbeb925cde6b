"""The three tables of the archive: replace a run in one commit, read back what readers see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.table import Table

from storage.errors import ObjectMissing
from storage.iceberg.catalog import check_claim, claim_archive, open_catalog, translated
from storage.iceberg.live_files import arrow_filter, dataset_of, streamed
from storage.iceberg.multi_table_commit import commit_group, load_tables
from storage.iceberg.table_layout import create_tables, evolve_tables
from storage.model.records import Run
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.schema.arrow_and_iceberg import runs_from
from storage.schema.columns import TABLES
from storage.settings import Settings
from storage.tables.known_articles import LINK_COLUMNS, KnownArticles, KnownLinks
from storage.tables.row_filters import select
from storage.tables.run_replacement import RunReplacement, RunRows

EVERYTHING = "true"
MAIN = "main"
FILES_AT_ONCE = 64


class ArchiveTables:
    """The tables of one archive. Every call sees the newest commit; instances may be shared between threads."""

    def __init__(self, catalog: Catalog, store: ObjectStore) -> None:
        self.catalog = catalog
        self.store = store

    def load(self) -> dict[str, Table]:
        """The tables by name, all as of one instant."""
        with translated(self.store.url):
            return load_tables(self.catalog)

    def replace_run(self, run: RunId, rows: RunRows, *, branch: str = MAIN) -> None:
        """Put `rows` in the place of whatever the run wrote before, in one atomic commit over the three tables."""
        replacement = RunReplacement(self.catalog, self.store, run, branch=branch)
        with translated(self.store.url):
            replacement.put_files(rows)
            commit_group(self.catalog, replacement.plan)

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
        self, table: str, *, columns: tuple[str, ...], row_filter: str = EVERYTHING, branch: str = MAIN
    ) -> Iterator[pa.Table]:
        """Rows of a table, some thousand at a time."""
        with translated(self.store.url):
            loaded = self._table(table)
            scan = loaded.scan(row_filter=row_filter)
            if branch in loaded.metadata.refs:
                scan = scan.use_ref(branch)
            tasks = sorted(scan.plan_files(), key=lambda task: task.file.file_path)
            rows = arrow_filter(loaded, row_filter)
            # A dataset keeps the footers of all files it has read; those of a fleet's year are 150 MB.
            for first in range(0, len(tasks), FILES_AT_ONCE):
                dataset = dataset_of(loaded, tasks[first : first + FILES_AT_ONCE])
                yield from streamed(dataset, columns=columns, rows=rows)

    def files(self, table: str, *, row_filter: str = EVERYTHING) -> list[str]:
        """The live Parquet files that may hold rows of a selection, as paths or s3:// addresses, sorted."""
        return [uri for uri, _, _ in self.file_facts(table, row_filter=row_filter)]

    def file_facts(self, table: str, *, row_filter: str = EVERYTHING) -> list[tuple[str, int, int]]:
        """The same with each file's rows and bytes."""
        with translated(self.store.url):
            files = [task.file for task in self._table(table).scan(row_filter=row_filter).plan_files()]
        return sorted((file.file_path, file.record_count, file.file_size_in_bytes) for file in files)

    def oldest_months(self, table: str) -> dict[str, datetime]:
        """The month of the oldest file of each portal, from the files' partitions alone."""
        return {portal: _month(min(months)) for portal, months in self._months(table).items()}

    def newest_months(self, table: str) -> dict[str, datetime]:
        """The month of the newest file of each portal, from the files' partitions alone."""
        return {portal: _month(max(months)) for portal, months in self._months(table).items()}

    def _months(self, table: str) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        with translated(self.store.url):
            for task in self._table(table).scan().plan_files():
                portal, month = task.file.partition[0], task.file.partition[1]
                found.setdefault(portal, set()).add(month)
        return found

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


def _month(since_1970: int) -> datetime:
    return datetime(1970 + since_1970 // 12, since_1970 % 12 + 1, 1, tzinfo=UTC)


def _empty(archive: str) -> ObjectMissing:
    return ObjectMissing(
        f"nothing is archived in {archive} yet",
        remedy="check WARRAQ_ARCHIVE and WARRAQ_CATALOG, or archive something: warraq archive PORTAL --from … --to …",
    )
