"""Has a portal lost half of its articles? A running sum of evidence, and the dated level shifts behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from warraq.findings.rhythm import DAY, Rhythm, Windows

# What is looked for: half of the usual, or less.
LOST_SHARE = 0.5
# Evidence is the natural logarithm of the odds of "halved" against "as usual". So much of it says drift at AT_RATE
# articles a day; more articles are more occasions for chance, so each doubling asks for a little more.
# By `make simulate-drift` (docs/explain/drift.md): at most one false alarm a portal and year.
ENOUGH, AT_RATE, MORE_EACH, LEAST = 7.6, 24.0, 0.9, 6.6
# Evidence is not piled up without end, so that a portal that came back is well within days.
MOST_SHARE = 1.4
# The rhythm is that of the eight weeks before the last two, which are what is judged.
JUDGED = 14 * DAY
REMEMBERED = 56 * DAY


@dataclass(frozen=True)
class Drift:
    """The state at the end of the windows. `since` is when the loss began, where there is one."""

    evidence: float
    enough: float
    since: float | None
    found: float  # articles since then, or in the judged time
    expected: float

    @property
    def is_certain(self) -> bool:
        """Whether chance would not do this: the portal drifts."""
        return self.evidence >= self.enough


def enough(rhythm: Rhythm) -> float:
    """The evidence at which a portal of this rhythm is called drifting."""
    rate = rhythm.per_hour * 24 / rhythm.dispersion
    return max(LEAST, ENOUGH + MORE_EACH * math.log(rate / AT_RATE))


def drift(windows: Windows, rhythm: Rhythm) -> Drift:
    """Judge windows by a rhythm that was fitted to earlier ones."""
    expected, certain = rhythm.expected(windows), enough(rhythm)
    gains = ((1 - LOST_SHARE) * expected + math.log(LOST_SHARE) * windows.count) / rhythm.dispersion
    evidence, since = 0.0, None
    for start, gain in zip(windows.start.tolist(), gains.tolist(), strict=True):
        evidence = min(MOST_SHARE * certain, evidence + gain)
        if evidence <= 0:
            evidence, since = 0.0, None
        elif since is None:
            since = start
    chosen = windows.start >= since if since is not None else windows.start >= 0
    return Drift(evidence, certain, since, float(windows.count[chosen].sum()), float(expected[chosen].sum()))


def split(windows: Windows, *, now: float) -> tuple[Windows, Windows]:
    """What the rhythm is fitted to, and what is judged."""
    return windows.between(now - JUDGED - REMEMBERED, now - JUDGED), windows.between(now - JUDGED, now)
