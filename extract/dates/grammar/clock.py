"""Clock times in a folded text: `2:01 ص`, `الساعة 16:25 (مكة المكرمة)`, `17:27:41Z`, `3 مساء`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, tzinfo

from extract.dates.grammar.words import AM, MERIDIEMS, NIGHT, NOON, PM
from extract.dates.grammar.zones import zone_beside

_MERIDIEM = "|".join(re.escape(word) for word in sorted(MERIDIEMS, key=len, reverse=True))
_TIME = re.compile(
    r"(?:(?<![^\W_])(?P<before>am|pm|ص|م)\s+)?(?<![\d:])(?P<hour>\d{1,2})\s?:\s?(?P<minute>\d{2})"
    r"(?:\s?:\s?(?P<second>\d{2})(?:[.,]\d{1,20})?)?(?!\d)"
    rf"(?:\s?(?P<after>{_MERIDIEM})(?![^\W\d_]))?"
)
_DOTTED = re.compile(
    rf"الساعه\s*(?P<hour>\d{{1,2}})\.(?P<minute>\d{{2}})(?!\d)(?:\s?(?P<after>{_MERIDIEM})(?![^\W\d_]))?"
)
# A bare hour is a time only with a whole word beside it: «3 مساء», «الساعة 10 صباحا».
_WORDS = "|".join(re.escape(word) for word in sorted(MERIDIEMS, key=len, reverse=True) if len(word) > 1)
_HOUR = re.compile(rf"(?<![\d:.,/-])(?:الساعه\s*)?(?P<hour>\d{{1,2}})\s?(?P<after>{_WORDS})(?![^\W\d_])")


@dataclass(frozen=True)
class ClockTime:
    """A time of day with its place in the text, and the zone that stands beside it."""

    start: int
    end: int
    value: time
    has_seconds: bool
    zone: tzinfo | None
    is_latin: bool = False  # written with AM or PM
    span: tuple[int, int] = (0, 0)  # with the zone that stands beside it


def clock_times(text: str) -> list[ClockTime]:
    """All clock times of a folded text, in order. Hours above 12 win over a contradicting ص or م."""
    for pattern in (_TIME, _DOTTED, _HOUR):
        times: list[ClockTime] = []
        for match in pattern.finditer(text):
            # «10:15+03:00» has an offset, and no second time.
            if not (times and match.start() < times[-1].span[1]) and (clock := _read(match, text)):
                times.append(clock)
        if times:
            return times
    return []


def _read(match: re.Match[str], text: str) -> ClockTime | None:
    groups = match.groupdict()
    hour, minute, second = int(groups["hour"]), int(groups.get("minute") or 0), int(groups.get("second") or 0)
    word = groups.get("after") or groups.get("before")
    hour = _hour_of_day(hour, MERIDIEMS.get(word or ""))
    if hour > 23 or minute > 59 or second > 60:
        return None
    second = min(second, 59)  # a leap second
    beside = zone_beside(text, match.start(), match.end())
    start, end = (beside.start, beside.end) if beside else match.span()
    return ClockTime(
        start=match.start(),
        end=match.end(),
        value=time(hour, minute, second),
        has_seconds=bool(groups.get("second")),
        zone=beside.zone if beside else None,
        is_latin=word is not None and word.isascii(),
        span=(min(start, match.start()), max(end, match.end())),
    )


def _hour_of_day(hour: int, meridiem: str | None) -> int:
    if meridiem is None or hour > 12:
        return hour
    if meridiem == AM:
        return hour % 12
    if meridiem == PM:
        return hour % 12 + 12
    if meridiem == NOON:
        return hour + 12 if hour < 10 else hour
    return (hour % 12 + 12 if 6 <= hour < 12 else hour % 12) if meridiem == NIGHT else hour
