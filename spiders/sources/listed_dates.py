"""Dates as feeds, sitemaps and APIs write them: RFC 822, ISO 8601 and, in feeds of Arabic portals, plain Arabic."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from spiders.definition import Portal

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # no Arabic news portal is older: earlier dates are defaults such as 1970
_MAX_CHARACTERS = 120
_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "،": " ", ",": " ", "\u200f": None, "\u200e": None}
)
# Month names of Egypt and the Gulf, of the Levant and Iraq, and of the Maghreb, after _LETTERS.
_MONTH_NAMES = (
    ("يناير", "كانون الثاني", "جانفي"),
    ("فبراير", "شباط", "فيفري"),
    ("مارس", "اذار"),
    ("ابريل", "نيسان", "افريل"),
    ("مايو", "ايار", "ماي"),
    ("يونيو", "حزيران", "جوان", "يونيه"),
    ("يوليو", "تموز", "جويليه", "يوليوز", "يوليه"),
    ("اغسطس", "اب", "اوت", "غشت"),
    ("سبتمبر", "ايلول", "شتنبر"),
    ("اكتوبر", "تشرين الاول"),
    ("نوفمبر", "تشرين الثاني", "نونبر"),
    ("ديسمبر", "كانون الاول", "دجنبر"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ARABIC = re.compile(
    rf"(?P<day>\d{{1,2}}) *(?P<month>{_MONTH})(?: */ *(?:{_MONTH}))? *(?P<year>\d{{4}})"
    r"(?:\D{0,12}(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))? *(?P<half>[صم])?)?"
)
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
    zone = ZoneInfo(portal.timezone)
    try:
        moment = _iso(text) or _arabic(text) or _rfc822(text)
        if moment is None or not isinstance(moment, datetime):
            return None, _plausible_day(moment)
        if moment.tzinfo is None or reading == "local":
            moment = moment.replace(tzinfo=zone)
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
    match = _ARABIC.search(text.translate(_LETTERS))
    if not match:
        return None
    day = date(int(match["year"]), _MONTHS[match["month"]], int(match["day"]))
    if match["hour"] is None:
        return day
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "م" else 0)
    return datetime(day.year, day.month, day.day, hour, int(match["minute"]), int(match["second"] or 0))  # noqa: DTZ001 - local time


def _rfc822(text: str) -> datetime | None:
    moment = parsedate_to_datetime(text)
    # "-0000" means: in UTC, and nothing is known of the local zone; parsedate gives it without a zone.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None and text.endswith("-0000") else moment


def _plausible_day(day: date | None) -> date | None:
    return day if day and day >= EARLIEST.date() else None


def _western_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char for char in text)
