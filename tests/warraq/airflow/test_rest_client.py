"""Airflow's password goes to our own Airflow only: not to whoever took its port since."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from storage.errors import RetryLater, UsageError
from storage.settings import Settings
from warraq.airflow.home import ADDRESS_FILE, LOCK_FILE, PASSWORDS_FILE, default_home
from warraq.airflow.rest_client import known_airflow


@pytest.fixture
def home(local_settings: Settings) -> Path:
    folder = default_home(local_settings)
    folder.mkdir(parents=True)
    (folder / PASSWORDS_FILE).write_text(json.dumps({"admin": "a-planted-secret"}))
    return folder


def test_a_stranger_on_the_port_gets_no_password(local_settings: Settings, home: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as stranger,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other,
    ):
        (home / ADDRESS_FILE).write_text(f"http://127.0.0.1:{stranger.getsockname()[1]}")
        (home / LOCK_FILE).write_text(str(other.pid))  # which is alive, and listens nowhere
        heard: list[bytes] = []

        def listen() -> None:
            connection, _ = stranger.accept()
            with connection:
                heard.append(connection.recv(65536))

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        with pytest.raises(UsageError, match="is not the Airflow") as told, known_airflow(local_settings):
            pass
        listener.join(5)
        other.kill()
    assert heard == [b""], "a connection was tried, and nothing said"
    assert "a-planted-secret" not in str(told.value)


def test_our_own_listener_is_asked(local_settings: Settings, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        (home / ADDRESS_FILE).write_text(f"http://127.0.0.1:{ours.getsockname()[1]}")
        (home / LOCK_FILE).write_text(str(os.getpid()))
        heard: list[bytes] = []

        def listen() -> None:
            for _ in range(2):
                connection, _ = ours.accept()
                with connection:
                    connection.settimeout(5)
                    heard.append(connection.recv(65536))

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        with pytest.raises(RetryLater), known_airflow(local_settings):
            pass
        listener.join(10)
    assert b"POST /auth/token" in heard[-1]


def test_an_airflow_that_does_not_run_is_worth_another_try(local_settings: Settings, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    (home / ADDRESS_FILE).write_text(f"http://127.0.0.1:{port}")
    with pytest.raises(RetryLater), known_airflow(local_settings):
        pass
