"""What to do with a listed link: fetch it, or end it at once, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from spiders.links.known_links import KnownLink, KnownLinks
from spiders.links.options import Revisit
from spiders.portal.definition import Portal
from spiders.sources.records import MAX_URL_CHARACTERS, RECENT, ListedLink, stands_outside
from storage.identity.ids import link_id
from storage.model.outcomes import Outcome
from storage.model.records import LinkRecord
from storage.model.window import Window
from storage.tables.removal_register import NOTHING_DENIED, Denied

# Feeds and sitemaps give the time of publishing in a CMS, which precedes or follows the page by minutes.
MAX_REVISITS = 1_000  # a run; after a standstill the oldest wait for the next
CLOCK_SLACK = timedelta(minutes=15)


@dataclass(frozen=True)
class Choice:
    """A link with its identity. `ending` is set where it need not be fetched."""

    record: LinkRecord
    ending: Outcome | None = None
    detail: str | None = None
    known: KnownLink | None = None


def listing_rank(link: ListedLink) -> tuple[int, float, str]:
    """Which of a link's listings counts: the lowest, so that it does not matter which of them answered first.

    A stated time before a day, a day before a last change, the earlier before the later; a revisit before all. Where
    two say the same, the spelling in percent-encoding, https before http, the shorter.
    """
    kind, stamp = _dating_rank(link)
    spelling = f"{not link.url.isascii():d}{not link.url.startswith('https:'):d}{len(link.url):05d}{link.url}"
    return kind, stamp, spelling


def _dating_rank(link: ListedLink) -> tuple[int, float]:
    if link.source == "revisit":
        return 0, 0.0
    if link.listed_at is not None:
        return 1, link.listed_at.timestamp()
    if link.listed_day is not None:
        return 2, float(link.listed_day.toordinal())
    return (3, link.lastmod.timestamp()) if link.lastmod is not None else (4, 0.0)


@dataclass
class Selection:
    """The rules of one run; `portal` learns by which parameters it is told apart. Known links are looked up by id."""

    portal: Portal
    window: Window
    now: datetime
    run_id: str
    revisit: Revisit
    known: KnownLinks
    denied: Denied = NOTHING_DENIED

    @property
    def is_live(self) -> bool:
        """Whether the window is of the present: then all that is not archived yet is taken, whenever it is from."""
        return self.window.end > self.now - RECENT

    def identity(self, url: str) -> str:
        """The link id of a URL of this portal."""
        return link_id(self.portal.canonical(url))

    def is_denied(self, url: str) -> bool:
        """Whether the address was removed on request: it is neither asked for nor written down."""
        canonical = self.portal.canonical(url)
        return self.denied.link(canonical, link_id(canonical)) is not None

    def is_known(self, url: str) -> bool:
        """Whether another run archived this URL."""
        link_id = self.identity(url)
        known = self.known.get(link_id)
        return known.run_id != self.run_id if known else link_id in self.known

    def choose(self, link: ListedLink) -> Choice:
        """What to do with a listed link."""
        record = LinkRecord(
            url=link.url,
            link_id=self.identity(link.url),
            source=link.source,
            source_url=link.source_url,
            outcome=Outcome.INTERRUPTED,
            listed_at=link.listed_at,
        )
        if len(link.url) > MAX_URL_CHARACTERS or not self.portal.hosts.owns(link.url):
            return Choice(record, Outcome.OFF_DOMAIN, "not an address of the portal")
        if self._stands_outside(link):
            return Choice(record, Outcome.OUT_OF_WINDOW)
        known = self.known.get(record.link_id)
        is_own = known is not None and known.run_id == self.run_id
        if is_own or record.link_id not in self.known or self.revisit is Revisit.ALL:
            return Choice(record, known=known)
        if known is not None and self.revisit is Revisit.DUE and known.is_due(self.now):
            return Choice(record, known=known)
        return Choice(record, Outcome.SKIPPED_SEEN, f"archived {known.fetched_at:%Y-%m-%d %H:%M}" if known else None)

    def due_links(self) -> list[ListedLink]:
        """Known links that are due for another look, the newest first; only in runs about the present."""
        if not self.is_live or self.revisit is Revisit.NEVER:
            return []
        due = [link for link in self.known.recent() if link.run_id != self.run_id and link.is_due(self.now)]
        due.sort(key=lambda link: link.published_at or link.fetched_at, reverse=True)
        return [
            ListedLink(url=link.url, source="revisit", source_url="", listed_at=link.published_at)
            for link in due[:MAX_REVISITS]
        ]

    def _stands_outside(self, link: ListedLink) -> bool:
        if link.source == "revisit":
            return False
        if not self.is_live:
            return stands_outside(link, self.window)
        return link.listed_at is not None and link.listed_at >= self.window.end + CLOCK_SLACK
