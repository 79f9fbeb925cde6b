"""Which data files are live: those of a selection, of a snapshot, and none in silence where the table says more."""

from __future__ import annotations

import pytest
from pyiceberg.manifest import DataFile, DataFileContent, ManifestEntry, write_manifest

from storage.errors import ObjectMissing, StageFailed
from storage.iceberg.live_files import live_files
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.row_filters import select
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id


@pytest.fixture
def tables(settings: Settings) -> ArchiveTables:
    found = open_tables(settings)
    for portal in ("almasaa", "youm7"):
        run = run_id(portal)
        found.replace_run(run, RecordRows(run, *records(run, 3)))
    return found


def test_they_are_those_that_a_scan_would_read(tables: ArchiveTables) -> None:
    table = tables.load()["articles"]
    for wanted in ("true", select(portal="almasaa"), select(portal="nobody")):
        planned = {task.file.file_path for task in table.scan(row_filter=wanted).plan_files()}
        assert {file.file_path for file in live_files(table, row_filter=wanted)} == planned
    first = table.metadata.snapshots[0].snapshot_id
    of_first = {task.file.file_path for task in table.scan(snapshot_id=first).plan_files()}
    assert {file.file_path for file in live_files(table, snapshot_id=first)} == of_first


def test_a_snapshot_that_is_gone_is_no_empty_table(tables: ArchiveTables) -> None:
    with pytest.raises(ObjectMissing, match="articles has no snapshot 1"):
        live_files(tables.load()["articles"], snapshot_id=1)


def test_delete_files_of_another_writer_are_told(tables: ArchiveTables) -> None:
    table = tables.load()["articles"]
    snapshot = table.current_snapshot()
    assert snapshot is not None
    manifest = snapshot.manifests(table.io)[0]
    entries = manifest.fetch_manifest_entry(table.io, discard_deleted=True)
    table.io.delete(manifest.manifest_path)
    output, spec = table.io.new_output(manifest.manifest_path), table.spec()
    with write_manifest(2, spec, table.schema(), output, snapshot.snapshot_id, "deflate") as writer:
        for entry in entries:
            writer.add_entry(_as_delete_file(entry))
    with pytest.raises(StageFailed, match="is a delete file, which another writer made"):
        live_files(table)


def _as_delete_file(entry: ManifestEntry) -> ManifestEntry:
    file: DataFile = entry.data_file
    file[0] = DataFileContent.POSITION_DELETES
    return entry
