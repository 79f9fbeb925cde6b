"""The audit: what is refused, what is marked, and what is usual for a portal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.model.outcomes import Outcome
from storage.model.records import Run, Verdict
from warraq.pipeline.audit import LIVE_FOR, Audit, TextFacts, audit_run, comparable_runs, link_findings

WEDNESDAY = datetime(2024, 12, 25, tzinfo=UTC)
GOOD = TextFacts(editions=40, undated=1, mean_quality=0.9, median_words=300)


def run_of(
    outcomes: dict[str, int], *, start: datetime = WEDNESDAY, hours: int = 24, after: timedelta = timedelta(hours=1)
) -> Run:
    end = start + timedelta(hours=hours)
    return Run(
        run_id=f"demo/{start:%Y-%m-%dT%H}Z--{end:%Y-%m-%dT%H}Z",
        portal="demo",
        window_start=start,
        window_end=end,
        verdict=Verdict.OK,
        findings=(),
        links=sum(outcomes.values()),
        outcomes=outcomes,
        articles_new=outcomes.get("new", 0),
        editions=outcomes.get("edition", 0),
        rejected=sum(count for name, count in outcomes.items() if name.startswith("rejected:")),
        baseline_articles=None,
        rounds=1,
        attempts=1,
        requests=1,
        bytes_received=1,
        crawl_seconds=1.0,
        started_at=end + after,
        finished_at=end + after,
        extractor_version="1",
        code_version="1",
    )


def days_before(count: int, outcomes: dict[str, int]) -> list[Run]:
    return [run_of(outcomes, start=WEDNESDAY - timedelta(days=n)) for n in range(count, 0, -1)]


def judge(
    outcomes: dict[str, int],
    *,
    texts: TextFacts | None = GOOD,
    history: list[Run] | None = None,
    usual: TextFacts | None = GOOD,
    after: timedelta = timedelta(hours=1),
) -> Audit:
    return audit_run(run_of(outcomes, after=after), texts, history or [], usual)


@pytest.mark.parametrize(
    ("outcomes", "finding"),
    [
        ({}, "crawl: no source of demo listed a link"),
        ({"out_of_window": 9}, "crawl: none of 9 links gave an article in this window (out_of_window 9)"),
        ({"http_5xx": 7, "timeout": 3}, "(http_5xx 7, timeout 3)"),
        ({"robots": 5}, "(robots 5)"),
        ({"rejected:no_text": 20}, "extraction: no captured page is an article; 20 pages, rejected:no_text 20"),
        ({"rejected:block_page": 20}, "crawl: the portal sent no articles"),
        ({"rejected:listing": 2, "http_4xx": 3}, "extraction: no captured page is an article"),
    ],
)
def test_a_run_that_found_nothing_fails_and_says_which_stage_broke(outcomes: dict[str, int], finding: str) -> None:
    audit = judge(outcomes, texts=None)
    assert audit.verdict == Verdict.FAILED
    assert finding in audit.findings[-1]
    assert audit.remedy


def test_numbers_that_contradict_each_other_fail() -> None:
    audit = audit_run(replace(run_of({"new": 9}), links=10), GOOD, [], None)
    assert audit.verdict == Verdict.FAILED
    assert "add up to 9, not to 10" in audit.findings[-1]


@pytest.mark.parametrize(
    "outcomes", [{"new": 40}, {"new": 3, "rejected:video": 2}, {"skipped_seen": 50}, {"unchanged": 20, "gone": 1}]
)
def test_a_sound_run_passes_and_so_does_one_that_had_everything(outcomes: dict[str, int]) -> None:
    assert judge(outcomes) == Audit(Verdict.OK, (), None)


@pytest.mark.parametrize(
    ("outcomes", "texts", "finding"),
    [
        ({"new": 30, "http_5xx": 10}, GOOD, "crawl: 10 of 40 links failed (http_5xx 10)"),
        ({"new": 40, "budget": 2}, GOOD, "crawl: 2 links were not reached"),
        ({"new": 30, "rejected:block_page": 10}, GOOD, "crawl: 10 of 40 pages are walls"),
        ({"new": 30, "rejected:cookie_wall": 10}, GOOD, "crawl: 10 of 40 pages are walls"),
        ({"new": 10, "rejected:no_text": 30}, GOOD, "extraction: 30 of 40 pages are no articles"),
        ({"new": 40}, replace(GOOD, undated=20), "extraction: 20 of 40 articles have no date"),
        ({"new": 40}, replace(GOOD, mean_quality=0.4), "extraction: quality is 0.40 where 0.90 is usual"),
        ({"new": 40}, replace(GOOD, median_words=40), "extraction: articles have 40 words where 300 are usual"),
    ],
)
def test_what_is_amiss_marks_the_run(outcomes: dict[str, int], texts: TextFacts, finding: str) -> None:
    audit = judge(outcomes, texts=texts)
    assert audit.verdict == Verdict.DEGRADED
    (told,) = audit.findings
    assert told.startswith(finding)


def test_a_few_bad_pages_of_few_are_no_collapse() -> None:
    assert judge({"new": 3, "http_5xx": 2, "rejected:video": 3}).verdict == Verdict.OK


def test_a_portal_that_usually_has_no_dates_is_not_marked_each_time() -> None:
    undated = replace(GOOD, undated=38)
    assert judge({"new": 40}, texts=undated, usual=undated).verdict == Verdict.OK
    assert judge({"new": 40}, texts=undated, usual=None).verdict == Verdict.DEGRADED


def test_what_the_portal_usually_rejects_is_not_marked() -> None:
    history = days_before(5, {"new": 10, "rejected:gallery": 30})
    assert judge({"new": 10, "rejected:gallery": 30}, history=history).verdict == Verdict.OK


def test_a_yield_far_below_the_portals_own_is_marked() -> None:
    history = days_before(10, {"new": 100})
    audit = judge({"new": 20, "skipped_seen": 50}, history=history)
    assert (audit.verdict, audit.baseline_articles) == (Verdict.DEGRADED, 100)
    assert audit.findings == ("crawl: 20 articles where 100 are usual",)


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ({"skipped_seen": 50}, "none of 50 links gave an article in this window, where 100 are usual"),
        ({"skipped_seen": 50, "rejected:no_text": 90}, "no captured page is an article, where 100 are usual; 90 pages"),
        ({"skipped_seen": 50, "rejected:block_page": 9}, "the portal sent no articles, where 100 are usual"),
        ({"skipped_seen": 50, "http_4xx": 90}, "where 100 are usual (http_4xx 90, skipped_seen 50)"),
        ({"gone": 3, "out_of_window": 50}, "where 100 are usual"),
    ],
)
def test_a_run_that_archived_nothing_where_articles_are_usual_fails(outcomes: dict[str, int], told: str) -> None:
    audit = judge(outcomes, history=days_before(10, {"new": 100}), texts=None)
    assert audit.verdict == Verdict.FAILED
    assert told in audit.findings[-1]


def test_an_hour_without_an_article_fails_where_every_page_is_bad_and_that_is_no_chance() -> None:
    hours = [
        run_of({"new": 2, "skipped_seen": 20}, start=WEDNESDAY - timedelta(hours=n), hours=1) for n in range(1, 99)
    ]
    changed = run_of({"skipped_seen": 20, "rejected:no_text": 3}, hours=1)
    assert audit_run(changed, None, hours, GOOD).verdict == Verdict.FAILED
    quiet = run_of({"skipped_seen": 20, "out_of_window": 3}, hours=1)
    assert audit_run(quiet, None, hours, GOOD).verdict == Verdict.OK, "two an hour: one hour in seven has none"
    galleries = [replace(each, rejected=4, outcomes={"new": 2, "rejected:gallery": 4}) for each in hours]
    assert audit_run(changed, None, galleries, GOOD).verdict == Verdict.OK, "most of its pages never are articles"


def test_a_slow_day_is_no_finding_and_one_that_chance_would_not_do_is() -> None:
    history = days_before(10, {"new": 24})
    assert judge({"new": 15}, history=history).verdict == Verdict.OK
    assert judge({"new": 5}, history=history).findings == ("crawl: 5 articles where 24 are usual",)


def test_a_backfill_of_days_that_live_runs_archived_is_no_loss() -> None:
    history = days_before(10, {"new": 100})
    audit = judge({"skipped_seen": 60, "unchanged": 40}, history=history, texts=None, after=LIVE_FOR * 2)
    assert audit.verdict == Verdict.OK


def test_articles_that_other_windows_archived_count_on_both_sides() -> None:
    whole = [replace(each, articles_new=40, articles_known=60) for each in days_before(10, {"new": 40})]
    again = replace(run_of({"new": 2, "skipped_seen": 300}), articles_known=98)
    assert audit_run(again, GOOD, whole, GOOD).verdict == Verdict.OK
    lost = replace(run_of({"new": 2, "skipped_seen": 300}), articles_known=0)
    assert audit_run(lost, GOOD, whole, GOOD).findings == ("crawl: 2 articles where 100 are usual",)


def test_a_weekday_is_compared_with_its_own_kind() -> None:
    history = days_before(70, {"new": 100})
    fridays = [replace(each, articles_new=10) if each.window_start.weekday() == 4 else each for each in history]
    friday = run_of({"new": 9}, start=WEDNESDAY + timedelta(days=2))
    assert audit_run(friday, GOOD, fridays, GOOD).baseline_articles == 10
    assert {each.window_start.weekday() for each in comparable_runs(friday, fridays)} == {4}


def test_windows_of_another_length_are_no_baseline() -> None:
    assert comparable_runs(run_of({"new": 1}, hours=1), days_before(50, {"new": 100})) == []


def test_the_run_itself_is_no_part_of_its_baseline() -> None:
    history = [*days_before(2, {"new": 100}), run_of({"new": 1})]
    assert comparable_runs(run_of({"new": 1}), history) == []


def test_an_hour_that_is_usually_silent_may_be_silent() -> None:
    nights = [run_of({"out_of_window": 30}, start=WEDNESDAY - timedelta(days=n), hours=1) for n in range(1, 9)]
    night = run_of({"out_of_window": 30}, hours=1)
    assert audit_run(night, None, nights, GOOD).verdict == Verdict.OK
    broken = run_of({"dns": 30}, hours=1)
    assert audit_run(broken, None, nights, GOOD).verdict == Verdict.FAILED


def test_a_quiet_hour_is_no_failure_but_marked_where_articles_are_usual() -> None:
    quiet = run_of({"out_of_window": 30}, hours=1)
    assert audit_run(quiet, None, [], None).verdict == Verdict.OK
    busy = [run_of({"new": 9}, start=WEDNESDAY - timedelta(days=n), hours=1) for n in range(1, 9)]
    marked = audit_run(quiet, None, busy, GOOD)
    assert (marked.verdict, marked.findings) == (Verdict.DEGRADED, ("crawl: 0 articles where 9 are usual",))
    for nothing in ({}, {"off_domain": 30}, {"out_of_window": 30, "off_domain": 1}):
        assert audit_run(run_of(nothing, hours=1), None, [], None).verdict == Verdict.FAILED


def test_findings_of_the_extraction_are_kept() -> None:
    run = replace(run_of({"new": 40}), findings=("raw archive: 1 captured page cannot be read",))
    audit = audit_run(run, GOOD, [], GOOD)
    assert (audit.verdict, audit.findings) == (Verdict.DEGRADED, run.findings)


def test_every_outcome_can_be_judged() -> None:
    for outcome in Outcome:
        assert judge({str(outcome): 12}).verdict in Verdict


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ({"captured": 6, "http_4xx": 4}, "4 of 10 links failed (http_4xx 4)"),
        ({"captured": 6, "budget": 1}, "1 links were not reached"),
        ({"captured": 6, "robots": 9}, "9 links are forbidden by robots.txt"),
        ({"captured": 9, "http_4xx": 1}, None),
        ({"captured": 2, "http_4xx": 1}, None),
    ],
)
def test_a_crawl_is_degraded_by_the_same_rule_as_its_run(outcomes: dict[str, int], told: str | None) -> None:
    found = list(link_findings(run_of(outcomes)))
    assert len(found) == (told is not None)
    assert told is None or told in found[0]
    run = run_of({"new" if name == "captured" else name: count for name, count in outcomes.items()})
    assert (audit_run(run, GOOD, [], GOOD).verdict == Verdict.DEGRADED) is (told is not None)
