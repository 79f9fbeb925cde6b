"""A day of a portal is counted from the archive's own rows, also where one run is of several days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage.errors import ObjectMissing, UsageError
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.settings import Settings
from tests.fixtures.demo_runs import archive, pages
from tests.fixtures.raw_runs import NOON, exchange, link, write_round
from warraq.monitoring.archived_runs import portal_day

RUN = RunId.parse("demo/2024-12-24T00Z--2024-12-28T00Z")
BASE = "http://127.0.0.1:18800"


@pytest.fixture
def settings(local_settings: Settings, tmp_path: Path) -> Settings:
    """One run of four days: three articles of the 24th, a failure dated to the 26th, and a page without a day."""
    lost = replace(link(f"{BASE}/lost", outcome="http_5xx", at=None), listed_at=NOON + timedelta(days=1))
    unknown = exchange(f"{BASE}/story/empty", b"<html><body><p>...</p></body></html>")
    write_round(open_store(local_settings), [*pages(1, 2, 3), unknown], spool=tmp_path, others=[lost], run=RUN)
    archive(local_settings, RUN)
    return local_settings


def test_each_day_of_a_longer_run_has_what_is_dated_to_it(settings: Settings) -> None:
    days = {day: portal_day("demo", date(2024, 12, day), settings) for day in (24, 25, 26, 27)}
    assert [{step.name: step.count for step in found.steps}["articles"] for found in days.values()] == [3, 0, 0, 0]
    assert [found.outcomes for found in days.values()] == [{"new": 3}, {}, {"http_5xx": 1}, {}]
    for found in days.values():
        assert (sum(found.undated_outcomes.values()), found.undated_days, found.usual_days) == (1, 4, 0)
        assert next(iter(found.undated_outcomes)).startswith("rejected:")


def test_without_a_day_the_latest_is_told(settings: Settings) -> None:
    assert portal_day("demo", None, settings).day == date(2024, 12, 27)


def test_a_day_that_has_not_begun_and_an_empty_archive_are_mistakes(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has not begun"):
        portal_day("demo", datetime.now(UTC).date() + timedelta(days=2), settings)
    with pytest.raises(UsageError, match="nothing of almasaa is archived"):
        portal_day("almasaa", None, settings)
    with pytest.raises(ObjectMissing):
        portal_day("demo", None, replace(settings, archive=str(tmp_path / "nowhere"), catalog=None))
