"""`warraq query` ends with one line and an exit code whatever the SQL does to DuckDB."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.paths import ROOT
from tests.fixtures.rows import records, run_id

ENDLESS = "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
CRASHES = """
import os, sys
from warraq.cli import main
main.command_line = type("Crashing", (), {"main": lambda **_: os.abort()})
sys.argv = ["warraq", "query", "SELECT 1"]
main.main()
"""


@pytest.fixture
def environ(local_environ: dict[str, str], local_settings: Settings) -> dict[str, str]:
    run = run_id()
    open_tables(local_settings).replace_run(run, RecordRows(run, *records(run, 2)))
    return {**os.environ, **local_environ}


def test_a_crash_of_the_database_is_told_in_one_line(environ: dict[str, str]) -> None:
    ended = subprocess.run([sys.executable, "-c", CRASHES], cwd=ROOT, env=environ, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (5, b"")
    assert ended.stderr.decode().splitlines() == [
        "error: the query was ended by SIGABRT: the SQL made DuckDB crash — ask for less at once"
    ]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_ctrl_c_ends_a_query_that_never_would(times: int, environ: dict[str, str]) -> None:
    words = [sys.executable, "-X", "importtime", "-m", "warraq", "query", ENDLESS]
    with subprocess.Popen(
        words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as query:
        assert query.stderr is not None
        for line in query.stderr:
            if "warraq.cli.query_output" in line:  # imported by the command itself
                break
        for _ in range(times):
            os.killpg(query.pid, signal.SIGINT)  # as a terminal does
            time.sleep(0.01)
        said = [line for line in query.stderr if not line.startswith("import time:")]
        assert query.wait() == 130
    assert said == ["interrupted\n"]


def test_a_reader_that_goes_away_is_no_failure(environ: dict[str, str]) -> None:
    words = [sys.executable, "-m", "warraq", "query", "SELECT repeat('x', 100000) FROM fetches, range(100)"]
    with subprocess.Popen(words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as query:
        assert query.stdout is not None and query.stderr is not None
        query.stdout.read(10)
        query.stdout.close()
        assert query.stderr.read() == b""
        assert query.wait() == 0
