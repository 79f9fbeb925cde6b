"""Why the embedded Airflow's SQLite connections are of a kind of their own."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest

from warraq.airflow.sqlite import CONNECT_ARGS


def write_after_another(database: Path, **options: object) -> int:
    """Look within a savepoint, then write, while another connection writes in between or waits; rows afterwards."""
    with contextlib.closing(sqlite3.connect(database)) as first:
        first.execute("PRAGMA journal_mode=WAL")
        first.execute("CREATE TABLE runs (id)")
        first.commit()
    another = threading.Thread(target=write_one, args=(database,))
    with contextlib.closing(sqlite3.connect(database, timeout=10, **options)) as connection:  # type: ignore[call-overload] - sqlite3's own keywords
        cursor = connection.cursor()
        cursor.execute("SAVEPOINT one")
        cursor.execute("SELECT count(*) FROM runs").fetchall()
        another.start()
        another.join(0.5)
        try:
            cursor.execute("INSERT INTO runs VALUES (1)")
            cursor.execute("RELEASE one")
            connection.commit()
        finally:
            connection.rollback()
            another.join()
        return int(cursor.execute("SELECT count(*) FROM runs").fetchone()[0])


def write_one(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute("INSERT INTO runs VALUES (2)")
        connection.commit()


def test_a_plain_connection_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        write_after_another(tmp_path / "plain.db")


def test_ours_holds_the_lock_from_the_savepoint_on_and_the_other_waits(tmp_path: Path) -> None:
    assert write_after_another(tmp_path / "ours.db", **CONNECT_ARGS) == 2
