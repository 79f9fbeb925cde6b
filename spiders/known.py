"""Links the archive already has: which of them are due for another look."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.settings import Settings

# News sites correct an article mostly on its first day; a week later it stands, or is gone.
REVISIT_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))


@dataclass(frozen=True)
class KnownLink:
    """What the archive knows of a link: where it was fetched, when it was published, and its validators."""

    url: str
    fetched_at: datetime
    run_id: str
    published_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask for the page only if it has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    def is_due(self, now: datetime, *, after: tuple[timedelta, ...] = REVISIT_AFTER) -> bool:
        """Whether a revisit time has passed since the last fetch; counted from publication, else from the fetch."""
        published = self.published_at or self.fetched_at
        return any(self.fetched_at < published + wait <= now for wait in after)


class KnownLinks:
    """The archive's links of one portal, small enough for millions: ids as sorted numbers, facts only of recent ones.

    A link older than the last revisit is only remembered as seen.
    """

    def __init__(self, ids: Iterable[str] = (), recent: Mapping[str, KnownLink] | None = None) -> None:
        self._ids = array("Q", sorted({_number(link_id) for link_id in ids}))
        self._recent = dict(recent or {})

    def __contains__(self, link_id: str) -> bool:
        if link_id in self._recent:
            return True
        number = _number(link_id)
        position = bisect_left(self._ids, number)
        return position < len(self._ids) and self._ids[position] == number

    def __len__(self) -> int:
        return max(len(self._ids), len(self._recent))

    def get(self, link_id: str) -> KnownLink | None:
        """What is known of a link that may still be revisited, or is this run's own."""
        return self._recent.get(link_id)

    def recent(self) -> Iterator[KnownLink]:
        """All links that may still be revisited."""
        return iter(self._recent.values())

    def overlaid(self, own: Mapping[str, KnownLink]) -> KnownLinks:
        """The same with other facts about some links."""
        result = KnownLinks()
        result._ids = self._ids
        result._recent = {**self._recent, **own}
        return result


def _number(link_id: str) -> int:
    """The first 64 bits of an id: among ten million links two agree by chance once in 400,000 archives."""
    return int(link_id[:16], 16)


def load_known_links(settings: Settings, portal: str, *, now: datetime) -> KnownLinks:
    """What the tables know of a portal."""
    return KnownLinks()
