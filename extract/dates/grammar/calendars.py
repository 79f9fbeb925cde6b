"""Hijri and Persian (Jalali) days as Gregorian ones."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import jdatetime
from hijridate import Hijri

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
    if year not in JALALI_YEARS:
        return None
    try:
        return jdatetime.date(year, month, day).togregorian()
    except ValueError:
        return None
