"""What a day of a portal usually brings, going by the days around it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from warraq.findings.chance import CLEAR_DISPERSION, chance_of_so_few_of
from warraq.findings.rhythm import Numbers

BEFORE, AFTER = 56, 28  # days looked at; those that follow only where too few come before
MIN_DAYS = 7
TRIMMED = 0.15  # of the days at either end: outages and great news days
# A day is thin where chance would leave it so empty once in three years, and it has under two thirds of the usual.
THIN_CHANCE, THIN_SHARE = 1e-3, 0.67
_PRIOR_WEEKS = 2.0


def usual_days(found: Numbers, whole: npt.NDArray[np.bool_], *, first_weekday: int) -> tuple[Numbers, float]:
    """The usual of each day (NaN where too little is known) and the dispersion. `whole` days are the ones to go by."""
    count = len(found)
    nothing = np.full(count, np.nan)
    if whole.sum() < MIN_DAYS or found[whole].sum() <= 0:
        return nothing, 1.0
    weekday = (np.arange(count) + first_weekday) % 7
    factors = _weekdays(found, whole, weekday)[weekday]
    level = np.where(whole, found / factors, np.nan)
    before = _trimmed(np.concatenate([np.full(BEFORE, np.nan), level[:-1]]), BEFORE, count)
    after = _trimmed(np.concatenate([level[1:], np.full(AFTER, np.nan)]), AFTER, count)
    usual = np.where(np.isnan(before), after, before) * factors
    fair = whole & (usual > 0)
    squares = (found[fair] - usual[fair]) ** 2 / usual[fair]
    # Of the best nine tenths, with what normal scatter loses by that: a week of silence is no dispersion.
    kept = np.sort(squares)[: max(1, int(len(squares) * 0.9))]
    dispersion = float(kept.mean() / 0.64) if len(kept) >= MIN_DAYS else 1.0
    return usual, dispersion if dispersion > CLEAR_DISPERSION else 1.0


def is_thin(found: float, usual: float, dispersion: float) -> bool:
    """Whether so few articles are no chance."""
    if not usual > 0 or found >= THIN_SHARE * usual:
        return False
    return chance_of_so_few_of(found, expected=usual, dispersion=dispersion) < THIN_CHANCE


def _weekdays(found: Numbers, whole: npt.NDArray[np.bool_], weekday: npt.NDArray[np.int_]) -> Numbers:
    mean = float(found[whole].mean())
    sums = np.bincount(weekday[whole], found[whole], 7) + _PRIOR_WEEKS * mean
    days = np.bincount(weekday[whole], minlength=7) + _PRIOR_WEEKS
    return np.asarray(sums / days / mean)


def _trimmed(values: Numbers, width: int, count: int) -> Numbers:
    """The trimmed mean of each run of `width` values that begins at 0 … count - 1, where it has enough."""
    rows = np.sort(np.lib.stride_tricks.sliding_window_view(values, width)[:count], axis=1)
    known = (~np.isnan(rows)).sum(axis=1)
    cut = (known * TRIMMED).astype(np.int64)
    place = np.arange(width)
    kept = (place >= cut[:, None]) & (place < (known - cut)[:, None])
    sums = np.where(kept, np.nan_to_num(rows), 0).sum(axis=1)
    enough = known >= MIN_DAYS
    return np.where(enough, sums / np.maximum(kept.sum(axis=1), 1), np.nan)
