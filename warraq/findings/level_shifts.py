"""When did a portal's level change for good? Dated shifts of a series of days, by the likelihood of two rates."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from warraq.findings.rhythm import Numbers

MIN_DAYS = 5  # on each side
MIN_RATIO = 1.5  # a smaller change is no news to an operator
MIN_EVIDENCE = 12.0  # natural logarithm of the odds, over the dispersion; of a year's 365 days each may be the one


@dataclass(frozen=True)
class LevelShift:
    """From the day at this place on, so many times what was before."""

    place: int
    before: float
    after: float

    @property
    def ratio(self) -> float:
        """After over before."""
        return self.after / self.before if self.before else float("inf")


def level_shifts(days: Numbers, *, dispersion: float = 1.0) -> list[LevelShift]:
    """The shifts of a series of whole days without their weekdays' rhythm, oldest first."""
    cuts = sorted(_cuts(days, 0, len(days), max(1.0, dispersion)))
    bounds = itertools.pairwise([0, *cuts, len(days)])
    means = [float(days[first:last].mean()) for first, last in bounds] if len(days) else []
    shifts = [LevelShift(cut, means[number], means[number + 1]) for number, cut in enumerate(cuts)]
    return [shift for shift in shifts if not 1 / MIN_RATIO < shift.ratio < MIN_RATIO]


def _cuts(days: Numbers, first: int, last: int, dispersion: float) -> list[int]:
    """The best cut between two places, and the cuts of either side of it."""
    if last - first < 2 * MIN_DAYS:
        return []
    part = days[first:last]
    sums, total = np.cumsum(part), float(part.sum())
    left = np.arange(MIN_DAYS, len(part) - MIN_DAYS + 1)
    early, late = sums[left - 1], total - sums[left - 1]
    whole = _term(np.full(1, total), np.full(1, float(len(part))))
    gain = _term(early, left.astype(np.float64)) + _term(late, (len(part) - left).astype(np.float64)) - whole
    best = int(np.argmax(gain))
    if gain[best] / dispersion < MIN_EVIDENCE:
        return []
    cut = first + int(left[best])
    return [cut, *_cuts(days, first, cut, dispersion), *_cuts(days, cut, last, dispersion)]


def _term(total: Numbers, days: Numbers) -> Numbers:
    """The part of a Poisson likelihood that depends on the mean."""
    return np.asarray(np.where(total > 0, total * np.log(np.maximum(total, 1e-9) / days), 0.0))
