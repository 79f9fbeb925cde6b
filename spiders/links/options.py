"""What a crawl can be told, and what it tells while it runs."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Revisit(enum.StrEnum):
    """Which links that are archived already are asked for again, always conditionally."""

    DUE = "due"  # those whose revisit time has come
    NEVER = "never"
    ALL = "all"  # all that a source lists


@dataclass(frozen=True)
class CrawlOptions:
    """Limits of one crawl; None leaves the portal's own. A dry run asks the sources only and keeps nothing.

    `sample_pages` makes a probe: each source is asked once, and so many pages are fetched, spread over the sources.
    """

    revisit: Revisit = Revisit.DUE
    max_requests: int | None = None
    max_seconds: float | None = None
    dry_run: bool = False
    sample_pages: int | None = None
    page_seconds: float = 30.0  # for a whole answer, so that a server that trickles cannot hold a connection for hours
    chunk_bytes: int = 32 * 1024 * 1024  # of compressed WARC: what a kill can cost, and what one upload holds up
    chunk_seconds: float = 300.0


class Phase(enum.StrEnum):
    """What a crawl does at the moment."""

    ROBOTS = "robots"
    DISCOVERY = "discovery"
    PAGES = "pages"
    CLOSING = "closing"
    DONE = "done"


@dataclass(frozen=True)
class CrawlProgress:
    """Where a crawl stands."""

    phase: Phase
    links: int = 0
    ended: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    bytes_received: int = 0
    seconds: float = 0.0
    waiting_seconds: float = 0.0  # how long the portal still asks us to wait
    lag_p99_seconds: float = 0.0  # of the event loop: how late it came to its work
