"""`make compose-test`: the production stack, from an empty engine to a restored backup, on the demo portal.

Needs a container engine (DOCKER_HOST) and docker compose; uses a project, an image tag and secrets of its own, so that
a stack that runs beside it is not touched. Takes about ten minutes on two cores. Exit code 0 only if every step held.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from storage.errors import ExitCode, RetryLater, WarraqError
from storage.window import RunId, Window, spell_time
from warraq.airflow_rest import AirflowRest, sign_in
from warraq.airflow_stack import free_port
from warraq.backfill.via_airflow import AirflowBackfill
from warraq.compose_secrets import write_environment

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "warraq-compose-test"
BUILT_IMAGE = "warraq:compose-test"
DAG = "archive_demo"
WORKERS = 2
FIRST_INSTANT = datetime(2024, 11, 30, 22, tzinfo=UTC)  # 1 December begins in Cairo
DAY = timedelta(days=1)
BACKFILLED = Window(FIRST_INSTANT, FIRST_INSTANT + 3 * DAY)
DISTURBED = Window(BACKFILLED.end, BACKFILLED.end + DAY)
READY_SECONDS = 600.0
RUN_SECONDS = 900.0
# What the archive says, without what differs between two captures of the same page.
CONTENT = (
    "SELECT article_id, edition_id, url, title, md5(body) AS body, CAST(published_at AS VARCHAR) AS published_at, "
    "CAST(window_start AS VARCHAR) AS window_start FROM editions ORDER BY ALL"
)
EVERYTHING = "SELECT md5(CAST(e AS VARCHAR)) AS row FROM editions e ORDER BY ALL"
FAULTS = "http://demo-portal:18800/_demo/faults"
SHOWN_LOG_LINES = "60"


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


# An archive in the container's own /tmp, with its catalog beside it.
ALONE = ("WARRAQ_ARCHIVE=/tmp/alone", "WARRAQ_CATALOG=")


def refuses_without_secrets(stack: Stack) -> None:
    """No password, no start."""
    ended = stack.tried("docker", "compose", "config", "--quiet", COMPOSE_ENV_FILES=os.devnull)
    if not ended.returncode or "make secrets" not in ended.stderr:
        raise Broken("docker compose does not refuse to start without secrets")


def starts(stack: Stack) -> None:
    """Image built, all containers healthy, DAG there."""
    if not stack.image:
        stack.compose("build")
        stack.say("  image built")
    stack.up()
    users = stack.compose("exec", "-T", "airflow-worker", "id", "--user").strip()
    if users == "0":
        raise Broken("the worker runs as root")
    with stack.airflow() as airflow:
        airflow.wait_for_dag(DAG, seconds=READY_SECONDS)
        airflow.pause(DAG, paused=False)
    stack.in_worker("warraq", "doctor")


def archives_with_two_workers(stack: Stack) -> None:
    """Three days by Airflow's own backfill; both workers have a share."""
    with stack.airflow() as airflow:
        backfill = AirflowBackfill(airflow, "demo")
        runs = [RunId("demo", window) for window in backfill.windows(BACKFILLED)]
        backfill.create(BACKFILLED)
        outcomes = backfill.follow(
            runs, tell=lambda outcome: stack.say(f"  {outcome.run}: {ExitCode(outcome.exit_code).name}")
        )
        wrong = [o for o in outcomes if o.exit_code not in (ExitCode.DONE, ExitCode.DEGRADED)]
        if wrong or len(outcomes) != (BACKFILLED.end - BACKFILLED.start) // DAY:
            raise Broken(f"windows that did not succeed: {wrong} of {len(outcomes)}")
        done = Counter(
            task["hostname"]
            for run in airflow.runs(DAG)
            for task in airflow.tasks(DAG, run["dag_run_id"])
            if task["task_id"] != "passed_audit"
        )
    stack.say(f"  tasks by worker: {dict(done)}")
    if len(done) != WORKERS:
        raise Broken("only one worker had tasks")


def loses_a_worker_in_a_crawl(stack: Stack) -> None:
    """The container of the worker that crawls is killed."""
    stack.set_faults("slow:3@every/1")
    with stack.airflow() as airflow:
        stack.disturbed_run = airflow.trigger(DAG, spelled(DISTURBED))
        host = wait_for(lambda: crawling_host(airflow, stack.disturbed_run), seconds=180, what="a crawl that runs")
        time.sleep(6)  # in the middle: the command has started, and waits for the portal's answers
        state = task_of(airflow, stack.disturbed_run, "crawl")["state"]
        stack.run("docker", "kill", host)
        stack.lost_worker = host
        stack.say(f"  killed {host} while its crawl was {state}")
        if state != "running":
            raise Broken("the crawl had ended before the kill")
    stack.set_faults()


def archives_the_same_alone(stack: Stack) -> None:
    """Meanwhile one undisturbed process archives the same windows elsewhere."""
    for start in starts_of_days():
        stack.in_worker(*ALONE, "warraq", "archive", "demo", *flags(Window(start, start + DAY)), "--json")


def ends_the_run_on_another_worker(stack: Stack) -> None:
    """Airflow notices the loss and tries the crawl again; the run ends right."""
    with stack.airflow() as airflow:
        ended = airflow.wait_for_run(DAG, stack.disturbed_run, seconds=RUN_SECONDS)
        crawl = task_of(airflow, stack.disturbed_run, "crawl")
    stack.say(f"  run: {ended['state']}; crawl: try {crawl['try_number']} on {crawl['hostname']}")
    if ended["state"] != "success" or crawl["try_number"] < 2 or crawl["hostname"] == stack.lost_worker:
        raise Broken("the run did not end right on another worker")


def has_the_archive_of_one_process(stack: Stack) -> None:
    """The editions are those of one undisturbed process."""
    ours, theirs = stack.query(CONTENT), stack.query(CONTENT, alone=True)
    runs = stack.query("SELECT run_id, verdict, count(*) AS rows FROM runs GROUP BY ALL ORDER BY ALL")
    for run in runs:
        stack.say(f"  {run}")
    stack.say(f"  {len(ours)} editions; {len(theirs)} in the archive of one process")
    if not ours or ours != theirs or len(runs) != len(starts_of_days()):
        raise Broken("the archives differ")


def backup_restores(stack: Stack) -> None:
    """All data deleted, then an empty stack filled from the backup: same rows, same runs, and it goes on archiving."""
    folder = stack.folder / "backup"
    before = (stack.query(EVERYTHING), airflow_runs(stack))
    stack.run("make", "--no-print-directory", "backup", f"TO={folder}", quiet=False)
    stack.compose("down", "--volumes", "--timeout", "20")
    stack.say("  all containers and volumes deleted")
    stack.run("make", "--no-print-directory", "restore", f"FROM={folder}", quiet=False)
    stack.up()
    after = (stack.query(EVERYTHING), airflow_runs(stack))
    stack.say(
        f"  {len(after[0])} rows, {len(after[1])} DAG runs after the restore; {len(before[0])}, {len(before[1])} before"
    )
    if before != after:
        raise Broken("the restored stack differs")
    stack.in_worker("warraq", "verify", "demo")
    refused = stack.tried("deploy/restore.sh", str(folder))
    if not refused.returncode or "in use" not in refused.stderr:
        raise Broken("restore does not refuse a stack that is in use")
    with stack.airflow() as airflow:
        run_id = airflow.trigger(DAG, spelled(DISTURBED))
        if airflow.wait_for_run(DAG, run_id, seconds=RUN_SECONDS)["state"] != "success":
            raise Broken("a run in the restored stack failed")
    if len(stack.query(EVERYTHING)) != len(before[0]):
        raise Broken("a window archived again in the restored stack changed the number of rows")


def airflow_runs(stack: Stack) -> list[tuple[str, str]]:
    """Airflow's memory of the runs."""
    with stack.airflow() as airflow:
        return sorted((run["dag_run_id"], run["state"]) for run in airflow.runs(DAG))


def spelled(window: Window) -> dict[str, str]:
    """The DAG's params for a window."""
    return {"from": spell_time(window.start), "to": spell_time(window.end)}


def flags(window: Window) -> tuple[str, ...]:
    """The same for a command."""
    return ("--from", spell_time(window.start), "--to", spell_time(window.end))


def starts_of_days() -> list[datetime]:
    """Where the windows of the whole test begin."""
    return [BACKFILLED.start + number * DAY for number in range((DISTURBED.end - BACKFILLED.start) // DAY)]


def task_of(airflow: AirflowRest, run_id: str, name: str) -> dict[str, Any]:
    """A task of a run as it is now."""
    return next(task for task in airflow.tasks(DAG, run_id) if task["task_id"] == name)


def crawling_host(airflow: AirflowRest, run_id: str) -> str | None:
    """The container that runs the crawl; its host name is its id."""
    crawl = task_of(airflow, run_id, "crawl")
    return str(crawl["hostname"]) if crawl["state"] == "running" and crawl["hostname"] else None


def wait_for(look: Callable[[], str | None], *, seconds: float, what: str) -> str:
    """What `look` finds; raises Broken after a while."""
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise Broken(f"{what} was not seen in {seconds:.0f} s")
        time.sleep(0.5)
    return found


STEPS = (
    refuses_without_secrets,
    starts,
    archives_with_two_workers,
    loses_a_worker_in_a_crawl,
    archives_the_same_alone,
    ends_the_run_on_another_worker,
    has_the_archive_of_one_process,
    backup_restores,
)


@click.command()
@click.option("--image", help="Try this image instead of building one.")
def main(image: str | None) -> None:
    """Try the production stack of docker-compose.yml; the exit code says whether it works."""
    sys.exit(run_steps(image))


def run_steps(image: str | None) -> int:
    """Run the steps in order; everything is taken down at the end, however it comes."""
    with tempfile.TemporaryDirectory(prefix="warraq-compose-") as name:
        stack = Stack(Path(name), free_port(18_090), image, time.monotonic())
        write_environment(stack.folder / ".env")
        try:
            for step in STEPS:
                stack.say(f"{step.__name__.replace('_', ' ')} …")
                step(stack)
                stack.say(f"{step.__name__.replace('_', ' ')}: yes")
        except (Broken, RetryLater, WarraqError) as error:
            stack.say(f"FAILED: {error}")
            with contextlib.suppress(Broken):
                stack.compose("ps", "--all", quiet=False)
                stack.compose("logs", "--no-color", "--tail", SHOWN_LOG_LINES, quiet=False)
            return 1
        finally:
            with contextlib.suppress(Broken):
                stack.compose("down", "--volumes", "--remove-orphans", "--timeout", "20")
        stack.say("the production stack works")
    return 0


if __name__ == "__main__":
    main()
