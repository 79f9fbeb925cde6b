"""How many articles a portal brings when: its level, its weekdays and its hours, from its own windows.

A window's expected count is level times weekday times hour; how far counts stray from it is the dispersion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from warraq.findings.chance import CLEAR_DISPERSION, chance_of_so_few_of

Seconds = npt.NDArray[np.int64]  # since 1970
Numbers = npt.NDArray[np.float64]

HOUR, DAY = 3600, 86_400
# Longer windows say nothing about the hours of a day.
MAX_SHORT_WINDOW = 3 * HOUR
# As if so many hours, or articles, of the portal's mean had been seen beside: rare hours are no zero.
PRIOR_HOURS, PRIOR_ARTICLES = 2.0, 20.0
MIN_DAYS = 7.0  # of windows: the weekend is in it
# Batches have a long tail: their dispersion is more often under- than overestimated.
CAUTION = 1.2
OUTAGE = 1e-6  # a day so improbable was no day of this rhythm and is left out of it


@dataclass(frozen=True)
class Windows:
    """Windows of one portal in order, without overlaps, each with the articles it reached."""

    start: Seconds
    end: Seconds
    count: Numbers

    def __len__(self) -> int:
        return len(self.start)

    def between(self, since: float, before: float) -> Windows:
        """Those that begin in [since, before)."""
        chosen = (self.start >= since) & (self.start < before)
        return Windows(self.start[chosen], self.end[chosen], self.count[chosen])

    @property
    def hours(self) -> Numbers:
        """Length of each."""
        return np.asarray((self.end - self.start) / HOUR, np.float64)


@dataclass(frozen=True)
class Rhythm:
    """A fitted portal: articles an hour, factors of the weekday (Monday first) and of the hour, and the dispersion."""

    per_hour: float
    weekdays: Numbers
    hours: Numbers
    dispersion: float
    zone: ZoneInfo

    def expected(self, windows: Windows) -> Numbers:
        """Articles to be expected in each window."""
        return self.per_hour * _factors(windows, self.weekdays, self.hours, self.zone)


def without_overlaps(start: Seconds, end: Seconds, count: Numbers) -> Windows:
    """Windows in order; of two that share time the one that begins earlier stays (of equal starts the longer)."""
    order = np.lexsort((-end, start))
    start, end, count = start[order], end[order], count[order]
    if len(start) and (start[1:] < end[:-1]).any():
        kept, last = [], -1
        for place, (begin, finish) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
            if begin >= last:
                kept.append(place)
                last = finish
        start, end, count = start[kept], end[kept], count[kept]
    return Windows(start, end, count)


def fit(windows: Windows, zone: ZoneInfo) -> Rhythm | None:
    """The portal's rhythm, without the days of an outage; None while less than a week is known or nothing came."""
    first = _fit(windows, zone)
    if first is None:
        return None
    days, place = np.unique(_local(windows, zone) // DAY, return_inverse=True)
    found = np.bincount(place, windows.count, len(days))
    usual = np.bincount(place, first.expected(windows), len(days))
    sound = np.array(
        [
            chance_of_so_few_of(each, expected=mean, dispersion=first.dispersion) >= OUTAGE
            for each, mean in zip(found.tolist(), usual.tolist(), strict=True)
        ],
        bool,
    )[place]
    if sound.all():
        return first
    return _fit(Windows(windows.start[sound], windows.end[sound], windows.count[sound]), zone) or first


def _fit(windows: Windows, zone: ZoneInfo) -> Rhythm | None:
    length = windows.hours
    total = float(windows.count.sum())
    if not len(windows) or length.sum() < MIN_DAYS * 24 or total <= 0:
        return None
    mean = total / float(length.sum())
    local = _local(windows, zone)
    hours = np.ones(24)
    short = (windows.end - windows.start) <= MAX_SHORT_WINDOW
    if short.any():
        place = (local[short] // HOUR) % 24
        rate = (np.bincount(place, windows.count[short], 24) + PRIOR_HOURS * mean) / (
            np.bincount(place, length[short], 24) + PRIOR_HOURS
        )
        hours = rate / rate.mean()
    weekday = (local // DAY + 3) % 7
    usual = mean * _factors(windows, np.ones(7), hours, zone)
    weekdays = (np.bincount(weekday, windows.count, 7) + PRIOR_ARTICLES) / (
        np.bincount(weekday, usual, 7) + PRIOR_ARTICLES
    )
    shape = _factors(windows, weekdays, hours, zone)
    per_hour = total / float(shape.sum())
    return Rhythm(per_hour, weekdays, hours, _dispersion(windows, per_hour * shape, local), zone)


def _dispersion(windows: Windows, usual: Numbers, local: Seconds) -> float:
    """Variance over mean of days and of quarters of days, whichever is larger; 1 where it is not clearly more."""
    worst = 1.0
    for span in (DAY, DAY // 4):
        _, place = np.unique(local // span, return_inverse=True)
        found, mean = np.bincount(place, windows.count), np.bincount(place, usual)
        some = mean > 0.5  # an almost empty mean makes one article a thousandfold surprise
        if some.sum() >= MIN_DAYS:
            squares = (found[some] - mean[some]) ** 2 / mean[some]
            worst = max(worst, float(squares.sum() / (some.sum() - 1)))
    return CAUTION * worst if worst > CLEAR_DISPERSION else 1.0


def _factors(windows: Windows, weekdays: Numbers, hours: Numbers, zone: ZoneInfo) -> Numbers:
    """Hours of each window, weighed: short ones by the hour they begin in, long ones by the days they touch."""
    local = _local(windows, zone)
    length = windows.hours
    short = (windows.end - windows.start) <= MAX_SHORT_WINDOW
    middle = local + (windows.end - windows.start) // 2
    day = weekdays[(np.where(short, local, middle) // DAY + 3) % 7]
    return np.asarray(length * day * np.where(short, hours[(local // HOUR) % 24], _mean_hours(local, length, hours)))


def _mean_hours(local: Seconds, length: Numbers, hours: Numbers) -> Numbers:
    """The mean factor of the hours that a window covers, exact for whole hours."""
    sums = np.concatenate([[0.0], np.cumsum(np.tile(hours, 2))])
    begin = (local // HOUR) % 24
    whole, rest = np.divmod(np.round(length).astype(np.int64), 24)
    covered = whole * hours.sum() + sums[begin + rest] - sums[begin]
    return np.asarray(covered / np.maximum(np.round(length), 1))


def _local(windows: Windows, zone: ZoneInfo) -> Seconds:
    """Starts as seconds of the portal's wall clock; the offset is that of the start's UTC day."""
    days, place = np.unique(windows.start // DAY, return_inverse=True)
    return np.asarray(windows.start + np.array(list(_offsets(days.tolist(), zone)), np.int64)[place])


def _offsets(days: Iterable[int], zone: ZoneInfo) -> Iterable[int]:
    for day in days:
        offset = datetime.fromtimestamp(day * DAY + DAY // 2, UTC).astimezone(zone).utcoffset()
        yield int(offset.total_seconds()) if offset else 0
