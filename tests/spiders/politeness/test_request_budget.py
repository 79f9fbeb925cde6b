"""The request budget in SQLite and, where it is installed, in a real PostgreSQL: turns apart over all processes."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spiders.politeness.request_budget import MAX_HOLD_OFF_SECONDS, RequestBudget, budget_url
from storage.errors import StoreUnreachable
from storage.settings import read_settings

STEP = 0.1
TAKE_TURNS = """
import sys, time
from spiders.politeness.request_budget import RequestBudget
budget = RequestBudget(sys.argv[1], "news")
for _ in range(6):
    while wait := budget.take_turn(float(sys.argv[2])):
        time.sleep(wait)
    print(time.time(), flush=True)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/budget.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of this test, reached by a socket in its own folder."""
    if not shutil.which("initdb") or not shutil.which("pg_ctl"):
        pytest.skip("needs PostgreSQL's initdb and pg_ctl")
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        # PostgreSQL refuses to run as root.
        other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if other:
            shutil.chown(folder, "postgres")
        data, options = str(folder / "data"), f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run = {"check": True, "capture_output": True, "cwd": "/"}
        subprocess.run([*other, "initdb", "-D", data, "-A", "trust", "-U", "warraq"], **run)
        subprocess.run([*other, "pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start"], **run)
        try:
            yield f"postgresql+psycopg2://warraq@/postgres?host={folder}"
        finally:
            subprocess.run([*other, "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)


@pytest.fixture
def budget(url: str) -> Iterator[RequestBudget]:
    made = RequestBudget(url, f"p{time.time_ns()}")
    yield made
    made.close()


def test_a_turn_is_followed_by_a_wait(budget: RequestBudget) -> None:
    assert budget.take_turn(60) == 0
    assert 30 < budget.take_turn(60) <= 60.1


def test_portals_do_not_wait_for_each_other(budget: RequestBudget, url: str) -> None:
    budget.take_turn(60)
    other = RequestBudget(url, "other")
    assert other.take_turn(0) == 0
    other.close()


def test_holding_off_lengthens_the_wait_of_everybody(budget: RequestBudget, url: str) -> None:
    budget.take_turn(0.01)
    budget.hold_off(120)
    budget.hold_off(40)  # a shorter wish does not shorten it
    other = RequestBudget(url, budget.portal)
    assert 60 < other.take_turn(0.01) <= 120
    other.close()


def test_a_wrong_clock_does_not_silence_a_portal(budget: RequestBudget) -> None:
    from sqlalchemy import text

    with budget._engine.connect() as connection:
        far = time.time() + 10 * MAX_HOLD_OFF_SECONDS
        connection.execute(text("UPDATE warraq_request_budget SET next_at = :far"), {"far": far})
    assert budget.take_turn(1) == 0


def test_three_processes_keep_the_delay_together(url: str) -> None:
    words = [sys.executable, "-c", TAKE_TURNS, url, str(STEP)]
    processes = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    turns = sorted(float(line) for process in processes for line in process.communicate()[0].split())
    assert len(turns) == 18
    gaps = [after - before for before, after in itertools.pairwise(turns)]
    assert min(gaps) >= STEP


def test_the_budget_lives_with_the_catalog(tmp_path: Path) -> None:
    def at(**environ: str) -> str:
        return budget_url(read_settings({"WARRAQ_CACHE": f"{tmp_path}/cache", **environ}))

    assert at(WARRAQ_CATALOG="postgresql+psycopg2://u@h/d") == "postgresql+psycopg2://u@h/d"
    assert at(WARRAQ_CATALOG="sqlite:////data/catalog.db") == "sqlite:////data/request_budget.db"
    assert at(WARRAQ_ARCHIVE=f"{tmp_path}/a") == f"sqlite:///{tmp_path}/a/request_budget.db"
    assert at(WARRAQ_ARCHIVE="s3://bucket/x") == f"sqlite:///{tmp_path}/cache/request_budget.db"


def test_a_database_that_does_not_answer_is_to_be_tried_again() -> None:
    with pytest.raises(StoreUnreachable) as told:
        RequestBudget("postgresql+psycopg2://u:geheim@127.0.0.1:1/x?connect_timeout=2", "news")
    assert "geheim" not in told.value.message
