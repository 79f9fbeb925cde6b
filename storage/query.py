"""SQL over the live tables: DuckDB reads the Parquet files through Arrow, columns and rows pushed down."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

import duckdb
from pyiceberg.table import Table

from storage.errors import RetryLater, StoreUnreachable, UsageError
from storage.live_files import live_dataset
from storage.settings import Settings
from storage.tables import open_tables
from storage.views import MACROS, VIEWS

# What the SQL calls a table: `articles` is the view of latest editions.
SQL_NAMES = {"articles": "editions", "fetches": "fetches", "runs": "runs"}


def connect(settings: Settings, *, outside_files: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that sees the archive as of now: `articles`, `editions`, `fetches`, `runs`, `coverage`, macros.

    It cannot change the archive; with `outside_files` SQL may read and write other files. Raises ObjectMissing where
    nothing is archived, and whatever reaching the store may raise.
    """
    return connect_to(open_tables(settings, create=False).load(), settings, outside_files=outside_files)


def connect_to(
    tables: Mapping[str, Table], settings: Settings, *, outside_files: bool = False
) -> duckdb.DuckDBPyConnection:
    """The same over tables that were loaded before."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    spill = settings.cache / "duckdb"
    spill.mkdir(parents=True, exist_ok=True)
    connection.execute("SET temp_directory = ?", [str(spill)])
    for name, sql_name in SQL_NAMES.items():
        connection.register(sql_name, live_dataset(tables[name]))
    for statement in (*VIEWS, *MACROS):
        connection.execute(statement)
    if not outside_files:
        connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@contextlib.contextmanager
def sql_errors() -> Iterator[None]:
    """Turn DuckDB's failures into errors a caller decides by, each one line."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise RetryLater(f"the query needs more memory: {_one_line(error)}", remedy="select less, or LIMIT") from error
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError) as error:
        remedy = "tables: articles, editions, fetches, runs, coverage; their columns are in docs/data_dictionary.md"
        raise UsageError(_one_line(error), remedy=remedy) from error
    except duckdb.PermissionException as error:
        raise UsageError(_one_line(error), remedy="SQL may touch other files only with --outside-files") from error
    except duckdb.Error as error:
        raise StoreUnreachable(_one_line(error), remedy="run the query again") from error


def _one_line(error: Exception) -> str:
    """DuckDB's message without the drawing of the statement, and with what it suggests."""
    lines = [line.strip() for line in str(error).splitlines()]
    kept = [line for line in lines if line and not line.startswith(("LINE ", "^"))]
    return " ".join(kept) or type(error).__name__
