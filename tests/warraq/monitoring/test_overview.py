"""What the page shows, read from a real archive; and why nothing comes, kept when a stage fails."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from storage.model.window import RunId
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from tests.fixtures.demo_runs import archive, pages
from tests.fixtures.raw_runs import RUN, write_round
from warraq.findings.causes import Cause, cause_of
from warraq.findings.last_failure import last_failures
from warraq.findings.level_shifts import level_shifts
from warraq.findings.usual_days import is_thin, usual_days
from warraq.monitoring.archived_runs import health_of_all
from warraq.monitoring.overview import fleet, portal_in_full

NOW = datetime(2024, 12, 26, 1, tzinfo=UTC)


def test_a_portal_in_full_has_its_days_runs_and_funnel(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(0, 1, 2), spool=local_settings.cache)
    archive(local_settings)
    found = portal_in_full(local_settings, "demo", now=NOW)
    days = {day["day"]: day["status"] for day in found["days"]}
    assert days["2024-12-25"] == "archived"
    assert days["2024-12-24"] == "before", "before its first run"
    assert days["2024-12-26"] == "due"
    assert [step["count"] for step in found["funnel"]] == [3, 3, 3, 3, 3]
    assert found["runs"][0]["new"] == 3
    assert found["title_ar"]


def test_the_fleet_shows_fields_and_work_of_a_week(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(0, 1, 2), spool=local_settings.cache)
    archive(local_settings)
    (row,) = fleet(local_settings, now=NOW)["portals"]
    assert row["portal"] == "demo"
    assert row["fields"]["title"] == row["fields"]["body"] == 1
    assert row["won"] == 3
    assert row["spark"][-2] == 3


def test_an_empty_archive_is_an_empty_fleet(local_settings: Settings) -> None:
    assert fleet(local_settings, now=NOW)["portals"] == []


def test_a_portal_that_cannot_be_reached_is_never_archived_and_the_cause_is_kept(tmp_path: Path) -> None:
    environ = {
        "WARRAQ_ARCHIVE": str(tmp_path / "archive"),
        "WARRAQ_CACHE": str(tmp_path / "cache"),
        "WARRAQ_DEMO_URL": "http://127.0.0.1:9",
    }
    words = ["crawl", "demo", "--from", "2024-12-25", "--to", "2024-12-26"]
    ended = subprocess.run(
        [sys.executable, "-m", "warraq", *words],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 4, ended.stderr
    settings = read_settings(environ)
    (failure,) = last_failures(open_store(settings)).values()
    assert RunId.parse(failure.run_id) == RUN
    assert cause_of(failure.error) is Cause.REFUSED
    (found,) = health_of_all(settings, set(), now=NOW + timedelta(days=1), silent_hours=None)
    assert (found.portal, str(found.health), found.cause) == ("demo", "never archived", Cause.REFUSED)


def test_a_lasting_change_is_dated_and_a_holiday_is_none() -> None:
    rng = np.random.default_rng(3)
    days = rng.poisson(60, 200).astype(float)
    assert level_shifts(days) == []
    days[120:] = rng.poisson(20, 80)
    (shift,) = level_shifts(days)
    assert abs(shift.place - 120) <= 2
    assert 0.25 < shift.ratio < 0.45
    holiday = rng.poisson(60, 200).astype(float)
    holiday[50:53] = 40
    assert level_shifts(holiday) == []


def test_what_is_usual_of_a_day_knows_its_weekday() -> None:
    rng = np.random.default_rng(5)
    weekday = np.arange(120) % 7
    days = rng.poisson(np.where(weekday == 4, 20, 60)).astype(float)
    usual, dispersion = usual_days(days, np.ones(120, bool), first_weekday=0)
    assert abs(usual[weekday == 4].mean() - 20) < 6
    assert dispersion == 1
    assert not any(is_thin(found, expected, dispersion) for found, expected in zip(days, usual, strict=True))
    assert is_thin(20, float(usual[weekday == 2][-1]), dispersion), "a Friday's count on a Wednesday"
