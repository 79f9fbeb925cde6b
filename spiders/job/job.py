"""One crawl under way: its frozen plan, its state, and the parts that the spider and the middleware share."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from spiders.http.redirect_cookies import RunCookies
from spiders.job.crawl_plan import CrawlPlan, make_plan
from spiders.job.crawl_report import CrawlReportBuilder
from spiders.job.crawl_state import CrawlState
from spiders.job.moved_portal import MovedPortal
from spiders.job.warc_recorder import Recorder
from spiders.links.known_links import KnownLink, KnownLinks
from spiders.links.known_links_reader import load_known_links
from spiders.links.link_log import LinkLog
from spiders.links.link_selection import Selection
from spiders.links.options import CrawlOptions, CrawlProgress, Phase
from spiders.links.source_order import DiscoveryPlan
from spiders.links.told_apart import write_told_apart
from spiders.links.working_sources import FoundSources, proposals, read_found, write_found
from spiders.politeness.request_budget import budget_url
from spiders.politeness.throttle import Throttle
from spiders.portal.definition import Portal, Source
from spiders.sources.records import RECENT, Discovery
from storage.errors import Interrupted, RetryLater, WarraqError
from storage.identity.hosts import authority
from storage.model.outcomes import Outcome
from storage.model.window import RunId, Window
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun
from storage.settings import Settings
from storage.tables.removal_register import read_denied

FOREIGN_DELAY_SECONDS = 1.5  # web archives ask for patience; the Wayback Machine bars clients beyond a request a second


@dataclass
class CrawlJob:
    """Made by `prepare()`, ended once by `finish()`."""

    plan: CrawlPlan
    state: CrawlState
    selection: Selection
    discovery: Discovery
    source_order: DiscoveryPlan
    recorder: Recorder | None  # None in a dry run
    throttle: Throttle  # the portal's
    moved: MovedPortal
    foreign_throttles: dict[str, Throttle] = field(
        default_factory=dict
    )  # by host: archives that many portals' runs ask
    link_log: LinkLog = field(default_factory=LinkLog)
    cookies: RunCookies = field(default_factory=RunCookies)

    def throttle_for(self, url: str) -> Throttle:
        """The throttle of the portal, or of another host that one of its sources names."""
        if self.plan.portal.hosts.owns(url):
            return self.throttle
        host = authority(url) or url
        if host not in self.foreign_throttles:
            delay = 0.0 if self.plan.portal.is_local else FOREIGN_DELAY_SECONDS
            self.foreign_throttles[host] = Throttle(budget_url(self.plan.settings), host, delay_seconds=delay)
        return self.foreign_throttles[host]

    def progress(self) -> CrawlProgress:
        """Where the crawl stands."""
        return CrawlProgress(
            phase=self.state.phase,
            links=len(self.link_log),
            ended=len(self.link_log) - self.link_log.open_links,
            outcomes=dict(self.link_log.outcomes),
            requests=self.state.requests,
            bytes_received=self.state.bytes_received,
            seconds=time.monotonic() - self.state.began,
            waiting_seconds=self.throttle.held_off_for(),
            lag_p99_seconds=self.state.lag_p99_seconds,
        )

    def finish(self) -> None:
        """Upload what is open; write the links and, last, crawl.json. Blocks. Raises the failure, if there is one."""
        plan, state = self.plan, self.state
        state.phase = Phase.CLOSING
        for throttle in (self.throttle, *self.foreign_throttles.values()):
            throttle.close()
        try:
            if self.recorder:
                self.recorder.close()
        except WarraqError as error:
            state.fail(error)
        if moved := self.moved.failure(is_over=True):
            state.fail(moved)
        if state.stop_reason and not len(self.link_log):
            cause = f"{plan.run}: {state.stop_reason} before any source was read"
            state.fail(RetryLater(cause, remedy="allow the run more"))
        if state.failure:
            raise state.failure
        self._settle_what_is_left()
        if self.recorder:
            self.link_log.add_places(self.recorder.places)
            self.link_log.check()
        before = read_found(plan.store, plan.portal)
        found = tuple(dict.fromkeys(state.found))
        self._tell_sources(before, found)
        builder = CrawlReportBuilder(plan, state, self.link_log, self.source_order, self.throttle)
        report = builder.build(told_apart_by=self.selection.portal.told_apart_by)
        if not plan.options.dry_run:
            report = plan.raw.finish(report, self.link_log.records())
            if set(self.selection.portal.told_apart_by) != set(plan.portal.told_apart_by):
                write_told_apart(plan.store, self.selection.portal)
            if found or state.has_looked_around or (plan.is_live and before.found_at is None):
                write_found(plan.store, plan.portal, FoundSources(found, self.discovery.now))
        state.report = report
        state.phase = Phase.DONE

    def _tell_sources(self, before: FoundSources, found: tuple[Source, ...]) -> None:
        lines: tuple[str, ...] = ()
        if self.state.has_looked_around:
            lines = proposals(found, self.plan.portal, dead=tuple(self.state.dead))
        elif found and self.discovery.reaches_now:
            # Of the past other sources are found than of the present: they say nothing of each other.
            lines = before.changes_to(found)
        for line in lines:
            self.state.add_problem(line)

    def _settle_what_is_left(self) -> None:
        if not self.link_log.open_links:
            return
        if self.state.stop_reason or self.plan.options.dry_run:
            self.link_log.settle_open(Outcome.BUDGET, detail=self.state.stop_reason)
        else:
            self.link_log.settle_open(Outcome.INTERRUPTED, detail="the crawl ended before the link did")


def prepare(
    portal: Portal, window: Window, settings: Settings, options: CrawlOptions, *, now: datetime | None = None
) -> CrawlJob:
    """Everything a crawl needs before its first request; `now` is when it begins, by default the clock's.

    Raises UsageError, StoreUnreachable, StoreDenied.
    """
    now = now or datetime.now(UTC)
    plan = make_plan(portal, window, settings, options, now=now)
    state = CrawlState()
    known = _with_own_links(load_known_links(settings, plan.store, portal.name, now=now), plan.raw, plan.run)
    denied = read_denied(plan.store, settings.removals, now=now).of_run(portal.name, window.start)
    selection = Selection(plan.portal, window, now, str(plan.run), options.revisit, known, denied)
    # A live run also takes what came late: it looks back beyond its window, and the archive tells what is new.
    looks_back_to = (now - RECENT).replace(microsecond=0) + timedelta(seconds=1)
    seen_window = replace(window, start=min(window.start, looks_back_to)) if plan.is_live else window
    return CrawlJob(
        plan=plan,
        state=state,
        selection=selection,
        discovery=Discovery(
            portal=plan.portal,
            window=seen_window,
            now=now,
            remembered=read_found(plan.store, plan.portal).current(now),
            is_known=selection.is_known,
            first_page_only=options.sample_pages is not None,
            must_stop=state.must_stop,
        ),
        source_order=DiscoveryPlan(in_order=not plan.is_live),
        recorder=None if options.dry_run else Recorder(_chunk_writer(plan)),
        throttle=Throttle(budget_url(settings), portal.name, delay_seconds=portal.politeness.delay_seconds),
        moved=MovedPortal(plan.portal),
    )


def _chunk_writer(plan: CrawlPlan) -> Callable[[], ChunkWriter]:
    return lambda: ChunkWriter(
        plan.store,
        plan.run,
        round_=plan.round,
        attempt=plan.attempt,
        spool=plan.settings.cache / "spool",
        max_bytes=plan.options.chunk_bytes,
        max_age_seconds=plan.options.chunk_seconds,
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


def interrupted(job: CrawlJob) -> Interrupted:
    """What a crawl that was asked to stop raises."""
    kept = job.link_log.outcomes.get(Outcome.CAPTURED, 0)
    return Interrupted(
        f"{job.plan.run}: interrupted with {kept} pages in the raw archive",
        remedy="run the same command again to go on from there",
    )
