"""The same DAGs past one machine: CeleryExecutor, two workers, Redis, PostgreSQL. The archive is that of one process.

The catalog of the tables is in PostgreSQL too. One worker is then killed, with all it runs, as when a machine is lost.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import psutil
import pytest

from storage.errors import ExitCode
from storage.settings import Settings, read_settings
from storage.window import RunId, Window, spell_time
from tests.airflow.archive_content import parquet_contents
from tests.airflow.private_servers import missing_packages, private_postgres, private_redis
from warraq.airflow_home import AirflowHome, prepare_home
from warraq.airflow_rest import AirflowRest, sign_in
from warraq.airflow_stack import AirflowStack, free_port
from warraq.backfill.via_airflow import AirflowBackfill
from warraq.child_process import warraq_command
from warraq.demo.server import ServedSite, serve
from warraq.demo.site import DemoSite

MISSING = missing_packages()
pytestmark = [
    pytest.mark.airflow,
    pytest.mark.timeout(3000),
    pytest.mark.skipif(bool(MISSING), reason=f"needs Debian packages: apt-get install {' '.join(MISSING)}"),
]

DAG = "archive_demo"
# Two days by default; CELERY_TEST_DAYS=30 is the long comparison. One day more is for the killed worker.
DAYS = int(os.environ.get("CELERY_TEST_DAYS", "2"))
ARTICLES_A_DAY = 10
FIRST_DAY = date(2024, 12, 1)
FIRST_INSTANT = datetime(2024, 11, 30, 22, tzinfo=UTC)  # the day begins in Cairo
DAY = timedelta(days=1)
# A lost worker's task is tried again after this silence, not after five minutes.
HEARTBEAT_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Cluster:
    """A running Airflow with two Celery workers, its archive, and the portal it asks."""

    home: AirflowHome
    settings: Settings
    site: ServedSite
    airflow: AirflowRest

    def run_backfill(self, asked: Window) -> list[RunId]:
        """Archive the windows by Airflow's own backfill; their runs, all of which have succeeded."""
        backfill = AirflowBackfill(self.airflow, "demo")
        runs = [RunId("demo", window) for window in backfill.windows(asked)]
        backfill.create(asked)
        outcomes = backfill.follow(runs, tell=lambda _outcome: None)
        assert {outcome.exit_code for outcome in outcomes} <= {ExitCode.DONE, ExitCode.DEGRADED}, outcomes
        return runs

    def tasks_done(self, worker: str) -> int:
        """Airflow tasks that this worker says it has finished."""
        log = (self.home.logs / f"{worker}.log").read_text(encoding="utf-8", errors="replace")
        return len(re.findall(r"execute_workload\[[0-9a-f-]+\] succeeded", log))

    def worker_at(self, stage: str) -> psutil.Process | None:
        """The Celery worker below which this stage is running."""
        for process in processes_of(self.home):
            with contextlib.suppress(psutil.Error):
                if {"warraq", stage} <= set(process.cmdline()):
                    return next((above for above in process.parents() if "--celery-hostname" in above.cmdline()), None)
        return None


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("celery")
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(private_postgres("airflow", "catalog"))
        broker = stack.enter_context(private_redis(folder / "redis"))
        days = DAYS + 1
        site = stack.enter_context(serve(DemoSite(articles=ARTICLES_A_DAY * days, first_day=FIRST_DAY, days=days)))
        environ = {
            **os.environ,
            "WARRAQ_ARCHIVE": str(folder / "archive"),
            "WARRAQ_CATALOG": f"postgresql+psycopg2://{database('catalog')}",
            "WARRAQ_CACHE": str(folder / "cache"),
            "WARRAQ_DEMO_URL": site.base_url,
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": broker,
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+postgresql://{database('airflow')}",
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "1",  # so that neither worker can do it all
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": str(HEARTBEAT_TIMEOUT_SECONDS),
        }
        environ.pop("AIRFLOW_HOME", None)
        settings = read_settings(environ)
        home = prepare_home(folder / "home", port=free_port(21_996), settings=settings, environ=environ)
        connection = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database('airflow')}"}
        catalog = {"WARRAQ_CATALOG": environ["WARRAQ_CATALOG"]}
        home = replace(home, environ={**home.environ, **connection, **catalog})
        stack.enter_context(AirflowStack(home, celery_workers=2).running())
        airflow = stack.enter_context(sign_in(home.url, user="admin", password=home.passwords["admin"]))
        airflow.wait_for_dag(DAG, seconds=180)
        airflow.pause(DAG, paused=False)
        yield Cluster(home, settings, site, airflow)
    assert not processes_of(home), "the stopped Airflow has left processes behind"


def processes_of(home: AirflowHome) -> list[psutil.Process]:
    """Living processes that run under this Airflow home."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            is_ours = process.environ().get("AIRFLOW_HOME") == str(home.folder)
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@pytest.fixture(scope="module")
def alone(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables of an archive on the same portal that one process after the other fills, with a SQLite catalog."""
    folder = tmp_path_factory.mktemp("alone")
    found = {name: value for name, value in os.environ.items() if not name.startswith(("WARRAQ_", "AIRFLOW"))}
    return found | {
        "WARRAQ_ARCHIVE": str(folder / "archive"),
        "WARRAQ_CACHE": str(folder / "cache"),
        "WARRAQ_DEMO_URL": cluster.site.base_url,
    }


def archive_alone(runs: Sequence[RunId], environ: dict[str, str]) -> None:
    for run in runs:
        window = ("--from", spell_time(run.window.start), "--to", spell_time(run.window.end))
        ended = subprocess.run(
            warraq_command("archive", run.portal, *window, "--json"), env=environ, capture_output=True, check=False
        )
        assert ended.returncode in (ExitCode.DONE, ExitCode.DEGRADED), ended.stderr.decode()


def assert_same_content(cluster: Cluster, alone: dict[str, str]) -> None:
    ours, theirs = parquet_contents(cluster.settings), parquet_contents(read_settings(alone))
    differing = [name for name, content in ours.items() if content != theirs[name]]
    assert not differing, f"parts that differ between Celery and one process: {differing}"


def test_two_celery_workers_make_the_archive_that_one_process_makes(cluster: Cluster, alone: dict[str, str]) -> None:
    runs = cluster.run_backfill(Window(FIRST_INSTANT, FIRST_INSTANT + DAYS * DAY))
    assert len(runs) == DAYS
    archive_alone(runs, alone)
    assert_same_content(cluster, alone)
    done = [cluster.tasks_done(f"worker-{number}") for number in (1, 2)]
    assert min(done) > 0, f"tasks of the two workers: {done}"


@pytest.mark.kills
def test_the_archive_is_the_same_when_a_worker_is_lost_in_a_crawl(cluster: Cluster, alone: dict[str, str]) -> None:
    start = FIRST_INSTANT + DAYS * DAY
    run = RunId("demo", Window(start, start + DAY))
    cluster.site.faults.add("slow:3@every/1")
    params = {"from": spell_time(run.window.start), "to": spell_time(run.window.end)}
    run_id = cluster.airflow.trigger(DAG, params)
    deadline = time.monotonic() + 400
    while (worker := cluster.worker_at("crawl")) is None:
        assert time.monotonic() < deadline, "no crawl began"
        time.sleep(0.2)
    time.sleep(2)
    for process in [worker, *worker.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    cluster.site.faults.clear()

    ended = cluster.airflow.wait_for_run(DAG, run_id, seconds=900)
    assert ended["state"] == "success"
    crawl = next(task for task in cluster.airflow.tasks(DAG, run_id) if task["task_id"] == "crawl")
    assert crawl["try_number"] == 2
    archive_alone([run], alone)
    assert_same_content(cluster, alone)
