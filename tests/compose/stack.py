"""A compose project of its own for `make compose-test`: its environment, its containers, and questions to them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click

from tests.fixtures.paths import ROOT
from warraq.airflow.rest_client import AirflowRest, sign_in

PROJECT = "warraq-compose-test"
BUILT_IMAGE = "warraq:compose-test"
WORKERS = 2
READY_SECONDS = 600.0
SHOWN_LOG_LINES = "60"
FAULTS = "http://demo-portal:18800/_demo/faults"
# An archive in the container's own /tmp, with its catalog beside it.
ALONE = ("WARRAQ_ARCHIVE=/tmp/alone", "WARRAQ_CATALOG=")
# The end of the three task logs that were written last.
LATEST_TASK_LOGS = (
    "find /opt/airflow/logs -name 'attempt=*.log' -printf '%T@ %p\\n' | sort -n | tail -n 3 | cut -d' ' -f2-"
    ' | while read -r path; do echo "== $path"; tail -n 15 "$path" | cut -c -600; done'
)


class Broken(Exception):
    """A step did not hold: the test has failed, and says why."""


@dataclass
class Progress:
    """How far the test came; kept in a file, so that a later call can go on."""

    port: int
    image: str
    is_built: bool  # the image is ours to build
    done: list[str] = field(default_factory=list)
    disturbed_run: str = ""
    lost_worker: str = ""
    archived: list[Any] = field(default_factory=list)  # what the stack held when it was backed up

    @classmethod
    def read(cls, folder: Path) -> Progress:
        """Raises Broken where no test was left to go on with."""
        try:
            return cls(**json.loads((folder / "progress.json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise Broken("no stack was left to go on with: start with --keep") from None

    def write(self, folder: Path) -> None:
        """For the next call."""
        (folder / "progress.json").write_text(json.dumps(asdict(self)), encoding="utf-8")


@dataclass
class Stack:
    """One compose project with its own secrets, in a folder of its own."""

    folder: Path
    progress: Progress
    started: float

    @property
    def environ(self) -> dict[str, str]:
        """What docker compose and the scripts read."""
        return {
            **os.environ,
            "COMPOSE_PROJECT_NAME": PROJECT,
            "COMPOSE_FILE": f"{ROOT / 'docker-compose.yml'}:{ROOT / 'deploy' / 'compose.test.yml'}",
            "COMPOSE_ENV_FILES": str(self.folder / ".env"),
            "AIRFLOW_LISTEN": f"127.0.0.1:{self.progress.port}",
            "WARRAQ_IMAGE": self.progress.image,
            "WARRAQ_DEMO_URL": "http://demo-portal:18800",
        }

    def say(self, text: str) -> None:
        """One line of the test's output."""
        click.echo(f"[{time.monotonic() - self.started:5.0f} s] {text}")

    def tried(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A command in the stack's environment, with further variables; it may fail."""
        return subprocess.run(
            words, env=self.environ | variables, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def run(self, *words: str, quiet: bool = True) -> str:
        """A command in the stack's environment; its output. Raises Broken with the end of what it said."""
        ended = self.tried(*words)
        if ended.returncode:
            said = (ended.stderr + ended.stdout)[-3000:]
            raise Broken(f"{' '.join(words)[:200]} ended with {ended.returncode}:\n{said}")
        if not quiet:
            for line in ended.stdout.splitlines():
                self.say(f"  {line}")
        return ended.stdout

    def compose(self, *words: str, quiet: bool = True) -> str:
        """One docker compose command."""
        return self.run("docker", "compose", *words, quiet=quiet)

    def up(self) -> None:
        """Start all services and wait until each container is healthy, or has ended well if it is to end."""
        self.compose("up", "--detach", "--scale", f"airflow-worker={WORKERS}")
        self.wait_until_healthy()

    def down(self) -> None:
        """Delete containers, networks and volumes."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "20")

    def wait_until_healthy(self) -> None:
        """Raises Broken, naming the services, when a container fails or is not healthy in time."""
        deadline = time.monotonic() + READY_SECONDS
        while waiting := self._unready():
            if time.monotonic() > deadline:
                raise Broken(f"not healthy after {READY_SECONDS:.0f} s: {waiting}")
            time.sleep(2)

    def containers(self, *options: str) -> list[dict[str, Any]]:
        """Those that run, as docker compose tells it; with `--all` also those that ended."""
        return [json.loads(line) for line in self.compose("ps", *options, "--format", "json").splitlines()]

    def _unready(self) -> list[str]:
        containers = self.containers("--all")
        failed = [c["Name"] for c in containers if c["State"] in ("exited", "dead") and c["ExitCode"]]
        if failed:
            raise Broken(f"ended with an error: {failed}")
        return [c["Name"] for c in containers if c["State"] != "exited" and c["Health"] not in ("", "healthy")]

    def explain(self, services: Sequence[str]) -> None:
        """Print what helps to find out why a step failed: states, logs of these services, the latest task logs."""
        with contextlib.suppress(Broken):
            self.compose("ps", "--all", "--format", "table {{.Name}}\t{{.Status}}", quiet=False)
            for service in services:
                self.say(f"the end of the log of {service}:")
                self.compose("logs", "--no-color", "--no-log-prefix", "--tail", SHOWN_LOG_LINES, service, quiet=False)
            if "airflow-worker" in services:
                self.compose("exec", "-T", "airflow-scheduler", "sh", "-c", LATEST_TASK_LOGS, quiet=False)

    def query(self, sql: str, *, alone: bool = False) -> list[dict[str, Any]]:
        """What `warraq query` answers in a worker's container; of the archive of one process with `alone`."""
        place = ALONE if alone else ()
        found: list[dict[str, Any]] = json.loads(self.in_worker(*place, "warraq", "query", "--json", sql))
        return found

    def in_worker(self, *words: str) -> str:
        """A command in a worker's container."""
        return self.compose("exec", "-T", "airflow-worker", "env", *words)

    @contextlib.contextmanager
    def airflow(self) -> Iterator[AirflowRest]:
        """Airflow's API as its administrator."""
        lines = (self.folder / ".env").read_text(encoding="utf-8").splitlines()
        password = dict(line.split("=", 1) for line in lines if "=" in line)["AIRFLOW_ADMIN_PASSWORD"]
        with sign_in(f"http://127.0.0.1:{self.progress.port}", user="admin", password=password) as airflow:
            yield airflow

    def set_faults(self, *faults: str) -> None:
        """What the demo portal does wrong from now on."""
        code = (
            "import json, sys, urllib.request as u; "
            f"u.urlopen(u.Request('{FAULTS}', method='DELETE')); "
            f"sys.argv[1:] and u.urlopen('{FAULTS}', data=json.dumps(sys.argv[1:]).encode())"
        )
        self.compose("exec", "-T", "demo-portal", "python", "-c", code, *faults)
