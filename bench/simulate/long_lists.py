"""Tables that name many files: what lists of manifests cost, and tables made to name files that do not exist."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from copy import copy
from pathlib import Path

from pyiceberg.manifest import DataFile, ManifestFile, read_manifest_list, write_manifest_list
from pyiceberg.table import Table
from pyiceberg.typedef import Record

from storage.iceberg.commit_log import Told
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import StagedTransaction, TableChange, change_files
from storage.tables.archive_tables import ArchiveTables

LISTED = 2000  # manifests in a list
GROUP = 17  # portals whose runs go in one commit; the last of them publishes no more


def manifests_of(table: Table) -> list[ManifestFile]:
    snapshot = table.current_snapshot()
    return snapshot.manifests(table.io) if snapshot else []


def listing(tables: ArchiveTables, path: Path) -> float:
    """Seconds to write a long manifest list and to read it."""
    table = tables.load()["runs"]
    model = manifests_of(table)[0]

    def work() -> None:
        output = table.io.new_output(str(path))
        with write_manifest_list(2, output, 1, None, 1, "gzip") as writer:
            writer.add_manifests([model] * LISTED)
        list(read_manifest_list(output.to_input_file()))

    return cpu(work)


def list_files(tables: ArchiveTables, count: int) -> None:
    """Make each table name `count` more files, of 200 portals. They do not exist: planning a commit opens none."""

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for table in loaded.values():
            # Of a portal that publishes no more: a window of another is not looked for in files that do not exist.
            model = next(iter(table.scan(row_filter=f"portal == 'portal{GROUP - 1}'").plan_files())).file
            transaction = StagedTransaction(table)
            change_files(transaction, new=[_like(model, number) for number in range(count)], facts={})
            changes.append(transaction.change())
        return [change for change in changes if change]

    commit_group(tables.catalog, plan, Told("bench"))


def _like(model: DataFile, number: int) -> DataFile:
    made = copy(model)
    made._data = [*model._data]
    made.spec_id = model.spec_id
    made[1] = model.file_path.replace(".parquet", f"-{number}.parquet")
    made[3] = Record(f"portal{number % 200}", model.partition[1])
    return made


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
