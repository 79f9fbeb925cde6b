"""Dates as feeds, sitemaps and APIs write them, read by the grammar that reads those of pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from extract.dates.grammar.whole import MAX_WHOLE_CHARACTERS, parse_whole_date
from extract.dates.records import ParsedDate
from spiders.portal.definition import Portal
from storage.model.records import Precision

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # no Arabic news portal is older: earlier dates are defaults such as 1970
# A listing may announce; what is from the future is the run's to judge. Another year than that is a mistake.
ANNOUNCED = timedelta(days=400)


def read_listed_date(
    text: str | None, portal: Portal, *, witness: str, fetched_at: datetime
) -> tuple[datetime | None, date | None]:
    """Read a listed date as (UTC instant, None) or, where it names only a day, as (None, day); else (None, None).

    A text that the grammar does not read to its end is no date. A time without zone is the portal's local time, and
    «منذ 3 ساعات» is counted back from `fetched_at`. `witness` names the field, such as `feed:pubDate`, for the portal's
    date quirks: `local` reads the clock time in the portal's zone whatever zone it claims, `ignore` drops it.
    """
    reading = next((quirk.reading for quirk in portal.date_quirks if quirk.witness == witness), None)
    if not text or len(text) > 2 * MAX_WHOLE_CHARACTERS or reading == "ignore":
        return None, None
    parsed = _parsed(text.strip(), portal.timezone, fetched_at)
    if parsed is None:
        return None, None
    if parsed.precision == Precision.DAY:
        day = parsed.wall.date()
        return None, day if day >= EARLIEST.date() else None
    instant = parsed.instant
    if reading == "local" and not parsed.is_relative:
        instant = parsed.wall.replace(tzinfo=ZoneInfo(portal.timezone)).astimezone(UTC)
    return (instant.replace(microsecond=0), None) if instant >= EARLIEST else (None, None)


@lru_cache(maxsize=4096)
def _parsed(text: str, timezone: str, fetched_at: datetime) -> ParsedDate | None:
    """A sitemap names one day thousands of times."""
    try:
        found = parse_whole_date(text, zone=ZoneInfo(timezone), captured_at=fetched_at + ANNOUNCED)
        if found is not None and found.is_relative:
            return parse_whole_date(text, zone=ZoneInfo(timezone), captured_at=fetched_at)
    except (ValueError, OverflowError):
        return None
    return found
