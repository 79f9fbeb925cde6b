"""A lost catalog is made again from the tables' own files, and shows what readers saw before."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.errors import ObjectMissing, UsageError
from storage.iceberg.catalog_rebuild import rebuild_catalog
from storage.objects.keys import table_prefix
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id


def publish(settings: Settings, day: int, articles: int = 3) -> None:
    run = run_id("demo", day)
    open_tables(settings).replace_run(run, RecordRows(run, *records(run, articles)))


def everything(tables: ArchiveTables) -> dict[str, list[str]]:
    return {name: sorted(map(str, tables.scan(name).to_pylist())) for name in ("articles", "fetches", "runs")}


def lose(settings: Settings) -> None:
    """The catalog's file is gone."""
    where = (settings.catalog or f"sqlite:///{settings.archive}/catalog.db").removeprefix("sqlite:///")
    Path(where).unlink()


def test_a_lost_catalog_is_made_again_and_the_archive_goes_on(settings: Settings) -> None:
    for day in (1, 2):
        publish(settings, day)
    before = everything(open_tables(settings))
    lose(settings)
    with pytest.raises(UsageError, match="another catalog") as told:
        open_tables(settings, create=False)
    assert "warraq maintain --rebuild-catalog" in told.value.remedy
    rebuild_catalog(settings)
    assert everything(open_tables(settings, create=False)) == before
    publish(settings, 3)
    assert len(open_tables(settings).scan("runs")) == 3


def newest_metadata(settings: Settings, table: str) -> str:
    keys = [info.key for info in open_store(settings).list(f"{table_prefix(table)}/metadata/")]
    return max(key for key in keys if key.endswith(".metadata.json"))


def test_a_commit_that_was_killed_before_anybody_saw_it_is_not_brought_to_light(local_settings: Settings) -> None:
    publish(local_settings, 1)
    before = everything(open_tables(local_settings))
    publish(local_settings, 2)
    open_store(local_settings).delete(newest_metadata(local_settings, "runs"))  # as if killed before it was written
    lose(local_settings)
    taken = rebuild_catalog(local_settings)
    assert {name: one.passed_over for name, one in taken.items()} == {"articles": 1, "fetches": 1, "runs": 0}
    assert everything(open_tables(local_settings, create=False)) == before


def test_damaged_metadata_is_passed_over_and_told(local_settings: Settings) -> None:
    for day in (1, 2):
        publish(local_settings, day)
    store, key = open_store(local_settings), newest_metadata(local_settings, "runs")
    store.put(key, store.get(key)[:-1])
    lose(local_settings)
    assert rebuild_catalog(local_settings)["runs"].passed_over == 1
    assert len(open_tables(local_settings, create=False).scan("runs")) == 1


def test_a_catalog_that_knows_its_tables_is_left_alone(local_settings: Settings) -> None:
    with pytest.raises(ObjectMissing, match="no table can be read"):
        rebuild_catalog(local_settings)
    publish(local_settings, 1)
    with pytest.raises(UsageError, match="nothing was changed"):
        rebuild_catalog(local_settings)
