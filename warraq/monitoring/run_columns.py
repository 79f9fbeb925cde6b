"""The published runs of many portals as columns: a fleet's year fits, and arithmetic over it is linear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storage.model.outcomes import HAD_BEFORE
from storage.model.records import Run, Verdict
from storage.schema.arrow_and_iceberg import table_of
from storage.schema.columns import RUNS
from storage.tables.archive_tables import ArchiveTables
from storage.tables.row_filters import select
from warraq.findings.rhythm import Numbers, Seconds, Windows, without_overlaps
from warraq.pipeline.audit import LIVE_FOR

Flags = npt.NDArray[np.bool_]
COLUMNS = (
    "portal",
    "window_start",
    "window_end",
    "verdict",
    "articles_new",
    "editions",
    "articles_known",
    "started_at",
    "requests",
)


@dataclass(frozen=True)
class RunColumns:
    """The runs of one portal by start of their windows; times are seconds since 1970."""

    start: Seconds
    end: Seconds
    started: Seconds
    degraded: Flags
    crawled: Flags  # not only imported
    new: Numbers
    editions: Numbers
    reached: Numbers  # articles of the window, whoever archived them first

    def __len__(self) -> int:
        return len(self.start)

    def chosen(self, rows: Flags | npt.NDArray[np.intp]) -> RunColumns:
        """Some of the rows."""
        return RunColumns(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @property
    def is_live(self) -> Flags:
        """Runs that were of the present when they were crawled."""
        return np.asarray(self.started - self.end < LIVE_FOR.total_seconds())

    @property
    def windows(self) -> Windows:
        """What they reached, each time counted once."""
        return without_overlaps(self.start, self.end, self.reached)


def read_runs(
    tables: ArchiveTables, *, portal: str | None = None, since: datetime | None = None, before: datetime | None = None
) -> dict[str, RunColumns]:
    """The published runs whose windows begin in [since, before), by portal."""
    wanted = select(portal=portal, since=since, before=before)
    try:
        return by_portal(tables.batches("runs", row_filter=wanted, columns=COLUMNS))
    except KeyError:
        # Only rows of schema 1 need their outcomes, which take longer to read than all other columns together.
        return by_portal(tables.batches("runs", row_filter=wanted, columns=(*COLUMNS, "outcomes")))


def columns_of(runs: Sequence[Run]) -> RunColumns:
    """The same of records of one portal."""
    found = by_portal([table_of(RUNS, runs).select([*COLUMNS, "outcomes"])])
    return next(iter(found.values()), EMPTY)


def by_portal(batches: Iterable[pa.Table]) -> dict[str, RunColumns]:
    """Batches of rows, cut by portal and sorted by window."""
    parts: dict[str, list[RunColumns]] = {}
    # A file holds a portal's month, and files come in the order of portals: a portal at a time is in memory twice.
    filled = (batch for batch in batches if batch.num_rows)
    for _, own in groupby(filled, key=lambda batch: batch["portal"][0].as_py()):
        for portal, part in _parts(pa.concat_tables(own)):
            parts.setdefault(portal, []).append(part)
    found = {}
    for portal in sorted(parts):
        pieces = parts[portal]
        whole = RunColumns(
            *(np.concatenate([getattr(piece, name) for piece in pieces]) for name in RunColumns.__dataclass_fields__)
        )
        found[portal] = whole.chosen(np.lexsort((whole.end, whole.start)))
    return found


def _parts(batch: pa.Table) -> Iterator[tuple[str, RunColumns]]:
    rows = batch.filter(pc.not_equal(batch["verdict"], str(Verdict.FAILED)))
    if not rows.num_rows:
        return
    columns = _columns(rows)
    names = rows["portal"].unique().to_pylist()
    if len(names) == 1:
        yield names[0], columns
        return
    for name in names:
        yield name, columns.chosen(pc.equal(rows["portal"], name).to_numpy())


def _columns(rows: pa.Table) -> RunColumns:
    """Raises KeyError where rows of schema 1 lack their outcomes."""
    start, end, started = (_seconds(rows[name]) for name in ("window_start", "window_end", "started_at"))
    new, editions = (rows[name].to_numpy().astype(np.float64) for name in ("articles_new", "editions"))
    known = rows["articles_known"]
    reached = new + pc.fill_null(known, 0).to_numpy()
    if known.null_count:
        # Rows of schema 1 did not say: what a backfill found known was mostly of its window, see audit.articles_of.
        old = known.is_null().to_numpy() & (started - end >= LIVE_FOR.total_seconds())
        reached = reached + np.where(old, editions + sum(_outcome(rows, outcome) for outcome in HAD_BEFORE), 0)
    degraded = pc.equal(rows["verdict"], str(Verdict.DEGRADED)).to_numpy()
    crawled = pc.greater(rows["requests"], 0).to_numpy()
    return RunColumns(start, end, started, degraded, crawled, new, editions, np.asarray(reached, np.float64))


def _outcome(rows: pa.Table, name: str) -> Numbers:
    found = pc.map_lookup(rows["outcomes"].combine_chunks(), pa.scalar(str(name)), "first")
    return np.asarray(pc.fill_null(found, 0).to_numpy(zero_copy_only=False), np.float64)


def _seconds(column: pa.ChunkedArray) -> Seconds:
    return np.asarray(column.cast(pa.int64()).to_numpy() // 1_000_000, np.int64)


_NO_TIMES, _NO_COUNTS = np.zeros(0, np.int64), np.zeros(0)
_NO_FLAGS = np.zeros(0, np.bool_)
EMPTY = RunColumns(_NO_TIMES, _NO_TIMES, _NO_TIMES, _NO_FLAGS, _NO_FLAGS, *(_NO_COUNTS for _ in range(3)))
