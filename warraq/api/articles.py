"""A selection of articles that has not been read yet, and the forms in which it can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from storage.errors import UsageError
from storage.read.query import Answer, answer, sql_errors
from warraq.api.selection import Selection

if TYPE_CHECKING:
    import pandas
    import polars

    from warraq.api.connections import Connections

BATCH_ROWS = 2_000


@dataclass(frozen=True)
class Articles:
    """Articles that are read when a method asks for them; `batches` never holds them all."""

    selection: Selection
    _connections: Connections
    _sampled: tuple[int, int] | None = None

    def query(self) -> tuple[str, list[object]]:
        """The SQL and its values."""
        if self._sampled is None:
            return self.selection.sql()
        n, seed = self._sampled
        sql, values = self.selection.sql(order=False)
        # The same rows for the same seed, whatever reads them; a new article takes one place at most.
        return f"{sql} ORDER BY md5(article_id || edition_id || '{seed:d}') LIMIT {n:d}", values

    def count(self) -> int:
        """How many there are."""
        sql, values = self.query() if self._sampled else self.selection.sql(columns=("article_id",), order=False)
        with sql_errors():
            rows = self._connections.shared().execute(f"SELECT count(*) FROM ({sql})", values).fetchall()  # noqa: S608
        return int(rows[0][0])

    def batches(self, *, batch_rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows, some thousand at a time."""
        yield from self.answer(batch_rows=batch_rows).batches

    def answer(self, *, batch_rows: int = BATCH_ROWS) -> Answer:
        """The schema and the rows batch by batch, on a connection of its own."""
        sql, values = self.query()
        return answer(self._connections.fresh(), sql, values, batch_rows=batch_rows)

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow.Table."""
        found = self.answer()
        return pa.Table.from_batches(found.batches, found.schema)

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas.DataFrame; times are UTC."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """The rows as a polars.DataFrame."""
        import polars  # noqa: PLC0415 - not everybody has it

        frame = polars.from_arrow(self.to_arrow())
        if not isinstance(frame, polars.DataFrame):
            raise TypeError("a table became something else")
        return frame

    def to_duckdb(self) -> duckdb.DuckDBPyRelation:
        """The rows as a DuckDB relation that is not computed yet."""
        sql, values = self.query()
        with sql_errors():
            return self._connections.shared().sql(sql, params=values)

    def sample(self, n: int, *, seed: int = 0) -> Articles:
        """`n` of them at random, the same for the same seed."""
        if n < 0:
            raise UsageError(f"{n} is no number of articles", remedy="give 0 or more")
        return replace(self, _sampled=(n, seed))

    def columns(self, *names: str) -> Articles:
        """The same articles with these columns only."""
        return replace(self, selection=replace(self.selection, columns=names))


def column_names(names: Sequence[str] | None) -> dict[str, Any]:
    """`columns=` as a Selection takes it."""
    return {} if names is None else {"columns": (names,) if isinstance(names, str) else tuple(names)}
