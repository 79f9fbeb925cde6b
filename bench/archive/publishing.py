"""Publishing a window of 1,000 articles, beside the same rows written by bare pyarrow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.archive.findings import YEAR, Finding, milliseconds, settings_in
from bench.archive.rows import Texts, editions_of, fetches_of, run_of
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.schema.arrow_and_iceberg import table_of
from storage.schema.columns import TABLES
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.staging import StagedRun

ARTICLES = 1000


def publishing(folder: Path, *, rounds: int) -> list[Finding]:
    """From staged rows to the commit, the first time and again; and bytes a row."""
    settings = settings_in(folder)
    store, tables, texts = open_store(settings), open_tables(settings), Texts(1)
    bare = folder / "bare"
    bare.mkdir()
    ours, theirs, again = [], [], []
    for day in range(1, rounds + 1):
        run = RunId("almasaa", Window(datetime(YEAR, 12, day, tzinfo=UTC), datetime(YEAR, 12, day + 1, tzinfo=UTC)))
        editions = editions_of(run, ARTICLES, texts)
        fetches, row = fetches_of(editions), run_of(run, len(editions))
        staged, copied = StagedRun(store, run), folder / "staged"
        staged.write(editions, fetches, row)
        rows = {spec.name: table_of(spec, made) for spec, made in zip(TABLES, (editions, fetches, [row]), strict=True)}
        copied.mkdir(exist_ok=True)
        ours.append(milliseconds(lambda: tables.replace_run(run, staged.fetch(copied))))  # noqa: B023 - called at once
        theirs.append(milliseconds(lambda: _write_bare(rows, bare)))  # noqa: B023
        again.append(milliseconds(lambda: tables.replace_run(run, staged.fetch(copied))))  # noqa: B023
    limit = 2 * min(theirs) + 100
    return [
        Finding("publish a window of 1,000 articles, ms", min(ours), min(theirs), bound=limit),
        Finding("publish it again, ms", min(again), min(theirs), bound=limit),
        _bytes_a_row(tables, bare),
    ]


def _bytes_a_row(tables: ArchiveTables, folder: Path) -> Finding:
    written = folder / "articles.parquet"
    plain = written.stat().st_size / pq.read_metadata(written).num_rows
    facts = tables.file_facts("articles")
    ours = sum(size for _, _, size in facts) / sum(count for _, count, _ in facts)
    return Finding("bytes a row, beside snappy", ours, plain, limit=0.62)


def _write_bare(rows: dict[str, pa.Table], folder: Path) -> None:
    for name, table in rows.items():
        pq.write_table(table, folder / f"{name}.parquet")
