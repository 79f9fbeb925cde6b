"""The input of extraction: one saved page and when it was captured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Page:
    """Bytes of one page (content-encoding removed) and what is known from outside of it.

    `captured_at` anchors relative dates and bounds all dates; `listed_at` is the date a feed or sitemap gave;
    `link_header` is HTTP's Link, in which some portals name the canonical address.
    """

    body: bytes
    captured_at: datetime
    url: str | None = None
    content_type: str | None = None
    status: int = 200
    listed_at: datetime | None = None
    link_header: str | None = None
