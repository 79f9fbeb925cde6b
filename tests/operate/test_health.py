"""Portal health: arithmetic over the latest runs."""

from __future__ import annotations

import pytest
from run_rows import NOW, run

from storage.records import Run
from warraq.health import Health, portal_health

GOOD = [run("2025-01-07", "2025-01-08"), run("2025-01-08", "2025-01-09"), run("2025-01-09", "2025-01-10")]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (GOOD, Health.WELL),
        ([], Health.NEVER),
        ([run("2025-01-09", "2025-01-10", verdict="failed")], Health.NEVER),
        (GOOD[:1], Health.STOPPED),
        (
            [GOOD[0], run("2025-01-08", "2025-01-09", articles=0), run("2025-01-09", "2025-01-10", articles=0)],
            Health.SILENT,
        ),
        ([*GOOD[:2], run("2025-01-09", "2025-01-10", verdict="degraded")], Health.DEGRADED),
        ([run(f"2025-01-0{day}", f"2025-01-{day + 1:02d}", articles=4) for day in (7, 8, 9)], Health.DRIFTING),
        (
            [run(f"2025-01-0{day}", f"2025-01-{day + 1:02d}", articles=4, baseline=None) for day in (7, 8, 9)],
            Health.WELL,
        ),
    ],
)
def test_a_portal_has_the_worst_that_is_true_of_its_runs(runs: list[Run], expected: Health) -> None:
    assert portal_health("demo", runs, now=NOW, silent_hours=24).health is expected


def test_quiet_hours_count_from_the_last_window_that_brought_something() -> None:
    runs = [*GOOD[:2], run("2025-01-09", "2025-01-10", articles=0)]
    assert portal_health("demo", runs, now=NOW, silent_hours=48).quiet_hours == 36
