"""The extract stage: a run's raw archive in, staged rows out. Needs no network, and gives the same rows each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

from spiders.portal.definition import Portal
from spiders.registry import find_portal
from storage.errors import DamagedObject, ObjectMissing, StageFailed, WarraqError
from storage.iceberg.catalog import refuse_foreign_catalog
from storage.identity.ids import link_id
from storage.model.outcomes import Outcome, Rejection
from storage.model.records import ArticleText, CrawlReport, Edition, Fetch, LinkRecord, Rejected, Role, Run, Verdict
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.objects.scratch import sweep_scratch
from storage.objects.store import ObjectStore
from storage.raw.chunk_index import IndexEntry
from storage.raw.run import RawRun, finished_crawl
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.known_articles import pages_beside
from storage.tables.removal_register import Denied, read_denied
from storage.tables.staging import StagedRun
from warraq.pipeline.learnt_lines_store import learnt_in_use
from warraq.pipeline.settling.settle_links import Known, PagesOf, Reckoning, Settled, edition_of
from warraq.pipeline.workers.page_job import PRELOAD, PageJob, Rules, failed_page, page_job
from warraq.pipeline.workers.worker_pool import Workers

CAPTURED_AGAIN = "captured pages were removed on request: run `warraq remove --again`"  # ends a finding


@dataclass(frozen=True)
class ExtractProgress:
    """Pages done of those captured."""

    done: int
    captures: int


@dataclass(frozen=True)
class ExtractReport:
    """What the stage staged; `run` is the row as it will be published, before its audit."""

    run: Run
    captures: int


class RunPages:
    """The pages of a finished crawl as jobs, oldest first, each with the link that led to it."""

    def __init__(self, raw: RawRun, report: CrawlReport, portal: Portal) -> None:
        self.rounds = [raw.links_of(round_) for round_ in range(1, report.round + 1)]
        self.damaged: list[tuple[LinkRecord, WarraqError]] = []
        self._raw, self._portal = raw, portal
        self._links = {
            (entry.place.key, entry.place.offset): self._link_of(entry)
            for chunk in report.chunks
            for entry in raw.index(chunk)
            if entry.role == Role.PAGE
        }
        # What the crawl said at its end is fuller than what it knew when it wrote the index.
        self._links.update(
            ((link.place.key, link.place.offset), link) for links in self.rounds for link in links if link.place
        )

    def __len__(self) -> int:
        return len(self._links)

    def __iter__(self) -> Iterator[PageJob]:
        for capture in self._raw.captures(damaged=self._note_damage):
            yield page_job(capture, self._links[capture.place.key, capture.place.offset])

    def at(self, places: Iterable[tuple[str, int]]) -> Iterator[PageJob]:
        """Only the pages at these (key, offset), in order; what cannot be read is in `damaged` afterwards."""
        for place in sorted(places):
            link = self._links.get(place)
            if link is None or link.place is None:
                continue
            try:
                yield page_job(self._raw.capture_at(link.place), link)
            except (DamagedObject, ObjectMissing) as error:
                self.damaged.append((link, error))

    def _note_damage(self, entry: IndexEntry, error: DamagedObject) -> None:
        self.damaged.append((self._links[entry.place.key, entry.place.offset], error))

    def _link_of(self, entry: IndexEntry) -> LinkRecord:
        if entry.link:
            return replace(entry.link, place=entry.place)
        return LinkRecord(
            url=entry.url,
            link_id=link_id(self._portal.canonical(entry.url)),
            source="unlisted",
            source_url=None,
            outcome=Outcome.CAPTURED,
            http_status=entry.status,
            captured_at=entry.captured_at,
            place=entry.place,
        )


@dataclass(frozen=True)
class ExtractedRows:
    """What a run's captures give: its rows for the three tables, before the audit."""

    editions: Sequence[Edition]
    fetches: Sequence[Fetch]
    run: Run


class RunExtraction:
    """One run on its way from captures to rows: take its `pages`, add the result of each, settle."""

    def __init__(self, raw: RawRun, rules: Rules) -> None:
        """Raises StageFailed if the crawl has not finished or its outcomes do not add up."""
        self._report = finished_crawl(raw)
        self._rules = rules = replace(rules, portal=rules.portal.telling_apart(self._report.told_apart_by))
        self.run = raw.run
        self.pages = RunPages(raw, self._report, rules.portal)
        _check_sum(self._report, self.pages.rounds[-1])
        kept = [[link for link in links if not self._is_denied(link.url)] for links in self.pages.rounds]
        self._reckoning = Reckoning(raw.run, rules, kept, finished_at=self._report.finished_at)
        self._denied = 0

    def add(self, job: PageJob, result: ArticleText | Rejected) -> None:
        """Take what a page gave, in the order of `pages`; what was removed on request is passed over."""
        if self._is_denied(job.url) or self._is_denied(job.link.url) or self.is_removed(job, result):
            self._reckoning.drop(job.link)
            self._denied += 1
        else:
            self._reckoning.add(job, result)

    def _is_denied(self, url: str) -> bool:
        if not self._rules.denied.removals:
            return False
        canonical = self._rules.portal.canonical(url)
        return self._rules.denied.link(canonical, link_id(canonical)) is not None

    def is_removed(self, job: PageJob, result: ArticleText | Rejected) -> bool:
        """Whether a page is of a removed article, or says what is denied: it may be found at another address."""
        if not self._rules.denied.removals or isinstance(result, Rejected):
            return False
        edition = edition_of(self.run, self._rules, job, result)
        canonical = result.canonical_url or job.url
        said = (result.title, result.body, result.description or "", *result.authors, *result.tags)
        by_id = self._rules.denied.article(edition.article_id, canonical, link_id(canonical), *said)
        return (by_id or self._rules.denied.same_text(result.title, result.body)) is not None

    def settle(self, known: Known, pages_of: PagesOf) -> ExtractedRows:
        """The rows, once every page has been added; pages that cannot be read are rejected as damaged."""
        damaged = self.pages.damaged
        for link, error in damaged:
            self._reckoning.add_rejected(link, Rejected(Rejection.DAMAGED, error.message))
        settled = self._reckoning.settle(known, pages_of)
        denied = f"{self._denied} {CAPTURED_AGAIN}"
        findings = (
            *self._report.findings,
            *([denied] if self._denied else []),
            *_damage_findings(damaged),
            *settled.findings,
        )
        row = _run_row(self.run, self._report, settled, extractor_version=self._rules.version, findings=findings)
        return ExtractedRows(settled.editions, settled.fetches, row)


def extract_run(
    run: RunId,
    settings: Settings,
    *,
    workers: int | None = None,
    progress: Callable[[ExtractProgress], None] = lambda _: None,
) -> ExtractReport:
    """Turn all captures of a finished crawl into editions and final outcomes, and stage them.

    Raises StageFailed if the crawl has not finished or its outcomes do not add up.
    """
    refuse_foreign_catalog(settings)
    sweep_scratch()
    store = open_store(settings)
    rules = Rules(find_portal(run.portal, settings), learnt_in_use(store, run.portal), denied_to(run, settings, store))
    with Workers(rules.work, count=workers, preload=PRELOAD) as pool:
        extraction = RunExtraction(RawRun(store, run), rules)
        for done, (job, result) in enumerate(pool.map(extraction.pages, failed=failed_page), start=1):
            extraction.add(job, result)
            progress(ExtractProgress(done, len(extraction.pages)))
    tables = open_tables(settings)
    known = tables.known_articles(run.portal, without=run)
    rows = extraction.settle(known, partial(pages_beside, tables.batches, run))
    staged, without = StagedRun(store, run), rules.denied.digest_for([run])
    staged.write(rows.editions, rows.fetches, rows.run, without=without)
    if denied_to(run, settings, store).digest_for([run]) != without:  # a removal may have passed here before
        return extract_run(run, settings, workers=workers, progress=progress)
    return ExtractReport(rows.run, len(extraction.pages))


def denied_to(run: RunId, settings: Settings, store: ObjectStore) -> Denied:
    """What was removed on request and holds for a run now."""
    return read_denied(store, settings.removals, now=datetime.now(UTC)).of_run(run.portal, run.window.start)


def _check_sum(report: CrawlReport, links: list[LinkRecord]) -> None:
    counted = Counter(link.outcome for link in links)
    stated = Counter(report.outcomes)
    if len(links) != report.links or +counted != +stated or len({link.link_id for link in links}) != len(links):
        raise StageFailed(
            f"{report.run_id}: the outcomes do not add up: {report.links} links stated, {len(links)} kept, "
            f"{sum(stated.values())} outcomes",
            remedy="this is a defect of the crawler; crawl the window again and report it",
        )


def _damage_findings(damaged: list[tuple[LinkRecord, WarraqError]]) -> tuple[str, ...]:
    if not damaged:
        return ()
    example = damaged[0][1].message
    return (f"raw archive: {len(damaged)} captured pages cannot be read, for example {example}",)


def _run_row(
    run: RunId, report: CrawlReport, settled: Settled, *, extractor_version: str, findings: tuple[str, ...]
) -> Run:
    outcomes = settled.outcomes
    return Run(
        run_id=str(run),
        portal=run.portal,
        window_start=run.window.start,
        window_end=run.window.end,
        verdict=Verdict.OK,
        findings=findings,
        links=len(settled.fetches),
        outcomes=outcomes,
        articles_new=settled.articles_new,
        editions=settled.new_editions,
        rejected=sum(count for name, count in outcomes.items() if name.startswith(f"{Outcome.REJECTED}:")),
        baseline_articles=None,
        rounds=report.round,
        attempts=report.attempt,
        requests=report.requests,
        bytes_received=report.bytes_received,
        crawl_seconds=(report.finished_at - report.started_at).total_seconds(),
        started_at=report.started_at,
        finished_at=report.finished_at,
        extractor_version=extractor_version,
        code_version=version("warraq"),
    )
