"""Rows for DuckDB, of which little is in memory: of long texts Arrow's own reading holds hundreds of megabytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

# Whoever reads these reads slower than they come; of other columns a read-ahead of Arrow's is no burden.
LONG_TEXTS = frozenset({"body", "description", "removed_blocks"})
FOOTERS_AHEAD = 8  # a store answers in some 20 ms
ROW_GROUPS_AHEAD = 2
From = TypeVar("From")
To = TypeVar("To")


def steady_rows(rows: ds.Dataset, wanted: pc.Expression | None = None) -> ds.Dataset:
    """The rows, or those that are wanted, as what DuckDB can be given."""
    files = list(rows.get_fragments(wanted))
    if files and isinstance(rows, ds.FileSystemDataset):
        return _SteadyRows(files, rows.schema, wanted)
    return rows if wanted is None else rows.filter(wanted)


def row_groups(file: ds.Fragment) -> Sequence[ds.Fragment]:
    """The parts that a file of rows is stored in."""
    return file.split_by_row_group() if isinstance(file, ds.ParquetFileFragment) else [file]


def read_alone(group: ds.Fragment, schema: pa.Schema, columns: Sequence[str]) -> pa.Table:
    """Columns of such a part, by this thread alone: what others let go stays with them, some hundred megabytes."""
    pool = pa.system_memory_pool()  # which keeps nothing
    return group.to_table(schema=schema, columns=list(columns), use_threads=False, memory_pool=pool)


def first_rows(rows: ds.Dataset, columns: Sequence[str], *, files: int, each: int) -> Iterator[pa.Table]:
    """The first rows of so many files, of all parts of the archive. Arrow's `head` reads on ahead, most of a file."""
    every = list(rows.get_fragments())
    for file in every[:: 1 + len(every) // files]:
        for group in row_groups(file)[:1]:
            yield read_alone(group, rows.schema, columns).slice(0, each)


class _SteadyRows(ds.FileSystemDataset):  # type: ignore[misc]  # pyarrow tells no types
    """DuckDB asks a dataset for a `scanner`, and that one for a reader."""

    def __init__(self, files: list[ds.Fragment], schema: pa.Schema, wanted: pc.Expression | None) -> None:
        super().__init__(files, schema, files[0].format, files[0].filesystem)
        self._wanted = wanted

    def scanner(self, columns: Any = None, filter: pc.Expression | None = None, **more: Any) -> Any:
        """Arrow's own, or one that reads in steps where long texts are read."""
        parts = [part for part in (self._wanted, filter) if part is not None]
        wanted = parts[0] & parts[1] if len(parts) == 2 else next(iter(parts), None)
        arrows = super().scanner(columns=columns, filter=wanted, **more)
        names = list(arrows.projected_schema.names)
        return _Steps(self, arrows.projected_schema, wanted) if LONG_TEXTS & set(names) else arrows


@dataclass(frozen=True)
class _Steps:
    rows: _SteadyRows
    schema: pa.Schema
    wanted: pc.Expression | None

    def to_reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(self.schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        with ThreadPoolExecutor(FOOTERS_AHEAD) as pool:
            split = _ahead(pool, self._row_groups, self.rows.get_fragments(self.wanted), FOOTERS_AHEAD)
            for read in _ahead(pool, self._read, (one for some in split for one in some), ROW_GROUPS_AHEAD):
                yield from read.to_batches()

    def _row_groups(self, file: ds.ParquetFileFragment) -> list[ds.ParquetFileFragment]:
        return list(file.split_by_row_group(self.wanted, self.rows.schema))

    def _read(self, group: ds.ParquetFileFragment) -> pa.Table:
        return group.to_table(schema=self.rows.schema, columns=self.schema.names, filter=self.wanted)


def _ahead(pool: ThreadPoolExecutor, work: Callable[[From], To], items: Iterable[From], most: int) -> Iterator[To]:
    """The results in order, of which at most so many are made before they are asked for."""
    waiting: deque[Future[To]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) > most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
