"""The roles of Airflow's FAB manager, which the compose stack uses: who may look, and who may start runs."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from storage.errors import UsageError, WarraqError
from storage.settings import read_settings
from tests.fixtures.real_stack import DAG, processes_of
from warraq.airflow.home import AirflowHome, prepare_home
from warraq.airflow.ports import free_port
from warraq.airflow.rest_client import AirflowRest, sign_in

pytest.importorskip("airflow.providers.fab", reason="needs apache-airflow-providers-fab")
pytestmark = [pytest.mark.airflow, pytest.mark.timeout(900)]
ROLES = ("Viewer", "User", "Admin")
READY_SECONDS = 240
PARAMS = {"from": "2024-12-01", "to": "2024-12-02"}


@pytest.fixture(scope="module")
def password() -> str:
    return secrets.token_urlsafe(12)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, password: str) -> Iterator[AirflowHome]:
    """An API server with a user of each role; nothing that would run a task."""
    folder = tmp_path_factory.mktemp("fab")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("WARRAQ_", "AIRFLOW"))}
    environ |= {
        "WARRAQ_ARCHIVE": str(folder / "archive"),
        "WARRAQ_CACHE": str(folder / "cache"),
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
    }
    home = prepare_home(folder / "home", port=free_port(), settings=read_settings(environ), environ=environ)
    airflow(home, ("db", "migrate"), ("dags", "reserialize"), *(new_user(role, password) for role in ROLES))
    server = subprocess.Popen(
        [sys.executable, "-m", "airflow", "api-server"],
        env=dict(home.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield home
    finally:
        server.terminate()
        server.wait(30)
        for process in processes_of(home.folder):
            process.kill()


def new_user(role: str, password: str) -> tuple[str, ...]:
    name = ("--username", role.lower(), "--firstname", role, "--lastname", role, "--email", f"{role}@example.org")
    return ("users", "create", *name, "--role", role, "--password", password)


# Airflow is five seconds slow to load.
ONE_AFTER_THE_OTHER = """
import json, sys
from airflow.__main__ import main
for words in json.load(sys.stdin):
    sys.argv = ["airflow", *words]
    main()
"""


def airflow(home: AirflowHome, *commands: tuple[str, ...]) -> None:
    """Commands of Airflow, all in one process."""
    ended = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER],
        env=dict(home.environ),
        input=json.dumps(commands),
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]


@contextlib.contextmanager
def signed_in(home: AirflowHome, role: str, password: str) -> Iterator[AirflowRest]:
    """Wait for the server where need be."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with sign_in(home.url, user=role.lower(), password=password) as rest:
                rest.has_dag(DAG)
                break
        except WarraqError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
    with sign_in(home.url, user=role.lower(), password=password) as rest:
        yield rest


def test_a_viewer_may_look_and_start_nothing(home: AirflowHome, password: str) -> None:
    with signed_in(home, "Viewer", password) as rest:
        assert rest.has_dag(DAG)
        with pytest.raises(UsageError, match=r"refuses POST .*dagRuns: Forbidden"):
            rest.trigger(DAG, PARAMS)
        with pytest.raises(UsageError, match="refuses PATCH"):
            rest.pause(DAG, paused=False)
        with pytest.raises(UsageError, match="refuses GET connections"):
            rest.call("GET", "connections")


@pytest.mark.parametrize("role", ["User", "Admin"])
def test_a_user_and_an_admin_may_start_runs(home: AirflowHome, password: str, role: str) -> None:
    with signed_in(home, role, password) as rest:
        assert rest.trigger(DAG, PARAMS).startswith("manual__")
