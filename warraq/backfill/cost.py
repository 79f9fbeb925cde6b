"""What windows will cost, going by what such windows cost here before: a range, and on what it rests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles

from storage.model.outcomes import Outcome
from storage.model.records import Run

HISTORY = 60  # the newest runs that are looked at
MIN_ALIKE = 3  # windows of about the same length before they alone are gone by
ALIKE = 1.5  # times as long or as short
# What a stage's processes cost besides the portal's own time: three starts of Python, audit and commit.
OVERHEAD_SECONDS = 8.0


@dataclass(frozen=True)
class Cost:
    """Requests, seconds and bytes; `low` and `high` hold nine of ten such backfills."""

    requests: int
    low: int
    high: int
    seconds: float
    bytes: int
    basis: str


def cost_of(lengths: Sequence[timedelta], runs: Sequence[Run], *, delay_seconds: float) -> Cost | None:
    """The cost of windows of these lengths; None where the portal has no run yet."""
    known = sorted(runs, key=lambda run: run.window_start)[-HISTORY:]
    if not known or not lengths:
        return None
    usual = sorted(lengths)[len(lengths) // 2]
    alike = [run for run in known if _is_alike(run.window_end - run.window_start, usual)]
    if len(alike) >= MIN_ALIKE:
        requests, spread = median(run.requests for run in alike) * len(lengths), _spread(alike)
        basis = f"{len(alike)} windows of about this length"
        share = len(lengths)
        seconds, received = (share * median(values) for values in _costs(alike))
    else:
        # A run asks its sources, however long its window, and then a page for each article of the window.
        hours = sum(lengths, timedelta()) / timedelta(hours=1)
        pages = sum(map(_pages, known)) / sum(_hours(run) for run in known) * hours
        sources = median(max(run.requests - _pages(run), 0) for run in known) * len(lengths)
        requests, spread = sources + pages, 0.5
        basis = f"{len(known)} other windows: their sources a run, their pages an hour"
        asked = max(sum(run.requests for run in known), 1)
        seconds, received = (requests * sum(values) / asked for values in _costs(known))
    # Windows differ each for itself, and all together by how well the guess holds.
    width = requests * spread * (0.3 + 0.7 / math.sqrt(len(lengths)))
    return Cost(
        requests=round(requests),
        low=max(0, round(requests - width)),
        high=round(requests + width),
        seconds=max(requests * delay_seconds, seconds) + len(lengths) * OVERHEAD_SECONDS,
        bytes=round(received),
        basis=basis,
    )


def _costs(runs: Sequence[Run]) -> tuple[list[float], list[float]]:
    return [run.crawl_seconds for run in runs], [float(run.bytes_received) for run in runs]


def _spread(runs: Sequence[Run]) -> float:
    """Half the distance between the first and the last tenth, as a share of the median."""
    values = [float(run.requests) for run in runs]
    tenths = quantiles(values, n=10, method="inclusive")
    return max(0.1, (tenths[-1] - tenths[0]) / 2 / max(median(values), 1.0))


def _pages(run: Run) -> int:
    """Pages that were asked for, one request each."""
    beside = (Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN, Outcome.OFF_DOMAIN, Outcome.BUDGET, Outcome.ROBOTS)
    return min(run.requests, run.links - sum(run.outcomes.get(str(name), 0) for name in beside))


def _hours(run: Run) -> float:
    return (run.window_end - run.window_start) / timedelta(hours=1)


def _is_alike(length: timedelta, wanted: timedelta) -> bool:
    return wanted / ALIKE <= length <= wanted * ALIKE
