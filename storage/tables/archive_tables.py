"""The three tables of the archive: replace a run in one commit, read back what readers see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.catalog import Catalog
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from storage.errors import ObjectMissing, UsageError
from storage.iceberg.catalog import (
    check_claim,
    claim_archive,
    file_properties,
    is_configured,
    may_hold_tables,
    open_catalog,
    require_catalog,
    translated,
)
from storage.iceberg.commit_log import DENY, Told
from storage.iceberg.live_files import arrow_filter, dataset_of, live_files, streamed, time_bounds
from storage.iceberg.manifests import partition_of
from storage.iceberg.multi_table_commit import ArchiveCatalog, commit_group, load_tables, note
from storage.iceberg.newest_tables import PointedCatalog, pointed_to
from storage.iceberg.snapshots import TableChange, empty_snapshot
from storage.iceberg.table_layout import create_tables, evolve_tables
from storage.model.partition import Partition
from storage.model.records import Run
from storage.model.window import RunId
from storage.objects.keys import newest_tables_key, tables_prefix
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.schema.arrow_and_iceberg import runs_from
from storage.schema.columns import TABLES
from storage.settings import Settings
from storage.tables.known_articles import KnownArticles
from storage.tables.removal_register import read_denied
from storage.tables.row_filters import select
from storage.tables.run_replacement import (
    REMOVALS,
    Overtaken,
    RunReplacement,
    RunRows,
    WrittenRun,
    has_changed,
    no_removal_since,
    removals_begun,
)
from storage.tables.waiting_runs import others_waiting, waiting

EVERYTHING = "true"
MAIN = "main"
FILES_AT_ONCE = 64


@dataclass(frozen=True)
class ArticlesSeen:
    """Which of a portal's articles a decision rests on, so that its commit can ask for those that came since."""

    portal: str
    snapshot_id: int | None
    files: frozenset[str]
    removals: str  # that had begun: removals_begun()


class ArchiveTables:
    """The tables of one archive. Every call sees the newest commit; instances may be shared between threads."""

    def __init__(self, catalog: Catalog, store: ObjectStore, *, register: Path | None = None) -> None:
        """`register` is the second place of the register of removals."""
        self.catalog = catalog
        self.store = store
        self._register = register

    def load(self) -> dict[str, Table]:
        """The tables by name, all as of one instant."""
        with translated(self.store.url):
            return load_tables(self.catalog)

    def replace_run(
        self,
        run: RunId,
        rows: RunRows,
        *,
        branch: str = MAIN,
        seen: ArticlesSeen | None = None,
        objects: Callable[[KnownArticles], bool] = lambda _: False,
        check: Callable[[Mapping[str, Table]], None] = lambda _: None,
    ) -> bool:
        """Put `rows` in the place of whatever the run wrote before, in one atomic commit over the three tables.

        What other runs of the portal published since `seen` is shown to `objects` while no other writer can commit;
        if it says yes, nothing changes and Overtaken is raised, and RemovalBegun if a removal has begun since. `check`
        is shown the newest tables then, and may raise Overtaken too. With `seen`, runs of other portals that wait for
        the same go in one commit: True if another writer's had this run in it.
        """

        def check_all(newest: Mapping[str, Table]) -> None:
            check(newest)
            if seen:
                no_removal_since(seen.removals)(newest)
            since = self._articles_since(newest["articles"], seen, without=run) if seen else None
            if since is not None and objects(since):
                raise Overtaken(f"another run published an article of {run} meanwhile", remedy="extract it again")

        together = seen is not None and branch == MAIN and isinstance(self.catalog, ArchiveCatalog)

        def others(newest: Mapping[str, Table]) -> list[WrittenRun]:
            return others_waiting(self.store, run, newest) if together else []

        replacement = RunReplacement(self.catalog, self.store, run, branch=branch, check=check_all, others=others)
        told = Told("publish" if branch == MAIN else "branch", replacement.facts)
        with translated(self.store.url), ExitStack() as stack:
            before = load_tables(self.catalog)
            replacement.put_files(rows)
            may_wait = seen is not None and together and replacement.is_first
            if seen and may_wait:
                snapshots = {"runs": before["runs"].metadata.current_snapshot_id, "articles": seen.snapshot_id}
                note_of_it = waiting(self.store, replacement.written, before, seen=snapshots, removals=seen.removals)
                stack.enter_context(note_of_it)
            is_done = replacement.is_taken_along if may_wait else None
            try:
                commit_group(self.catalog, replacement.plan, told, is_done=is_done)
            except Overtaken:
                replacement.take_back()
                raise
        return replacement.was_taken_along

    def note(self, what: str, facts: Mapping[str, Any]) -> None:
        """Enter into the log of commits what changes no row."""
        with translated(self.store.url):
            note(self.catalog, Told(what, lambda: facts))

    def count_removal(self, name: str) -> None:
        """Let no commit pass from now on whose rows were made before, and no search index be believed.

        To be called when the removal stands in the register, and again when its rows are gone.
        """
        with translated(self.store.url):
            note(self.catalog, Told(DENY, lambda: {"removal": name}), counter=REMOVALS)
            if not isinstance(self.catalog, ArchiveCatalog):
                # There the tables are committed one by one, and only a table's snapshot can be asked for in a commit.
                # Whoever saw the count of before has loaded these tables before it, and finds another snapshot now.
                commit_group(self.catalog, _empty_snapshots, Told("close to older commits"))

    def denied_to(self, runs: Iterable[RunId]) -> str:
        """What runs are to be without now, as a digest; see Denied."""
        return read_denied(self.store, self._register, now=datetime.now(UTC)).digest_for(runs)

    def run_row(self, run: RunId) -> Run | None:
        """The run's row of `news.runs`; None for a run that is not published."""
        return next(iter(runs_from(self.scan("runs", row_filter=select(run=run)))), None)

    def history(self, portal: str, *, limit: int = 60, before: datetime | None = None) -> list[Run]:
        """The newest `limit` runs of a portal (whose windows start before `before`), oldest first."""
        found = self.scan("runs", row_filter=select(portal=portal, before=before), columns=("window_start",))
        starts = sorted(found["window_start"].to_pylist())[-limit:]
        if not starts:
            return []
        rows = self.scan("runs", row_filter=select(portal=portal, since=starts[0], before=before))
        return runs_from(rows.sort_by([("window_start", "ascending"), ("run_id", "ascending")]))[-limit:]

    def known_articles(self, portal: str, *, without: RunId | None = None) -> KnownArticles:
        """The portal's articles and editions, apart from what the run `without` wrote itself."""
        return self.articles_seen(portal, without=without)[1]

    def articles_seen(self, portal: str, *, without: RunId | None = None) -> tuple[ArticlesSeen, KnownArticles]:
        """The same, and what it rests on; see replace_run()."""
        with translated(self.store.url):
            tables = self.load()
            if "articles" not in tables:
                raise _empty(self.store.url)
            table = tables["articles"]
            files = live_files(table, row_filter=select(portal=portal))
            paths = frozenset(file.file_path for file in files)
            seen = ArticlesSeen(portal, table.metadata.current_snapshot_id, paths, removals_begun(tables))
            return seen, _known_in(table, files, portal, without=without)

    def _articles_since(self, table: Table, seen: ArticlesSeen, *, without: RunId) -> KnownArticles | None:
        """What a portal's files hold that came after `seen`; None where none can have come."""
        if not has_changed(table, seen.portal, since=seen.snapshot_id):
            return None
        files = live_files(table, row_filter=select(portal=seen.portal))
        return _known_in(
            table, [file for file in files if file.file_path not in seen.files], seen.portal, without=without
        )

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
            snapshot = loaded.snapshot_by_name(branch)  # the main branch where the table lacks that one
            files = live_files(loaded, row_filter=row_filter, snapshot_id=snapshot.snapshot_id if snapshot else None)
            yield from _streamed(loaded, files, columns=columns, rows=arrow_filter(loaded, row_filter))

    def files(self, table: str, *, row_filter: str = EVERYTHING) -> list[str]:
        """The live Parquet files that may hold rows of a selection, as paths or s3:// addresses, sorted."""
        return [uri for uri, _, _ in self.file_facts(table, row_filter=row_filter)]

    def file_facts(self, table: str, *, row_filter: str = EVERYTHING) -> list[tuple[str, int, int]]:
        """The same with each file's rows and bytes."""
        with translated(self.store.url):
            files = live_files(self._table(table), row_filter=row_filter)
        return sorted((file.file_path, file.record_count, file.file_size_in_bytes) for file in files)

    def oldest_months(self, table: str) -> dict[str, datetime]:
        """The month of each portal's first window, by what is known of the files."""
        return {portal: min(months).start for portal, months in self._months(table).items()}

    def newest_months(self, table: str) -> dict[str, datetime]:
        """The month of each portal's last window, by what is known of the files."""
        return {portal: max(months).start for portal, months in self._months(table).items()}

    def _months(self, table: str) -> dict[str, set[Partition]]:
        """The months of each portal's files, of a year's file the first and the last."""
        found: dict[str, set[Partition]] = {}
        with translated(self.store.url):
            loaded = self._table(table)
            for file in live_files(loaded):
                of = partition_of(file)
                starts = time_bounds(loaded, file, "window_start") or (of.start, of.end - timedelta(days=1))
                found.setdefault(of.portal, set()).update(Partition.month_of(of.portal, start) for start in starts)
        return found

    def _table(self, name: str) -> Table:
        try:
            return load_tables(self.catalog)[name]
        except KeyError:
            raise _empty(self.store.url) from None


def open_tables(settings: Settings, *, create: bool = True, to_write: bool = False) -> ArchiveTables:
    """The tables of the archive, made at first use if `create`; ObjectMissing if there are none and not `create`.

    Without `create` and `to_write` a bucket's tables are found without the catalog, to be read only. With `create` it
    also adds columns that a newer version of the code brings. Raises UsageError, StoreUnreachable, StoreDenied.
    """
    if create or to_write:
        require_catalog(settings)
    if not create and not may_hold_tables(settings):
        raise _empty(settings.archive)
    store = open_store(settings)
    with translated(settings.archive):
        catalog = open_catalog(settings) if create else _catalog_to_read(settings, store)
        if create:
            claim_archive(catalog, store)
            create_tables(catalog, settings.archive)
            evolve_tables(catalog)
        else:
            if not isinstance(catalog, PointedCatalog):
                check_claim(catalog, store)
            if len(load_tables(catalog)) < len(TABLES):
                raise _empty(settings.archive)
    return ArchiveTables(catalog, store, register=settings.removals)


def _catalog_to_read(settings: Settings, store: ObjectStore) -> Catalog:
    """The configured catalog; without one the pointer beside the tables, for those who may only read the bucket."""
    if settings.is_s3 and not is_configured(settings):
        try:
            pointed_to(store)
        except ObjectMissing as missing:
            if next(iter(store.list(tables_prefix())), None) is None:
                raise _empty(settings.archive) from missing
            raise UsageError(
                f"WARRAQ_CATALOG is not set, and {settings.archive} lost the object that leads readers without it: "
                f"{newest_tables_key()}",
                remedy="set it to the archive's catalog; with it `warraq maintain` writes the object again",
            ) from missing
        return PointedCatalog(store, settings.archive, **file_properties(settings))
    return open_catalog(settings)


def _empty_snapshots(tables: Mapping[str, Table]) -> list[TableChange]:
    changes = (empty_snapshot(table) for name, table in tables.items() if name != "runs")
    return [change for change in changes if change]


def _known_in(table: Table, files: Iterable[DataFile], portal: str, *, without: RunId | None) -> KnownArticles:
    rows = arrow_filter(table, select(portal=portal, without=without))
    return KnownArticles(_streamed(table, files, columns=("article_id", "edition_id"), rows=rows))


def _streamed(
    table: Table, files: Iterable[DataFile], *, columns: tuple[str, ...], rows: pc.Expression
) -> Iterator[pa.Table]:
    """The rows of files in the order of their names."""
    ordered = sorted(files, key=lambda file: file.file_path)
    # A dataset keeps the footers of all files it has read; those of a fleet's year are 150 MB.
    for first in range(0, len(ordered), FILES_AT_ONCE):
        dataset = dataset_of(table, ordered[first : first + FILES_AT_ONCE])
        yield from streamed(dataset, columns=columns, rows=rows)


def _empty(archive: str) -> ObjectMissing:
    return ObjectMissing(
        f"nothing is archived in {archive} yet",
        remedy="check WARRAQ_ARCHIVE and WARRAQ_CATALOG, or archive something: warraq archive PORTAL --from … --to …",
    )
