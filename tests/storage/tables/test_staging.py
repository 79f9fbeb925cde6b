"""Staged rows are all there or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.model.record_spool import RecordSpool
from storage.model.records import Edition
from storage.objects.keys import staging_prefix
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.schema.arrow_and_iceberg import table_of
from storage.schema.columns import ARTICLES
from storage.schema.parquet import sha256_of, sorted_parts
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import MANIFEST, StagedRun
from tests.fixtures.rows import records, run_id

RUN = run_id()


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    return open_store(settings)


def test_staged_rows_come_back_as_they_were(store: ObjectStore, tmp_path: Path) -> None:
    editions, fetches, row = records(RUN, 7, lost=2)
    staged = StagedRun(store, RUN)
    staged.write(editions, fetches, row)
    rows = staged.fetch(tmp_path)
    assert rows.run_row == row
    assert rows.columns("articles", "title")["title"].to_pylist() == [one.text.title for one in editions]
    assert rows.count("fetches") == 9


def test_a_run_without_articles_can_be_staged(store: ObjectStore, tmp_path: Path) -> None:
    StagedRun(store, RUN).write(*records(RUN, 0, lost=0))
    assert StagedRun(store, RUN).fetch(tmp_path).count("articles") == 0


def test_what_is_published_is_the_staged_file_itself(settings: Settings, store: ObjectStore, tmp_path: Path) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 30))
    rows = staged.fetch(tmp_path)
    tables = open_tables(settings)
    tables.replace_run(RUN, rows.judged(replace(rows.run_row, verdict="degraded")))
    (published,) = tables.files("articles")
    assert sha256_of(tmp_path / "staged-articles.parquet") in published
    assert tables.scan("runs")["verdict"].to_pylist() == ["degraded"]


def test_what_an_older_warraq_staged_is_written_again_in_the_present_columns(
    settings: Settings, store: ObjectStore, tmp_path: Path
) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 30))
    key = staging_prefix(RUN) + MANIFEST
    manifest = json.loads(store.get(key)) | {"schema_version": 0}
    del manifest["sha256"]  # which is of today
    store.put(key, json.dumps(manifest).encode())
    tables = open_tables(settings)
    tables.replace_run(RUN, staged.fetch(tmp_path))
    assert tables.scan("articles").num_rows == 30


def test_many_records_are_staged_in_order_a_part_at_a_time(tmp_path: Path) -> None:
    editions, *_ = records(RUN, 25, lost=0)
    spool = RecordSpool(Edition)
    places = [spool.add(one) for one in reversed(editions)]
    parts = list(sorted_parts(ARTICLES, spool.these(places), rows=10))
    assert [part.num_rows for part in parts] == [10, 10, 5]
    in_order = table_of(ARTICLES, editions).sort_by([(name, "ascending") for name in ARTICLES.sort])
    assert pa.concat_tables(parts).equals(in_order)


def test_the_same_rows_give_the_same_objects_in_any_order(store: ObjectStore) -> None:
    editions, fetches, row = records(RUN, 20)
    StagedRun(store, RUN).write(editions, fetches, row)
    before = {info.key: store.get(info.key) for info in store.list(staging_prefix(RUN))}
    StagedRun(store, RUN).write(editions[::-1], fetches[::-1], row)
    assert {info.key: store.get(info.key) for info in store.list(staging_prefix(RUN))} == before


def test_nothing_is_readable_before_the_manifest(store: ObjectStore, tmp_path: Path) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 3))
    store.delete(staging_prefix(RUN) + MANIFEST)
    assert not staged.exists()
    with pytest.raises(ObjectMissing, match=r"almasaa/2024-12-25T00Z--2024-12-26T00Z") as caught:
        staged.fetch(tmp_path)
    assert "warraq extract" in caught.value.remedy


def test_a_changed_file_is_noticed(store: ObjectStore, tmp_path: Path) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 3))
    key = next(info.key for info in store.list(staging_prefix(RUN)) if "articles" in info.key)
    data = bytearray(store.get(key))
    data[len(data) // 2] ^= 1
    store.put(key, bytes(data))
    with pytest.raises(DamagedObject, match="is not what was staged"):
        staged.fetch(tmp_path)


@pytest.mark.parametrize(
    "change", [{"run_id": "x"}, {"files": {}}, {"files": {"articles": 1, "fetches": 1, "runs": 1}}, {"files": None}]
)
def test_a_damaged_manifest_is_an_error_of_one_line(
    store: ObjectStore, tmp_path: Path, change: dict[str, object]
) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 1))
    key = staging_prefix(RUN) + MANIFEST
    store.put(key, json.dumps(json.loads(store.get(key)) | change).encode())
    with pytest.raises(DamagedObject, match="manifest"):
        staged.fetch(tmp_path)
    store.put(key, b"{")
    with pytest.raises(DamagedObject, match="manifest"):
        staged.fetch(tmp_path)


def test_rows_of_another_run_are_refused(store: ObjectStore) -> None:
    editions, fetches, row = records(RUN, 2)
    stranger, *_ = records(run_id("youm7"), 1)
    with pytest.raises(StageFailed, match="belong to youm7"):
        StagedRun(store, RUN).write(editions + stranger, fetches, row)


def test_discarded_rows_are_gone(store: ObjectStore) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 2))
    staged.discard()
    assert list(store.list(staging_prefix(RUN))) == []
