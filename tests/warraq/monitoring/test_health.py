"""Portal health: a month of planted trouble, each portal called by its name and nothing said of the well ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from spiders.portal.definition import Portal, Retired
from spiders.registry import load_portals
from storage.model.records import Run
from storage.settings import read_settings
from tests.fixtures.run_rows import NOW, run
from warraq.findings.causes import NEXT_STEPS, Cause, cause_of
from warraq.findings.last_failure import LastFailure
from warraq.findings.rhythm import HOUR
from warraq.monitoring.health import Health, PortalFacts, PortalHealth, portal_health, usual_silence
from warraq.monitoring.run_columns import RunColumns, columns_of

HOURLY = replace(load_portals(read_settings({}))["demo"], schedule="0 * * * *", timezone="UTC")
HOURS = np.array([1, 1, 0, 0, 0, 1, 2, 3, 5, 7, 8, 8, 8, 7, 7, 6, 6, 6, 5, 5, 5, 4, 3, 2]) / 100


def hourly(per_day: float, *, days: int = 60, seed: int = 7, until: datetime = NOW) -> RunColumns:
    """Two months of hourly runs of a portal with a rhythm, the last one an hour old."""
    rng = np.random.default_rng(seed)
    end = int(until.timestamp()) - np.arange(days * 24)[::-1].astype(np.int64) * HOUR
    start = end - HOUR
    count = rng.poisson(per_day * HOURS[(start // HOUR) % 24]).astype(float)
    none = np.zeros(len(start))
    return RunColumns(start, end, end + 60, none > 0, none == 0, count, none, count)


def with_counts(runs: RunColumns, *, from_hours_ago: float, factor: float) -> RunColumns:
    late = runs.end > NOW.timestamp() - from_hours_ago * HOUR
    count = np.where(late, np.floor(runs.new * factor), runs.new)
    return replace(runs, new=count, reached=count)


def until(runs: RunColumns, *, hours_ago: float) -> RunColumns:
    return runs.chosen(runs.end <= NOW.timestamp() - hours_ago * HOUR)


def failed(error: str, *, hours_ago: float = 1, stage: str = "crawl") -> LastFailure:
    run_id = "demo/2025-01-10T10Z--2025-01-10T11Z"
    return LastFailure(run_id, stage, NOW - timedelta(hours=hours_ago), 5, error, "")


def judge(runs: RunColumns | None, portal: Portal | None = HOURLY, **known: object) -> PortalHealth:
    facts = PortalFacts("demo", portal, runs if runs is not None else columns_of([]), **known)  # type: ignore[arg-type]
    return portal_health(facts, now=NOW)


@pytest.mark.parametrize("per_day", [5, 24, 100, 1000])
@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_said_of_a_portal_that_is_well(per_day: int, seed: int) -> None:
    assert judge(hourly(per_day, seed=seed)).health is Health.WELL


PLANTED = {
    "late: its robots.txt cannot be fetched": (
        until(hourly(24), hours_ago=5),
        failed("demo: robots.txt is unreachable: dns: cannot be resolved; nothing was asked for"),
        Health.LATE,
        Cause.DNS,
    ),
    "403 for three days": (
        until(hourly(24), hours_ago=72),
        failed("none of 30 links gave an article in this window, where 24 are usual (http_4xx 30)"),
        Health.STOPPED,
        Cause.HTTP_4XX,
    ),
    "429 with a long Retry-After": (
        until(hourly(24), hours_ago=7),
        failed("none of 30 links could be fetched; rate_limited: 30 links (429), for example http://demo/1"),
        Health.LATE,
        Cause.RATE_LIMITED,
    ),
    "slow": (until(hourly(24), hours_ago=9), failed("timeout: 12 links"), Health.LATE, Cause.TIMEOUT),
    "unreachable": (
        until(hourly(24), hours_ago=60),
        failed("demo: robots.txt is unreachable: connection: refused"),
        Health.STOPPED,
        Cause.REFUSED,
    ),
    "layout changed, so every run is refused": (
        until(hourly(100), hours_ago=30),
        failed("extraction: no captured page is an article, where 4 are usual; 9 pages, rejected:no_text 9"),
        Health.LATE,
        Cause.LAYOUT,
    ),
    "paused by mistake": (until(hourly(24), hours_ago=50), None, Health.STOPPED, Cause.NOT_RUNNING),
    "dead for 40 days": (
        until(hourly(24), hours_ago=40 * 24),
        failed("demo: robots.txt is unreachable: tls: certificate expired"),
        Health.DEAD,
        Cause.TLS,
    ),
    "silent": (with_counts(hourly(24), from_hours_ago=30, factor=0), None, Health.SILENT, Cause.SOURCES),
    "halved two days ago": (with_counts(hourly(100), from_hours_ago=48, factor=0.4), None, Health.DRIFTING, None),
    "halved six hours ago, busy": (
        with_counts(hourly(1000), from_hours_ago=6, factor=0.5),
        None,
        Health.DRIFTING,
        None,
    ),
    "switched on and never published": (
        None,
        failed("demo: robots.txt forbids"),
        Health.NEVER,
        Cause.ROBOTS,
    ),
}


@pytest.mark.parametrize(("runs", "failure", "health", "cause"), PLANTED.values(), ids=PLANTED.keys())
def test_planted_trouble_is_called_by_its_name(
    runs: RunColumns | None, failure: LastFailure | None, health: Health, cause: Cause | None
) -> None:
    found = judge(runs, failure=failure)
    assert found.health is health
    assert found.cause is (cause or Cause.FEWER)
    assert found.advice and found.command
    if health is not Health.NEVER:
        assert found.since is not None


def test_drift_is_dated_to_when_it_began() -> None:
    found = judge(with_counts(hourly(100), from_hours_ago=48, factor=0.4))
    assert found.since is not None
    assert abs(found.since - (NOW - timedelta(hours=48))) < timedelta(hours=12)
    assert "are usual" in found.detail


def test_a_retired_portal_is_no_trouble_however_long_ago_it_answered() -> None:
    portal = replace(HOURLY, retired=Retired("2024-12-01", "merged into another paper"))
    found = judge(until(hourly(24), hours_ago=30 * 24), portal)
    assert (found.health, found.is_sick) == (Health.RETIRED, False)
    assert found.detail == "merged into another paper"


def test_a_daily_portal_is_not_late_before_three_of_its_windows_were_missed() -> None:
    daily = replace(HOURLY, schedule="0 0 * * *")
    runs = [run(f"2025-01-0{day}", f"2025-01-0{day + 1}") for day in range(1, 8)]
    assert judge(columns_of(runs), daily).health is Health.WELL, "the windows of the 8th and the 9th: two are missed"
    assert judge(columns_of(runs[:-1]), daily).health is Health.STOPPED


def test_a_degraded_run_is_dated_to_the_last_sound_one() -> None:
    runs = [run("2025-01-08", "2025-01-09"), run("2025-01-09", "2025-01-10", verdict="degraded")]
    found = judge(
        columns_of(runs), replace(HOURLY, schedule="0 0 * * *"), findings=("crawl: 9 of 20 links failed (tls 9)",)
    )
    assert (found.health, found.cause) == (Health.DEGRADED, Cause.TLS)
    assert found.since == datetime(2025, 1, 9, tzinfo=UTC)


def runs_of(*, days: int, articles_a_day: int, quiet_days: int = 0) -> RunColumns:
    """Runs of hourly windows, the articles in the last hours of each day; then days without any."""
    runs: list[Run] = []
    for day in range(1, days + quiet_days + 1):
        for hour in range(24):
            count = articles_a_day // 8 + (hour - 16 < articles_a_day % 8) if hour >= 16 and day <= days else 0
            end = f"2025-01-{day:02d}T{hour + 1:02d}Z" if hour < 23 else f"2025-01-{day + 1:02d}"
            runs.append(run(f"2025-01-{day:02d}T{hour:02d}Z", end, articles=count))
    return columns_of(runs)


@pytest.mark.parametrize(
    ("runs", "hours"),
    [
        (runs_of(days=10, articles_a_day=100), 13),
        (runs_of(days=10, articles_a_day=10), 24),
        (runs_of(days=10, articles_a_day=2), 120),
        (runs_of(days=10, articles_a_day=1), 168),
        (columns_of([run(f"2025-01-{day:02d}", f"2025-01-{day + 1:02d}") for day in range(1, 10)]), 36),
        (runs_of(days=6, articles_a_day=100), 36),
        (runs_of(days=8, articles_a_day=0), 36),
        (columns_of([]), 36),
    ],
    ids=["busy", "small", "two a day", "rare", "daily windows", "not known for a week", "never an article", "no run"],
)
def test_a_portal_is_silent_by_its_own_rhythm(runs: RunColumns, hours: float) -> None:
    assert usual_silence(runs) == pytest.approx(hours, rel=0.05)


def test_silence_does_not_become_the_usual() -> None:
    assert usual_silence(runs_of(days=10, articles_a_day=10, quiet_days=10)) == pytest.approx(24, rel=0.05)


def test_hours_that_no_run_covered_are_late_and_not_silent() -> None:
    daily = replace(HOURLY, schedule="0 0 * * *")
    runs = columns_of([run("2025-01-08", "2025-01-09"), run("2025-01-09", "2025-01-10", articles=0)])
    for hours, health in ((23, Health.SILENT), (24, Health.WELL)):
        found = portal_health(PortalFacts("demo", daily, runs), now=NOW + timedelta(hours=30), silent_hours=hours)
        assert found.health is health


def test_one_number_for_all_portals_takes_the_place_of_each_ones_own() -> None:
    quiet = with_counts(hourly(100), from_hours_ago=9, factor=0)
    facts = PortalFacts("demo", HOURLY, quiet)
    told = portal_health(facts, now=NOW, silent_hours=6)
    assert (told.health, told.silent_after_hours) == (Health.SILENT, 6)
    assert portal_health(facts, now=NOW, silent_hours=20).health is not Health.SILENT


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("crawl: 9 of 20 links failed (http_4xx 8, dns 1)", Cause.HTTP_4XX),
        ("demo: robots.txt answered 403", Cause.HTTP_4XX),
        ("demo: robots.txt leads to www.other.example, which is not the portal's", Cause.REDIRECT),
        ("crawl: no source of demo listed a link in this window", Cause.SOURCES),
        ("crawl: 12 of 20 pages are walls instead of articles (rejected:block_page 12)", Cause.WALL),
        ("the object store does not answer", Cause.STORE),
        ("something else", Cause.UNKNOWN),
    ],
)
def test_errors_fall_into_the_fields_classes(text: str, cause: Cause) -> None:
    assert cause_of(text) is cause


def test_every_cause_has_a_next_step_in_both_languages() -> None:
    for cause in Cause:
        step = NEXT_STEPS[cause]
        assert (
            step.meaning and step.meaning_ar and step.advice and step.advice_ar and step.command.startswith("warraq ")
        )
