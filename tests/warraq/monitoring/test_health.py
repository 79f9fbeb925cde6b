"""Portal health: arithmetic over the latest runs."""

from __future__ import annotations

import pytest

from storage.model.records import Run
from tests.fixtures.run_rows import NOW, run
from warraq.monitoring.health import Health, portal_health, usual_silence

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


def hourly(*, days: int, articles_a_day: int, quiet_days: int = 0) -> list[Run]:
    """Runs of hourly windows, the articles in the last hours of each day; then days without any."""
    runs = []
    for day in range(1, days + quiet_days + 1):
        for hour in range(24):
            count = articles_a_day // 8 + (hour - 16 < articles_a_day % 8) if hour >= 16 and day <= days else 0
            end = f"2025-01-{day:02d}T{hour + 1:02d}Z" if hour < 23 else f"2025-01-{day + 1:02d}"
            runs.append(run(f"2025-01-{day:02d}T{hour:02d}Z", end, articles=count))
    return runs


@pytest.mark.parametrize(
    ("runs", "hours"),
    [
        (hourly(days=10, articles_a_day=100), 13),
        (hourly(days=10, articles_a_day=10), 24),
        (hourly(days=10, articles_a_day=2), 120),
        (hourly(days=10, articles_a_day=1), 168),
        ([run(f"2025-01-{day:02d}", f"2025-01-{day + 1:02d}") for day in range(1, 10)], 36),
        (hourly(days=6, articles_a_day=100), 36),
        (hourly(days=8, articles_a_day=0), 36),
        ([], 36),
    ],
    ids=["busy", "small", "two a day", "rare", "daily windows", "not known for a week", "never an article", "no run"],
)
def test_a_portal_is_silent_by_its_own_rhythm(runs: list[Run], hours: float) -> None:
    assert usual_silence(runs) == pytest.approx(hours, rel=0.05)


def test_silence_does_not_become_the_usual() -> None:
    assert usual_silence(hourly(days=10, articles_a_day=10, quiet_days=10)) == pytest.approx(24, rel=0.05)


def test_one_number_for_all_portals_takes_the_place_of_each_ones_own() -> None:
    runs = hourly(days=9, articles_a_day=100)
    assert portal_health("demo", runs, now=NOW).health is Health.WELL
    told = portal_health("demo", runs, now=NOW, silent_hours=6)
    assert (told.health, told.silent_after_hours) == (Health.SILENT, 6)
