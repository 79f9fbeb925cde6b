"""One crawl under way: what was asked for, what is known before, what has been counted so far."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from spiders.http.redirect_cookies import RunCookies
from spiders.http.retry_policy import RULES
from spiders.job.crawl_verdict import grouped_failures
from spiders.job.moved_portal import MovedPortal
from spiders.job.scrapy_settings import request_headers
from spiders.job.warc_recorder import Recorder
from spiders.links.known_links import KnownLink, KnownLinks
from spiders.links.known_links_reader import load_known_links
from spiders.links.link_log import Ledger
from spiders.links.link_selection import Selection
from spiders.links.options import CrawlOptions, CrawlProgress
from spiders.links.source_order import DiscoveryPlan
from spiders.links.told_apart import read_told_apart, write_told_apart
from spiders.links.working_sources import read_remembered, write_remembered
from spiders.politeness.request_budget import budget_url
from spiders.politeness.throttle import Gate
from spiders.portal.definition import Portal, Source
from spiders.sources.records import RECENT, Discovery
from storage.errors import RetryLater, WarraqError
from storage.identity.hosts import authority
from storage.model.outcomes import Outcome
from storage.model.records import CrawlReport, LinkRecord
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.chunk_index import IndexEntry
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun
from storage.settings import Settings
from storage.tables.removal_register import read_denied

FOREIGN_DELAY_SECONDS = 1.5  # web archives ask for patience; the Wayback Machine bars clients beyond a request a second
MAX_TOLD_LOSSES = 10  # findings of one kind; an index of broken sitemaps has hundreds
# A source that a killed attempt captured is read from the archive, unless it lists the present and has grown old.
SOURCE_STAYS_FRESH_SECONDS = 6 * 3600.0


@dataclass
class CrawlJob:
    """State of one crawl, shared by the spider and the border. Made by `prepare()`, ended once by `finish()`."""

    portal: Portal
    run: RunId
    settings: Settings
    options: CrawlOptions
    headers: dict[str, str]
    store: ObjectStore
    raw: RawRun
    position: tuple[int, int]  # round, attempt
    selection: Selection
    discovery: Discovery
    plan: DiscoveryPlan
    recorder: Recorder | None  # None in a dry run
    gate: Gate  # the portal's
    foreign_gates: dict[str, Gate] = field(default_factory=dict)  # by host: archives that many portals' runs ask
    ledger: Ledger = field(default_factory=Ledger)
    earlier: dict[str, LinkRecord] = field(default_factory=dict)  # by link id: ended by an attempt of this round
    earlier_sources: dict[str, IndexEntry] = field(default_factory=dict)  # by URL: captured by such an attempt
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)
    phase: str = "robots"
    requests: int = 0
    bytes_received: int = 0
    left_out: int = 0
    denied: set[str] = field(default_factory=set)  # ids of links that were removed on request
    is_last_resort: bool = False  # the declared sources listed nothing, and discovery stepped in for them
    opt_outs: Counter[str] = field(default_factory=Counter)
    cookies: RunCookies = field(default_factory=RunCookies)
    problems: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)  # what sources list and could not be read of them
    found: list[Source] = field(default_factory=list)
    failure: WarraqError | None = None  # why the crawl ends without a report
    moved: MovedPortal = field(init=False)
    stop_reason: str | None = None  # why no more requests are sent: their links end as `budget`
    site_opt_out: str | None = None
    lag_p99_seconds: float = 0.0
    report: CrawlReport | None = None

    @property
    def max_requests(self) -> int:
        return self.options.max_requests or self.portal.politeness.max_requests_per_run

    def gate_for(self, url: str) -> Gate:
        """The gate of the portal, or of another host that one of its sources names."""
        if self.portal.hosts.owns(url):
            return self.gate
        host = authority(url) or url
        if host not in self.foreign_gates:
            delay = 0.0 if self.portal.is_local else FOREIGN_DELAY_SECONDS
            self.foreign_gates[host] = Gate(budget_url(self.settings), host, delay_seconds=delay)
        return self.foreign_gates[host]

    def __post_init__(self) -> None:
        self.moved = MovedPortal(self.portal)

    def fail(self, error: WarraqError) -> None:
        """End the crawl without a report; the first reason counts."""
        self.failure = self.failure or error

    def add_problem(self, line: str) -> None:
        """Note a problem for the report, once."""
        if line not in self.problems:
            self.problems.append(line)

    def progress(self) -> CrawlProgress:
        """Where the crawl stands."""
        return CrawlProgress(
            phase=self.phase,
            links=len(self.ledger),
            ended=len(self.ledger) - self.ledger.open_links,
            outcomes=dict(self.ledger.outcomes),
            requests=self.requests,
            bytes_received=self.bytes_received,
            seconds=time.monotonic() - self.began,
            waiting_seconds=self.gate.held_off_for(),
            lag_p99_seconds=self.lag_p99_seconds,
        )

    def finish(self) -> None:
        """Upload what is open; write the links and, last, crawl.json. Blocks. Sets `report`, raises the failure."""
        self.phase = "closing"
        for gate in (self.gate, *self.foreign_gates.values()):
            gate.close()
        try:
            if self.recorder:
                self.recorder.close()
        except WarraqError as error:
            self.fail(error)
        if moved := self.moved.failure(is_over=True):
            self.fail(moved)
        if self.stop_reason and not len(self.ledger):
            self.fail(
                RetryLater(f"{self.run}: {self.stop_reason} before any source was read", remedy="allow the run more")
            )
        if self.failure:
            raise self.failure
        self._settle_what_is_left()
        if self.recorder:
            self.ledger.add_places(self.recorder.places)
            self.ledger.check()
        report = self._make_report()
        if not self.options.dry_run:
            report = self.raw.finish(report, self.ledger.records())
            if set(self.selection.portal.told_apart_by) != set(self.portal.told_apart_by):
                write_told_apart(self.store, self.selection.portal)
            if self.found:
                write_remembered(self.store, self.portal, tuple(dict.fromkeys(self.found)))
        self.report = report
        self.phase = "done"

    def _settle_what_is_left(self) -> None:
        if not self.ledger.open_links:
            return
        if self.stop_reason or self.options.dry_run:
            self.ledger.settle_open(Outcome.BUDGET, detail=self.stop_reason)
        else:
            self.ledger.settle_open(Outcome.INTERRUPTED, detail="the crawl ended before the link did")

    def _make_report(self) -> CrawlReport:
        round_, attempt = self.position
        failures = () if self.options.dry_run else grouped_failures(self.ledger.records())
        return CrawlReport(
            run_id=str(self.run),
            round=round_,
            attempt=attempt,
            started_at=self.started_at,
            finished_at=datetime.now(UTC),
            links=len(self.ledger),
            outcomes=dict(sorted((+self.ledger.outcomes).items())),
            chunks=(),
            links_key="",
            bytes_received=self.bytes_received,
            requests=self.requests,
            sources=dict(sorted((+self.ledger.sources).items())),
            problems=(*self.problems, *failures),
            notes=self._notes(),
            findings=self._findings(),
            told_apart_by=self.selection.portal.told_apart_by,
        )

    def _findings(self) -> tuple[str, ...]:
        """What makes the run degraded though links were reached; the causes stand in its problems."""
        name = self.portal.name
        told = [f"crawl: {loss}" for loss in dict.fromkeys(self.losses)]
        if len(told) > MAX_TOLD_LOSSES:
            told[MAX_TOLD_LOSSES:] = [f"crawl: {len(told) - MAX_TOLD_LOSSES} more such losses, see its problems"]
        if len(self.ledger) and not self.plan.listed_links:
            told.append(f"crawl: no source of {name} listed a link; only known articles were looked at again")
        elif self.is_last_resort and self.plan.listed_links:
            told.append(
                f"crawl: no declared source of {name} listed a link; the links are from discovery, see its problems"
            )
        return tuple(told)

    def must_stop(self) -> bool:
        """Whether a listing that is being read is to be left."""
        return bool(self.failure or self.stop_reason)

    def _notes(self) -> tuple[str, ...]:
        notes = [f"{weak} was not asked: {strong} listed the window" for weak, strong in self.plan.spared.items()]
        if self.left_out:
            notes.append(f"{self.left_out:,} entries of sources are of other days or no articles")
        if self.denied:
            notes.append(f"{len(self.denied):,} links were removed on request and are not asked for")
        notes += [f"opt-out of mining: {stated} ({count})" for stated, count in sorted(self.opt_outs.items())]
        if self.gate.delay_seconds > self.portal.politeness.delay_seconds:
            notes.append(f"robots.txt asks for {self.gate.delay_seconds:g} s between requests")
        if self.gate.held_off_seconds:
            notes.append(f"the portal asked for {self.gate.held_off_seconds:.0f} s of patience")
        return tuple(notes)


def prepare(
    portal: Portal, window: Window, settings: Settings, options: CrawlOptions, *, now: datetime | None = None
) -> CrawlJob:
    """Everything a crawl needs before its first request; `now` is when it begins, by default the clock's.

    Raises UsageError, StoreUnreachable, StoreDenied.
    """
    now = now or datetime.now(UTC)
    run = RunId(portal.name, window)
    headers = request_headers(portal, settings)
    store = open_store(settings)
    portal = read_told_apart(store, portal)
    raw = RawRun(store, run)
    position = raw.next_position()
    known = _with_own_links(load_known_links(settings, store, portal.name, now=now), raw, run)
    denied = read_denied(store, settings.removals, now=now).of_run(portal.name, window.start)
    selection = Selection(portal, window, now, str(run), options.revisit, known, denied)
    # A live run also takes what came late: it looks back beyond its window, and the archive tells what is new.
    looks_back_to = (now - RECENT).replace(microsecond=0) + timedelta(seconds=1)
    seen_window = replace(window, start=min(window.start, looks_back_to)) if selection.is_live else window
    job = CrawlJob(
        portal=portal,
        run=run,
        settings=settings,
        options=options,
        headers=headers,
        store=store,
        raw=raw,
        position=position,
        selection=selection,
        discovery=Discovery(
            portal=portal,
            window=seen_window,
            now=now,
            remembered=read_remembered(store, portal),
            is_known=selection.is_known,
            first_page_only=options.sample_pages is not None,
        ),
        plan=DiscoveryPlan(in_order=window.end <= now - RECENT),
        recorder=None if options.dry_run else Recorder(_chunk_writer(store, run, position, settings, options)),
        gate=Gate(budget_url(settings), portal.name, delay_seconds=portal.politeness.delay_seconds),
    )
    job.discovery = replace(job.discovery, must_stop=job.must_stop)
    _take_up(job, now)
    return job


def _chunk_writer(
    store: ObjectStore, run: RunId, position: tuple[int, int], settings: Settings, options: CrawlOptions
) -> Callable[[], ChunkWriter]:
    return lambda: ChunkWriter(
        store,
        run,
        round_=position[0],
        attempt=position[1],
        spool=settings.cache / "spool",
        max_bytes=options.chunk_bytes,
        max_age_seconds=options.chunk_seconds,
    )


def _with_own_links(known: KnownLinks, raw: RawRun, run: RunId) -> KnownLinks:
    """What earlier rounds of this run captured is asked for conditionally."""
    own = {}
    for link in raw.links():
        if link.captured_at and link.outcome in {Outcome.CAPTURED, Outcome.UNCHANGED}:
            own[link.link_id] = KnownLink(
                url=link.url,
                fetched_at=link.captured_at,
                run_id=str(run),
                published_at=link.listed_at,
                etag=link.etag,
                last_modified=link.last_modified,
            )
    return known.overlaid(own)


def _take_up(job: CrawlJob, now: datetime) -> None:
    """Read what earlier attempts of the unfinished round left in the archive."""
    round_, attempt = job.position
    if attempt == 1:
        return
    prefix = f"r{round_:02d}-"
    for chunk in job.raw.chunks():
        if not chunk.key.rpartition("/")[2].startswith(prefix):
            continue
        for entry in job.raw.index(chunk):
            if entry.link is not None and not RULES[Outcome(entry.link.outcome)].is_transient:
                job.earlier[entry.link.link_id] = entry.link
            age = (now - entry.captured_at).total_seconds()
            if entry.role == "source" and (not job.selection.is_live or age < SOURCE_STAYS_FRESH_SECONDS):
                job.earlier_sources[entry.url] = entry


def interrupted(job: CrawlJob) -> RetryLater:
    """What a crawl that was asked to stop raises."""
    kept = job.ledger.outcomes.get(Outcome.CAPTURED, 0)
    return RetryLater(
        f"{job.run}: interrupted with {kept} pages in the raw archive",
        remedy="run the same command again to go on from there",
    )
