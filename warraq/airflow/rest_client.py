"""A client for Airflow's REST API v2, as far as Warraq needs it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil

from storage.errors import RetryLater, StageFailed, UsageError
from storage.settings import Settings
from warraq.airflow.home import ADDRESS_FILE, LOCK_FILE, PASSWORDS_FILE, default_home

REQUEST_SECONDS = 30.0
_PAGE = 100
ENDED_STATES = frozenset({"success", "failed"})


@dataclass(frozen=True)
class AirflowRest:
    """An open, signed-in connection; make one with `sign_in`."""

    client: httpx.Client

    def call(self, method: str, path: str, **options: Any) -> Any:
        """One request; `path` stands below /api/v2. Raises RetryLater, UsageError (4xx) or StageFailed (5xx)."""
        try:
            answer = self.client.request(method, f"/api/v2/{path}", **options)
        except httpx.HTTPError as error:
            raise RetryLater(f"Airflow does not answer: {error}", remedy="is `warraq up` running?") from error
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise RetryLater(f"Airflow is not ready for {path}: {_detail(answer)}", remedy="try again in a moment")
        if answer.is_server_error:
            raise StageFailed(f"Airflow answers {answer.status_code} to {path}", remedy="see the log of its api-server")
        if answer.is_error:
            raise UsageError(f"Airflow refuses {method} {path}: {_detail(answer)}", remedy="correct the request")
        return answer.json() if answer.content else None

    def has_dag(self, dag_id: str) -> bool:
        """Whether the DAG processor has seen this DAG."""
        return any(
            dag["dag_id"] == dag_id for dag in self.call("GET", "dags", params={"dag_id_pattern": dag_id})["dags"]
        )

    def wait_for_dag(self, dag_id: str, *, seconds: float) -> None:
        """Raises StageFailed, with the import errors if there are any, when the DAG does not appear in time."""
        deadline = time.monotonic() + seconds
        while not self.has_dag(dag_id):
            if time.monotonic() > deadline:
                errors = [
                    error["stack_trace"].splitlines()[-1] for error in self.call("GET", "importErrors")["import_errors"]
                ]
                raise StageFailed(
                    f"Airflow knows no DAG {dag_id}", remedy="; ".join(errors) or "see its dag-processor's log"
                )
            time.sleep(0.5)

    def pause(self, dag_id: str, *, paused: bool) -> None:
        """Switch the DAG's schedule off or on."""
        self.call("PATCH", f"dags/{dag_id}", json={"is_paused": paused})

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> str:
        """Start a manual run with these params; returns its run id."""
        run = self.call("POST", f"dags/{dag_id}/dagRuns", json={"logical_date": None, "conf": conf})
        return str(run["dag_run_id"])

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """One DAG run as the API tells it."""
        found: dict[str, Any] = self.call("GET", f"dags/{dag_id}/dagRuns/{run_id}")
        return found

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The task instances of a run."""
        found: list[dict[str, Any]] = self.call("GET", f"dags/{dag_id}/dagRuns/{run_id}/taskInstances")[
            "task_instances"
        ]
        return found

    def report(self, dag_id: str, run_id: str, task_id: str) -> dict[str, Any]:
        """What the task's command reported; empty when it has not."""
        path = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        with contextlib.suppress(UsageError):
            value = self.call("GET", path, params={"deserialize": "false", "stringify": "false"})["value"]
            return value if isinstance(value, dict) else {}
        return {}

    def log_lines(self, dag_id: str, run_id: str, task_id: str, *, try_number: int, map_index: int = -1) -> list[str]:
        """The task's log of one try."""
        path = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/logs/{try_number}"
        params = {"full_content": True, "map_index": map_index}
        content = self.call("GET", path, params=params, headers={"Accept": "application/json"})["content"]
        return [text for line in content for text in _log_texts(line)]

    def runs(self, dag_id: str, **filters: Any) -> list[dict[str, Any]]:
        """All DAG runs that match, oldest first."""
        found: list[dict[str, Any]] = []
        while True:
            params = {"limit": _PAGE, "offset": len(found), "order_by": "run_after", **filters}
            page = self.call("GET", f"dags/{dag_id}/dagRuns", params=params)
            found += page["dag_runs"]
            if not page["dag_runs"] or len(found) >= page["total_entries"]:
                return found

    def events(self, *, limit: int) -> list[dict[str, Any]]:
        """The newest entries of Airflow's audit log."""
        params = {"order_by": "-when", "limit": min(limit, _PAGE)}
        found: list[dict[str, Any]] = self.call("GET", "eventLogs", params=params)["event_logs"]
        return found

    def wait_for_run(
        self,
        dag_id: str,
        run_id: str,
        *,
        seconds: float,
        look: Callable[[list[dict[str, Any]]], None] = lambda _tasks: None,
    ) -> dict[str, Any]:
        """Wait until the run has ended; `look` gets its tasks each time. Raises RetryLater after `seconds`."""
        deadline = time.monotonic() + seconds
        while (run := self.run(dag_id, run_id))["state"] not in ENDED_STATES:
            look(self.tasks(dag_id, run_id))
            if time.monotonic() > deadline:
                raise RetryLater(f"{dag_id} {run_id} is {run['state']} after {seconds:.0f} s", remedy="look at Airflow")
            time.sleep(0.5)
        look(self.tasks(dag_id, run_id))
        return run


@contextlib.contextmanager
def sign_in(url: str, *, user: str, password: str) -> Iterator[AirflowRest]:
    """Open a connection. Raises RetryLater when nobody answers, UsageError for a wrong password."""
    # trust_env: a proxy of the environment must not see loopback requests or the password.
    with httpx.Client(base_url=url, timeout=REQUEST_SECONDS, trust_env=False) as client:
        try:
            answer = client.post("/auth/token", json={"username": user, "password": password})
        except httpx.HTTPError as error:
            raise RetryLater(f"no Airflow answers at {url}: {error}", remedy="start it with `warraq up`") from error
        if answer.is_error:
            raise UsageError(f"Airflow at {url} refuses user {user!r}", remedy="see the passwords `warraq up` prints")
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield AirflowRest(client)


@contextlib.contextmanager
def known_airflow(settings: Settings) -> Iterator[AirflowRest]:
    """The Airflow that WARRAQ_AIRFLOW_URL names; without it the one `warraq up` runs for this archive."""
    url = os.environ.get("WARRAQ_AIRFLOW_URL")
    user = os.environ.get("WARRAQ_AIRFLOW_USER", "admin")
    password = os.environ.get("WARRAQ_AIRFLOW_PASSWORD")
    home = default_home(settings)
    is_ours = not url
    url = url or _read(home / ADDRESS_FILE, "WARRAQ_AIRFLOW_URL")
    if not password:
        if is_ours:
            _check_listener(home, url)
        password = str(json.loads(_read(home / PASSWORDS_FILE, "WARRAQ_AIRFLOW_PASSWORD")).get(user, ""))
    with sign_in(url, user=user, password=password) as airflow:
        yield airflow


def _check_listener(home: Path, url: str) -> None:
    """Raise UsageError where somebody else listens on the port of our Airflow: they would get its password."""
    port = urlsplit(url).port or 0
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)):
            return  # nobody listens, which the sign-in tells
    try:
        ours = psutil.Process(int((home / LOCK_FILE).read_text(encoding="utf-8")))
        family = [ours, *ours.children(recursive=True)]
        if any(port == one.laddr.port for each in family for one in _listening(each)):
            return
    except (psutil.Error, ValueError, OSError):
        pass
    raise UsageError(
        f"what listens at {url} is not the Airflow that `warraq up` started from {home}",
        remedy="start `warraq up` again; or set WARRAQ_AIRFLOW_URL and WARRAQ_AIRFLOW_PASSWORD",
    )


def _listening(process: psutil.Process) -> list[Any]:
    try:
        return [one for one in process.net_connections(kind="tcp") if one.status == psutil.CONN_LISTEN]
    except psutil.Error:
        return []


def _read(path: Path, variable: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        raise UsageError(
            f"no Airflow is known: {path} cannot be read", remedy=f"start `warraq up`, or set {variable}"
        ) from None


def iso(instant: datetime) -> str:
    """A time as the API wants it."""
    return instant.astimezone(UTC).isoformat()


def _log_texts(line: Any) -> list[str]:
    """A log line of the API as text; an exception's type and words are beside the line, not in it."""
    if not isinstance(line, dict):
        return [str(line)]
    causes = [f"{cause.get('exc_type')}: {cause.get('exc_value')}" for cause in line.get("error_detail") or []]
    return [str(line.get("event", "")), *causes]


def _detail(answer: httpx.Response) -> str:
    try:
        detail = answer.json().get("detail", answer.text)
    except (ValueError, AttributeError):
        detail = answer.text
    return str(detail)[:300]
