"""The steps of `make compose-test`, in order; each raises when what it is named after does not hold."""

from __future__ import annotations

import contextlib
import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from spiders.portals.demo import PORTAL
from storage.errors import ExitCode, RetryLater
from storage.model.window import RunId, Window, spell_time
from tests.compose.confinement import check_containers, check_image, check_stores
from tests.compose.stack import ALONE, BUILT_IMAGE, READY_SECONDS, WORKERS, Broken, Stack
from warraq.airflow.rest_client import AirflowRest
from warraq.backfill.via_airflow import AirflowBackfill

Answer = TypeVar("Answer")

DAG = "archive_demo"
FIRST_INSTANT = datetime(2024, 11, 30, 22, tzinfo=UTC)  # 1 December begins in Cairo
DAY = timedelta(days=1)
BACKFILLED = Window(FIRST_INSTANT, FIRST_INSTANT + 3 * DAY)
DISTURBED = Window(BACKFILLED.end, BACKFILLED.end + DAY)
RUN_SECONDS = 900.0
PATIENCE = 3
NEXT_IMAGE = f"{BUILT_IMAGE}-next"
AIRFLOW_BEFORE = "3.2.0"  # a version whose database ours can be turned back to
# What the archive says, without what differs between two captures of the same page.
CONTENT = (
    "SELECT article_id, edition_id, url, title, md5(body) AS body, CAST(published_at AS VARCHAR) AS published_at, "
    "CAST(window_start AS VARCHAR) AS window_start FROM editions ORDER BY ALL"
)
EVERYTHING = "SELECT md5(CAST(e AS VARCHAR)) AS row FROM editions e ORDER BY ALL"


def refuses_without_secrets(stack: Stack) -> None:
    """No password, no start."""
    ended = stack.tried("docker", "compose", "config", "--quiet", COMPOSE_ENV_FILES=os.devnull)
    if not ended.returncode or "make secrets" not in ended.stderr:
        raise Broken("docker compose does not refuse to start without secrets")


def builds_an_image_without_tools(stack: Stack) -> None:
    """From the checkout as it is."""
    if stack.progress.is_built:
        stack.compose("build")
    check_image(stack)


def starts(stack: Stack) -> None:
    """All containers healthy, DAG there, store and catalog answer."""
    stack.up()
    with stack.airflow() as airflow:
        airflow.wait_for_dag(DAG, seconds=READY_SECONDS)
        airflow.pause(DAG, paused=False)
    stack.in_worker("warraq", "doctor")


def is_closed(stack: Stack) -> None:
    """What docs/explain/security.md says of the containers and of the stores."""
    check_containers(stack)
    check_stores(stack)


def archives_with_two_workers(stack: Stack) -> None:
    """Three days by Airflow's own backfill; both workers have a share."""
    with stack.airflow() as airflow:
        backfill = AirflowBackfill(airflow, "demo")
        runs = [
            RunId("demo", window)
            for window in backfill.windows(BACKFILLED, schedule=PORTAL.schedule, zone=PORTAL.timezone)
        ]
        backfill.create(BACKFILLED)
        outcomes = patiently(lambda: backfill.follow(runs, tell=lambda _: None))
        for outcome in outcomes:
            stack.say(f"  {outcome.run}: {ExitCode(outcome.exit_code).name}")
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
        stack.progress.disturbed_run = airflow.trigger(DAG, spelled(DISTURBED))
        host = wait_for(
            lambda: crawling_host(airflow, stack.progress.disturbed_run), seconds=180, what="a crawl that runs"
        )
        time.sleep(6)  # in the middle: the command has started, and waits for the portal's answers
        state = task_of(airflow, stack.progress.disturbed_run, "crawl")["state"]
        stack.run("docker", "kill", host)
        stack.progress.lost_worker = host
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
        ended = patiently(lambda: airflow.wait_for_run(DAG, stack.progress.disturbed_run, seconds=RUN_SECONDS))
        crawl = task_of(airflow, stack.progress.disturbed_run, "crawl")
    stack.say(f"  run: {ended['state']}; crawl: try {crawl['try_number']} on {crawl['hostname']}")
    if ended["state"] != "success" or crawl["try_number"] < 2 or crawl["hostname"] == stack.progress.lost_worker:
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


def backs_up(stack: Stack) -> None:
    """While it runs."""
    stack.progress.archived = holdings(stack)
    stack.run("make", "--no-print-directory", "backup", f"TO={stack.folder / 'backup'}", quiet=False)


def restores_into_an_empty_stack(stack: Stack) -> None:
    """All data deleted, then an empty stack filled from the backup: same rows, same runs; it is not filled twice."""
    folder = stack.folder / "backup"
    stack.down()
    stack.say("  all containers and volumes deleted")
    stack.run("make", "--no-print-directory", "restore", f"FROM={folder}", quiet=False)
    stack.up()
    holds_what_it_held(stack)
    refused = stack.tried("deploy/restore.sh", str(folder))
    if not refused.returncode or "in use" not in refused.stderr:
        raise Broken("restore does not refuse a stack that is in use")


def proves_what_was_restored(stack: Stack) -> None:
    """Every byte of the archive against its digest, every text against what was received."""
    for line in stack.in_worker("warraq", "verify").splitlines():
        stack.say(f"  {line}")


def archives_again(stack: Stack) -> None:
    """A window that is archived, once more through Airflow: it succeeds and changes no number of rows."""
    with stack.airflow() as airflow:
        run_id = airflow.trigger(DAG, spelled(DISTURBED))
        ended = patiently(lambda: airflow.wait_for_run(DAG, run_id, seconds=RUN_SECONDS))
        if ended["state"] != "success":
            raise Broken(f"{run_id} failed")
    rows = len(stack.query(EVERYTHING))
    stack.say(f"  {rows} rows")
    if rows != len(stack.progress.archived[0]):
        raise Broken("a window archived again changed the number of rows")


def archives_again_after_the_upgrade(stack: Stack) -> None:
    """The same with the other image."""
    archives_again(stack)


def is_upgraded(stack: Stack) -> None:
    """Airflow's database as an older version made it; another image, `up`: migrated, and nothing is lost."""
    before = holdings(stack)
    services = [c["Service"] for c in stack.containers() if c["Service"].startswith("airflow-")]
    stack.compose("stop", "--timeout", "20", *services)
    alone = ("run", "--rm", "--no-deps", "-T", "airflow-worker")
    stack.compose(*alone, "airflow", "db", "downgrade", "--to-version", AIRFLOW_BEFORE, "--yes")
    if not stack.tried("docker", "compose", *alone, "airflow", "db", "check-migrations", "-t", "0").returncode:
        raise Broken("the database was not turned back")
    stack.say(f"  the database is that of Airflow {AIRFLOW_BEFORE}")
    image, stack.progress.image = stack.progress.image, NEXT_IMAGE
    if stack.progress.is_built:
        stack.compose("build")
    else:
        stack.run("docker", "tag", image, NEXT_IMAGE)
    stack.up()
    images = {c["Image"] for c in stack.containers() if c["Service"].startswith("airflow-")}
    stack.say(f"  Airflow runs from {images}")
    if images != {NEXT_IMAGE}:
        raise Broken("the other image does not run everywhere")
    stack.progress.archived = before
    holds_what_it_held(stack)


def holdings(stack: Stack) -> list[Any]:
    """The digest of each row of the archive, and Airflow's memory of the runs, none of which is under way."""

    def ended_runs() -> list[list[str]] | None:
        runs = sorted([run["dag_run_id"], run["state"]] for run in airflow.runs(DAG))
        return runs if all(state in ("success", "failed") for _, state in runs) else None

    with stack.airflow() as airflow:
        runs = wait_for(lambda: patiently(ended_runs), seconds=RUN_SECONDS, what="the end of all runs")
    return [stack.query(EVERYTHING), runs]


def holds_what_it_held(stack: Stack) -> None:
    """Raises Broken unless rows and runs are those of `progress.archived`."""
    before, now = stack.progress.archived, holdings(stack)
    stack.say(f"  {len(now[0])} rows, {len(now[1])} DAG runs; {len(before[0])}, {len(before[1])} before")
    if now != before:
        gone = [item for old, new in zip(before, now, strict=True) for item in old if item not in new]
        raise Broken(f"the stack does not hold what it held: {gone[:5]} of before")


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


def patiently(ask: Callable[[], Answer]) -> Answer:
    """What `ask` answers; a busy machine's Airflow may let a question time out once or twice."""
    for _ in range(PATIENCE):
        with contextlib.suppress(RetryLater):
            return ask()
    return ask()


def wait_for(look: Callable[[], Answer | None], *, seconds: float, what: str) -> Answer:
    """What `look` finds; raises Broken after a while."""
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise Broken(f"{what} was not seen in {seconds:.0f} s")
        time.sleep(0.5)
    return found


AIRFLOW = ("airflow-init", "airflow-scheduler", "airflow-worker", "airflow-api-server")
RUNNING = ("airflow-scheduler", "airflow-worker")
# Each step, and the services whose logs tell why when it fails.
STEPS: dict[Callable[[Stack], None], tuple[str, ...]] = {
    refuses_without_secrets: (),
    builds_an_image_without_tools: (),
    starts: ("postgres", "seaweedfs", "archive-bucket", *AIRFLOW),
    is_closed: ("seaweedfs",),
    archives_with_two_workers: RUNNING,
    loses_a_worker_in_a_crawl: RUNNING,
    archives_the_same_alone: ("demo-portal",),
    ends_the_run_on_another_worker: RUNNING,
    has_the_archive_of_one_process: ("airflow-worker",),
    backs_up: ("postgres", "seaweedfs"),
    restores_into_an_empty_stack: ("postgres", "seaweedfs", "archive-bucket", *AIRFLOW),
    proves_what_was_restored: ("seaweedfs",),
    archives_again: RUNNING,
    is_upgraded: AIRFLOW,
    archives_again_after_the_upgrade: RUNNING,
}
