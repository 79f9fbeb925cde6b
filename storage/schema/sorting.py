"""Rows of a dataset in the table's order, however many: DuckDB sorts, and spills to disk what memory cannot hold."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from storage.schema.columns import TableSpec
from storage.schema.parquet import ROW_GROUP_ROWS

# Enough for a month of a busy portal in memory; beyond it the sort goes to disk.
SORT_MEMORY = "1GB"
TIE_BREAKERS = ("run_id", "url")  # so that equal rows of different runs always come in the same order


@contextlib.contextmanager
def sorted_batches(
    dataset: ds.Dataset, spec: TableSpec, *, spill: Path, rows: int = ROW_GROUP_ROWS
) -> Iterator[Iterator[pa.Table]]:
    """The dataset's rows in order, in tables of `rows`, or of a row group where that is less."""
    names = {column.name for column in spec.columns}
    order = ", ".join(name for name in (*spec.sort, *TIE_BREAKERS) if name in names)
    columns = ", ".join(f'"{column.name}"' for column in spec.columns)
    sql = f"SELECT {columns} FROM source ORDER BY {order}"  # noqa: S608 - our own column names
    with batches_of(sql, {"source": dataset}, spill=spill, rows=rows) as batches:
        yield batches


@contextlib.contextmanager
def batches_of(
    sql: str,
    sources: Mapping[str, ds.Dataset],
    *,
    spill: Path,
    rows: int = ROW_GROUP_ROWS,
    prepare: Callable[[duckdb.DuckDBPyConnection], None] = lambda _: None,
) -> Iterator[Iterator[pa.Table]]:
    """The rows that SQL of ours over some datasets gives, in tables of `rows`, or of a row group where that is less.

    `prepare` gives the connection the functions, macros and variables that the SQL names.
    """
    spill.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET memory_limit = '{SORT_MEMORY}'")
        connection.execute("SET temp_directory = ?", [str(spill)])
        for name, dataset in sources.items():
            connection.register(name, dataset)
        prepare(connection)
        connection.execute(sql)
        reader = connection.to_arrow_reader(min(rows, ROW_GROUP_ROWS))
        yield (pa.Table.from_batches([batch]) for batch in reader)
