"""A real Airflow for a test, as `warraq up` runs it or with Celery: its archive, the portal it asks, and its end."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from storage.errors import ExitCode
from storage.model.window import RunId, Window, spell_time
from storage.settings import Settings, read_settings
from tests.private_servers import private_postgres, private_redis
from warraq.airflow.home import AirflowHome, prepare_home
from warraq.airflow.rest_client import AirflowRest, sign_in
from warraq.airflow.stack import AirflowStack, free_port
from warraq.backfill.via_airflow import AirflowBackfill
from warraq.demo.server.server import ServedSite
from warraq.pipeline.child_process import warraq_command

DAG = "archive_demo"
DAG_SECONDS = 300
# A lost worker's task is tried again after this silence, not after five minutes.
HEARTBEAT_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class RealAirflow:
    """A running Airflow with its own archive, and the demo portal, whose DAG is switched on."""

    home: AirflowHome
    settings: Settings
    site: ServedSite
    rest: AirflowRest
    stack: AirflowStack

    def run_backfill(self, asked: Window) -> list[RunId]:
        """Archive the windows by Airflow's own backfill; their runs, all of which have succeeded."""
        backfill = AirflowBackfill(self.rest, "demo")
        runs = [RunId("demo", window) for window in backfill.windows(asked)]
        backfill.create(asked)
        outcomes = backfill.follow(runs, tell=lambda _outcome: None)
        assert {outcome.exit_code for outcome in outcomes} <= {ExitCode.DONE, ExitCode.DEGRADED}, outcomes
        return runs

    def processes(self, *words: str) -> list[psutil.Process]:
        """Its living processes with all these words in their command line."""
        return processes_of(self.home.folder, *words)


def processes_of(home: Path, *words: str) -> list[psutil.Process]:
    """Living processes that run under this Airflow home and have all the words in their command line."""
    found = []
    for number in psutil.pids():  # process_iter() would keep what it knew of a number that has been given again
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(number)
            is_ours = process.environ().get("AIRFLOW_HOME") == str(home)
            if is_ours and process.status() != psutil.STATUS_ZOMBIE and set(words) <= set(process.cmdline()):
                found.append(process)
    return found


def wait_for(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    """Until it holds; fails with `what` after that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)


def archive_environ(folder: Path, site: ServedSite) -> dict[str, str]:
    """Variables of an archive in this folder and nothing else of ours or Airflow's."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(("WARRAQ_", "AIRFLOW"))}
    return found | {
        "WARRAQ_ARCHIVE": str(folder / "archive"),
        "WARRAQ_CACHE": str(folder / "cache"),
        "WARRAQ_DEMO_URL": site.base_url,
    }


@contextlib.contextmanager
def embedded_airflow(folder: Path, site: ServedSite) -> Iterator[RealAirflow]:
    """As `warraq up` runs it: SQLite, LocalExecutor. Nothing but what a test starts is run."""
    environ = archive_environ(folder, site) | {
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": str(HEARTBEAT_TIMEOUT_SECONDS),
    }
    settings = read_settings(environ)
    home = prepare_home(folder / "home", port=free_port(), settings=settings, environ=environ)
    with _running(home, settings, site, celery_workers=0) as found:
        yield found


@contextlib.contextmanager
def celery_airflow(folder: Path, site: ServedSite) -> Iterator[RealAirflow]:
    """CeleryExecutor with two workers of one task each, Redis, and PostgreSQL for Airflow and for the catalog."""
    with private_postgres("airflow", "catalog") as database, private_redis(folder / "redis") as broker:
        environ = archive_environ(folder, site) | {
            "WARRAQ_CATALOG": f"postgresql+psycopg2://{database('catalog')}",
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": broker,
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+postgresql://{database('airflow')}",
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "1",  # so that neither worker can do it all
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": str(HEARTBEAT_TIMEOUT_SECONDS),
        }
        settings = read_settings(environ)
        home = prepare_home(folder / "home", port=free_port(), settings=settings, environ=environ)
        fixed = {
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database('airflow')}",
            "WARRAQ_CATALOG": environ["WARRAQ_CATALOG"],
        }
        environ = {name: value for name, value in home.environ.items() if not name.endswith("_CONNECT_ARGS")} | fixed
        with _running(replace(home, environ=environ), settings, site, celery_workers=2) as found:
            yield found


@contextlib.contextmanager
def _running(home: AirflowHome, settings: Settings, site: ServedSite, *, celery_workers: int) -> Iterator[RealAirflow]:
    stack = AirflowStack(home, celery_workers=celery_workers)
    with (
        _mended(stack) as watch,
        stack.running(),
        watch(),
        sign_in(home.url, user="admin", password=home.passwords["admin"]) as rest,
    ):
        rest.wait_for_dag(DAG, seconds=DAG_SECONDS)
        rest.pause(DAG, paused=False)
        yield RealAirflow(home, settings, site, rest, stack)
    assert not processes_of(home.folder), "the stopped Airflow has left processes behind"


@contextlib.contextmanager
def _mended(stack: AirflowStack) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Looks after the stack as `warraq up` does; the thread outlives the stack, because its children die with it."""
    is_over, looks_no_more, may_end = threading.Event(), threading.Event(), threading.Event()

    def look() -> None:
        while not is_over.wait(1):
            stack.mend()
        looks_no_more.set()
        may_end.wait()

    @contextlib.contextmanager
    def watch() -> Iterator[None]:
        threading.Thread(target=look, name="mend", daemon=True).start()
        try:
            yield
        finally:
            is_over.set()
            looks_no_more.wait(60)

    try:
        yield watch
    finally:
        may_end.set()


def archive_alone(runs: Sequence[RunId], environ: dict[str, str]) -> None:
    """Archive the runs by commands, one after the other, without Airflow."""
    for run in runs:
        window = ("--from", spell_time(run.window.start), "--to", spell_time(run.window.end))
        ended = subprocess.run(
            warraq_command("archive", run.portal, *window, "--json"), env=environ, capture_output=True, check=False
        )
        assert ended.returncode in (ExitCode.DONE, ExitCode.DEGRADED), ended.stderr.decode()
