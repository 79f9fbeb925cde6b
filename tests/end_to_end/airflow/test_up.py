"""`warraq up` as a person starts and ends it; SIGTERM ends that of test_real_airflow.py."""

from __future__ import annotations

import os
import signal

import pytest

from tests.fixtures.real_stack import warraq_up
from warraq.airflow.ports import free_port

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_however_it_ends_no_process_is_left(tmp_path_factory: pytest.TempPathFactory, number: signal.Signals) -> None:
    # One home for both, so that the second start finds what the first one left.
    folder = tmp_path_factory.getbasetemp() / "up"
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    environ = {**os.environ, "WARRAQ_ARCHIVE": str(folder / "archive")}
    environ.pop("AIRFLOW_HOME", None)
    with warraq_up(folder / "home", environ, port=free_port(), end=number) as card:
        assert "http://127.0.0.1:" in card
        # Passwords are shown once, at their creation; later the card names the file that keeps them.
        assert ("admin " in card and "viewer " in card) == is_new
        assert "passwords.json" in card
