"""What Airflow does for alerts: hands the connection and a task's end to `warraq alert`, which decides what to say."""

from __future__ import annotations

import logging
import os
from typing import Any
from urllib.parse import quote, urlencode

from airflow.sdk import Connection, Context
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRuntimeError

from storage.errors import WarraqError
from warraq.pipeline.child_process import ChildProcess, warraq_command
from warraq_dags.command_operator import CommandOperator, WrongRequest, is_manual, run_of

CONNECTION_ID = "warraq_alerts"
MAX_CAUSE = 2_000  # characters; the command line is no place for a page
TOLD_TRY = 2
CALLBACK_SECONDS = 120.0  # a task's end does not wait longer for a mail server
_log = logging.getLogger(__name__)


class AlertOperator(CommandOperator):
    """`warraq alert` with the connection's address in its environment; never on the command line, never in the log."""

    def execute(self, context: Context) -> dict[str, Any]:
        """See CommandOperator."""
        self.environ = {**self.environ, **alert_environ()}
        return super().execute(context)


def alert_environ() -> dict[str, str]:
    """WARRAQ_ALERTS from the connection; nothing without one, and then the worker's own variable counts."""
    try:
        connection = Connection.get(CONNECTION_ID)
    except (AirflowNotFoundException, AirflowRuntimeError):
        return {}
    return {"WARRAQ_ALERTS": alert_address(connection)}


def alert_address(connection: Connection) -> str:
    """The connection as an address. Its type says the channel, or `kind` in its extra where the form has no such type.

    A connection keeps the path in its field `schema`.
    """
    extra = {name: str(value) for name, value in connection.extra_dejson.items()}
    kind = extra.pop("kind", (connection.conn_type or "").lower())
    user, password = connection.login or "", connection.password or ""
    sign_in = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user or password else ""
    host = (connection.host or "").rpartition("://")[2].strip("/") + (f":{connection.port}" if connection.port else "")
    path = "/" + quote((connection.schema or "").lstrip("/"))
    return f"{kind}://{sign_in}{host}{path}?{urlencode(extra)}"


def tell_failure(context: Context) -> None:
    """A task failed for good (not: is tried again). For `on_failure_callback`. A typist's slip alerts nobody."""
    if not (isinstance(context.get("exception"), WrongRequest) and is_manual(context)):
        _tell_failed(context)
    end_log(context)


def end_log(context: Context) -> None:
    """The last line of a failed task's log: the cause and the remedy, whole."""
    if error := context.get("exception"):
        _log.error("%s", error)


def _tell_failed(context: Context) -> None:
    cause = str(context.get("exception") or "no exception: the task was killed or marked failed")
    _tell("failed", context, "--stage", context["ti"].task_id, f"--because={cause[:MAX_CAUSE]}", *_link(context))


def tell_retry(context: Context) -> None:
    """A task is tried again. The second failure in a row is told: the other tries take the better part of an hour."""
    if context["ti"].try_number == TOLD_TRY:
        _tell_failed(context)
    end_log(context)


def _link(context: Context) -> tuple[str, ...]:
    log_url = getattr(context["ti"], "log_url", None)
    return (f"--link={log_url}",) if isinstance(log_url, str) else ()


def tell_success(context: Context) -> None:
    """The last task with an effect ended well: a run was published, or the archive was looked after."""
    ti = context["ti"]
    if not ti.dag_id.startswith("archive_"):
        _tell("done", context)
    elif ti.task_id == "publish":
        report = ti.xcom_pull(task_ids="publish") or {}
        findings = "; ".join(map(str, report.get("findings") or ["see the log of `publish`"]))
        if report.get("degraded"):
            _tell("degraded", context, f"--because={findings[:MAX_CAUSE]}")
        else:
            _tell("done", context)


def _tell(event: str, context: Context, *options: str) -> None:
    child = ChildProcess(
        warraq_command("alert", event, _name(context), *options, "--json"),
        on_line=lambda line: _log.info("%s", line),
        environ={**os.environ, "NO_COLOR": "1", **alert_environ()},
        limit_seconds=CALLBACK_SECONDS,
    )
    ended = child.run()
    if ended.exit_code:
        _log.warning("the alert was not sent now; the next look sends it: %s", ended.outcome.error)


def _name(context: Context) -> str:
    dag_id = context["ti"].dag_id
    if not dag_id.startswith("archive_"):
        return dag_id
    portal = dag_id.removeprefix("archive_")
    try:
        return str(run_of(context, portal))
    except (WarraqError, KeyError):
        return portal
