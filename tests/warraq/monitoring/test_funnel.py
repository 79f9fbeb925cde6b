"""Why a day has fewer articles than usual: the largest cause is named, with about what it cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from storage.model.records import Run
from tests.fixtures.run_rows import run
from warraq.findings.dated_links import DatedLinks
from warraq.monitoring.funnel import Funnel, funnel

DAY = date(2025, 1, 8)
USUAL = {"new": 40, "http_4xx": 2, "out_of_window": 8}


def of(day: date, outcomes: dict[str, int], *, hours: int = 24) -> Run:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    row = run(f"{day}", f"{start + timedelta(hours=hours):%Y-%m-%dT%H:%M}Z", articles=outcomes.get("new", 0))
    rejected = sum(count for name, count in outcomes.items() if name.startswith("rejected:"))
    return replace(
        row, outcomes=outcomes, links=sum(outcomes.values()), rejected=rejected, articles_known=0, findings=("x",)
    )


def told(*today: Run) -> Funnel:
    before = [of(DAY - timedelta(days=n), USUAL) for n in range(1, 22)]
    return funnel("demo", DAY, [*before, *today])


def test_a_usual_day_has_no_causes() -> None:
    found = told(of(DAY, USUAL))
    assert found.losses == ()
    assert [(step.name, step.count, step.usual) for step in found.steps] == [
        ("hours covered", 24, 24),
        ("links listed", 50, 50),
        ("links of the day, asked for", 42, 42),
        ("pages received", 40, 40),
        ("pages that are articles", 40, 40),
        ("articles", 40, 40),
    ]


def test_fewer_listed_links_are_the_cause_where_the_source_is_short() -> None:
    found = told(of(DAY, {"new": 20, "http_4xx": 1, "out_of_window": 4}))
    assert [(loss.name, loss.articles) for loss in found.losses] == [("fewer links listed", 20)]


def test_failed_links_and_rejected_pages_are_causes_the_largest_first() -> None:
    found = told(of(DAY, {"new": 10, "timeout": 20, "rejected:block_page": 10, "http_4xx": 2, "out_of_window": 8}))
    assert [loss.name for loss in found.losses] == ["timeout", "rejected:block_page"]
    assert found.losses[0].articles == 20
    assert found.losses[0].told == "20 links ended so where 0.0 are usual"
    assert found.losses[0].next_step.endswith("warraq check demo")


def test_links_of_other_days_cost_nothing() -> None:
    assert told(of(DAY, {**USUAL, "out_of_window": 80})).losses == ()


def test_hours_that_no_run_covers_are_a_cause() -> None:
    found = told(of(DAY, {"new": 20, "http_4xx": 1, "out_of_window": 4}, hours=12))
    assert [(loss.name, loss.articles) for loss in found.losses] == [("not archived", 20)]
    nothing = told()
    assert (nothing.runs, nothing.losses[0].name, nothing.losses[0].articles) == ((), "not archived", 40)


def test_without_enough_days_before_nothing_is_called_usual() -> None:
    found = funnel("demo", DAY, [of(DAY, USUAL), of(DAY - timedelta(days=1), USUAL)])
    assert (found.usual_days, found.losses) == (0, ())
    assert all(step.usual is None for step in found.steps)


WEEK = replace(
    run("2025-01-08", "2025-01-15", articles=100),
    outcomes={"new": 100, "rejected:paywall": 3, "http_5xx": 9, "timeout": 3},
    articles_known=0,
)


def dated(day: date, links: dict[str, int], *, undated: dict[str, int] | None = None) -> dict[str, DatedLinks]:
    found = {day: Counter(links), None: Counter(undated or {})}
    return {WEEK.run_id: DatedLinks(found, {day: links.get("new", 0)})}


def test_a_run_of_many_days_is_never_divided_by_them() -> None:
    month = replace(run("2025-01-01", "2025-01-31", articles=300), outcomes={"new": 300}, articles_known=0)
    found = funnel("demo", DAY, [month])
    assert [step.count for step in found.steps] == [24, 0, 0, 0, 0, 0]
    assert [step.undated for step in found.steps] == [0, 300, 300, 300, 300, 300]
    assert (found.undated_days, found.usual_days, found.losses) == (30, 0, ())


def test_a_longer_runs_day_counts_by_what_is_dated_to_it() -> None:
    before = [of(DAY - timedelta(days=n), USUAL) for n in range(1, 22)]
    found = funnel("demo", DAY, [*before, WEEK], dated(DAY, {"new": 21, "http_5xx": 21}))
    assert {step.name: step.count for step in found.steps}["articles"] == 21
    assert [(loss.name, loss.articles, loss.days) for loss in found.losses] == [("http_5xx", 21, 1)]
    assert found.outcomes == {"http_5xx": 21, "new": 21}


def test_what_no_day_is_known_of_is_told_as_the_runs_total() -> None:
    before = [of(DAY - timedelta(days=n), {"new": 20}) for n in range(1, 22)]
    found = funnel("demo", DAY, [*before, WEEK])
    assert [(loss.name, loss.articles, loss.days) for loss in found.losses] == [
        ("http_5xx", 9, 7),
        ("rejected:paywall", 3, 7),
        ("timeout", 3, 7),
    ]
    assert "in all 7 days of its run" in found.losses[0].told
    assert found.undated_outcomes["http_5xx"] == 9
    some = funnel("demo", DAY, [*before, WEEK], dated(DAY, {"new": 5}, undated={"http_5xx": 4}))
    assert (some.losses[0].name, some.losses[0].told) == (
        "fewer links listed",
        "5 to 9 links of the day where 20 are usual",
    )


def test_what_is_usual_comes_from_other_runs() -> None:
    days = {day: Counter({"new": 20}) for day in (DAY + timedelta(days=n) for n in range(7))}
    links = {WEEK.run_id: DatedLinks(days, dict.fromkeys(days, 20))}
    assert funnel("demo", DAY + timedelta(days=5), [WEEK], links).usual_days == 0
    later = of(DAY + timedelta(days=7), {"new": 10, "timeout": 10})
    found = funnel("demo", DAY + timedelta(days=7), [WEEK, later], links)
    assert (found.usual_days, found.losses[0].name) == (7, "timeout")
    assert funnel("demo", DAY + timedelta(days=7), [WEEK, later]).usual_days == 0


def test_a_window_over_midnight_is_of_the_day_of_its_middle() -> None:
    nights = [
        replace(
            of(DAY - timedelta(days=n), USUAL),
            window_start=datetime(2025, 1, 7, 22, tzinfo=UTC) - timedelta(days=n),
            window_end=datetime(2025, 1, 8, 22, tzinfo=UTC) - timedelta(days=n),
        )
        for n in range(22)
    ]
    found = funnel("demo", DAY, nights)
    assert ([step.count for step in found.steps], found.losses) == ([24, 50, 42, 40, 40, 40], ())
