"""Why a day has fewer articles than usual: the largest cause is named, with about what it cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from storage.model.records import Run
from tests.fixtures.run_rows import run
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


def test_a_run_of_many_days_counts_by_its_part() -> None:
    month = replace(run("2025-01-01", "2025-01-31", articles=300), outcomes={"new": 300}, articles_known=0)
    found = funnel("demo", DAY, [month])
    assert [step.count for step in found.steps] == [24, 10, 10, 10, 10, 10]
