"""Hijri and Persian (Jalali) days as Gregorian ones."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from hijridate import Hijri

# The day that makes the 33-year cycle below meet 1 Farvardin 1403 = 20 March 2024.
_JALALI_EPOCH = date(622, 3, 21).toordinal()
# Years of the 33-year cycle with a leap day; exact for 1178 to 1633 (Birashk, "A Comparative Calendar", 1993).
_JALALI_LEAPS = frozenset((1, 5, 9, 13, 17, 22, 26, 30))
JALALI_YEARS = range(1300, 1500)


@lru_cache(maxsize=512)
def hijri_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of an Umm al-Qura day; sighted calendars differ by a day or two. None outside 1343 to 1500."""
    try:
        converted = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(converted.year, converted.month, converted.day)


def jalali_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Persian day; None for a day that does not exist."""
    if year not in JALALI_YEARS or not 1 <= month <= 12:
        return None
    is_leap = year % 33 in _JALALI_LEAPS
    length = 31 if month <= 6 else 30 if month <= 11 or is_leap else 29
    if not 1 <= day <= length:
        return None
    cycles, rest = divmod(year - 1, 33)
    leaps = cycles * len(_JALALI_LEAPS) + sum(1 for leap in _JALALI_LEAPS if leap <= rest)
    before = 31 * min(month - 1, 6) + 30 * max(0, month - 7)
    return date.fromordinal(_JALALI_EPOCH) + timedelta(days=365 * (year - 1) + leaps + before + day - 1)
