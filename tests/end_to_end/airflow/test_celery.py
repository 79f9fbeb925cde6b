"""The same DAGs past one machine: CeleryExecutor, two workers, Redis, PostgreSQL. The archive is that of one process.

The catalog of the tables is in PostgreSQL too. What a window took is printed. One worker is then killed, with all it
runs, as when a machine is lost. test_backfills.py compares the archive of the embedded Airflow in the same way.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from storage.model.window import RunId, Window, spell_time
from storage.settings import read_settings
from tests.fixtures.archive_content import parquet_contents
from tests.fixtures.private_servers import missing_packages
from tests.fixtures.real_stack import DAG, RealAirflow, archive_alone, archive_environ, celery_airflow, wait_for
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve

MISSING = missing_packages()
pytestmark = [
    pytest.mark.airflow,
    pytest.mark.timeout(3000),
    pytest.mark.skipif(bool(MISSING), reason=f"needs Debian packages: apt-get install {' '.join(MISSING)}"),
]

# Two days by default; CELERY_TEST_DAYS=30 is the long comparison. One day more is for the killed worker.
DAYS = int(os.environ.get("CELERY_TEST_DAYS", "2"))
ARTICLES_A_DAY = 10
FIRST_DAY = date(2024, 12, 1)
FIRST_INSTANT = datetime(2024, 11, 30, 22, tzinfo=UTC)  # the day begins in Cairo
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAirflow]:
    days = DAYS + 1
    with (
        serve(DemoSite(articles=ARTICLES_A_DAY * days, first_day=FIRST_DAY, days=days)) as site,
        celery_airflow(tmp_path_factory.mktemp("celery"), site) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def alone(cluster: RealAirflow, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables of an archive on the same portal that one process after the other fills, with a SQLite catalog."""
    return archive_environ(tmp_path_factory.mktemp("alone"), cluster.site)


def tasks_done(cluster: RealAirflow, worker: str) -> int:
    """Airflow tasks that this worker says it has finished."""
    log = (cluster.home.logs / f"{worker}.log").read_text(encoding="utf-8", errors="replace")
    return len(re.findall(r"execute_workload\[[0-9a-f-]+\] succeeded", log))


def worker_at(cluster: RealAirflow, stage: str) -> psutil.Process | None:
    """The Celery worker below which this stage is running."""
    for process in cluster.processes("warraq", stage):
        with contextlib.suppress(psutil.Error):
            return next((above for above in process.parents() if "--celery-hostname" in above.cmdline()), None)
    return None


def wait_is_over(cluster: RealAirflow, run_id: str) -> bool:
    """Whether the crawl waits for its second try; then what is left of these two to four minutes has passed.

    The end of the first try, from which Airflow counts them, is moved into the past; the second is Airflow's own doing.
    """
    passed = "UPDATE task_instance SET end_date = end_date - interval '1 hour' WHERE run_id = :run_id"
    engine = create_engine(cluster.home.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"], poolclass=NullPool)
    with engine.begin() as database:
        waits = " AND task_id = 'crawl' AND state = 'up_for_retry'"
        return database.execute(text(passed + waits), {"run_id": run_id}).rowcount == 1


def assert_same_content(airflow: RealAirflow, alone: dict[str, str]) -> None:
    ours, theirs = parquet_contents(airflow.settings), parquet_contents(read_settings(alone))
    differing = [name for name, content in ours.items() if content != theirs[name]]
    assert not differing, f"parts that differ between Airflow and one process: {differing}"


def test_two_celery_workers_make_the_archive_that_one_process_makes(
    cluster: RealAirflow, alone: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    started = time.monotonic()
    runs = cluster.run_backfill(Window(FIRST_INSTANT, FIRST_INSTANT + DAYS * DAY))
    seconds = time.monotonic() - started
    assert len(runs) == DAYS
    with capsys.disabled():
        sys.stdout.write(f"\n{DAYS} windows in {seconds:.0f} s, {seconds / DAYS:.1f} s a window\n")
    archive_alone(runs, alone)
    assert_same_content(cluster, alone)
    done = [tasks_done(cluster, f"worker-{number}") for number in (1, 2)]
    assert min(done) > 0, f"tasks of the two workers: {done}"


@pytest.mark.kills
def test_the_archive_is_the_same_when_a_worker_is_lost_in_a_crawl(cluster: RealAirflow, alone: dict[str, str]) -> None:
    start = FIRST_INSTANT + DAYS * DAY
    run = RunId("demo", Window(start, start + DAY))
    cluster.site.faults.add("slow:20@every/1")  # until it is found and killed
    params = {"from": spell_time(run.window.start), "to": spell_time(run.window.end)}
    run_id = cluster.rest.trigger(DAG, params)
    deadline = time.monotonic() + 400
    while (worker := worker_at(cluster, "crawl")) is None:
        assert time.monotonic() < deadline, "no crawl began"
        time.sleep(0.2)
    time.sleep(2)
    for process in [worker, *worker.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    cluster.site.faults.clear()

    wait_for(lambda: wait_is_over(cluster, run_id), seconds=400, what="Airflow notices that the worker is lost")
    ended = cluster.rest.wait_for_run(DAG, run_id, seconds=900)
    assert ended["state"] == "success"
    crawl = next(task for task in cluster.rest.tasks(DAG, run_id) if task["task_id"] == "crawl")
    assert crawl["try_number"] == 2
    archive_alone([run], alone)
    assert_same_content(cluster, alone)
