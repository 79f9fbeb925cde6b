"""A synthetic year of many portals: as compaction leaves it in the archive, and as bare Parquet files."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from bench.archive.findings import YEAR, settings_in
from bench.archive.rows import Texts, many_rows, run_of
from storage.iceberg.commit_log import Told
from storage.iceberg.data_files import put_data_file
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import StagedTransaction, TableChange, change_files
from storage.model.partition import Partition
from storage.model.window import RunId, Window
from storage.schema.arrow_and_iceberg import table_of
from storage.schema.columns import ARTICLES, RUNS
from storage.schema.parquet import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP_ROWS
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.compaction import compact_together, crowds, in_commits

SEED = 2  # of the texts
HOURLY_FILES = 721
HOURLY_PORTAL, HOURLY_MONTH = 7, 6  # the portal-month that is also written as hourly files


def build_year(folder: Path, *, rows: int, portals: int, is_bare: bool) -> Settings:
    """Fill an archive in `folder`; with `is_bare` also plain.parquet, tuned.parquet and hourly/ beside it."""
    settings, texts = settings_in(folder), Texts(SEED)
    tables = open_tables(settings)
    each = max(1, rows // (portals * 12))
    whole: list[pa.Table] = []
    files: dict[str, list[DataFile]] = {ARTICLES.name: [], RUNS.name: []}
    for month in range(1, 13):
        window = Window(
            datetime(YEAR, month, 1, tzinfo=UTC), datetime(YEAR + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        )
        made = [many_rows(RunId(f"portal{number:02d}", window), each, texts) for number in range(portals)]
        for number, table in enumerate(made):
            _put(tables, RunId(f"portal{number:02d}", window), table, files)
        if is_bare:
            whole += made
        if is_bare and month == HOURLY_MONTH:
            _write_hourly(made[HOURLY_PORTAL], folder / "hourly")
        print(f"built {YEAR}-{month:02d}", file=sys.stderr)
    _commit(tables, files)
    for portion in in_commits(crowds(tables.load(), now=datetime(YEAR + 2, 1, 1, tzinfo=UTC))):
        compact_together(tables, portion, spill=settings.cache / "duckdb")
    if is_bare:
        _write_bare(whole, folder, portals=portals)
    return settings


def _put(tables: ArchiveTables, run: RunId, rows: pa.Table, files: dict[str, list[DataFile]]) -> None:
    parts = {ARTICLES.name: rows, RUNS.name: table_of(RUNS, [run_of(run, rows.num_rows)])}
    loaded = tables.load()
    for name, part in parts.items():
        month = Partition.month_of(run.portal, run.window.start)
        file = put_data_file(tables.store, loaded[name], [part], month)
        files[name].append(file)


def _commit(tables: ArchiveTables, files: Mapping[str, list[DataFile]]) -> None:
    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for name, new in files.items():
            transaction = StagedTransaction(loaded[name])
            change_files(transaction, new=new, facts={})
            changes.append(transaction.change())
        return [change for change in changes if change]

    commit_group(tables.catalog, plan, Told("bench"))


def _write_bare(whole: list[pa.Table], folder: Path, *, portals: int) -> None:
    """All rows as one file: as write_table makes it, and as good as a bare file can be."""
    pq.write_table(pa.concat_tables(whole), folder / "plain.parquet")
    best = {"compression": COMPRESSION, "compression_level": COMPRESSION_LEVEL}
    with pq.ParquetWriter(folder / "tuned.parquet", whole[0].schema, **best) as writer:
        for start in range(0, len(whole), portals):  # months follow each other
            month = pa.concat_tables(whole[start : start + portals])
            writer.write_table(month.sort_by("published_at"), row_group_size=ROW_GROUP_ROWS)


def _write_hourly(rows: pa.Table, folder: Path) -> None:
    folder.mkdir()
    size = -(-rows.num_rows // HOURLY_FILES)
    for number in range(HOURLY_FILES):
        pq.write_table(rows.slice(number * size, size), folder / f"{number:04d}.parquet")
