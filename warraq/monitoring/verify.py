"""Proves the archive: bytes are those that were written, and the text is what today's extractor derives from them."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from spiders.registry import find_portal
from storage.errors import DamagedObject, ObjectMissing, StoreUnreachable, UsageError, WarraqError, is_interrupt
from storage.fixity.log import Logged, check_logged_release, lost_removals, read_log
from storage.fixity.notes import check_notes, check_stray_staging
from storage.fixity.raw_runs import check_raw, check_register, crawl_is_finished, registered_runs
from storage.fixity.releases import begun_releases, check_release
from storage.fixity.report import Fixity
from storage.fixity.table_files import check_data_files, check_table_metadata, damaged_files, doubles
from storage.model.records import Run
from storage.model.row_digests import root_of, row_digest
from storage.model.window import RunId
from storage.objects.keys import catalog_marker_key
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun, finished_crawl, raw_runs
from storage.read.release.names import first_and_last
from storage.schema.arrow_and_iceberg import runs_from
from storage.schema.columns import TABLE_BY_NAME
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.row_filters import select
from storage.tables.staging import StagedRun, staged_runs
from warraq.monitoring.rederivation import (
    ExtractionPool,
    differences,
    miscounts,
    place_of,
    place_of_row,
    removed_rows,
    strays,
)
from warraq.pipeline.extract import RunPages, denied_to
from warraq.pipeline.learnt_lines_store import check_learnt, learnt_in_use, learnt_of_row, learnt_versions
from warraq.pipeline.staleness import unfinished_runs
from warraq.pipeline.workers.page_job import Rules

T = TypeVar("T")
MAX_DAMAGED = 5  # files that are named where the tables cannot be read
SAMPLE_SEED = 1  # the same sample each time, so that a finding can be looked at again


@dataclass(frozen=True)
class VerifyScope:
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

    def has_release(self, name: str) -> bool:
        """Whether a release of a month of it belongs to it; a release holds all portals."""
        first, last = first_and_last(name)
        since = f"{self.since:%Y-%m}" if self.since else last
        until = f"{self.before - timedelta(microseconds=1):%Y-%m}" if self.before else first
        return self.portal is None and since <= last and first <= until

    def chosen(self, items: Sequence[T]) -> list[T]:
        """All items, or a sample in their order."""
        if self.sample is None or len(items) <= self.sample:
            return list(items)
        picks = random.Random(SAMPLE_SEED).sample(range(len(items)), self.sample)  # noqa: S311 - no secret
        return [items[position] for position in sorted(picks)]


@dataclass
class MonthReport:
    """What was verified of one portal and month, of one release, or of what the tables of all portals share.

    A year's file of the tables is of no month: its report has the year alone.
    """

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
    unfinished: list[str] = field(default_factory=list)  # runs with raw pages that no row shows, and what finishes them

    def add(self, fixity: Fixity) -> None:
        """Count what was hashed."""
        self.objects += fixity.objects
        self.bytes += fixity.bytes
        self.unrecorded += fixity.unrecorded
        self.problems += fixity.problems


def verify_archive(
    settings: Settings,
    selection: VerifyScope,
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

    found = {*raw_runs(store, portal=selection.portal), *registered_runs(store, portal=selection.portal)}
    runs = {run for run in (*found, *staged_runs(store)) if run in selection}
    logged = Logged()
    wanted = select(portal=selection.portal, since=selection.since, before=selection.before)
    shared = MonthReport("all", "tables")
    try:
        with _readable_tables(store):
            shared.add(check_table_metadata(tables))
            logged = read_log(store, tables.load())
            shared.add(logged.fixity)
            shared.problems += lost_removals(logged, store)
            shared.add(check_notes(store))
            shared.add(_check_learnt(store, logged))
            scope = {"portal": selection.portal, "since": selection.since, "before": selection.before}
            for key, fixity in check_data_files(tables, **scope):  # type: ignore[arg-type]
                folders = dict(part.split("=", 1) for part in key.split("/") if "=" in part)
                month_of(folders.get("portal", "?"), folders.get("month") or folders.get("year", "?")).add(fixity)
            found_rows = runs_from(tables.scan("runs", row_filter=wanted))
            shared.problems += _duplicates(found_rows)
            rows = {row.run_id: row for row in found_rows}
            for portal, line in doubles(tables, portal=selection.portal):
                month_of(portal, "all").problems.append(line)
        runs.update(map(RunId.parse, rows))
        for name, lost in logged.losses(rows, {str(run) for run in runs}):
            run = RunId.parse(name)
            if run in selection:
                month_of(run.portal, f"{run.window.start:%Y-%m}").problems.append(lost)
        for one in unfinished_runs(store, rows, portal=selection.portal):
            if one.run in selection:
                month_of(one.run.portal, f"{one.run.window.start:%Y-%m}").unfinished.append(str(one))
    except DamagedObject as error:
        shared.problems.append(error.message)
    for name in sorted({*begun_releases(store), *logged.releases}):
        if selection.has_release(name):
            report = month_of("release", name)
            report.add(check_release(store, name))
            files = {**logged.releases.get(name, {}), **logged.seals.get(name, {})}
            told = check_logged_release(store, name, files).problems
            report.problems += [problem for problem in told if problem not in report.problems]
    with ExtractionPool(workers) as pool:
        for done, run in enumerate(sorted(runs), start=1):
            report = month_of(run.portal, f"{run.window.start:%Y-%m}")
            report.runs += 1
            try:
                _verify_run(run, settings, tables, logged, selection=selection, report=report, pool=pool)
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
        raise _unreadable(error, store) from error
    except WarraqError:
        raise
    except Exception as error:  # a flipped byte gave KeyError, IndexError, SystemError and eight more
        if is_interrupt(error):
            raise
        raise _unreadable(error, store) from error


def _unreadable(error: Exception, store: ObjectStore) -> DamagedObject:
    damaged = list(islice(damaged_files(store), MAX_DAMAGED))
    because = f"damaged: {', '.join(damaged)}" if damaged else f"{type(error).__name__}: {error}"[:300]
    return DamagedObject(
        f"the tables cannot be read ({because})",
        remedy="go back to an earlier snapshot, or restore tables/ and the catalog",
    )


def _check_staged(store: ObjectStore, run: RunId) -> Fixity:
    """Compare rows that wait for publication, or are kept some days after it, with the digests in their manifest."""
    fixity, staged, named = Fixity(), StagedRun(store, run), set[str]()
    try:
        if staged.exists():
            named = staged.keys()
            with tempfile.TemporaryDirectory(prefix="warraq-staged-") as folder:
                staged.fetch(Path(folder))
            fixity.objects += 1 + len(TABLE_BY_NAME)
    except (DamagedObject, ObjectMissing) as error:
        fixity.problems.append(error.message)
    fixity.add(check_stray_staging(store, run, named))
    return fixity


def _check_learnt(store: ObjectStore, logged: Logged) -> Fixity:
    """Compare learnt sets with their versions, and the choice of one with what the log says was chosen."""
    fixity = Fixity()
    portals = {info.key.split("/")[1].removeprefix("portal=") for info in store.list("learnt/portal=")}
    for portal in sorted(portals | logged.learnt.keys()):
        try:
            for version in learnt_versions(store, portal):
                check_learnt(store, portal, version)
                fixity.objects += 1
            chosen = learnt_in_use(store, portal)
        except (DamagedObject, UsageError) as error:
            fixity.problems.append(error.message)
            continue
        used = chosen.version if chosen else None
        if logged.learnt.get(portal, used) != used:
            told = logged.learnt[portal] or "none"
            fixity.problems.append(f"learnt/portal={portal}/: {used or 'none'} is in use, and the log says {told}")
    return fixity


def _duplicates(found: Sequence[Run]) -> Iterable[str]:
    counts = Counter(row.run_id for row in found)
    return (f"{name}: news.runs has {count} rows of it" for name, count in counts.items() if count > 1)


def _verify_run(
    run: RunId,
    settings: Settings,
    tables: ArchiveTables,
    logged: Logged,
    *,
    selection: VerifyScope,
    report: MonthReport,
    pool: ExtractionPool,
) -> None:
    store = tables.store
    raw = RawRun(store, run)
    report.add(check_raw(raw, choose=selection.chosen))
    report.add(check_register(raw))
    report.add(_check_staged(store, run))
    with _readable_tables(store):
        all_rows = tables.scan("articles", row_filter=select(run=run)).to_pylist()
        report.problems += miscounts(run, tables, articles=len(all_rows))
    root, number = logged.articles.get(str(run), (None, 0))
    if root is not None and root != root_of(map(row_digest, all_rows)):
        report.problems.append(f"{run}: its rows of news.articles are not those of entry {number} of the log")
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
    denied = denied_to(run, settings, store)
    report.problems += removed_rows(run, portal, denied, all_rows)
    for version in sorted({row["extractor_version"] for row in rows}):
        made = {place_of_row(row): row for row in rows if row["extractor_version"] == version}
        rules = Rules(portal, learnt_of_row(store, run.portal, version), denied)
        if rules.version == version:
            report.derived += len(made)
            report.problems += differences(run, rules, pages, made, pool=pool)
        else:
            report.other_version += len(made)
            report.problems += strays(made, {place_of(job.place) for job in pages.at(made)}, pages)
    report.problems += [error.message for _, error in pages.damaged if error.message not in report.problems]
