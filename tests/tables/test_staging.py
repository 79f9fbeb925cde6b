"""Staged rows are all there or not at all."""

from __future__ import annotations

import json

import pytest

from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.keys import staging_prefix
from storage.objects import ObjectStore, open_store
from storage.settings import Settings
from storage.staging import MANIFEST, StagedRun
from tests.tables.rows import records, run_id

RUN = run_id()


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    return open_store(settings)


def test_staged_rows_come_back_as_they_were(store: ObjectStore) -> None:
    editions, fetches, row = records(RUN, 7, lost=2)
    staged = StagedRun(store, RUN)
    staged.write(editions, fetches, row)
    rows = staged.read()
    assert rows.run_row == row
    assert rows.editions["title"].to_pylist() == [one.text.title for one in editions]
    assert rows.fetches.num_rows == 9


def test_a_run_without_articles_can_be_staged(store: ObjectStore) -> None:
    StagedRun(store, RUN).write(*records(RUN, 0, lost=0))
    assert StagedRun(store, RUN).read().editions.num_rows == 0


def test_the_same_rows_give_the_same_objects_in_any_order(store: ObjectStore) -> None:
    editions, fetches, row = records(RUN, 20)
    StagedRun(store, RUN).write(editions, fetches, row)
    before = {info.key: store.get(info.key) for info in store.list(staging_prefix(RUN))}
    StagedRun(store, RUN).write(reversed(editions), reversed(fetches), row)
    assert {info.key: store.get(info.key) for info in store.list(staging_prefix(RUN))} == before


def test_nothing_is_readable_before_the_manifest(store: ObjectStore) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 3))
    store.delete(staging_prefix(RUN) + MANIFEST)
    assert not staged.exists()
    with pytest.raises(ObjectMissing, match=r"almasaa/2024-12-25T00Z--2024-12-26T00Z") as caught:
        staged.read()
    assert "warraq extract" in caught.value.remedy


def test_a_changed_file_is_noticed(store: ObjectStore) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 3))
    key = next(info.key for info in store.list(staging_prefix(RUN)) if "articles" in info.key)
    data = bytearray(store.get(key))
    data[len(data) // 2] ^= 1
    store.put(key, bytes(data))
    with pytest.raises(DamagedObject, match="is not what was staged"):
        staged.read()


@pytest.mark.parametrize(
    "change", [{"run_id": "x"}, {"files": {}}, {"files": {"articles": 1, "fetches": 1, "runs": 1}}, {"files": None}]
)
def test_a_damaged_manifest_is_an_error_of_one_line(store: ObjectStore, change: dict[str, object]) -> None:
    staged = StagedRun(store, RUN)
    staged.write(*records(RUN, 1))
    key = staging_prefix(RUN) + MANIFEST
    store.put(key, json.dumps(json.loads(store.get(key)) | change).encode())
    with pytest.raises(DamagedObject, match="manifest"):
        staged.read()
    store.put(key, b"{")
    with pytest.raises(DamagedObject, match="manifest"):
        staged.read()


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
