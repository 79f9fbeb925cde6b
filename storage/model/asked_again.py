"""What the one line of a fetch tells of a page that was gone when its window was archived once more."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.model.records import LinkRecord

# Its groups: when, the outcome then, the status and the address that answered (empty where there was none).
ASKED_AGAIN = r"asked again at (\S+): (\S+)(?: (\d{3}))?(?: (\S+))?$"


def asked_again(link: LinkRecord, outcome: str, *, by: datetime) -> str:
    """The words for a link that then ended as `outcome`; `by` is when that crawl was over."""
    at = (link.captured_at or by).astimezone(UTC).isoformat(timespec="seconds")
    more = (str(part) for part in (link.http_status, link.final_url) if part)
    return " ".join([f"asked again at {at}: {outcome}", *more])
