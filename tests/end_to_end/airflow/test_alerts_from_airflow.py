"""What Airflow hands to `warraq alert`: the connection, and how a task ended; never a secret in a log."""

from __future__ import annotations

import http.server
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from airflow.sdk import Connection, Context
from airflow.sdk.exceptions import AirflowFailException
from warraq_dags.alert_callbacks import AlertOperator, alert_address, alert_environ, tell_failure, tell_success
from warraq_dags.care_dags import check_portals, maintain_archive, release_archive
from warraq_dags.portal_dag import portal_dag

from spiders.registry import find_portal
from storage.settings import read_settings
from tests.fixtures.paths import ROOT
from warraq.alerts.channels import Mailer, SlackWebhook, TelegramBot, open_channel

SECRET = "hunter2-T0K3N"


class Webhook(http.server.ThreadingHTTPServer):
    """Keeps what is posted to it."""

    received: list[dict[str, Any]]


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch, local_environ: dict[str, str]) -> Iterator[Webhook]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            server.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = Webhook(("127.0.0.1", 0), Handler)
    server.received = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    address = f"slack://127.0.0.1:{server.server_port}/services/{SECRET}?scheme=http"
    for name, value in {**local_environ, "AIRFLOW_CONN_WARRAQ_ALERTS": address}.items():
        monkeypatch.setenv(name, value)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ended(dag_id: str, task_id: str, *, exception: Exception | None = None, report: Any = None) -> Context:
    """What Airflow passes to a callback, as far as it is looked at."""
    interval = {"data_interval_start": datetime(2024, 12, 25, tzinfo=UTC), "run_type": "scheduled"}
    context: Any = {
        "ti": SimpleNamespace(dag_id=dag_id, task_id=task_id, xcom_pull=lambda **_: report),
        "dag_run": SimpleNamespace(**interval, data_interval_end=datetime(2024, 12, 26, tzinfo=UTC)),
        "params": {"from": None, "to": None},
        "exception": exception,
    }
    return context  # type: ignore[no-any-return] - a stand-in for Airflow's typed dictionary


@pytest.mark.parametrize(
    ("uri", "kind", "host"),
    [
        (f"slack://hooks.slack.com/services/T0/B0/{SECRET}", SlackWebhook, "hooks.slack.com"),
        (f"telegram://:{quote('12:' + SECRET, safe='')}@api.telegram.org/?chat=-100", TelegramBot, "api.telegram.org"),
        (f"smtp://user%40x:{SECRET}@mail.example:2525/?from=a%40example.org&to=b%40c,d%40e", Mailer, "mail.example"),
        (f"http://hooks.example/services/{SECRET}?kind=slack", SlackWebhook, "hooks.example"),
    ],
)
def test_a_connection_becomes_the_channel_its_type_says(uri: str, kind: type, host: str) -> None:
    channel = open_channel(alert_address(Connection(conn_id="warraq_alerts", uri=uri)))
    assert isinstance(channel, kind)
    assert channel.host == host  # type: ignore[attr-defined]


def test_the_secret_part_of_a_connection_arrives_unchanged() -> None:
    def address(uri: str) -> str:
        return alert_address(Connection(conn_id="warraq_alerts", uri=uri))

    slack = open_channel(address(f"slack://hooks.slack.com/services/T0/B0/{SECRET}"))
    assert isinstance(slack, SlackWebhook)
    assert slack.url == f"https://hooks.slack.com/services/T0/B0/{SECRET}"
    bot = open_channel(address(f"telegram://:12%3A{SECRET}@api.telegram.org/?chat=-100"))
    assert isinstance(bot, TelegramBot)
    assert bot.url == f"https://api.telegram.org/bot12:{SECRET}/sendMessage"


def test_without_a_connection_the_workers_own_variable_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_WARRAQ_ALERTS", raising=False)
    assert alert_environ() == {}


def test_the_stages_of_a_failing_day_are_one_message_and_the_log_has_no_secret(
    webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for hour in range(3):
        cause = AirflowFailException(f"crawl: 503 at {hour}:17")
        tell_failure(ended("archive_almasaa", "crawl", exception=cause))
    assert len(webhook.received) == 1
    text = webhook.received[0]["text"]
    assert "بوابة المساء" in text
    assert "run: almasaa/2024-12-25T00Z--2024-12-26T00Z" in text
    assert SECRET not in caplog.text + text


def test_a_degraded_run_is_told_and_a_good_one_is_not(webhook: Webhook) -> None:
    tell_success(ended("archive_almasaa", "crawl"))
    tell_success(ended("archive_almasaa", "publish", report={"degraded": False}))
    assert webhook.received == []
    findings = ["half of the articles have no date"]
    tell_success(ended("archive_almasaa", "publish", report={"degraded": True, "findings": findings}))
    assert [findings[0] in message["text"] for message in webhook.received] == [True]


def test_a_failing_dag_of_the_archive_is_told_by_its_name(webhook: Webhook) -> None:
    tell_failure(ended("maintain_archive", "maintain", exception=AirflowFailException("catalog: disk full")))
    assert webhook.received[0]["text"].startswith("[page] Warraq: maintain_archive failed in maintain")


def test_the_look_shows_its_command_and_no_secret(webhook: Webhook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    report = AlertOperator(task_id="look", words=("alert",)).execute({})  # type: ignore[typeddict-item]
    assert report == {"told": [], "open": 0, "degraded": False}
    assert SECRET not in caplog.text


def test_only_tasks_with_an_effect_tell_their_success_so_that_empty_ones_need_no_process() -> None:
    dags = [
        portal_dag(find_portal("almasaa", read_settings({}))),
        maintain_archive(),
        release_archive(),
        check_portals(),
    ]
    tasks = [task for dag in dags for task in dag.tasks]
    assert all(task.has_on_failure_callback for task in tasks)
    telling = {task.task_id for task in tasks if task.has_on_success_callback}
    assert telling == {"publish", "maintain", "release", "health"}


def test_the_look_is_the_only_dag_that_is_on_from_the_start() -> None:
    from send_alerts import dag

    assert dag.is_paused_upon_creation is False
    others = [portal_dag(find_portal("almasaa", read_settings({}))), maintain_archive(), release_archive()]
    assert {other.is_paused_upon_creation for other in others} == {None}, "Airflow's default: paused"


@pytest.mark.airflow
@pytest.mark.timeout(600)
def test_a_wrong_request_says_its_cause_in_the_log_without_a_secret_and_alerts_nobody(
    webhook: Webhook, tmp_path: Path
) -> None:
    """A manual run without a window fails at once, in Airflow's own task runner."""
    environ = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }

    def airflow(*words: str) -> str:
        command = [sys.executable, "-m", "airflow", *words]
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=550)
        return ended.stdout + ended.stderr

    logs = airflow("db", "migrate")
    logs += airflow("dags", "test", "archive_demo", "2024-12-25")
    assert "a manual run needs its window" in logs
    assert webhook.received == [], "a slip of the pen alerts nobody"
    look = airflow("dags", "test", "send_alerts", "2026-02-01")
    assert "report: open = " in look, look
    assert SECRET not in logs + look
