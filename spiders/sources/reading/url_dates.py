"""The day or month that a URL names: `/2024/12/25/`, `2024-12-25`, `sitemap-202412.xml`."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta

from storage.model.window import Window

_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_/]?)(1[0-2]|0[1-9]|(?<=[-_/])[1-9])\2(3[01]|[12]\d|0[1-9]|(?<=[-_/])[1-9])(?!\d)"
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?(1[0-2]|0[1-9]|(?<=[-_/])[1-9])(?!\d)")


def named_days(url: str) -> tuple[date, date] | None:
    """First and last day that the URL names, or None. A year alone says too little: page numbers look like one."""
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
    span = named_days(url)
    if span is None:
        return False
    days = window.days()
    return span[1] < days[0] - timedelta(days=1) or span[0] > days[-1] + timedelta(days=1)


def read_timestamp(digits: str) -> datetime:
    """The instant of a web archive's timestamp, `20240305101500` or a beginning of it. Raises ValueError."""
    return datetime.strptime(digits[:14].ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
