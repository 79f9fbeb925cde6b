"""The publish stage: audit what is staged, then make it visible in one commit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from storage.errors import RetryLater, StageFailed, WarraqError
from storage.fixity.log import RAW_PAGES
from storage.model.outcomes import Outcome
from storage.model.record_json import sealed_record
from storage.model.records import Run, Verdict
from storage.model.window import RunId
from storage.objects.keys import refused_key
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun, finished_crawl
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.known_articles import KnownArticles
from storage.tables.removal_register import read_denied
from storage.tables.row_filters import select
from storage.tables.run_replacement import Overtaken, RemovalBegun
from storage.tables.staging import StagedFiles, StagedRun
from warraq.pipeline.audit import Audit, TextFacts, audit_run
from warraq.pipeline.staleness import is_overtaken

HISTORY_RUNS = 400  # two weeks of hourly runs and more than a year of daily ones
MAX_TRIES = 5  # of a run that lists the same articles as others, which are published at the same time
MAX_REMOVALS = 50  # that begin while a run is published: to ask whether they concern it takes no extraction
MAX_SPARE_FILES = 24  # beyond one a month, a day of hourly windows: the next run would feel more of them
USUAL_DAYS = timedelta(days=28)  # four of each weekday, and young enough to be the portal's present layout
MAX_WINDOW = timedelta(days=31)
_KNOWN = [str(outcome) for outcome in (Outcome.UNCHANGED, Outcome.SKIPPED_SEEN, Outcome.EDITION)]
TEXT_COLUMNS = ("run_id", "published_at", "quality", "word_count")


def publish_run(
    run: RunId,
    settings: Settings,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> Run:
    """Replace the run's rows by what is staged, all in one commit; the row of news.runs with its verdict.

    Raises StageFailed if the audit refuses it, or if the staged rows are older than the crawl: nothing changes then.
    """
    with tempfile.TemporaryDirectory(prefix="warraq-publish-") as folder:
        return _publish(run, settings, Path(folder), progress)


def _publish(run: RunId, settings: Settings, folder: Path, progress: Callable[[str], None]) -> Run:
    store = open_store(settings)
    staged = StagedRun(store, run)
    # A removal discards what was staged before it.
    is_stale, tries = not staged.exists() and bool(_denied(run, settings, store)), 0
    for _ in range(MAX_REMOVALS):
        if is_stale:
            progress("extracting again")
            from warraq.pipeline.extract import extract_run  # noqa: PLC0415 - slow import, seldom needed

            extract_run(run, settings)
        rows = staged.fetch(folder)
        _check_fresh(run, rows.run_row, RawRun(store, run))
        tables = open_tables(settings)
        try:
            return _commit(run, rows, tables, settings, progress)
        except RemovalBegun as begun:
            progress(begun.message)
            is_stale = not staged.exists()
        except Overtaken as overtaken:
            progress(overtaken.message)
            is_stale, tries = True, tries + 1
            if tries == MAX_TRIES:
                break
    raise RetryLater(
        f"{run}: others kept publishing its articles, or removing; nothing was changed",
        remedy="run the same command again when they have ended",
    )


def _denied(run: RunId, settings: Settings, store: ObjectStore) -> str:
    return read_denied(store, settings.removals, now=datetime.now(UTC)).digest_for([run])


def _commit(
    run: RunId, rows: StagedFiles, tables: ArchiveTables, settings: Settings, progress: Callable[[str], None]
) -> Run:
    """Audit and commit what is staged. Raises Overtaken where the archive has by now what the rows call new."""
    editions, fetches = rows.columns("articles", "edition_id"), rows.columns("fetches", "outcome", "article_id")

    def objects(known: KnownArticles) -> bool:
        return is_overtaken(editions, fetches, known)

    seen, known = tables.articles_seen(run.portal, without=run)
    if tables.denied_to([run]) != rows.without:
        raise Overtaken(f"what is removed on request has changed since {run} was extracted", remedy="extract it again")
    if objects(known):
        raise Overtaken(f"another run has published an article of {run} since", remedy="extract it again")
    progress("audit")
    counted = replace(rows.run_row, articles_known=articles_known(run, rows, tables))
    audit = audit_staged(run, counted, rows, tables)
    judged = replace(counted, verdict=audit.verdict, findings=audit.findings, baseline_articles=audit.baseline_articles)
    if audit.verdict == Verdict.FAILED:
        if not tables.store.exists(refused_key(run)):
            tables.note(RAW_PAGES, {"runs": [str(run)]})  # no row will tell of them
        tables.store.put(refused_key(run), sealed_record(judged))
        raise StageFailed(f"{run} is not published: {audit.findings[-1]}", remedy=audit.remedy)
    progress("commit")
    if tables.replace_run(run, rows.judged(judged), seen=seen, objects=objects):
        progress("the commit of another run has taken this one along")
    tables.store.delete(refused_key(run))
    windows = tables.files("runs", row_filter=select(portal=run.portal))  # each has a row there, also without articles
    if len(windows) - len({file.rpartition("/")[0] for file in windows}) >= MAX_SPARE_FILES:
        _tidy(run.portal, tables, settings, progress)
    return judged


def _tidy(portal: str, tables: ArchiveTables, settings: Settings, progress: Callable[[str], None]) -> None:
    """Put the portal's small files together. The run is published: what fails here is left for maintenance."""
    from storage.tables.maintenance import compact_portal  # noqa: PLC0415 - DuckDB, which most runs do without

    progress("putting small files together")
    try:
        compact_portal(tables, portal, now=datetime.now(UTC), spill=settings.cache / "duckdb")
    except WarraqError as error:
        progress(f"left for `warraq maintain`: {error.message}")


def articles_known(run: RunId, rows: StagedFiles, tables: ArchiveTables) -> int:
    """Articles among the staged links that runs of other, overlapping windows archived: part of what the window has."""
    since = run.window.start - MAX_WINDOW
    beside = tables.scan(
        "runs",
        row_filter=select(portal=run.portal, since=since, before=run.window.end, without=run),
        columns=("run_id", "window_start", "window_end"),
    )
    beside = beside.filter(pc.greater(beside["window_end"], pa.scalar(run.window.start, pa.timestamp("us", "UTC"))))
    if not beside.num_rows:
        return 0
    others = tables.scan(
        "articles",
        row_filter=select(portal=run.portal, since=pc.min(beside["window_start"]).as_py(), before=run.window.end),
        columns=("run_id", "article_id"),
    )
    theirs = others.filter(pc.is_in(others["run_id"], beside["run_id"].combine_chunks()))["article_id"]
    links = rows.columns("fetches", "outcome", "article_id")
    known = links.filter(pc.is_in(links["outcome"], pa.array(_KNOWN)))["article_id"]
    return len(set(known.drop_null().to_pylist()) & set(theirs.to_pylist()))


def audit_staged(run: RunId, row: Run, rows: StagedFiles, tables: ArchiveTables) -> Audit:
    """The audit of a run's row and staged texts against what the archive holds of the portal apart from this run."""
    history = [other for other in tables.history(run.portal, limit=HISTORY_RUNS) if other.run_id != str(run)]
    return audit_run(row, text_facts(rows.columns("articles", *TEXT_COLUMNS)), history, usual_texts(run, tables))


def text_facts(editions: pa.Table) -> TextFacts | None:
    """What a table of editions looks like; None if it is empty."""
    if not editions.num_rows:
        return None
    return TextFacts(
        editions=editions.num_rows,
        undated=editions["published_at"].null_count,
        mean_quality=pc.mean(editions["quality"]).as_py() or 0.0,
        median_words=pc.approximate_median(editions["word_count"]).as_py() or 0.0,
    )


def usual_texts(run: RunId, tables: ArchiveTables) -> TextFacts | None:
    since: datetime = run.window.start - USUAL_DAYS
    wanted = select(portal=run.portal, since=since, before=run.window.end, without=run)
    return text_facts(tables.scan("articles", row_filter=wanted, columns=TEXT_COLUMNS))


def _check_fresh(run: RunId, row: Run, raw: RawRun) -> None:
    report = finished_crawl(raw)
    if (report.round, report.attempt) != (row.rounds, row.attempts):
        raise StageFailed(
            f"{run} was crawled again after its rows were staged", remedy=f"run `warraq extract {run}` first"
        )
