"""Dates that stand alone, as listings, metadata and programs write them: read to their end, or not at all."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from extract.dates.grammar.arabic import FIRST_YEAR, GREGORIAN, LATEST, WrittenDay, dates_of, parse_dates, written_days
from extract.dates.grammar.clock import ClockTime, clock_times
from extract.dates.grammar.relative import relative_span
from extract.dates.grammar.words import PUBLISHED_LABEL, UPDATED_LABEL, WEEKDAYS, fold_date_text
from extract.dates.records import OTHER, PUBLISHED, ParsedDate
from storage.model.records import Precision

MAX_WHOLE_CHARACTERS = 150  # the longest are Arabic, in two calendars, with a label and two clocks
# What nearly all are; read here because a sitemap has millions, and by the same rules as below: a test compares.
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(?:([Zz])|([+-])(0\d|1[0-4]):?([0-5]\d))?", re.ASCII
)
_BASIC = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:[t ]?(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?\s*(z|[+-]\d\d(?::?\d\d)?)?)?"
)  # 20240211T100007Z, 20240211100007
_BASIC_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)t(\d\d)(\d\d)(\d\d)?((?:[.,]\d+)?(?:z|[+-]\d\d(?::?\d\d)?)?)")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY_WITH_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)(?:z|[+-]\d\d:\d\d)")  # xs:date of XML Schema
_SHORT_YEAR = re.compile(rf"((?:[a-z]{{3,9}},? )?\d{{1,2}}[ -](?:{_MONTHS})[ -])(\d\d)( \d{{1,2}}:\d\d.*)")
_YEAR_LAST = re.compile(
    rf"((?:[a-z]{{3,9}},? )?(?:{_MONTHS}) \d{{1,2}}) (\d{{1,2}}:\d\d(?::\d\d)?(?: [a-z+:\d-]{{1,9}})?) (\d{{4}})"
)
# «GMT+0300 (Arabian Standard Time)» of browsers, «+03:00[Asia/Riyadh]» of Java.
_COMMENT = re.compile(r"([+-]\d\d:?\d\d|\b(?:gmt|utc)|\dz) ?(?:\([^()]*\)|\[[^\[\]]*\])$")
_BESIDE = """الموافق الساعه تمام يوم هجري هجريا ميلادي ميلاديا بتوقيت توقيت المحلي في ب ال تم اخر
on at the of le de ah ad ce t date time last lun mar mer jeu ven sam dim"""
_WORDS = "|".join(sorted({*WEEKDAYS, *_BESIDE.split()}, key=len, reverse=True))
_FILLERS = re.compile(rf"(?<![^\W\d_])(?:{_WORDS})(?![^\W\d_])")
_LABELS = re.compile(f"(?:{PUBLISHED_LABEL.pattern}|{UPDATED_LABEL.pattern})[^\\W\\d_]*")
_READABLE = re.compile(r"[^\W_]")


def parse_whole_date(text: str, *, zone: tzinfo | None, captured_at: datetime) -> ParsedDate | None:
    """The one date that a text is, or None: also where a word or a number of it is no part of the date.

    `zone` and `captured_at` mean what they mean for `parse_arabic_date`, and so do the limits.
    """
    text = " ".join(text[: MAX_WHOLE_CHARACTERS + 1].split())
    if not text or len(text) > MAX_WHOLE_CHARACTERS:
        return None
    parsed = _iso(text, zone=zone) or _grammar(text, zone=zone, captured_at=captured_at)
    if parsed is None or parsed.wall.year < FIRST_YEAR or parsed.instant > captured_at + LATEST:
        return None
    return parsed


def _iso(text: str, *, zone: tzinfo | None) -> ParsedDate | None:
    match = _ISO.fullmatch(text)
    try:
        wall = _wall(match) if match else None
    except ValueError:
        return None
    if match is None or wall is None:
        return None
    if not (wall.hour or wall.minute or wall.second):
        return ParsedDate(wall.replace(tzinfo=UTC), wall, Precision.DAY, has_zone=False)
    utc, sign, hours, minutes = match.group(7, 8, 9, 10)
    if sign or utc:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        instant = (wall + offset if sign == "-" else wall - offset).replace(tzinfo=UTC)
        return ParsedDate(instant, wall, Precision.SECOND, has_zone=True)
    flags = () if zone else ("zone_assumed",)
    instant = wall.replace(tzinfo=zone or UTC).astimezone(UTC)
    return ParsedDate(instant, wall, Precision.SECOND, has_zone=False, flags=flags)


def _wall(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    if (hour, minute, second) == (24, 0, 0):
        return datetime(year, month, day) + timedelta(days=1)  # noqa: DTZ001 - a clock's face
    # A leap second has no other name; 61 is a mistake.
    return datetime(year, month, day, hour, minute, 59 if second == 60 else second)  # noqa: DTZ001 - a clock's face


def _grammar(text: str, *, zone: tzinfo | None, captured_at: datetime) -> ParsedDate | None:
    folded = _usual_form(fold_date_text(text))
    times = clock_times(folded)
    days = written_days(folded, times=times, last=(captured_at + LATEST).date())
    spans = [(day.start, day.end) for day in days] + [clock.span for clock in times]
    if days and not _leftover(folded, spans) and _are_of_days(times, days):
        found = dates_of(folded, days, times, zone=zone)
    elif not days and (span := relative_span(folded)) and not _leftover(folded, [span, *(c.span for c in times)]):
        found = parse_dates(folded, zone=zone, captured_at=captured_at)
    else:
        found = parse_dates(folded, zone=zone, captured_at=captured_at) if folded.isdigit() else []
    found = [parsed for parsed in found if parsed.role != OTHER]
    if len({parsed.instant for parsed in found}) > 1:
        found = [parsed for parsed in found if parsed.role == PUBLISHED]
    return found[0] if len({parsed.instant for parsed in found}) == 1 else None


def _usual_form(folded: str) -> str:
    """The forms of programs that the grammar of the press does not have, spelled as it has them."""
    folded = _COMMENT.sub(r"\1", folded)
    if match := _BASIC.fullmatch(folded):
        year, month, day, hour, minute, second, zone = match.groups()
        clock = f"t{hour}:{minute}{f':{second}' if second else ''}{zone or ''}" if hour else ""
        return f"{year}-{month}-{day}{clock}"
    if match := _BASIC_CLOCK.fullmatch(folded):
        day, hour, minute, second, rest = match.groups()
        return f"{day}t{hour}:{minute}{f':{second}' if second else ''}{rest}"
    if match := _DAY_WITH_ZONE.fullmatch(folded):
        return match[1]
    if match := _SHORT_YEAR.fullmatch(folded):
        century = "20" if int(match[2]) < 70 else "19"
        return f"{match[1]}{century}{match[2]}{match[3]}"
    if match := _YEAR_LAST.fullmatch(folded):
        return f"{match[1]}, {match[3]} {match[2]}"
    return folded


def _are_of_days(times: list[ClockTime], days: list[WrittenDay]) -> bool:
    """Whether each day has one time of day at most, or beside it the same moment in UTC."""
    count = max(1, sum(day.calendar == GREGORIAN for day in days))
    return len(times) <= count or (len(times) == 2 and any(clock.zone == UTC for clock in times))


def _leftover(folded: str, spans: list[tuple[int, int]]) -> bool:
    """Whether a word or a number is left that belongs to none of the spans and is no label."""
    rest = list(folded)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return _READABLE.search(_FILLERS.sub(" ", _LABELS.sub(" ", "".join(rest)))) is not None
