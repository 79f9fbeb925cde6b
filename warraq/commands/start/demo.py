"""`warraq demo`: the whole way on the demo portal, through Airflow."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.errors import ExitCode, StageFailed
from storage.settings import Settings, read_settings
from warraq.airflow.home import DEFAULT_PORT, AirflowHome, prepare_home

if TYPE_CHECKING:
    from warraq.airflow.rest_client import AirflowRest
    from warraq.airflow.stack import AirflowStack

DAG = "archive_demo"
PORTAL_PORT = 18800
PORTAL_READY_SECONDS = 30.0
DAG_SECONDS = 120.0
RUN_SECONDS = 900.0
_WATCH_SECONDS = 1.0
_SHOWN_ARTICLES = 10
_COLUMNS = ("article_id", "title", "published_at", "word_count")
_TRY_NEXT = """
Look at Airflow     {airflow}   user admin, password {password}
Look at the portal  {portal}

Try next, in another terminal:
  export WARRAQ_ARCHIVE={archive} WARRAQ_CATALOG={catalog} WARRAQ_DEMO_URL={portal}
  warraq query "SELECT published_at, title FROM articles ORDER BY published_at"
  warraq query "SELECT outcome, count(*) FROM fetches GROUP BY ALL"
  warraq coverage demo
Ctrl-C stops everything."""


@click.command()
@click.option("--articles", type=click.IntRange(1, 5000), default=60, show_default=True, help="Articles of the portal.")
@click.option("--days", type=click.IntRange(1, 365), default=3, show_default=True, help="Days they appeared on.")
@click.option("--once", is_flag=True, help="End when the archive is there; the exit code says whether it is.")
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="Airflow's port.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("archive-demo"),
    show_default=True,
    help="Archive and Airflow of the demo; safe to delete.",
)
def command(articles: int, days: int, once: bool, port: int, folder: Path) -> int:
    """Show the whole way: a demo portal on this machine, archived by Airflow, read back.

    Starts the demo portal and the embedded Airflow, triggers the DAG archive_demo, waits, and prints what was archived.
    It uses an archive of its own and stays up until Ctrl-C. A taken port is replaced by a free one.

    \b
    Examples:
      warraq demo
      warraq demo --once --articles 200 --days 10
    """
    return DemoTour(folder.absolute(), articles=articles, days=days, port=port).run(once=once)


@dataclass
class DemoTour:
    """One demo in its own folder; nothing of it touches another archive."""

    folder: Path
    articles: int
    days: int
    port: int

    def __post_init__(self) -> None:
        from rich.console import Console

        from warraq.airflow.ports import free_port

        self.console = Console()
        self.started = time.monotonic()
        self.until = datetime.now(UTC).date()
        self.portal_url = f"http://127.0.0.1:{free_port(PORTAL_PORT)}"
        environ = {name: value for name, value in os.environ.items() if name != "WARRAQ_PORTALS"}
        self.archive = self.folder.absolute() / "archive"
        self.archive.mkdir(parents=True, exist_ok=True)
        self.environ = environ | {
            "WARRAQ_ARCHIVE": str(self.archive),
            # Said, because pyiceberg's own configuration may name the catalog of another archive.
            "WARRAQ_CATALOG": f"sqlite:///{self.archive}/catalog.db",
            "WARRAQ_CACHE": str(self.folder / "cache"),
            "WARRAQ_DEMO_URL": self.portal_url,
            # Only what is triggered runs: no real portal is asked because somebody switches its DAG on here.
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
        }

    def run(self, *, once: bool) -> int:
        """Show it; with `once` end by itself. Raises WarraqError when a step fails."""
        from warraq.airflow.ports import free_port
        from warraq.airflow.stack import AirflowStack
        from warraq.cli.signals import ended_by_signal

        settings = read_settings(self.environ)
        home = prepare_home(
            self.folder / ".airflow", port=free_port(self.port), settings=settings, environ=self.environ
        )
        try:
            with ended_by_signal(), self._portal(), AirflowStack(home, say=self._say).running() as stack:
                self._archive(home)
                self._show(settings)
                if not once:
                    self._stay(stack, home)
        except KeyboardInterrupt:
            if once:
                raise
            self._say("stopped")
        return ExitCode.DONE

    @contextlib.contextmanager
    def _portal(self) -> Iterator[None]:
        from warraq.pipeline.child_process import die_with_parent, warraq_command

        port = self.portal_url.rpartition(":")[2]
        size = ("--articles", str(self.articles), "--days", str(self.days), "--until", str(self.until))
        self.folder.mkdir(parents=True, exist_ok=True)
        log_path = self.folder / "portal.log"
        with log_path.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                warraq_command("demo-portal", "--port", port, *size),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - prctl has to run between fork and exec
            )
        try:
            deadline = time.monotonic() + PORTAL_READY_SECONDS
            while not _answers(self.portal_url + "/robots.txt"):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise StageFailed("the demo portal does not start", remedy=f"see {log_path}")
                time.sleep(0.1)
            self._say(f"demo portal: {self.articles} articles over {self.days} days at {self.portal_url}")
            yield
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _archive(self, home: AirflowHome) -> None:
        from warraq.airflow.rest_client import sign_in

        # The portal's days are Cairo's, which begin on the UTC day before.
        window = {"from": str(self.until - timedelta(days=self.days + 1)), "to": str(self.until)}
        with sign_in(home.url, user="admin", password=home.passwords["admin"]) as airflow:
            airflow.wait_for_dag(DAG, seconds=DAG_SECONDS)
            airflow.pause(DAG, paused=False)
            run_id = airflow.trigger(DAG, window)
            self._say(f"triggered {DAG} for {window['from']} to {window['to']}")
            seen: dict[str, str] = {}
            run = airflow.wait_for_run(DAG, run_id, seconds=RUN_SECONDS, look=lambda tasks: self._follow(tasks, seen))
            if run["state"] != "success":
                self._explain(airflow, run_id)

    def _follow(self, tasks: list[dict[str, Any]], seen: dict[str, str]) -> None:
        for task in sorted(tasks, key=lambda task: str(task["start_date"])):
            name, state = task["task_id"], task["state"] or "waiting"
            if state in ("running", "success", "failed", "up_for_retry", "skipped") and seen.get(name) != state:
                seen[name] = state
                took = f" in {task['duration']:.1f} s" if task.get("duration") and state != "running" else ""
                self._say(f"  {name}: {state}{took}")

    def _explain(self, airflow: AirflowRest, run_id: str) -> None:
        for task in airflow.tasks(DAG, run_id):
            if task["state"] == "failed":
                for line in airflow.log_lines(DAG, run_id, task["task_id"], try_number=task["try_number"])[-15:]:
                    self._print(f"    {line}")
        raise StageFailed(f"{DAG} failed", remedy=f"the logs are in {self.folder / '.airflow' / 'logs'}")

    def _show(self, settings: Settings) -> None:
        from rich.table import Table
        from rich.text import Text

        from storage.tables.archive_tables import open_tables

        rows = open_tables(settings, create=False).scan("articles", columns=_COLUMNS).to_pylist()
        rows.sort(key=lambda row: (row["published_at"] is not None, row["published_at"], row["title"]), reverse=True)
        found = len({row["article_id"] for row in rows})
        if not found:
            raise StageFailed("the run succeeded and the archive holds no article", remedy=f"see {self.folder}")
        table = Table("published (UTC)", "words", "title", title=f"{found} articles archived; the latest:")
        for row in rows[:_SHOWN_ARTICLES]:
            published = f"{row['published_at']:%Y-%m-%d %H:%M}" if row["published_at"] else "?"
            table.add_row(published, str(row["word_count"]), Text(row["title"]))
        self.console.print(table)
        self._say("done")

    def _stay(self, stack: AirflowStack, home: AirflowHome) -> None:
        told = _TRY_NEXT.format(
            airflow=home.url,
            password=home.passwords["admin"],
            portal=self.portal_url,
            archive=self.archive,
            catalog=self.environ["WARRAQ_CATALOG"],
        )
        self._print(told)
        while True:
            time.sleep(_WATCH_SECONDS)
            stack.mend()

    def _say(self, line: str) -> None:
        self._print(f"{time.monotonic() - self.started:6.1f} s  {line}")

    def _print(self, line: str) -> None:
        from rich.text import Text

        self.console.print(Text(line), soft_wrap=True)  # Text, never markup: logs quote the web


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
