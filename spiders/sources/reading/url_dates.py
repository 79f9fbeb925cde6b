"""The day or month that a URL names: `/2024/12/25/`, `2024-12-25`, `sitemap-202412.xml`."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from storage.model.window import Window

_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_/]?)(1[0-2]|0[1-9]|(?<=[-_/])[1-9])\2(3[01]|[12]\d|0[1-9]|(?<=[-_/])[1-9])(?!\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")  # without one nothing else needs a look
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?(1[0-2]|0[1-9]|(?<=[-_/])[1-9])(?!\d)")


def named_days(url: str) -> tuple[date, date] | None:
    """First and last day that the URL names, or None. A year alone says too little: page numbers look like one."""
    if _YEAR.search(url) is None:
        return None
    for match in _DAY.finditer(url):
        try:
            day = date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
        return day, day
    month = _MONTH.search(url)
    if month is None:
        return None
    year, number = int(month[1]), int(month[2])
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def names_other_days(url: str, window: Window) -> bool:
    """Whether the URL names days that the window does not touch, one day of slack for zones at either side."""
    return are_other_days(named_days(url), window)


def are_other_days(span: tuple[date, date] | None, window: Window) -> bool:
    """Whether days that a URL names lie outside the window, with the slack of `names_other_days`."""
    if span is None:
        return False
    first, last = _days_around(window)
    return span[1] < first or span[0] > last


@lru_cache(maxsize=64)
def _days_around(window: Window) -> tuple[date, date]:
    days = window.days()
    return days[0] - timedelta(days=1), days[-1] + timedelta(days=1)


def read_timestamp(digits: str) -> datetime:
    """The instant of a web archive's timestamp, `20240305101500` or a beginning of it. Raises ValueError."""
    return datetime.strptime(digits[:14].ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
