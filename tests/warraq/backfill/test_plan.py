"""The plan of a backfill, how its failures are told, and its journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from spiders.portal.definition import Feed, Politeness, Portal
from storage.errors import ExitCode, UsageError
from storage.model.window import RunId
from tests.fixtures.run_rows import NOW, run, window
from warraq.backfill.cost import OVERHEAD_SECONDS
from warraq.backfill.journal import Journal
from warraq.backfill.outcomes import WindowOutcome, exit_code, failure_message, same_cause
from warraq.backfill.plan import asked_range, local_days, plan_portal
from warraq.backfill.terminal import plan_lines
from warraq.backfill.via_airflow import contiguous

PORTAL = Portal(
    name="demo",
    title_ar="بوابة",
    title_en="Demo",
    country="EG",
    timezone="Africa/Cairo",
    start_url="http://127.0.0.1/",
    politeness=Politeness(delay_seconds=2.0),
)
DAYS = [window(f"2025-01-0{day}", f"2025-01-0{day + 1}") for day in range(1, 5)]


def outcome(code: int, cause: str = "", day: int = 1) -> WindowOutcome:
    return WindowOutcome(RunId("demo", DAYS[day - 1]), code, cause)


def test_a_bare_day_is_a_day_of_the_portal() -> None:
    asked = asked_range("2025-01-01", "2025-01-02T00:00Z", zone="Africa/Cairo", now=NOW)
    assert str(asked) == "2024-12-31T22Z--2025-01-02T00Z"


def test_the_future_cannot_be_filled_back() -> None:
    with pytest.raises(UsageError, match="ends in the future"):
        asked_range("2025-01-01", "2025-02-01", zone="Africa/Cairo", now=NOW)


def test_days_follow_the_portals_clock_through_a_change() -> None:
    # Egypt put its clocks forward at midnight of 26 April 2024.
    asked = asked_range("2024-04-25", "2024-04-28", zone="Africa/Cairo", now=NOW)
    hours = [(day.end - day.start) / timedelta(hours=1) for day in local_days(asked, zone="Africa/Cairo")]
    assert hours == [24, 23, 24]


def test_a_range_inside_a_day_is_one_window() -> None:
    asked = window("2025-01-01T03:00", "2025-01-01T04:00")
    assert local_days(asked, zone="Africa/Cairo") == [asked]


def test_only_missing_leaves_out_what_is_archived_and_newest_first_turns_the_rest() -> None:
    runs = [run("2025-01-02", "2025-01-03")]
    plan = plan_portal(PORTAL, DAYS, runs, only_missing=True, newest_first=True)
    assert [planned.run.window for planned in plan.windows] == [DAYS[3], DAYS[2], DAYS[0]]
    assert plan.already_archived == 1


def test_the_cost_is_that_of_such_windows_before() -> None:
    runs = [run(f"2024-12-{day}", f"2024-12-{day + 1}", articles=100) for day in range(26, 30)]
    cost = plan_portal(PORTAL, DAYS, runs, only_missing=False, newest_first=False).cost
    assert cost is not None
    assert cost.requests == 400
    assert cost.low < 400 < cost.high
    assert "4 windows of about this length" in cost.basis
    assert cost.seconds == pytest.approx(400 * 2.0 + 4 * OVERHEAD_SECONDS)


def test_days_are_not_planned_as_if_each_hour_asked_all_sources_again() -> None:
    hours = [f"2025-01-0{day}T{hour:02d}" for day in (5, 6) for hour in range(23)]
    runs = [
        replace(run(f"{hour}:00Z", f"{hour[:-2]}{int(hour[-2:]) + 1:02d}:00Z", articles=1), requests=13)
        for hour in hours
    ]
    cost = plan_portal(PORTAL, DAYS, runs, only_missing=False, newest_first=False).cost
    assert cost is not None
    # Twelve requests for sources a run and a page an hour: 4 × 12 + 96, and not 4 × 24 × 13.
    assert cost.requests == 4 * 12 + 96
    assert "other windows" in cost.basis


def test_without_a_run_the_cost_is_unknown_and_the_bound_is_told() -> None:
    plan = plan_portal(PORTAL, DAYS, [], only_missing=False, newest_first=False)
    assert plan.cost is None
    assert any("cost unknown" in line and "80,000 requests" in line for line in plan_lines(plan))


def test_runs_of_other_windows_are_named_as_overlaps() -> None:
    plan = plan_portal(
        PORTAL, DAYS[:1], [run("2025-01-01T06:00", "2025-01-01T12:00")], only_missing=False, newest_first=False
    )
    assert plan.windows[0].overlaps == ("demo/2025-01-01T06Z--2025-01-01T12Z",)
    assert not plan.windows[0].is_archived


def test_a_portal_whose_sources_know_no_past_is_told_so() -> None:
    recent = Portal(**{**vars(PORTAL), "sources": (Feed("/rss"),)})
    plan = plan_portal(recent, DAYS, [], only_missing=False, newest_first=False)
    assert any("none, old windows will be empty" in line for line in plan_lines(plan))


def test_failures_with_one_cause_are_one_message() -> None:
    message = failure_message(
        [
            outcome(5, "crawl: 503 from http://a/1 after 12 s", 1),
            outcome(5, "crawl: 503 from http://a/2 after 9 s", 2),
            outcome(0, day=3),
        ]
    )
    assert "2 of 3 windows failed, all for the same cause" in message
    assert message.count("\n") == 1


def test_failures_with_several_causes_are_grouped_commonest_first() -> None:
    message = failure_message([outcome(5, "no robots.txt"), outcome(4, "timeout"), outcome(4, "timeout")])
    assert "for 2 causes" in message
    assert message.index("2 × timeout") < message.index("1 × no robots.txt")


def test_causes_differ_by_words_not_by_numbers() -> None:
    assert same_cause("timeout after 12 s at 2024-12-25T00Z") == same_cause("timeout after 9 s at 2023-01-01T00Z")
    assert same_cause("timeout") != same_cause("refused")


@pytest.mark.parametrize(
    ("codes", "whole"),
    [((0, 0), ExitCode.DONE), ((0, 3), ExitCode.DEGRADED), ((3, 4), ExitCode.RETRY_LATER), ((4, 5), ExitCode.FAILED)],
)
def test_the_exit_code_is_the_worst(codes: tuple[int, ...], whole: ExitCode) -> None:
    assert exit_code([outcome(code) for code in codes]) is whole


def test_the_journal_keeps_whole_lines_only(tmp_path: Path) -> None:
    journal = Journal.of(tmp_path, ["archive", "demo", "2025-01-01", "2025-01-05"])
    journal.add(RunId("demo", DAYS[0]))
    with journal.path.open("a", encoding="utf-8") as file:
        file.write("demo/2025-01-02T00Z--20")
    assert journal.done() == {str(RunId("demo", DAYS[0]))}
    journal.close()
    assert journal.done() == set()


def test_airflow_gets_one_backfill_for_windows_without_a_gap() -> None:
    runs = [RunId("demo", DAYS[index]) for index in (3, 0, 1)]
    assert [len(group) for group in contiguous(runs)] == [2, 1]
