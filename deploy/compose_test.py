"""`make compose-test`: the production stack, from an empty engine to a restored backup, on the demo portal.

Needs a container engine (DOCKER_HOST) and docker compose; uses a project, an image tag and secrets of its own, so that
a stack that runs beside it is not touched. Takes about ten minutes on two cores. Exit code 0 only if every step held.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from deploy.compose_stack import ALONE, READY_SECONDS, WORKERS, Broken, Stack
from storage.errors import ExitCode, RetryLater, WarraqError
from storage.window import RunId, Window, spell_time
from warraq.airflow_rest import AirflowRest
from warraq.airflow_stack import free_port
from warraq.backfill.via_airflow import AirflowBackfill
from warraq.compose_secrets import write_environment

DAG = "archive_demo"
FIRST_INSTANT = datetime(2024, 11, 30, 22, tzinfo=UTC)  # 1 December begins in Cairo
DAY = timedelta(days=1)
BACKFILLED = Window(FIRST_INSTANT, FIRST_INSTANT + 3 * DAY)
DISTURBED = Window(BACKFILLED.end, BACKFILLED.end + DAY)
RUN_SECONDS = 900.0
# What the archive says, without what differs between two captures of the same page.
CONTENT = (
    "SELECT article_id, edition_id, url, title, md5(body) AS body, CAST(published_at AS VARCHAR) AS published_at, "
    "CAST(window_start AS VARCHAR) AS window_start FROM editions ORDER BY ALL"
)
EVERYTHING = "SELECT md5(CAST(e AS VARCHAR)) AS row FROM editions e ORDER BY ALL"
SHOWN_LOG_LINES = "60"


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
    stack.in_worker("warraq", "verify")
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
