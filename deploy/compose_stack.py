"""A compose project of its own for `make compose-test`: its environment, its containers, and questions to them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from warraq.airflow_rest import AirflowRest, sign_in

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "warraq-compose-test"
BUILT_IMAGE = "warraq:compose-test"
WORKERS = 2
READY_SECONDS = 600.0
FAULTS = "http://demo-portal:18800/_demo/faults"
# An archive in the container's own /tmp, with its catalog beside it.
ALONE = ("WARRAQ_ARCHIVE=/tmp/alone", "WARRAQ_CATALOG=")


class Broken(Exception):
    """A step did not hold: the test has failed, and says why."""


@dataclass
class Stack:
    """One compose project with its own secrets, in a folder of its own."""

    folder: Path
    port: int
    image: str | None  # None: build one
    started: float
    disturbed_run: str = ""
    lost_worker: str = ""

    @property
    def environ(self) -> dict[str, str]:
        """What docker compose and the scripts read."""
        return {
            **os.environ,
            "COMPOSE_PROJECT_NAME": PROJECT,
            "COMPOSE_FILE": f"{ROOT / 'docker-compose.yml'}:{ROOT / 'deploy' / 'compose.test.yml'}",
            "COMPOSE_ENV_FILES": str(self.folder / ".env"),
            "AIRFLOW_LISTEN": f"127.0.0.1:{self.port}",
            "WARRAQ_IMAGE": self.image or BUILT_IMAGE,
            "WARRAQ_DEMO_URL": "http://demo-portal:18800",
        }

    def say(self, text: str) -> None:
        """One line of the test's output."""
        click.echo(f"[{time.monotonic() - self.started:5.0f} s] {text}")

    def tried(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A command in the stack's environment, with further variables; it may fail."""
        return subprocess.run(  # noqa: S603 - words of this file
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

    def wait_until_healthy(self) -> None:
        """Raises Broken, naming the services, when a container fails or is not healthy in time."""
        deadline = time.monotonic() + READY_SECONDS
        while waiting := self._unready():
            if time.monotonic() > deadline:
                raise Broken(f"not healthy after {READY_SECONDS:.0f} s: {waiting}")
            time.sleep(2)

    def _unready(self) -> list[str]:
        lines = self.compose("ps", "--all", "--format", "json").splitlines()
        containers = [json.loads(line) for line in lines]
        failed = [c["Name"] for c in containers if c["State"] in ("exited", "dead") and c["ExitCode"]]
        if failed:
            raise Broken(f"ended with an error: {failed}")
        return [c["Name"] for c in containers if c["State"] != "exited" and c["Health"] not in ("", "healthy")]

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
        with sign_in(f"http://127.0.0.1:{self.port}", user="admin", password=password) as airflow:
            yield airflow

    def set_faults(self, *faults: str) -> None:
        """What the demo portal does wrong from now on."""
        code = (
            "import json, sys, urllib.request as u; "
            f"u.urlopen(u.Request('{FAULTS}', method='DELETE')); "
            f"sys.argv[1:] and u.urlopen('{FAULTS}', data=json.dumps(sys.argv[1:]).encode())"
        )
        self.compose("exec", "-T", "demo-portal", "python", "-c", code, *faults)
