"""Dates as feeds, sitemaps and APIs write them: RFC 822, ISO 8601 and, in feeds of Arabic portals, plain Arabic."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from extract.dates.grammar.arabic import parse_arabic_date
from spiders.portal.definition import Portal
from storage.model.records import Precision

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # no Arabic news portal is older: earlier dates are defaults such as 1970
_ANY_TIME = datetime(9000, 1, 1, tzinfo=UTC)  # a listing may announce; what is from the future is the run's to judge
_MAX_CHARACTERS = 120
_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?"
    r" *(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)


def read_listed_date(text: str | None, portal: Portal, *, witness: str) -> tuple[datetime | None, date | None]:
    """Read a listed date as (UTC instant, None) or, where it names only a day, as (None, day); else (None, None).

    A time without zone is the portal's local time. `witness` names the field, such as `feed:pubDate`, for the portal's
    date quirks: `local` reads the clock time in the portal's zone whatever zone it claims, `ignore` drops it.
    """
    reading = next((quirk.reading for quirk in portal.date_quirks if quirk.witness == witness), None)
    if not text or reading == "ignore":
        return None, None
    text = _western_digits(" ".join(text[:_MAX_CHARACTERS].split()))
    try:
        moment = _iso(text) or _rfc822(text) or _arabic(text)
        if moment is None or not isinstance(moment, datetime):
            return None, _plausible_day(moment)
        if moment.tzinfo is None or reading == "local":
            moment = moment.replace(tzinfo=ZoneInfo(portal.timezone))
        instant = moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None, None
    return (instant, None) if instant >= EARLIEST else (None, None)


def _iso(text: str) -> datetime | date | None:
    match = _ISO.fullmatch(text) or _ISO.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    if hour is None:
        return date(int(year), int(month), int(day))
    spelled = f"{year}-{int(month):02}-{int(day):02}T{int(hour):02}:{minute}:{second or '00'}"
    zone = "+00:00" if zone in {"Z", "UTC", "GMT"} else zone or ""
    return datetime.fromisoformat(spelled + zone)


def _arabic(text: str) -> datetime | date | None:
    parsed = parse_arabic_date(text, zone=None, captured_at=_ANY_TIME)
    if parsed is None or parsed.is_relative:
        return None
    if parsed.precision == Precision.DAY:
        return parsed.wall.date()
    return parsed.instant if parsed.has_zone else parsed.wall


def _rfc822(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    # "-0000" means: in UTC, and nothing is known of the local zone; parsedate gives it without a zone.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None and text.endswith("-0000") else moment


def _plausible_day(day: date | None) -> date | None:
    return day if day and day >= EARLIEST.date() else None


def _western_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char for char in text)
