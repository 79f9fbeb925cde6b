"""Proves the archive: bytes are those that were written, and the text is what today's extractor derives from them."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from spiders.registry import find_portal
from storage.errors import DamagedObject, ObjectMissing, StoreUnreachable, UsageError, WarraqError
from storage.fixity import (
    Fixity,
    check_data_files,
    check_raw,
    check_release,
    check_table_metadata,
    crawl_is_finished,
)
from storage.iceberg.data_files import store_location
from storage.model.window import RunId
from storage.objects.keys import catalog_marker_key
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun, finished_crawl, raw_runs
from storage.release.monthly_release import release_names
from storage.schema.arrow_and_iceberg import runs_from
from storage.schema.columns import TABLE_BY_NAME
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.row_filters import select
from storage.tables.staging import StagedRun
from warraq.monitoring.rederivation import ExtractionPool, differences, place_of, place_of_row, strays
from warraq.pipeline.extract import RunPages
from warraq.pipeline.learnt_lines_store import learnt_of_row
from warraq.pipeline.page_job import Rules

T = TypeVar("T")
SAMPLE_SEED = 1  # the same sample each time, so that a finding can be looked at again


@dataclass(frozen=True)
class Selection:
    """What to verify. `sample` chunks and articles a run are looked at, or all of them."""

    portal: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    sample: int | None = None

    def __contains__(self, run: RunId) -> bool:
        start = run.window.start
        return (
            (self.portal is None or run.portal == self.portal)
            and (self.since is None or start >= self.since)
            and (self.before is None or start < self.before)
        )

    def has_month(self, month: str) -> bool:
        """Whether a release of the month (2024-12) belongs to it; a release holds all portals."""
        from_month = f"{self.since:%Y-%m}" if self.since else month
        last = f"{self.before - timedelta(microseconds=1):%Y-%m}" if self.before else month
        return self.portal is None and from_month <= month <= last

    def chosen(self, items: Sequence[T]) -> list[T]:
        """All items, or a sample in their order."""
        if self.sample is None or len(items) <= self.sample:
            return list(items)
        picks = random.Random(SAMPLE_SEED).sample(range(len(items)), self.sample)  # noqa: S311 - no secret
        return [items[position] for position in sorted(picks)]


@dataclass
class MonthReport:
    """What was verified of one portal and month, of one release, or of what the tables of all portals share."""

    portal: str
    month: str
    runs: int = 0
    objects: int = 0
    bytes: int = 0
    articles: int = 0  # rows looked at
    derived: int = 0  # rows whose text was derived again from the raw bytes
    unrecorded: int = 0  # objects without a digest
    other_version: int = 0  # rows of another extractor version: their bytes are compared, their text is not
    problems: list[str] = field(default_factory=list)

    def add(self, fixity: Fixity) -> None:
        """Count what was hashed."""
        self.objects += fixity.objects
        self.bytes += fixity.bytes
        self.unrecorded += fixity.unrecorded
        self.problems += fixity.problems


def verify_archive(
    settings: Settings,
    selection: Selection,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[MonthReport]:
    """Compare everything in the selection; one report a portal and month. Raises ObjectMissing for an empty archive.

    Damage is reported and the rest compared; an unreachable store is raised.
    """
    store = open_store(settings)
    with _readable_tables(store):
        tables = open_tables(settings, create=False)
    months: dict[tuple[str, str], MonthReport] = {}

    def month_of(portal: str, month: str) -> MonthReport:
        return months.setdefault((portal, month), MonthReport(portal, month))

    runs = {run for run in raw_runs(store, portal=selection.portal) if run in selection}
    wanted = select(portal=selection.portal, since=selection.since, before=selection.before)
    shared = MonthReport("all", "tables")
    try:
        with _readable_tables(store):
            _check_place(tables, settings)
            shared.add(check_table_metadata(tables))
            for key, fixity in check_data_files(tables, row_filter=wanted):
                folders = dict(part.split("=", 1) for part in key.split("/") if "=" in part)
                month_of(folders.get("portal", "?"), folders.get("month", "?")).add(fixity)
            names = tables.scan("runs", row_filter=wanted, columns=("run_id",))["run_id"].to_pylist()
            runs.update(RunId.parse(name) for name in names)
    except DamagedObject as error:
        shared.problems.append(error.message)
    for name in release_names(store):
        if selection.has_month(name[:7]):
            month_of("release", name).add(check_release(store, name))
    with ExtractionPool(workers) as pool:
        for done, run in enumerate(sorted(runs), start=1):
            report = month_of(run.portal, f"{run.window.start:%Y-%m}")
            report.runs += 1
            try:
                _verify_run(run, settings, store, tables, selection=selection, report=report, pool=pool)
            except DamagedObject as error:
                report.problems.append(error.message)
            progress(done, len(runs))
    if months or shared.problems:
        months[shared.portal, shared.month] = shared
    return [months[key] for key in sorted(months)]


@contextlib.contextmanager
def _readable_tables(store: ObjectStore) -> Iterator[None]:
    """Turns whatever damaged metadata or data files make the table library raise into DamagedObject."""
    try:
        yield
    except StoreUnreachable as error:
        store.exists(catalog_marker_key())  # raises if that is the truth; damage can make up an address, too
        raise _unreadable(error) from error
    except WarraqError:
        raise
    except Exception as error:  # a flipped byte gave KeyError, IndexError, SystemError and eight more
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> DamagedObject:
    return DamagedObject(
        f"the tables cannot be read ({type(error).__name__}: {error})"[:300],
        remedy="go back to an earlier snapshot, or restore tables/ and the catalog",
    )


def _check_place(tables: ArchiveTables, settings: Settings) -> None:
    """Raises UsageError for a copy at another path: its rows would be read from the first, and prove nothing of it."""
    for table in tables.load().values():
        made_at = store_location(table)
        if made_at != settings.archive:
            raise UsageError(
                f"the tables of {settings.archive} name their files below {made_at}",
                remedy=f"verify it as WARRAQ_ARCHIVE={made_at}; a copy has to lie at the same path",
            )


def _check_staged(staged: StagedRun) -> Fixity:
    """Compare rows that wait for publication, or are kept some days after it, with the digests in their manifest."""
    fixity = Fixity()
    try:
        if staged.exists():
            with tempfile.TemporaryDirectory(prefix="warraq-staged-") as folder:
                staged.fetch(Path(folder))
            fixity.objects += 1 + len(TABLE_BY_NAME)
    except (DamagedObject, ObjectMissing) as error:
        fixity.problems.append(error.message)
    return fixity


def _miscounts(run: RunId, tables: ArchiveTables, *, articles: int) -> Iterable[str]:
    """Rows that the tables have lost or gained against what the run's own row says."""
    for row in runs_from(tables.scan("runs", row_filter=select(run=run))):
        outcomes = tables.scan("fetches", row_filter=select(run=run), columns=("outcome",))["outcome"].to_pylist()
        if Counter(outcomes) != Counter(row.outcomes):
            yield f"{run}: {len(outcomes)} rows of news.fetches do not match the outcomes of its {row.links} links"
        if articles != row.articles_new + row.editions:
            yield f"{run}: {articles} rows of news.articles instead of {row.articles_new + row.editions}"


def _verify_run(
    run: RunId,
    settings: Settings,
    store: ObjectStore,
    tables: ArchiveTables,
    *,
    selection: Selection,
    report: MonthReport,
    pool: ExtractionPool,
) -> None:
    raw = RawRun(store, run)
    report.add(check_raw(raw, choose=selection.chosen))
    report.add(_check_staged(StagedRun(store, run)))
    with _readable_tables(store):
        all_rows = tables.scan("articles", row_filter=select(run=run)).to_pylist()
        report.problems += _miscounts(run, tables, articles=len(all_rows))
    rows = selection.chosen(all_rows)
    report.articles += len(rows)
    if not rows:
        return
    if not crawl_is_finished(raw):
        report.problems.append(f"{run}: {len(rows)} rows, but no crawl report in the raw archive")
        return
    try:
        crawl = finished_crawl(raw)
        portal = find_portal(run.portal, settings).telling_apart(crawl.told_apart_by)
        pages = RunPages(raw, crawl, portal)
    except (DamagedObject, ObjectMissing):
        return  # told by check_raw
    for version in sorted({row["extractor_version"] for row in rows}):
        made = {place_of_row(row): row for row in rows if row["extractor_version"] == version}
        rules = Rules(portal, learnt_of_row(store, run.portal, version))
        if rules.version == version:
            report.derived += len(made)
            report.problems += differences(run, rules, pages, made, pool=pool)
        else:
            report.other_version += len(made)
            report.problems += strays(made, {place_of(job.place) for job in pages.at(made)}, pages)
    report.problems += [error.message for _, error in pages.damaged if error.message not in report.problems]
