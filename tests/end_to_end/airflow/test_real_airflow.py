"""`warraq up` archives the demo portal: scheduler, executor, REST API and real processes, until a SIGTERM."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from storage.errors import UsageError
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.real_stack import IDLE, processes_of, wait_for, warraq_up
from tests.fixtures.webhook import SECRET, Webhook, webhook_server
from warraq.airflow.home import AirflowHome, prepare_home
from warraq.airflow.ports import free_port
from warraq.airflow.rest_client import AirflowRest, sign_in

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]

DAG = "archive_demo"
DAYS = 3
UNTIL = "2024-12-04"  # the portal's articles are of 1 to 3 December
PARAMS = {"from": "2024-11-30", "to": "2024-12-04"}
RUN_SECONDS = 240


@dataclass
class DemoPortal:
    """The demo portal on one port, restarted with other options in between."""

    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str) -> None:
        self.stop()
        words = ["demo-portal", "--port", str(self.port), "--articles", "24", "--days", str(DAYS), "--until", UNTIL]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "warraq", *words, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.url + "/robots.txt", timeout=5).close()
                return
            time.sleep(0.1)
        raise RuntimeError("the demo portal does not answer")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


@dataclass(frozen=True)
class Lab:
    """A running Airflow with its own archive, the portal it asks, and where its alerts go."""

    home: AirflowHome
    settings: Settings
    portal: DemoPortal
    webhook: Webhook
    airflow: AirflowRest

    def archive(self, params: dict[str, Any] = PARAMS) -> dict[str, Any]:
        run_id = self.airflow.trigger(DAG, params)
        return self.airflow.wait_for_run(DAG, run_id, seconds=RUN_SECONDS)

    def rows(self, table: str, *, without: frozenset[str] = frozenset()) -> list[str]:
        found = open_tables(self.settings, create=False).scan(table).to_pylist()
        return sorted(repr({key: value for key, value in row.items() if key not in without}) for row in found)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with webhook_server() as webhook:
        yield from started_lab(tmp_path_factory.mktemp("real"), webhook)


def started_lab(folder: Path, webhook: Webhook) -> Iterator[Lab]:
    portal = DemoPortal()
    portal.start()
    environ = {
        **os.environ,
        "WARRAQ_ARCHIVE": str(folder / "archive"),
        "WARRAQ_CACHE": str(folder / "cache"),
        "WARRAQ_DEMO_URL": portal.url,
        "AIRFLOW_CONN_WARRAQ_ALERTS": webhook.address,
        **IDLE,
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
    }
    for name in ("WARRAQ_CATALOG", "AIRFLOW_HOME"):
        environ.pop(name, None)
    settings, port = read_settings(environ), free_port()
    try:
        with warraq_up(folder / "home", environ, port=port, end=signal.SIGTERM) as card:
            home = prepare_home(folder / "home", port=port, settings=settings, environ=environ)
            assert home.url in card
            assert all(password in card for password in home.passwords.values())
            with sign_in(home.url, user="admin", password=home.passwords["admin"]) as airflow:
                airflow.wait_for_dag(DAG, seconds=120)
                airflow.pause(DAG, paused=False)
                yield Lab(home, settings, portal, webhook, airflow)
    finally:
        portal.stop()


def test_a_triggered_run_archives_the_portal_and_the_same_run_again_gives_the_same_rows(lab: Lab) -> None:
    first = lab.archive()
    assert first["state"] == "success"
    tasks = {task["task_id"]: task["state"] for task in lab.airflow.tasks(DAG, first["dag_run_id"])}
    assert tasks == {"crawl": "success", "extract": "success", "publish": "success", "passed_audit": "success"}
    log = lab.airflow.log_lines(DAG, first["dag_run_id"], "publish", try_number=1)
    assert any(line.startswith("report: verdict = ") for line in log), log
    articles = lab.rows("articles")
    assert len(articles) >= 24

    second = lab.archive()
    assert second["state"] == "success"
    assert lab.rows("articles") == articles


def test_the_asset_event_says_what_was_published(lab: Lab) -> None:
    events = lab.airflow.call("GET", "assets/events", params={"order_by": "-timestamp"})["asset_events"]
    assert events[0]["name"] == "articles_demo"
    assert events[0]["extra"]["verdict"] == "ok"


def test_a_manual_run_without_a_window_fails_at_once_says_what_to_do_and_alerts_nobody(lab: Lab) -> None:
    run = lab.archive({})
    assert run["state"] == "failed"
    crawl = next(task for task in lab.airflow.tasks(DAG, run["dag_run_id"]) if task["task_id"] == "crawl")
    assert crawl["try_number"] == 1
    path = f"dags/{DAG}/dagRuns/{run['dag_run_id']}/taskInstances/crawl/logs/1"
    entries = lab.airflow.call("GET", path, params={"full_content": True}, headers={"Accept": "application/json"})
    told = [entry for entry in entries["content"] if not str(entry.get("event")).startswith("::")]
    assert "a manual run needs its window" in told[-1]["event"], "the last line is the cause"
    assert " — " in told[-1]["event"], "and the remedy"
    assert not any(entry.get("error_detail") for entry in told), "no traceback for what was expected"
    assert run["note"] == f"crawl: {told[-1]['event']}"
    assert lab.webhook.received == [], "a slip of the pen alerts nobody"


def test_the_look_for_alerts_tells_its_report(lab: Lab) -> None:
    run_id = lab.airflow.trigger("send_alerts", {})
    assert lab.airflow.wait_for_run("send_alerts", run_id, seconds=RUN_SECONDS)["state"] == "success"
    log = lab.airflow.log_lines("send_alerts", run_id, "look", try_number=1)
    assert any(line.startswith("report: open = ") for line in log), log


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2024-12-01; touch /tmp/x", "to": "2024-12-02"},
        {"from": "2024-12-01", "to": "2024-12-02", "revisit": "all --max-requests 1"},
        {"from": ["2024-12-01"], "to": "2024-12-02"},
    ],
)
def test_the_api_refuses_params_that_are_more_than_values(lab: Lab, params: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="Airflow refuses"):
        lab.airflow.trigger(DAG, params)


def test_a_dry_run_skips_what_follows(lab: Lab) -> None:
    run = lab.archive({"from": "2024-10-01", "to": "2024-10-02", "dry_run": True})
    tasks = {task["task_id"]: task["state"] for task in lab.airflow.tasks(DAG, run["dag_run_id"])}
    assert tasks == {"crawl": "success", "extract": "skipped", "publish": "skipped", "passed_audit": "skipped"}


def test_a_viewer_may_look_and_not_trigger(lab: Lab) -> None:
    with sign_in(lab.home.url, user="viewer", password=lab.home.passwords["viewer"]) as viewer:
        assert viewer.has_dag(DAG)
        with pytest.raises(UsageError, match="Airflow refuses"):
            viewer.trigger(DAG, PARAMS)


def test_the_archive_page_is_for_people_who_are_signed_in(lab: Lab) -> None:
    assert lab.airflow.client.get("/archive/", headers={"Authorization": ""}).status_code in (401, 403)
    page = lab.airflow.client.get("/archive/portal/demo")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "بوابة الميزان" in page.text or "Archive" in page.text


@pytest.mark.kills
@pytest.mark.parametrize("way", ["failed", "cleared"])
def test_a_killed_task_leaves_no_process_behind(lab: Lab, way: str) -> None:
    lab.portal.start("--delay", "2")
    day = {"failed": "2024-12-01", "cleared": "2024-12-02"}[way]
    run_id = lab.airflow.trigger(DAG, {"from": day, "to": f"{day}T12:00Z"})
    path = f"dags/{DAG}/dagRuns/{run_id}/taskInstances/crawl"
    wait_for(lambda: processes_of(lab.home.folder, "crawl", day), seconds=60, what="a crawl process")
    time.sleep(1)
    child = processes_of(lab.home.folder, "crawl", day)[0]
    if way == "failed":
        lab.airflow.call("PATCH", path, json={"new_state": "failed"})
    else:
        lab.portal.start()
        body = {"dry_run": False, "task_ids": ["crawl"], "dag_run_id": run_id, "only_failed": False}
        lab.airflow.call("POST", f"dags/{DAG}/clearTaskInstances", json=body)
    wait_for(lambda: not child.is_running(), seconds=40, what="the end of the crawl process")
    lab.portal.start()
    run = lab.airflow.wait_for_run(DAG, run_id, seconds=RUN_SECONDS)
    assert run["state"] == ("failed" if way == "failed" else "success")
    wait_for(lambda: not processes_of(lab.home.folder, day), seconds=10, what="the end of every process of the run")


def test_no_log_shows_the_secret_of_the_alerts(lab: Lab) -> None:
    logs = [path for path in lab.home.folder.rglob("*.log") if path.is_file()]
    assert {"crawl", "look", "publish"} <= {path.parent.name.removeprefix("task_id=") for path in logs}
    assert [path.name for path in logs if SECRET in path.read_text(encoding="utf-8", errors="replace")] == []
