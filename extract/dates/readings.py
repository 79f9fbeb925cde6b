"""What each witness of a date says: read by the grammar, put into the portal's zone, or refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from extract.dates.grammar.arabic import FIRST_YEAR, LATEST, lead_of, parse_dates
from extract.dates.grammar.labels import is_other_day
from extract.dates.grammar.whole import parse_whole_date
from extract.dates.grammar.words import PUBLISHED_LABEL, fold_date_text
from extract.dates.records import (
    JSON_LD,
    META,
    MODIFIED,
    PUBLISHED,
    TIME_ELEMENT,
    VISIBLE_TEXT,
    DateWitness,
    ParsedDate,
    RefusedDate,
)
from extract.dates.witnesses.visible import DAY_IN_FIGURES, is_all_date
from storage.model.records import Precision

MAX_REFUSED = 3
FAR_FUTURE = timedelta(days=365 * 100)  # a date is read whatever its year, to say that it lies in the future
CLOCK_SKEW = timedelta(minutes=10)  # a server's clock may run ahead of ours by that much
_EARLY_YEAR = re.compile(r"(?<!\d)(?:0\d{3}|1[0-8]\d\d|19[0-8]\d)(?!\d)")


@dataclass(frozen=True)
class Reading:
    """What one witness says, after the portal's quirks."""

    witness: DateWitness
    parsed: ParsedDate
    role: str

    @property
    def instant(self) -> datetime:
        return self.parsed.instant

    @property
    def is_day(self) -> bool:
        return self.parsed.precision == Precision.DAY


def read_witness(witness: DateWitness, *, captured_at: datetime, zone: tzinfo | None, is_local: bool) -> list[Reading]:
    # A quirk may move a date that lies just beyond the limit back below it, so the limit is checked after it.
    latest = captured_at + timedelta(hours=14) if is_local else captured_at
    if witness.kind == VISIBLE_TEXT:
        found = parse_dates(witness.raw, zone=zone, captured_at=latest)
    else:
        # What is written for machines is a date and nothing else.
        whole = parse_whole_date(witness.raw, zone=zone, captured_at=latest)
        found = [whole] if whole else []
    readings: list[Reading] = []
    for parsed in found:
        reading = _in_zone(parsed, zone) if is_local else parsed
        if reading.instant <= captured_at + LATEST and reading.wall.year >= FIRST_YEAR:
            readings.append(Reading(witness, reading, MODIFIED if parsed.role == MODIFIED else witness.role))
    return readings


def refused_witnesses(
    witnesses: Sequence[DateWitness], readings: Sequence[Reading], *, captured_at: datetime
) -> list[RefusedDate]:
    """The stated publications that gave no date, the strongest first."""
    read = {reading.witness for reading in readings}
    unread = [witness for witness in witnesses if witness.role == PUBLISHED and witness not in read]
    found = [
        RefusedDate(witness, reason)
        for witness in sorted(unread, key=lambda witness: -witness.weight)
        if (reason := _reason(witness, captured_at)) is not None
    ]
    return found[:MAX_REFUSED]


def _reason(witness: DateWitness, captured_at: datetime) -> str | None:
    """Why a witness gave no date; None where it may not have meant to give one."""
    days = parse_dates(witness.raw, zone=None, captured_at=captured_at + FAR_FUTURE)
    if any(parsed.instant > captured_at + LATEST for parsed in days):
        return "date_in_future"
    if _EARLY_YEAR.search(fold_date_text(witness.raw)):
        return "date_too_early"
    folded = fold_date_text(witness.raw)
    if is_other_day(lead_of(folded) or ""):
        return None
    is_stated = witness.kind != VISIBLE_TEXT or PUBLISHED_LABEL.search(folded) or is_all_date(folded)
    return "date_unreadable" if is_stated else None


def _in_zone(parsed: ParsedDate, zone: tzinfo | None) -> ParsedDate:
    """The same clock time read in another zone."""
    if parsed.precision == Precision.DAY:
        return parsed
    instant = parsed.wall.replace(tzinfo=zone or UTC).astimezone(UTC)
    flags = parsed.flags if zone else tuple(sorted({*parsed.flags, "zone_assumed"}))
    return replace(parsed, instant=instant, has_zone=False, flags=flags)


def settle_zones(readings: list[Reading], *, captured_at: datetime, zone: tzinfo | None) -> list[Reading]:
    """Correct times that say UTC and are the portal's local time: many content systems print a Z that is not true.

    It shows when the time lies in the future of the capture, or when readers see the same clock time without zone.
    """
    if zone is None:
        return readings
    shown = {
        reading.parsed.wall.replace(second=0)
        for reading in readings
        if reading.witness.kind in (VISIBLE_TEXT, TIME_ELEMENT) and not reading.is_day and not reading.parsed.has_zone
    }
    settled: list[Reading] = []
    for reading in readings:
        parsed = reading.parsed
        says_utc = parsed.has_zone and parsed.wall == parsed.instant.replace(tzinfo=None)
        if (
            says_utc
            and not reading.is_day
            and not parsed.is_relative
            and reading.witness.kind in (JSON_LD, META, TIME_ELEMENT)
        ):
            moved = _in_zone(parsed, zone)
            is_future = parsed.instant > captured_at + CLOCK_SKEW >= moved.instant
            if moved.instant != parsed.instant and (is_future or parsed.wall.replace(second=0) in shown):
                flags = tuple(sorted({*moved.flags, "zone_disputed"}))
                settled.append(replace(reading, parsed=replace(moved, flags=flags)))
                continue
        settled.append(reading)
    return settled


def unswapped(readings: list[Reading]) -> list[Reading]:
    """Metadata's days whose month and day stand in the wrong order, put right where readers see the other one by the
    month's name: `2026-05-11` beside «الخميس 5 نوفمبر 2026».
    """
    named = {
        reading.parsed.wall.date()
        for reading in readings
        if reading.witness.kind == VISIBLE_TEXT
        and reading.role == PUBLISHED
        and not reading.parsed.is_relative
        and "weekday_mismatch" not in reading.parsed.flags
        and not DAY_IN_FIGURES.search(fold_date_text(reading.witness.raw))
    }
    return [_swapped(reading) if _is_swapped(reading, named) else reading for reading in readings]


def _is_swapped(reading: Reading, named: set[date]) -> bool:
    day = reading.parsed.wall.date()
    if reading.witness.kind not in (JSON_LD, META) or day in named or day.day not in range(1, 13):
        return False
    return day.replace(month=day.day, day=day.month) in named


def _swapped(reading: Reading) -> Reading:
    parsed = reading.parsed
    wall = parsed.wall.replace(month=parsed.wall.day, day=parsed.wall.month)
    flags = tuple(sorted({*parsed.flags, "day_month_swapped"}))
    return replace(
        reading, parsed=replace(parsed, wall=wall, instant=parsed.instant + (wall - parsed.wall), flags=flags)
    )
