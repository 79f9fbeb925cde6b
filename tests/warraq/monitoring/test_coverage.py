"""The coverage calendar: arithmetic over runs."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from rich.console import Console

from storage.model.records import Run
from storage.model.window import parse_time
from tests.fixtures.run_rows import NOW, run, window
from warraq.cli.coverage_calendar import print_calendar
from warraq.monitoring.coverage import DayStatus, day_coverage, published_windows, uncovered
from warraq.monitoring.run_columns import EMPTY, columns_of


def status(*runs: Run, day: str = "2025-01-02") -> DayStatus:
    return day_coverage("demo", columns_of(list(runs)), [date.fromisoformat(day)], now=NOW)[0].status


def test_gaps_are_what_no_window_touches() -> None:
    covered = [window("2025-01-02T06:00", "2025-01-02T12:00"), window("2025-01-02T10:00", "2025-01-03")]
    assert uncovered(window("2025-01-02", "2025-01-04"), covered) == [
        window("2025-01-02", "2025-01-02T06:00"),
        window("2025-01-03", "2025-01-04"),
    ]


def test_nothing_covered_is_one_gap_and_everything_covered_is_none() -> None:
    whole = window("2025-01-02", "2025-01-03")
    assert uncovered(whole, []) == [whole]
    assert uncovered(whole, [window("2025-01-01", "2025-01-04")]) == []


def test_a_refused_run_covers_nothing() -> None:
    assert published_windows([run("2025-01-02", "2025-01-03", verdict="failed")]) == []


def test_imported_pages_cover_nothing() -> None:
    imported = replace(run("2025-01-02", "2025-01-03"), requests=0)
    assert published_windows([imported]) == []
    (day,) = day_coverage("demo", columns_of([imported]), [date(2025, 1, 2)], now=NOW)
    assert (day.status, day.covered_hours, day.articles) == (DayStatus.PARTIAL, 0.0, imported.articles_new)
    assert status(imported, run("2025-01-02T00:00", "2025-01-03T00:00")) is DayStatus.ARCHIVED


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], DayStatus.MISSING),
        ([run("2025-01-02", "2025-01-03")], DayStatus.ARCHIVED),
        ([run("2025-01-02", "2025-01-03", verdict="failed")], DayStatus.MISSING),
        ([run("2025-01-02", "2025-01-03", verdict="degraded")], DayStatus.DEGRADED),
        ([run("2025-01-02", "2025-01-03", articles=4)], DayStatus.ARCHIVED),
        ([run("2025-01-02T06:00", "2025-01-02T12:00")], DayStatus.PARTIAL),
        (
            [run("2025-01-01T22:00", "2025-01-02T22:00"), run("2025-01-02T22:00", "2025-01-03T22:00")],
            DayStatus.ARCHIVED,
        ),
    ],
)
def test_a_day_has_the_worst_of_what_is_true_of_it(runs: list[Run], expected: DayStatus) -> None:
    assert status(*runs) is expected


def test_of_today_only_what_is_over_can_be_missing() -> None:
    assert status(run("2025-01-10", "2025-01-10T11:30"), day="2025-01-10") is DayStatus.ARCHIVED


def test_days_of_the_future_are_not_listed() -> None:
    assert day_coverage("demo", EMPTY, [date(2025, 1, 11)], now=NOW) == []


def test_hourly_windows_are_added_up_and_none_is_counted_twice() -> None:
    hours = [parse_time("2025-01-01T22:17") + timedelta(hours=n) for n in range(48)]
    runs = [run(f"{hour:%Y-%m-%dT%H:%M}", f"{hour + timedelta(hours=1):%Y-%m-%dT%H:%M}", articles=1) for hour in hours]
    days = day_coverage("demo", columns_of(runs), [date(2025, 1, day) for day in (1, 2, 3)], now=NOW)
    assert sum(day.articles for day in days) == 48
    assert days[1].covered_hours == 24


def test_a_run_of_many_days_brought_something_on_each_of_them() -> None:
    long = run("2024-12-01", "2024-12-31", articles=200)
    days = [date(2024, 12, day) for day in range(1, 31)]
    found = day_coverage("demo", columns_of([long]), days, now=NOW)
    assert sum(day.articles for day in found) == 200
    assert {day.articles for day in found} <= {6, 7}
    assert {day.status for day in found} == {DayStatus.ARCHIVED}


def test_editions_are_counted_apart_from_articles() -> None:
    runs = [run("2025-01-01", "2025-01-02"), replace(run("2025-01-02", "2025-01-03", articles=16), editions=11)]
    days = day_coverage("demo", columns_of(runs), [date(2025, 1, day) for day in (1, 2)], now=NOW)
    assert [(day.articles, day.editions) for day in days] == [(10, 0), (16, 11)]
    assert {name: days[1].as_json()[name] for name in ("articles", "editions")} == {"articles": 16, "editions": 11}
    out = io.StringIO()
    print_calendar(Console(file=out, no_color=True, width=100), days)
    assert out.getvalue().splitlines()[1].endswith("26 articles, 11 editions")


def days_of_a_month(*counts: int) -> list[Run]:
    """A run a day, the last of them the second of January."""
    first = date(2025, 1, 2) - timedelta(days=len(counts) - 1)
    return [
        run(str(first + timedelta(days=n)), str(first + timedelta(days=n + 1)), articles=count)
        for n, count in enumerate(counts)
    ]


def test_a_day_is_thin_where_chance_would_not_leave_it_so_empty() -> None:
    assert status(*days_of_a_month(*[24] * 30, 15)) is DayStatus.ARCHIVED, "a slow day"
    assert status(*days_of_a_month(*[24] * 30, 5)) is DayStatus.THIN
    assert status(*days_of_a_month(*[10] * 30, 4)) is DayStatus.ARCHIVED, "four of ten: once a month by chance"
    restless = [10, 45, 3, 30, 60, 8, 20] * 5
    assert status(*days_of_a_month(*restless, 5)) is DayStatus.ARCHIVED, "its days are like that"


def test_a_whole_day_over_live_hours_is_not_thin() -> None:
    again = replace(run("2025-01-02", "2025-01-03", articles=2), articles_known=22)
    assert status(*days_of_a_month(*[24] * 30), again) is DayStatus.ARCHIVED


def test_days_before_the_first_run_are_empty_and_today_is_not_missing_before_it_is_due() -> None:
    runs = columns_of([run("2025-01-05", "2025-01-06"), run("2025-01-06", "2025-01-07")])
    days = [date(2025, 1, day) for day in (3, 5, 7, 8, 9, 10)]
    found = day_coverage("demo", runs, days, now=NOW, since=parse_time("2025-01-05"))
    assert [day.status for day in found] == ["before", "archived", "missing", "missing", "due", "due"]


def test_a_day_that_the_audit_refused_is_no_mere_gap() -> None:
    shut = [window("2025-01-03", "2025-01-04")]
    days = [date(2025, 1, 2), date(2025, 1, 3)]
    found = day_coverage("demo", columns_of([run("2025-01-01", "2025-01-03")]), days, now=NOW, refused=shut)
    assert [day.status for day in found] == ["archived", "refused"]


def test_the_calendar_is_legible_without_colours() -> None:
    runs = [run("2025-01-01", "2025-01-02"), run("2025-01-02", "2025-01-03", articles=1, verdict="degraded")]
    out = io.StringIO()
    days = day_coverage("demo", columns_of(runs), [date(2025, 1, day) for day in (1, 2, 3)], now=NOW)
    print_calendar(Console(file=out, no_color=True, width=100), days)
    lines = out.getvalue().splitlines()
    assert lines[1].startswith("  2025-01 █▒·")
    assert lines[1].endswith("11 articles")
    assert "degraded 1" in lines[2]
