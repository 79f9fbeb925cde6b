"""Is this fewer than chance would give? Tests for counts of articles; Poisson, or wider where a portal's counts are."""

from __future__ import annotations

import math

# Below this an estimate of the dispersion says nothing: of 42 days that are Poisson, one in forty has more.
CLEAR_DISPERSION = 1.5
MAX_TERMS = 20_000


def chance_of_so_few(found: float, *, usual: float, windows: float, dispersion: float = 1.0) -> float:
    """How likely a window holds `found` articles or fewer, where `windows` like it had `usual` together.

    Given their sum, the window's count is binomial (exact for Poisson counts of an unknown rate); counts that vary
    more than Poisson's are divided by their dispersion (variance over mean) first.
    """
    if windows <= 0 or usual <= 0:
        return 1.0
    few, total = math.floor(found / dispersion), round(usual / dispersion)
    return _negative_binomial_tail(few, size=total + 0.5, odds=windows)


def chance_of_so_few_of(found: float, *, expected: float, dispersion: float = 1.0) -> float:
    """The same where the rate is known well: Poisson, counts divided by their dispersion."""
    mean = expected / dispersion
    few = math.floor(found / dispersion)
    if few >= mean:
        return 1.0
    # The terms fall quickly below the mean: the largest is the last.
    term = math.exp(-mean + few * math.log(mean) - math.lgamma(few + 1)) if mean > 0 else 1.0
    total, k = 0.0, few
    while k >= 0 and term > total * 1e-12:
        total += term
        term *= k / mean
        k -= 1
    return min(1.0, total)


def _negative_binomial_tail(few: int, *, size: float, odds: float) -> float:
    """P(X <= few) of the predictive distribution: Gamma(size, odds) mixed Poisson."""
    failure, success = math.log(1 / (odds + 1)), math.log(odds / (odds + 1))
    total = 0.0
    for k in range(min(few, MAX_TERMS) + 1):
        total += math.exp(math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) + size * success + k * failure)
        if k > size / odds and total > 1 - 1e-9:
            break
    return min(1.0, total)
