"""`warraq up` as a person starts and ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fixtures.real_stack import processes_of
from warraq.airflow.ports import free_port

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


def start_up(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start it and read what it prints when it is ready."""
    environ = {**os.environ, "WARRAQ_ARCHIVE": str(folder / "archive")}
    environ.pop("AIRFLOW_HOME", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "warraq", "up", "--port", str(free_port()), "--home", str(folder / "home")],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    card = ""
    for line in process.stdout:
        card += line
        if "Ctrl-C" in line:
            return process, card
    raise AssertionError(f"warraq up ended before it was ready: {card}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_however_it_ends_no_process_is_left(tmp_path_factory: pytest.TempPathFactory, number: signal.Signals) -> None:
    # One home for all three, so that a second start finds what the first one left.
    folder = tmp_path_factory.getbasetemp() / "up"
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    process, card = start_up(folder)
    try:
        assert "http://127.0.0.1:" in card
        # Passwords are shown once, at their creation; later the card names the file that keeps them.
        assert ("admin " in card and "viewer " in card) == is_new
        assert "passwords.json" in card
        assert len(processes_of(folder / "home")) >= 4
        process.send_signal(number)
        code = process.wait(60)
        assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
        deadline = time.monotonic() + (120 if number == signal.SIGKILL else 0)
        while processes_of(folder / "home") and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not processes_of(folder / "home")
    finally:
        process.kill()
        if process.stdout:
            process.stdout.close()
