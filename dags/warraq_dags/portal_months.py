"""The portal-months a re-extraction is split into: few enough for a scheduler, small enough to repeat."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from spiders.registry import find_portal
from storage.model.window import Window, parse_time
from storage.settings import read_settings


def portal_months(portals: str, start: str, end: str) -> list[list[str]]:
    """The words after `warraq` for each portal and month of the range. Raises UsageError."""
    settings = read_settings()
    names = [find_portal(name, settings).name for name in portals.split()]
    window = Window(parse_time(start, name="from"), parse_time(end, name="to"))
    cuts = [window.start]
    while (cut := _next_month(cuts[-1])) < window.end:
        cuts.append(cut)
    cuts.append(window.end)
    return [
        ["reextract", "--portal", name, "--from", f"{first:%Y-%m-%d}", "--to", f"{last:%Y-%m-%d}"]
        for name in dict.fromkeys(names)
        for first, last in itertools.pairwise(cuts)
    ]


def _next_month(instant: datetime) -> datetime:
    return (datetime(instant.year, instant.month, 1, tzinfo=UTC) + timedelta(days=32)).replace(day=1)
