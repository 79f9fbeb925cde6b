"""The schema grows, and what was written before stays readable; old code and new code share an archive."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.iceberg.table_layout import evolve_tables, schema_version
from storage.read.query import connect
from storage.schema.arrow_and_iceberg import conform, table_of
from storage.schema.columns import ARTICLES, RUNS, SCHEMA_VERSION, TABLES, TEXT, TEXTS, Column, TableSpec
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.compaction import compact_together, crowds
from storage.tables.staging import RecordRows
from tests.fixtures.make_first_archive import ARTICLES as FIRST_ARTICLES
from tests.fixtures.make_first_archive import ZIP, first_settings
from tests.fixtures.rows import records, run_id

MOOD = Column("mood", (44,), TEXT, True, "text.mood", "test", "Mood", "المزاج", since=SCHEMA_VERSION + 1)
PLACES = Column("places", (45, 46), TEXTS, True, "text.places", "test", "Places", "الأماكن", since=SCHEMA_VERSION + 1)


def wider(*columns: Column) -> list[TableSpec]:
    return [replace(spec, columns=(*spec.columns, *columns)) if spec.name == "articles" else spec for spec in TABLES]


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The archive that the first version wrote."""
    with zipfile.ZipFile(ZIP) as archive:
        archive.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    return first_settings(tmp_path)


def publish(tables: ArchiveTables, day: int) -> None:
    run = run_id(day=day)
    tables.replace_run(run, RecordRows(run, *records(run, 2)))


def test_an_archive_of_the_first_version_is_read_by_todays_code(first: Settings) -> None:
    tables = open_tables(first)
    editions, fetches, row = records(run_id(day=1), FIRST_ARTICLES)
    for spec, made in zip(TABLES, (editions, fetches, [replace(row, code_version="first")]), strict=True):
        rows = conform(spec, tables.scan(spec.name))
        expected = table_of(spec, made)
        own = [one for one in rows.to_pylist() if one["run_id"] == str(run_id(day=1))]
        assert sorted(map(str, own)) == sorted(map(str, expected.to_pylist()))
    assert connect(first).execute("SELECT count(*) FROM articles").fetchall() == [(2 * FIRST_ARTICLES,)]


def test_an_archive_of_the_first_version_is_written_by_todays_code(first: Settings) -> None:
    tables = open_tables(first)
    publish(tables, 2)
    publish(tables, 3)
    assert tables.scan("articles").num_rows == FIRST_ARTICLES + 4
    assert len(tables.history("almasaa")) == 3
    assert schema_version(tables.load()["articles"]) == max(column.since for column in ARTICLES.columns)


def test_an_archive_of_the_first_version_is_laid_out_as_todays_is(first: Settings) -> None:
    tables = open_tables(first)
    november = run_id(day=3, month=11)
    tables.replace_run(november, RecordRows(november, *records(november, 2)))
    before = sorted(map(str, tables.scan("articles").to_pylist()))
    found = crowds(tables.load(), now=datetime(2025, 6, 1, tzinfo=UTC))
    assert compact_together(tables, found, spill=first.cache) == found
    assert len(tables.files("articles")) == 1
    assert sorted(map(str, tables.scan("articles").to_pylist())) == before
    publish(tables, 1)
    assert tables.scan("articles").num_rows == FIRST_ARTICLES + 4


def test_added_columns_get_their_ids_and_old_rows_are_null_there(settings: Settings) -> None:
    tables = open_tables(settings)
    publish(tables, 1)
    evolve_tables(tables.catalog, wider(MOOD, PLACES))
    evolve_tables(tables.catalog, wider(MOOD, PLACES))
    table = tables.load()["articles"]
    assert schema_version(table) == SCHEMA_VERSION + 1
    assert table.schema().find_field("mood").field_id == 44
    assert table.schema().find_field("places.element").field_id == 46
    assert MOOD.ar in (table.schema().find_field("mood").doc or "")
    assert table.scan(selected_fields=("mood", "places")).to_arrow().to_pylist() == [{"mood": None, "places": None}] * 2


def test_ids_do_not_depend_on_when_a_column_came(settings: Settings) -> None:
    tables = open_tables(settings)
    evolve_tables(tables.catalog, wider(MOOD))
    evolve_tables(tables.catalog, wider(MOOD, PLACES))
    assert tables.load()["articles"].schema().find_field("places.element").field_id == 46


def test_older_code_goes_on_in_a_newer_archive(settings: Settings) -> None:
    tables = open_tables(settings)
    publish(tables, 1)
    evolve_tables(tables.catalog, wider(MOOD))
    publish(tables, 2)
    publish(tables, 1)
    rows = tables.load()["articles"].scan().to_arrow()
    assert rows.num_rows == 4
    assert rows["mood"].null_count == 4
    assert connect(settings).execute("SELECT count(*) FROM articles").fetchall() == [(4,)]


def test_columns_of_a_later_version_must_be_nullable_and_last() -> None:
    for spec in (ARTICLES, RUNS):
        versions = [column.since for column in spec.columns]
        assert versions == sorted(versions), f"{spec.name}: a column was put before older ones"
