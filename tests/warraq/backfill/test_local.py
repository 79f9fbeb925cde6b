"""`warraq backfill` and `warraq archive` on a real demo portal, without Airflow."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
RANGE = ("--from", "2024-12-01", "--to", "2024-12-04")


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    # Without stubs: three walls among fourteen pages rightly degrade a window.
    words = [
        "demo-portal",
        "--port",
        "0",
        "--articles",
        "12",
        "--days",
        "3",
        "--until",
        "2024-12-04",
        "--no-stubs",
        "--json",
    ]
    with subprocess.Popen([sys.executable, "-m", "warraq", *words], stdout=subprocess.PIPE, text=True) as portal:
        assert portal.stdout
        url = json.loads(portal.stdout.readline())["url"]
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith(("WARRAQ_", "AWS_"))},
            "WARRAQ_ARCHIVE": str(tmp_path / "archive"),
            "WARRAQ_CACHE": str(tmp_path / "cache"),
            "WARRAQ_DEMO_URL": url,
        }
        portal.terminate()


def warraq(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "warraq", *words], env=environ, capture_output=True, text=True, timeout=600
    )


def test_an_interrupted_backfill_goes_on_and_nobody_is_asked_in_a_script(environ: dict[str, str]) -> None:
    refused = warraq(environ, "backfill", "demo", *RANGE)
    assert refused.returncode == 2
    assert "nobody can be asked here" in refused.stderr

    plan = json.loads(warraq(environ, "backfill", "demo", *RANGE, "--dry-run", "--json").stdout)["plans"][0]
    assert len(plan["windows"]) == 3
    assert plan["requests"] is None

    command = [sys.executable, "-m", "warraq", "backfill", "demo", *RANGE, "--yes"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as first:
        assert first.stdout
        for line in first.stdout:
            if line.startswith("[1/3]"):
                first.send_signal(signal.SIGINT)
                break
        first.stdout.read()
    assert first.returncode == 130

    second = warraq(environ, "backfill", "demo", *RANGE, "--yes", "--json")
    assert second.returncode == 0, second.stderr
    assert [window["exit_code"] for window in json.loads(second.stdout)["windows"]] == [0, 0]

    days = json.loads(
        warraq(environ, "coverage", "demo", "--from", "2024-12-01", "--to", "2024-12-03", "--json").stdout
    )
    assert [day["status"] for day in days] == ["archived", "archived"]
    nothing = warraq(environ, "backfill", "demo", *RANGE, "--only-missing", "--yes")
    assert "nothing to do: 3 windows are archived already" in nothing.stdout


def test_archive_ends_with_the_exit_code_of_the_stage_that_ended_it(environ: dict[str, str]) -> None:
    with socket.socket() as nobody:  # bound, so that no other program takes the port, and not listening
        nobody.bind(("127.0.0.1", 0))
        environ["WARRAQ_DEMO_URL"] = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        ended = warraq(environ, "archive", "demo", "--from", "2024-12-01", "--to", "2024-12-02", "--json")
    assert ended.returncode == 4, ended.stderr
    error = json.loads(ended.stderr.splitlines()[-1])
    assert error["error"].startswith("crawl: ")
    assert error["remedy"]
