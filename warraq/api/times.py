"""Times as people give them to a selection."""

from __future__ import annotations

from datetime import UTC, date, datetime

from storage.model.window import parse_time

Time = str | date | datetime


def instant(time: Time, *, name: str) -> datetime:
    """A UTC instant; a day is its beginning, and a time without a zone is UTC. Raises UsageError naming `name`."""
    if isinstance(time, datetime):
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    if isinstance(time, date):
        return datetime(time.year, time.month, time.day, tzinfo=UTC)
    return parse_time(time, name=name)
