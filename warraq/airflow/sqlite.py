"""SQLite as the embedded Airflow needs it: a savepoint begins by taking the write lock, and waits for it.

Python begins no transaction before SAVEPOINT, so SQLite begins one that only reads. When Airflow writes within it after
another process has written, SQLite refuses at once, whatever the timeout. Creating a backfill then ended half done,
answered 503, and the scheduler, which had seen the runs that were taken back, crashed (Airflow 3.3.2).
"""

from __future__ import annotations

import sqlite3
from typing import Any, Self


class WaitingCursor(sqlite3.Cursor):
    """Begins a transaction that may write before the first savepoint."""

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        """See sqlite3.Cursor."""
        if sql.startswith("SAVEPOINT") and not self.connection.in_transaction:
            super().execute("BEGIN IMMEDIATE")
        return super().execute(sql, parameters)


class WaitingConnection(sqlite3.Connection):
    """Its cursors wait for the write lock, as long as the connection's timeout."""

    def cursor(self, factory: Any = WaitingCursor) -> Any:
        """See sqlite3.Connection."""
        return super().cursor(factory)


# What AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS names; Airflow adds to it.
CONNECT_ARGS: dict[str, Any] = {"factory": WaitingConnection}
