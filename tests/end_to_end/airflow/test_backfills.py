"""A backfill by `warraq backfill`, by `airflow backfill create` and by the form of the web page: one result.

The archive is the one that a process alone makes of the same windows. Then all three of Airflow's reprocess behaviours,
on three days of the demo portal of which one is published, one is marked as failed, and one has no run.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage.model.window import RunId, Window
from storage.settings import read_settings
from tests.fixtures.archive_content import parquet_contents
from tests.fixtures.real_stack import DAG, RealAirflow, archive_alone, archive_environ, embedded_airflow, wait_for
from warraq.airflow.rest_client import ENDED_STATES, iso
from warraq.backfill.via_airflow import SECOND, AirflowBackfill
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve
from warraq.pipeline.child_process import warraq_command

DAYS = 3
MIDNIGHT = datetime(2024, 11, 30, 22, tzinfo=UTC)  # in Cairo
ASKED = Window(MIDNIGHT, MIDNIGHT + timedelta(days=DAYS))
LOGICAL_DATES = [MIDNIGHT + timedelta(days=day) for day in range(DAYS)]
PUBLISHED, MARKED_FAILED, NEVER_RUN = LOGICAL_DATES
DONE_AGAIN = {
    "none": {NEVER_RUN},
    "failed": {MARKED_FAILED, NEVER_RUN},
    "completed": {PUBLISHED, MARKED_FAILED, NEVER_RUN},
}
BACKFILL_SECONDS = 900

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass(frozen=True)
class Archived:
    """An Airflow whose archive `warraq backfill` has filled, and what it holds since."""

    airflow: RealAirflow
    content: dict[str, bytes]

    def runs(self) -> dict[datetime, dict[str, str]]:
        """The DAG's runs by logical date."""
        found = self.airflow.rest.runs(DAG, run_type="backfill")
        return {datetime.fromisoformat(run["logical_date"]): run for run in found}

    def wait(self) -> None:
        """Until Airflow may be asked for the next backfill."""
        backfill = AirflowBackfill(self.airflow.rest, "demo")
        wait_for(lambda: backfill.active() is None, seconds=BACKFILL_SECONDS, what="the end of the backfill")
        assert {run["state"] for run in self.runs().values()} <= ENDED_STATES


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    site = DemoSite(articles=8 * DAYS, first_day=date(2024, 12, 1), days=DAYS)
    with serve(site) as served, embedded_airflow(tmp_path_factory.mktemp("backfills"), served) as airflow:
        environ = {
            **airflow.home.environ,
            "WARRAQ_AIRFLOW_URL": airflow.home.url,
            "WARRAQ_AIRFLOW_PASSWORD": airflow.home.passwords["admin"],
        }
        words = ("backfill", "demo", "--from", "2024-12-01", "--to", "2024-12-04", "--via", "airflow", "--yes")
        ended = subprocess.run(warraq_command(*words), env=environ, capture_output=True, text=True)
        assert ended.returncode in (0, 3), ended.stderr
        found = Archived(airflow, parquet_contents(airflow.settings))
        found.wait()
        assert sorted(found.runs()) == LOGICAL_DATES
        yield found


def by_command(airflow: RealAirflow, behaviour: str) -> None:
    """As somebody types it."""
    dates = ("--from-date", iso(ASKED.start), "--to-date", iso(ASKED.end - SECOND))
    words = ("backfill", "create", "--dag-id", DAG, *dates, "--reprocess-behavior", behaviour, "--max-active-runs", "2")
    command = [sys.executable, "-m", "airflow", *words]
    ended = subprocess.run(command, env=dict(airflow.home.environ), capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-2000:]


def by_form(airflow: RealAirflow, behaviour: str) -> None:
    """What the form of the web page sends: all its fields, the DAG's params as they are filled in beforehand."""
    body = {
        "dag_id": DAG,
        "from_date": iso(ASKED.start),
        "to_date": iso(ASKED.end - SECOND),
        "run_backwards": False,
        "reprocess_behavior": behaviour,
        "max_active_runs": 2,
        "dag_run_conf": {"from": None, "to": None, "revisit": "due", "dry_run": False},
    }
    airflow.rest.call("POST", "backfills", json=body)


def test_the_embedded_airflow_makes_the_archive_that_one_process_makes(archived: Archived, tmp_path: Path) -> None:
    alone = archive_environ(tmp_path, archived.airflow.site)
    archive_alone([RunId("demo", Window(day, day + timedelta(days=1))) for day in LOGICAL_DATES], alone)
    content = parquet_contents(read_settings(alone))
    assert [name for name, part in archived.content.items() if part != content[name]] == []


# Both ways end in one function of Airflow's, so that not each behaviour need be asked for in each way.
@pytest.mark.parametrize(("create", "behaviour"), [(by_command, "failed"), (by_form, "none"), (by_form, "completed")])
def test_it_does_again_what_the_behaviour_says_and_the_archive_stays_the_same(
    archived: Archived, create: Callable[[RealAirflow, str], None], behaviour: str
) -> None:
    rest, runs = archived.airflow.rest, archived.runs()
    rest.call("PATCH", f"dags/{DAG}/dagRuns/{runs[MARKED_FAILED]['dag_run_id']}", json={"state": "failed"})
    rest.call("DELETE", f"dags/{DAG}/dagRuns/{runs[NEVER_RUN]['dag_run_id']}")
    before = {day: run["end_date"] for day, run in archived.runs().items()}

    create(archived.airflow, behaviour)
    archived.wait()

    after = archived.runs()
    assert {day for day, run in after.items() if run["end_date"] != before.get(day)} == DONE_AGAIN[behaviour]
    assert {after[day]["state"] for day in DONE_AGAIN[behaviour]} == {"success"}
    content = parquet_contents(archived.airflow.settings)
    assert [name for name, part in content.items() if part != archived.content[name]] == []
