"""What a crawl has counted and noticed so far; the spider owns it, and its parts write here only."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace

from spiders.links.options import Phase
from spiders.politeness.opt_out import SiteStatement
from spiders.portal.definition import Source
from spiders.sources.records import Listing
from storage.errors import WarraqError
from storage.model.records import CrawlReport


@dataclass
class CrawlState:
    """Counters, what is worth telling, and whether the crawl is to end.

    It ends in one of two ways: with a `failure` it leaves no report; with a `stop_reason` no more requests are sent,
    and the links that are left end as `budget`.
    """

    began: float = field(default_factory=time.monotonic)
    phase: Phase = Phase.ROBOTS
    requests: int = 0
    bytes_received: int = 0
    lag_p99_seconds: float = 0.0
    left_out: int = 0
    denied: set[str] = field(default_factory=set)  # ids of links that were removed on request
    is_last_resort: bool = False  # the declared sources listed nothing, and discovery stepped in for them
    site: SiteStatement = field(default_factory=SiteStatement)  # against mining
    opt_outs: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)  # what sources list and could not be read of them
    found: list[Source] = field(default_factory=list)
    dead: list[Source] = field(default_factory=list)  # declared sources that answered and listed nothing
    has_looked_around: bool = False  # for sources beside the declared ones
    failure: WarraqError | None = None
    stop_reason: str | None = None
    report: CrawlReport | None = None

    def fail(self, error: WarraqError) -> None:
        """End the crawl without a report; the first reason counts."""
        self.failure = self.failure or error

    def stop(self, reason: str) -> None:
        """Send nothing more; the first reason counts."""
        self.stop_reason = self.stop_reason or reason

    @property
    def is_ending(self) -> bool:
        """Whether nothing more is to be asked."""
        return bool(self.failure or self.stop_reason)

    def must_stop(self) -> bool:
        """The same, for a listing that is being read in a thread."""
        return self.is_ending

    def add_problem(self, line: str) -> None:
        """Note a problem for the report, once."""
        if line not in self.problems:
            self.problems.append(line)

    def note_opt_out(self, stated: str, *, of_site: bool) -> None:
        """Count what a page, or the site as a whole, says against mining."""
        self.opt_outs[stated] += 1
        if of_site:
            self.site = replace(self.site, stated=self.site.stated or stated)

    def stated_of(self, url: str) -> str | None:
        """What the site says against mining of a page; what robots.txt says of some pages only is counted once."""
        stated = self.site.of(url)
        if stated and stated.startswith("robots.txt"):
            self.opt_outs.setdefault(stated, 1)
        return stated

    def take(self, listing: Listing) -> None:
        """Note what a listing tells beside its links."""
        self.left_out += listing.left_out
        self.found += listing.found
        self.losses += listing.losses
        for problem in listing.problems:
            self.add_problem(problem)
