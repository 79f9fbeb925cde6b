"""Links the archive already has: which of them are due for another look."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

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

    def may_fall_due(self, *, after: tuple[timedelta, ...] = REVISIT_AFTER) -> bool:
        """Whether a revisit is still to come, or was missed."""
        return self.fetched_at < (self.published_at or self.fetched_at) + after[-1]

    def newer(self, other: KnownLink) -> KnownLink:
        """Of two fetches of the same link the later one, with the earlier publication."""
        later = max(self, other, key=lambda link: link.fetched_at)
        dates = [date for date in (self.published_at, other.published_at) if date]
        return replace(later, published_at=min(dates, default=None))


class KnownLinks:
    """The archive's links of one portal, small enough for millions: ids as sorted numbers, facts only of recent ones.

    A link beyond its last revisit is only remembered as seen.
    """

    def __init__(self, ids: array[int] | None = None, recent: Mapping[str, KnownLink] | None = None) -> None:
        """`ids` are sorted, see id_number(); `recent` by link id."""
        self._ids = array("Q") if ids is None else ids
        self._recent = dict(recent or {})

    def __contains__(self, link_id: str) -> bool:
        if link_id in self._recent:
            return True
        number = id_number(link_id)
        position = bisect_left(self._ids, number)
        return position < len(self._ids) and self._ids[position] == number

    def get(self, link_id: str) -> KnownLink | None:
        """What is known of a link that may still be revisited, or is this run's own."""
        return self._recent.get(link_id)

    def recent(self) -> Iterator[KnownLink]:
        """All links that may still be revisited."""
        return iter(self._recent.values())

    def overlaid(self, own: Mapping[str, KnownLink]) -> KnownLinks:
        """The same with other facts about some links."""
        return KnownLinks(self._ids, {**self._recent, **own})


def id_number(link_id: str) -> int:
    """The first 64 bits of an id: among ten million links two agree by chance once in 400,000 archives."""
    return int(link_id[:16], 16)
