"""What Airflow hands to `warraq alert`: the connection, and how a task ended; never a secret in a log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
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
from tests.fixtures.webhook import SECRET, Webhook, webhook_server
from warraq.alerts.channels import Mailer, SlackWebhook, TelegramBot, open_channel


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch, local_environ: dict[str, str]) -> Iterator[Webhook]:
    with webhook_server() as server:
        for name, value in {**local_environ, "AIRFLOW_CONN_WARRAQ_ALERTS": server.address}.items():
            monkeypatch.setenv(name, value)
        yield server


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
