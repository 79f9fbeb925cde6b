"""Re-extraction: today's rules over the raw archive, into a branch of the tables, run by run, without the network."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

import pyarrow as pa

from spiders.registry import find_portal
from storage.errors import DamagedObject, ObjectMissing, StageFailed, UsageError
from storage.model.record_json import note_fields, sealed_json
from storage.model.records import ArticleText, Edition, Rejected, Run
from storage.model.window import RunId, Window
from storage.objects.keys import reextraction_key
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables
from storage.tables.branches import branch_dataset, has_branch, open_branch
from storage.tables.known_articles import pages_beside
from storage.tables.removal_register import read_denied
from storage.tables.row_filters import select
from storage.tables.run_replacement import no_removal_since, removals_begun
from storage.tables.staging import RecordRows
from warraq.pipeline.extract import RunExtraction
from warraq.pipeline.learnt_lines_store import learnt_in_use
from warraq.pipeline.workers.page_job import PRELOAD, PageJob, Rules, failed_page
from warraq.pipeline.workers.worker_pool import Workers
from warraq.reextract.known_articles import ScopeKnown


@dataclass(frozen=True)
class Progress:
    """Runs and pages done so far."""

    runs_done: int
    runs: int
    pages: int


@dataclass
class State:
    """How far a re-extraction has come, and with which rules; kept in the archive."""

    version: str
    without: str = ""  # the digest of what its rows are made without: Denied.digest_for()
    done: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)  # run: why its rows stay as they are


@dataclass(frozen=True)
class Scope:
    """What is re-extracted: the published runs of a portal whose windows start in a span of time."""

    portal: str
    window: Window
    runs: tuple[RunId, ...]

    @property
    def branch(self) -> str:
        return f"reextract-{self.portal}-{self.window}"


def find_scope(tables: ArchiveTables, portal: str, window: Window) -> Scope:
    """The runs of the scope, oldest first. Raises UsageError where nothing is published."""
    rows = tables.scan("runs", row_filter=select(portal=portal, since=window.start, before=window.end))
    runs = sorted((RunId.parse(row.run_id) for row in runs_from(rows)), key=lambda run: (run.window.start, str(run)))
    if not runs:
        raise UsageError(f"{portal} has no published run in {window}", remedy="see what there is: warraq coverage")
    return Scope(portal, window, tuple(runs))


def reextract(
    scope: Scope,
    tables: ArchiveTables,
    settings: Settings,
    *,
    workers: int | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> State:
    """Bring the branch of the scope up to today's rules. Interrupted, the same call goes on where it was.

    Raises RemovalBegun where a removal begins meanwhile.
    """
    begun = removals_begun(tables.load())
    denied = read_denied(tables.store, settings.removals, now=datetime.now(UTC))
    rules = Rules(find_portal(scope.portal, settings), learnt_in_use(tables.store, scope.portal), denied)
    state = read_state(tables.store, scope)
    without = denied.digest_for(scope.runs)
    is_begun = state is not None and has_branch(tables, scope.branch)  # a removal drops branches
    if state is None or not is_begun or (state.version, state.without) != (rules.version, without):
        state = State(rules.version, without)
    open_branch(tables, scope.branch)
    state.skipped.clear()  # what could not be read is tried again
    settled = set(state.done)
    pending = [run for run in scope.runs if str(run) not in settled]
    known = ScopeKnown(tables, scope.branch, portal=scope.portal, window=scope.window, pending=pending)
    before = _published_rows(tables, scope)
    pages = 0

    def counted(job: PageJob) -> None:
        nonlocal pages
        pages += 1
        progress(Progress(len(settled), len(scope.runs), pages))

    extractions = _extractions(pending, tables.store, rules, state)
    with Workers(rules.work, count=workers, preload=PRELOAD) as pool:
        for extraction in _through(pool, extractions, counted):
            later = [run for run in pending if str(run) not in settled]
            archived = partial(tables.batches, branch=scope.branch)
            rows = extraction.settle(
                known.to(extraction.run), partial(pages_beside, archived, extraction.run, pending=later)
            )
            run = _judged(rows.run, before[str(extraction.run)])
            new = RecordRows(extraction.run, rows.editions, rows.fetches, run)
            tables.replace_run(extraction.run, new, branch=scope.branch, check=no_removal_since(begun))
            known.add(_ids(rows.editions))
            state.done.append(str(extraction.run))
            settled.add(str(extraction.run))
            _write_state(tables.store, scope, state)
            progress(Progress(len(settled), len(scope.runs), pages))
    _write_state(tables.store, scope, state)
    return state


def read_state(store: ObjectStore, scope: Scope) -> State | None:
    """How far the scope's re-extraction has come; None if there is none."""
    try:
        key = reextraction_key(scope.branch)
        fields = note_fields(store.get(key), where=key)
        without = str(fields.get("without", ""))
        return State(str(fields["version"]), without, list(fields["done"]), dict(fields["skipped"]))
    except ObjectMissing:
        return None
    except (DamagedObject, ValueError, KeyError, TypeError):
        return None  # damaged: done again from the start


def forget_state(store: ObjectStore, scope: Scope) -> None:
    """Forget how far it had come."""
    store.delete(reextraction_key(scope.branch))


def _write_state(store: ObjectStore, scope: Scope, state: State) -> None:
    fields = {"version": state.version, "without": state.without, "done": state.done, "skipped": state.skipped}
    store.put(reextraction_key(scope.branch), sealed_json(fields))


def _extractions(pending: Iterable[RunId], store: ObjectStore, rules: Rules, state: State) -> Iterator[RunExtraction]:
    for run in pending:
        try:
            yield RunExtraction(RawRun(store, run), rules)
        except (StageFailed, DamagedObject, ObjectMissing) as error:
            state.skipped[str(run)] = error.message


def _through(
    pool: Workers[PageJob, ArticleText | Rejected], runs: Iterator[RunExtraction], counted: Callable[[PageJob], None]
) -> Iterator[RunExtraction]:
    """Each run once all its pages have gone through the pool; pages of the next are at work meanwhile."""
    under_way: deque[_Flow] = deque()

    def pages() -> Iterator[PageJob]:
        for extraction in runs:
            flow = _Flow(extraction)
            under_way.append(flow)
            for job in extraction.pages:
                flow.given += 1
                yield job
            flow.is_all_given = True

    for job, result in pool.map(pages(), failed=failed_page):
        while under_way[0].is_complete:
            yield under_way.popleft().extraction
        flow = under_way[0]
        flow.extraction.add(job, result)
        flow.taken += 1
        counted(job)
    yield from (flow.extraction for flow in under_way)


@dataclass
class _Flow:
    """A run whose pages are given to the pool and whose results are taken from it, in the same order."""

    extraction: RunExtraction
    given: int = 0
    taken: int = 0
    is_all_given: bool = False

    @property
    def is_complete(self) -> bool:
        return self.is_all_given and self.given == self.taken


def _ids(editions: Iterable[Edition]) -> pa.Table:
    """What is known once these are archived."""
    pairs = [(edition.article_id, edition.edition_id) for edition in editions]
    return pa.table({"article_id": [article for article, _ in pairs], "edition_id": [text for _, text in pairs]})


def _published_rows(tables: ArchiveTables, scope: Scope) -> dict[str, Run]:
    dataset = branch_dataset(tables.load()["runs"], "main", runs=scope.runs)
    return {row.run_id: row for row in runs_from(dataset.to_table())}


def _judged(row: Run, published: Run) -> Run:
    """What the audit said when the run was published stands; damage found now is added."""
    findings = tuple(dict.fromkeys((*published.findings, *row.findings)))
    return replace(
        row,
        verdict=published.verdict,
        findings=findings,
        baseline_articles=published.baseline_articles,
        articles_known=published.articles_known,
    )
