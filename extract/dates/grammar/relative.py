"""«منذ 3 ساعات», «قبل يومين», «أمس 14:30»: counted back from the moment of capture, never from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from extract.dates.grammar.clock import clock_times
from extract.dates.grammar.words import DUAL, NAMED_DAYS, UNITS
from extract.dates.records import ParsedDate
from storage.model.records import Precision

MAX_DAYS = 6  # «منذ 10 أيام» is rounded too coarsely to name a day
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_AGO = re.compile(
    rf"(?<![^\W_])(?:منذ|قبل)\s+(?:(?:حوالي|نحو)\s+)?(?P<count>\d{{1,3}})?\s*(?P<unit>{_UNIT})(?:(?![^\W\d_])|(?=في|بواسطه))"
    rf"|(?<!\d)(?P<number>\d{{1,3}}|an?)\s+(?P<english>{_UNIT})\s+ago\b"
)
_NAMED_DAY = re.compile(
    rf"(?:\W|نشر\w*|النشر|تاريخ|في|منذ|يوم(?=\s))*(?P<word>{'|'.join(sorted(NAMED_DAYS, key=len, reverse=True))})"
    r"(?:\W|الساعه|في|عند|at)*(?P<time>\d{1,2}\s?:\s?\d{2}.{0,20})?"
)


def relative_span(folded: str) -> tuple[int, int] | None:
    """Where in a folded text a relative form stands; None where there is none."""
    match = _AGO.search(folded) or _NAMED_DAY.fullmatch(folded)
    return match.span() if match else None


def relative_date(folded: str, *, zone: tzinfo | None, captured_at: datetime) -> ParsedDate | None:
    """The date a relative form means, as exact as the form is: minutes to the minute, hours and days to the day."""
    match = _AGO.search(folded)
    if match is not None:
        return _ago(match, zone=zone, captured_at=captured_at)
    named = _NAMED_DAY.fullmatch(folded)
    if named is None or (NAMED_DAYS[named["word"]] == 0 and not named["time"]):
        return None
    day = (captured_at.astimezone(zone or UTC) - timedelta(days=NAMED_DAYS[named["word"]])).date()
    clocks = clock_times(named["time"]) if named["time"] else []
    if not clocks:
        return _day(datetime.combine(day, time()))
    used = clocks[0].zone or zone
    wall = datetime.combine(day, clocks[0].value)
    instant = wall.replace(tzinfo=used or UTC).astimezone(UTC)
    flags = ("relative",) if used else ("relative", "zone_assumed")
    return ParsedDate(
        instant, wall, Precision.MINUTE, has_zone=clocks[0].zone is not None, is_relative=True, flags=flags
    )


def _ago(match: re.Match[str], *, zone: tzinfo | None, captured_at: datetime) -> ParsedDate | None:
    unit = match["unit"] or match["english"]
    number = match["count"] or match["number"] or ""
    count = int(number) if number.isdigit() else 2 if unit in DUAL else 1
    seconds = UNITS[unit]
    if seconds is None or (seconds == 86400 and count > MAX_DAYS):
        return None
    back = timedelta(seconds=seconds * count)
    local = captured_at.astimezone(zone or UTC) - back
    if seconds > 60:
        return _day(datetime.combine(local.date(), time()))
    wall = local.replace(tzinfo=None, second=0, microsecond=0)
    instant = (captured_at - back).astimezone(UTC).replace(second=0, microsecond=0)
    return ParsedDate(instant, wall, Precision.MINUTE, has_zone=True, is_relative=True, flags=("relative",))


def _day(wall: datetime) -> ParsedDate:
    return ParsedDate(
        wall.replace(tzinfo=UTC), wall, Precision.DAY, has_zone=False, is_relative=True, flags=("relative",)
    )
