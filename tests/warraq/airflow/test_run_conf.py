"""A run that could only fail is refused before Airflow stores it, and what ends its processes is mended."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.settings import read_settings
from warraq.airflow.run_conf import MAX_BYTES, body_complaint, depth, mend_stored

NOW = datetime(2025, 1, 10, 12, tzinfo=UTC)
RUNS = "/api/v2/dags/archive_demo/dagRuns"


def said(conf: object, path: str = RUNS) -> str:
    return body_complaint(path, json.dumps({"logical_date": None, "conf": conf}).encode(), read_settings({}), now=NOW)


@pytest.mark.parametrize(
    ("conf", "complaint"),
    [
        ({"from": "2025-01-02"}, "both `from` and `to`"),
        ({"dry_run": True}, "both `from` and `to`"),
        ({"from": "2025-01-03", "to": "2025-01-02"}, "end"),
        ({"from": "2025-01-19", "to": "2025-01-20"}, "future"),
        ({"from": "yesterday", "to": "2025-01-02"}, "yesterday"),
        ({"from": "2025-01-02", "to": "2025-01-03", "form": 1}, "unknown in the configuration: form"),
        ([1], "no JSON object"),
        ({"from": {"a": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}}, "nested deeper"),
        ({"from": "x" * MAX_BYTES}, "larger than"),
    ],
)
def test_what_would_fail_is_refused_with_its_reason(conf: object, complaint: str) -> None:
    assert complaint in said(conf)


def test_what_can_run_passes() -> None:
    assert said({"from": "2025-01-02", "to": "2025-01-03", "revisit": "all", "dry_run": True}) == ""
    assert said({}) == ""
    assert said(None) == ""
    assert said({"anything": 1}, "/api/v2/dags/somebody_elses/dagRuns") == ""


def test_a_reextraction_and_a_backfill_are_checked_too() -> None:
    path = "/below/api/v2/dags/reextract_archive/dagRuns"
    assert said({"portals": "almasaa", "from": "2025-01-02", "to": "2025-01-03"}, path) == ""
    assert "no portal is named" in said({"portals": "almasa", "from": "2025-01-02", "to": "2025-01-03"}, path)
    assert said({"portals": "almasaa", "from": "2025-01-03", "to": "2025-01-02"}, path)
    body = {"dag_id": "archive_demo", "dag_run_conf": {"from": "2025-01-02", "to": "2025-01-03"}}
    told = body_complaint("/api/v2/backfills", json.dumps(body).encode(), read_settings({}), now=NOW)
    assert "its own range" in told


def test_depth_is_counted_without_recursion_and_not_in_strings() -> None:
    assert depth("[" * 100_000) == 100_000
    assert depth('{"a": "[[[[\\"[[", "b": [1]}') == 2


def test_stored_runs_that_airflow_cannot_bear_are_ended(tmp_path: Path) -> None:
    database = tmp_path / "airflow.db"
    assert mend_stored(database) == 0
    deep = "[" * 200 + "]" * 200
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE dag_run (id INTEGER, conf JSON, state TEXT)")
        rows = [(1, deep, "queued"), (2, '{"from": 1}', "queued"), (3, None, "running")]
        connection.executemany("INSERT INTO dag_run VALUES (?, ?, ?)", rows)
    assert mend_stored(database) == 1
    assert mend_stored(database) == 0
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT * FROM dag_run").fetchall() == [
            (1, "{}", "failed"),
            (2, '{"from": 1}', "queued"),
            (3, None, "running"),
        ]
