"""False and missed alarms of `warraq health` on simulated portals, as the table of docs/explain/drift.md.

A simulated portal has a rhythm of weekdays and hours, and Poisson counts in hourly windows; bursty ones publish in
batches, restless ones have days of another level. Looks are hourly, the rhythm is fitted again each day, as in life.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import click
import numpy as np

from warraq.findings.drift import JUDGED, drift, split
from warraq.findings.rhythm import DAY, HOUR, Numbers, Windows, fit

ZONE = ZoneInfo("Asia/Riyadh")
_HOURS = np.array([2, 1.5, 1, 1, 1, 2, 4, 8, 12, 16, 18, 19, 18, 17, 16, 15, 15, 14, 13, 13, 12, 10, 8, 5]) / 10.479
_WEEKDAYS = np.array([1.05, 1.1, 1.1, 1.05, 0.6, 0.9, 1.2])
_START = 1_699_920_000  # a midnight in UTC
LEARNING_DAYS = 70


@dataclass(frozen=True)
class Kind:
    """A kind of portal: articles a day, mean size of a batch, spread of its days' levels (log)."""

    name: str
    per_day: float
    batch: float = 1.0
    restless: float = 0.0


KINDS = (
    Kind("5 a day", 5),
    Kind("24 a day", 24),
    Kind("100 a day", 100),
    Kind("1,000 a day", 1000),
    Kind("24 a day in batches of 5", 24, batch=5),
    Kind("100 a day in batches of 8", 100, batch=8),
    Kind("100 a day, restless days", 100, restless=0.3),
    Kind("1,000 a day, restless days", 1000, restless=0.3),
)


def simulated(kind: Kind, days: int, rng: np.random.Generator, *, lost_from: int | None = None) -> Windows:
    """A portal's hourly windows; from the hour `lost_from` it brings half."""
    start = _START + np.arange(days * 24, dtype=np.int64) * HOUR
    local = start + 3 * HOUR
    mean = kind.per_day / 24 * _HOURS[(local // HOUR) % 24] * _WEEKDAYS[(local // DAY + 3) % 7]
    if kind.restless:
        levels = np.exp(rng.normal(0, kind.restless, days) - kind.restless**2 / 2)
        mean = mean * np.repeat(levels, 24)
    if lost_from is not None:
        mean = mean * np.where(np.arange(len(mean)) >= lost_from, 0.5, 1.0)
    return Windows(start, start + HOUR, _counts(mean, kind.batch, rng))


def _counts(mean: Numbers, batch: float, rng: np.random.Generator) -> Numbers:
    batches = rng.poisson(mean / batch)
    if batch == 1:
        return batches.astype(float)
    extra = rng.negative_binomial(np.maximum(batches, 1), 1 / batch)
    return np.where(batches > 0, batches + extra, 0).astype(float)


def _alarm_hours(windows: Windows) -> Iterator[int]:
    """The hours, from the end of the learning on, whose look says drift."""
    for day in range(LEARNING_DAYS, len(windows) // 24):
        now = float(_START + day * DAY)
        rhythm = fit(split(windows, now=now)[0], ZONE)
        if rhythm is None:
            continue
        for hour in range(24):
            judged = windows.between(now - JUDGED, now + (hour + 1) * HOUR)
            if drift(judged, rhythm).is_certain:
                yield day * 24 + hour


def false_alarms(kind: Kind, *, years: int, rng: np.random.Generator) -> float:
    """Spells of drift a year on a portal that is well."""
    spells = 0
    for _ in range(years):
        last = -100
        for hour in _alarm_hours(simulated(kind, LEARNING_DAYS + 365, rng)):
            spells += hour - last > 24
            last = hour
    return spells / years


def hours_until_found(kind: Kind, *, trials: int, rng: np.random.Generator) -> list[float]:
    """Hours from a halving, at any hour of a week, to the look that says so; 24 times 28 where none does."""
    found = []
    for _ in range(trials):
        began = (LEARNING_DAYS + 2) * 24 + int(rng.integers(0, 168))
        windows = simulated(kind, LEARNING_DAYS + 38, rng, lost_from=began)
        first = next((hour for hour in _alarm_hours(windows) if hour >= began), began + 28 * 24 - 1)
        found.append(first + 1.0 - began)
    return sorted(found)


@click.command()
@click.option("--years", default=20, show_default=True, help="Simulated years of each kind.")
@click.option("--trials", default=40, show_default=True, help="Simulated halvings of each kind.")
@click.option("--seed", default=12, show_default=True)
def main(years: int, trials: int, seed: int) -> None:
    """Print the table."""
    rows = ["| portal | false alarms a year | a halving is found after (median, 9 of 10) |", "| --- | ---: | ---: |"]
    for kind in KINDS:
        rng = np.random.default_rng(seed)
        alarms = false_alarms(kind, years=years, rng=rng)
        hours = hours_until_found(kind, trials=trials, rng=rng)
        median, most = hours[len(hours) // 2], hours[int(len(hours) * 0.9)]
        rows.append(f"| {kind.name} | {alarms:.2f} | {_told(median)}, {_told(most)} |")
        sys.stdout.write(rows[-1] + "\n")
        sys.stdout.flush()
    sys.stdout.write("\n" + "\n".join(rows) + "\n")


def _told(hours: float) -> str:
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.1f} days"


if __name__ == "__main__":
    main()
