"""Links the archive already has: which of them are due for another look."""

from __future__ import annotations

from dataclasses import dataclass
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
