"""Tasks of a real Airflow end at random moments, in every way a person or a machine ends them: nothing lives on.

Afterwards the windows are archived again, and the archive is that of undisturbed runs. AIRFLOW_KILLS=20 is the long
test; KILL_SEED repeats one.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import psutil
import pytest

from storage.errors import UsageError
from storage.model.window import RunId, Window, spell_time
from storage.settings import read_settings
from tests.fixtures.archive_content import parquet_contents
from tests.fixtures.real_stack import DAG, RealAirflow, archive_alone, archive_environ, embedded_airflow, wait_for
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve

KILLS = int(os.environ.get("AIRFLOW_KILLS", "4"))
SEED = int(os.environ.get("KILL_SEED", "20241225"))
DAYS = 2
FIRST = datetime(2024, 12, 1, tzinfo=UTC)
RUNS = [RunId("demo", Window(FIRST + timedelta(days=day), FIRST + timedelta(days=day + 1))) for day in range(DAYS)]
STAGES = ("crawl", "extract", "publish")
GRACE_SECONDS = 40  # the API server tells a task's supervisor at its next heartbeat; then 5 s until SIGKILL
DEATH_SECONDS = 20  # from a killed parent to the end of its child: SIGTERM, and the child's own clean-up
NOTICE_SECONDS = 180  # 30 s without a heartbeat, a look every 10 s, and a slow machine
RUN_SECONDS = 600

pytestmark = [pytest.mark.airflow, pytest.mark.kills, pytest.mark.slow, pytest.mark.timeout(1200 + 120 * KILLS)]


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAirflow]:
    site = DemoSite(articles=12 * DAYS, first_day=date(2024, 12, 1), days=DAYS)
    with serve(site, delay_seconds=0.2) as served, embedded_airflow(tmp_path_factory.mktemp("kills"), served) as found:
        yield found


@dataclass(frozen=True)
class Task:
    """A task at work, and the `warraq` process that does it."""

    airflow: RealAirflow
    run_id: str
    stage: str
    child: psutil.Process

    @property
    def path(self) -> str:
        return f"dags/{DAG}/dagRuns/{self.run_id}"


def mark_failed(task: Task) -> None:
    task.airflow.rest.call("PATCH", f"{task.path}/taskInstances/{task.stage}", json={"new_state": "failed"})


def clear(task: Task) -> None:
    body = {"dry_run": False, "task_ids": [task.stage], "dag_run_id": task.run_id, "only_failed": False}
    task.airflow.rest.call("POST", f"dags/{DAG}/clearTaskInstances", json=body)


def delete_run(task: Task) -> None:
    """Airflow refuses to delete a run at work: it is marked failed, and at once deleted."""
    task.airflow.rest.call("PATCH", task.path, json={"state": "failed"})
    task.airflow.rest.call("DELETE", task.path)


def kill_task(task: Task) -> None:
    """The process that runs the operator, as when memory is short."""
    task.child.parent().kill()  # type: ignore[union-attr] - a child at work has one


def kill_supervisor(task: Task) -> None:
    """The process above it, which tells the API server how the task is."""
    task.child.parents()[1].kill()


WAYS: tuple[Callable[[Task], None], ...] = (mark_failed, clear, delete_run, kill_task, kill_supervisor)


def params_of(run: RunId) -> dict[str, str]:
    return {"from": spell_time(run.window.start), "to": spell_time(run.window.end)}


def started(airflow: RealAirflow, run: RunId, stage: str) -> Task:
    """Trigger the run and wait for the stage's process."""
    run_id = airflow.rest.trigger(DAG, params_of(run))
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(psutil.Error):
            for child in airflow.processes("-m", "warraq", stage):
                if child.parent() is not None:
                    return Task(airflow, run_id, stage, child)
        time.sleep(0.05)
    raise AssertionError(f"no {stage} of {run} began within {RUN_SECONDS} s")


def forget(task: Task) -> None:
    """End the run, so that the next one need not wait for its tasks.

    Not before Airflow has noticed the end of the task: its executor would keep a place for it for ever.
    """
    with contextlib.suppress(UsageError):  # it was deleted
        wait_for(
            lambda: all(
                each["state"] != "running" or each["task_id"] != task.stage
                for each in task.airflow.rest.tasks(DAG, task.run_id)
            ),
            seconds=NOTICE_SECONDS,
            what=f"Airflow notices the end of {task.stage}",
        )
        task.airflow.rest.call("PATCH", task.path, json={"state": "failed"})


def test_no_process_lives_on_and_the_archive_is_right_afterwards(
    airflow: RealAirflow, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    counts: Counter[str] = Counter()
    ways = list(WAYS) * (KILLS // len(WAYS) + 1)
    chance.shuffle(ways)
    with capsys.disabled():
        sys.stdout.write(f"\nseed {SEED}, {KILLS} kills\n")
        for number, way in enumerate(ways[:KILLS], start=1):
            run, stage, wait = chance.choice(RUNS), chance.choice(STAGES), chance.uniform(0, 3)
            task = started(airflow, run, stage)
            time.sleep(wait)
            was_at_work = task.child.is_running()
            with contextlib.suppress(psutil.NoSuchProcess, AttributeError, IndexError):
                way(task)
            began = time.monotonic()
            limit = DEATH_SECONDS if way in (kill_task, kill_supervisor) else GRACE_SECONDS
            wait_for(
                lambda child=task.child: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE,  # type: ignore[misc] - bound now
                seconds=limit,
                what=f"the end of {stage} after {way.__name__} (seed {SEED}, kill {number})",
            )
            counts[way.__name__] += was_at_work
            sys.stdout.write(
                f"{number}: {way.__name__} of {stage} after {wait:.1f} s, "
                f"{'gone' if was_at_work else 'had ended'} after {time.monotonic() - began:.1f} s\n"
            )
            forget(task)
            wait_for(
                lambda: not airflow.processes("-m", "warraq"), seconds=60, what="the end of what followed the kill"
            )
        sys.stdout.write(f"ended at work: {dict(counts)}; components started again: {dict(airflow.stack.restarts)}\n")
    assert sum(counts.values()) >= KILLS // 2, "most stages had ended before they were killed: lengthen them"

    again = [airflow.rest.trigger(DAG, params_of(run)) for run in RUNS]
    alone = archive_environ(tmp_path_factory.mktemp("alone"), airflow.site)
    archive_alone(RUNS, alone)  # while Airflow is at work
    states = [airflow.rest.wait_for_run(DAG, run_id, seconds=RUN_SECONDS)["state"] for run_id in again]
    assert states == ["success"] * DAYS
    ours, theirs = parquet_contents(airflow.settings), parquet_contents(read_settings(alone))
    assert [name for name, content in ours.items() if content != theirs[name]] == []


def test_the_workers_of_a_killed_scheduler_go_with_it(airflow: RealAirflow) -> None:
    task = started(airflow, RUNS[0], "crawl")  # LocalExecutor has no worker before there is a task
    restarts = airflow.stack.restarts["scheduler"]
    (scheduler,) = [one for one in airflow.processes("scheduler") if one.ppid() == os.getpid()]
    before = [one for one in scheduler.children(recursive=True) if os.getpgid(one.pid) == scheduler.pid]
    assert before, "this LocalExecutor works without processes of its own"
    scheduler.kill()
    wait_for(
        lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in before),
        seconds=NOTICE_SECONDS,
        what="the end of the workers of a killed scheduler",
    )
    wait_for(lambda: airflow.stack.restarts["scheduler"] > restarts, seconds=NOTICE_SECONDS, what="another scheduler")
    forget(task)
