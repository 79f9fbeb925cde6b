"""Builds the report of a crawl, which is the raw archive's crawl.json, from its plan and its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from spiders.job.crawl_plan import CrawlPlan
from spiders.job.crawl_state import CrawlState
from spiders.job.crawl_verdict import grouped_failures
from spiders.links.link_log import LinkLog
from spiders.links.source_order import DiscoveryPlan
from spiders.politeness.throttle import Throttle
from storage.model.records import CrawlReport

MAX_TOLD_LOSSES = 10  # findings of one kind; an index of broken sitemaps has hundreds


@dataclass(frozen=True)
class CrawlReportBuilder:
    """Reads, never writes: what it is given has come to its end."""

    plan: CrawlPlan
    state: CrawlState
    link_log: LinkLog
    source_order: DiscoveryPlan
    throttle: Throttle

    def build(self, *, told_apart_by: tuple[str, ...]) -> CrawlReport:
        """The report as it is before its chunks and links are named."""
        failures = () if self.plan.options.dry_run else grouped_failures(self.link_log.records())
        return CrawlReport(
            run_id=str(self.plan.run),
            round=self.plan.round,
            attempt=self.plan.attempt,
            started_at=self.plan.started_at,
            finished_at=datetime.now(UTC),
            links=len(self.link_log),
            outcomes=dict(sorted((+self.link_log.outcomes).items())),
            chunks=(),
            links_key="",
            bytes_received=self.state.bytes_received,
            requests=self.state.requests,
            sources=dict(sorted((+self.link_log.sources).items())),
            problems=(*self.state.problems, *failures),
            notes=self._notes(),
            findings=self._findings(),
            told_apart_by=told_apart_by,
        )

    def _findings(self) -> tuple[str, ...]:
        """What makes the run degraded though links were reached; the causes stand in its problems."""
        name = self.plan.portal.name
        told = [f"crawl: {loss}" for loss in dict.fromkeys(self.state.losses)]
        if len(told) > MAX_TOLD_LOSSES:
            told[MAX_TOLD_LOSSES:] = [f"crawl: {len(told) - MAX_TOLD_LOSSES} more such losses, see its problems"]
        if len(self.link_log) and not self.source_order.listed_links:
            told.append(f"crawl: no source of {name} listed a link; only known articles were looked at again")
        elif self.state.is_last_resort and self.source_order.listed_links:
            told.append(
                f"crawl: no declared source of {name} listed a link; the links are from discovery, see its problems"
            )
        return tuple(told)

    def _notes(self) -> tuple[str, ...]:
        spared = self.source_order.spared.items()
        notes = [f"{weak} was not asked: {strong} listed the window" for weak, strong in spared]
        if self.state.left_out:
            notes.append(f"{self.state.left_out:,} entries of sources are of other days or no articles")
        if self.state.denied:
            notes.append(f"{len(self.state.denied):,} links were removed on request and are not asked for")
        notes += [f"opt-out of mining: {stated} ({count})" for stated, count in sorted(self.state.opt_outs.items())]
        if self.throttle.delay_seconds > self.plan.portal.politeness.delay_seconds:
            notes.append(f"robots.txt asks for {self.throttle.delay_seconds:g} s between requests")
        if self.throttle.held_off_seconds:
            notes.append(f"the portal asked for {self.throttle.held_off_seconds:.0f} s of patience")
        return tuple(notes)
