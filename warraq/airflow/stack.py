"""The embedded Airflow as four child processes: started together, watched, and stopped without leaving one behind."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from storage.errors import RetryLater, StageFailed, UsageError
from warraq.airflow.home import ADDRESS_FILE, DATABASE_FILE, LOCK_FILE, AirflowHome
from warraq.airflow.ports import check_port
from warraq.airflow.run_conf import mend_stored
from warraq.pipeline.child_process import die_with_parent

# The scheduler's log server is not needed on one machine: the API server reads the log files themselves.
COMPONENTS = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
_HEALTH_NAMES = ("metadatabase", "scheduler", "dag_processor", "triggerer")
# A stopped task has 4 s to leave (child_process.STOP_GRACE_SECONDS), then its end is reported to the API server.
SCHEDULER_STOP_SECONDS = 15.0
OTHERS_STOP_SECONDS = 5.0
ORPHAN_SECONDS = 6.0  # for what a dead component left: a task's own stop takes 4 s
MAX_RESTARTS = 3  # of one component; more is no accident
READY_SECONDS = 180.0  # 17 s on an idle two-core machine; a busy one needs much more


@dataclass
class AirflowStack:
    """Use as `with AirflowStack(home).running():`; `say` gets one line for each step.

    `celery_workers` start beside the components when the home's environment names the CeleryExecutor and its broker.
    """

    home: AirflowHome
    say: Callable[[str], None] = lambda _line: None
    celery_workers: int = 0
    restarts: Counter[str] = field(default_factory=Counter)
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @contextlib.contextmanager
    def running(self) -> Iterator[AirflowStack]:
        """Migrate the database, start the components, and stop everything at the end, however it comes.

        Raises UsageError (port or home in use), StageFailed (a component died) or RetryLater (not ready in time).
        """
        self.home.logs.mkdir(exist_ok=True)
        with _only_user_of(self.home.folder):
            check_port(self.home.port)
            try:
                self._migrate()
                self._mend_stored_runs()
                for name, words in (COMPONENTS | self._workers()).items():
                    self._start(name, words)
                self._wait_until_ready()
                (self.home.folder / ADDRESS_FILE).write_text(self.home.url, encoding="utf-8")
                yield self
            finally:
                self.stop()

    def check(self) -> None:
        """Raises StageFailed, naming the log, when a component has died."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise StageFailed(
                    f"Airflow's {name} ended with code {process.returncode}", remedy=f"see {self._log(name)}"
                )

    def mend(self) -> None:
        """Start a component again that has died; its tasks are tried again. Raises StageFailed when it dies too often.

        Airflow's scheduler crashes, for one, when a run is deleted that it was about to start (3.3.2).
        """
        for name, process in list(self._processes.items()):
            if process.poll() is None:
                continue
            if self.restarts[name] == MAX_RESTARTS:
                self.check()
            self.restarts[name] += 1
            self.say(f"{name} ended with code {process.returncode} and is started again, see {self._log(name)}")
            _end_group(process.pid)  # what it has left: LocalExecutor's workers, which do not mind a SIGTERM
            self._mend_stored_runs()
            self._start(name, (COMPONENTS | self._workers())[name])

    def stop(self) -> None:
        """End all components: scheduler and its tasks first, because the API server takes their last reports."""
        with _signals_held():
            family = {name: _family(process.pid) for name, process in self._processes.items()}
            self._terminate("scheduler", *self._workers(), seconds=SCHEDULER_STOP_SECONDS)
            self._terminate("dag-processor", "triggerer", "api-server", seconds=OTHERS_STOP_SECONDS)
            survivors = [process for processes in family.values() for process in processes if process.is_running()]
            for process in survivors:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(survivors, timeout=5)
            self._processes.clear()

    def _migrate(self) -> None:
        if importlib.util.find_spec("airflow") is None:
            raise UsageError("airflow is not installed", remedy="pip install 'warraq[airflow]'")
        self.say("preparing Airflow's database")
        with self._log("migrate").open("ab") as log:
            code = subprocess.call(  # noqa: S603 - fixed words
                _airflow("db", "migrate"), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(self.home.environ)
            )
        if code:
            raise StageFailed("Airflow's database cannot be prepared", remedy=f"see {self._log('migrate')}")
        if not self.home.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("sqlite"):
            return
        # Readers do not block the writer then; four processes share the file. The file remembers it.
        with contextlib.closing(sqlite3.connect(self.home.folder / DATABASE_FILE)) as database:
            database.execute("PRAGMA journal_mode=WAL")

    def _mend_stored_runs(self) -> None:
        """A run's configuration that ends Airflow's processes would end them again."""
        if not self.home.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("sqlite"):
            return
        if mended := mend_stored(self.home.folder / DATABASE_FILE):
            self.say(f"{mended} runs had a configuration that Airflow cannot bear, and are ended without it")

    def _workers(self) -> dict[str, tuple[str, ...]]:
        names = [f"worker-{number}" for number in range(1, self.celery_workers + 1)]
        return {name: ("celery", "worker", "--celery-hostname", f"{name}@%h", "--skip-serve-logs") for name in names}

    def _start(self, name: str, words: tuple[str, ...]) -> None:
        with self._log(name).open("ab") as log:
            self._processes[name] = subprocess.Popen(  # noqa: S603 - fixed words
                _airflow(*words),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.home.environ),
                # Ctrl-C in the terminal must reach us only: we stop the components in order.
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - prctl has to run between fork and exec
            )

    def _wait_until_ready(self) -> None:
        self.say("starting api-server, scheduler, dag-processor and triggerer")
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_healthy():
            self.check()
            if time.monotonic() > deadline:
                raise RetryLater(
                    f"Airflow was not ready after {READY_SECONDS:.0f} s", remedy=f"see the logs in {self.home.logs}"
                )
            time.sleep(0.3)
        # The first request there builds an application for 3 to 9 s; the first task must not wait for it.
        with contextlib.suppress(OSError):
            _get(f"{self.home.url}/execution/health", seconds=60)

    def _is_healthy(self) -> bool:
        """Whether all components are; the status code is 200 whatever they are, so the body is read."""
        try:
            health = json.loads(_get(f"{self.home.url}/api/v2/monitor/health", seconds=5))
        except (OSError, ValueError):
            return False
        return all(health.get(name, {}).get("status") == "healthy" for name in _HEALTH_NAMES)

    def _terminate(self, *names: str, seconds: float) -> None:
        alive = [p for name in names if (p := self._processes.get(name)) and p.poll() is None]
        for process in alive:
            # The whole group: LocalExecutor's workers pass the signal on to their tasks.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        for begun in filter(None, map(self._processes.get, names)):
            _end_group(begun.pid)  # what one has left that died before it could be mended

    def _log(self, name: str) -> Path:
        return self.home.logs / f"{name}.log"


def _airflow(*words: str) -> list[str]:
    return [sys.executable, "-m", "airflow", *words]


def _get(url: str, *, seconds: float) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback is never asked through a proxy
    with opener.open(url, timeout=seconds) as answer:
        body: bytes = answer.read(1 << 20)
        return body


def _end_group(group: int) -> None:
    """Ask the processes of a group to end, then kill those that stay; their tasks are tried again."""
    for number, seconds in ((signal.SIGTERM, ORPHAN_SECONDS), (signal.SIGKILL, 0.0)):
        try:
            os.killpg(group, number)
        except (ProcessLookupError, PermissionError):
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and _is_alive(group):
            time.sleep(0.1)


def _is_alive(group: int) -> bool:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, 0)
        return True
    return False


def _family(pid: int) -> list[psutil.Process]:
    """The process and all its descendants, as they are now; start times guard against reused numbers."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


@contextlib.contextmanager
def _only_user_of(folder: Path) -> Iterator[None]:
    lock: IO[str]
    with (folder / LOCK_FILE).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise UsageError(
                f"{folder} is in use by process {lock.read().strip() or 'unknown'}",
                remedy="stop that `warraq up`, or name another folder with --home",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait meanwhile: an interrupted clean-up is how orphans are made."""
    numbers = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
