"""A portal that has moved: all that is asked of it leads to one other site, which is one thing to tell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from spiders.portal.definition import Portal
from storage.errors import StageFailed
from storage.identity.hosts import authority, registered_domain

ENOUGH = 10  # pages in a row; a section that moved away leaves others that are reached
ENOUGH_AT_THE_END = 5  # where a run has no more; a few links to a partner's site are no move


@dataclass
class MovedPortal:
    """Counts where answers lead to; a page or listing that is reached proves that the portal is still there."""

    portal: Portal
    has_page: bool = False
    has_listing: bool = False
    pages: Counter[str] = field(default_factory=Counter)
    listings: Counter[str] = field(default_factory=Counter)

    def leads(self, target: str, *, is_page: bool) -> None:
        """An answer leads away from the portal's hosts."""
        host = authority(target) or target
        site = host if self.portal.hosts.is_same_site(target) else registered_domain(host) or host
        (self.pages if is_page else self.listings)[site] += 1

    def failure(self, *, is_over: bool = False) -> StageFailed | None:
        """That the portal has moved, once that is certain; `is_over`: nothing more will be asked."""
        if self.pages:
            certain, asked = (ENOUGH_AT_THE_END if is_over else ENOUGH), "links"
        else:
            certain, asked = 1, "sources"
        led = self.pages or self.listings
        has_stayed = self.has_page or (not self.pages and (self.has_listing or not is_over))
        if has_stayed or len(led) != 1 or led.total() < certain:
            return None
        site = next(iter(led))
        return StageFailed(
            f"{self.portal.name} has moved to {site}: {led.total()} {asked} lead there, and nothing was reached",
            remedy="look at the new site, then put its address into the definition, as start_url or in domains",
        )
