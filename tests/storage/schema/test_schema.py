"""Columns, records, Arrow and Iceberg schemas say the same."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime
from typing import get_type_hints

import pyarrow as pa
import pytest

from storage.model import records
from storage.schema.arrow_and_iceberg import (
    SchemaMismatch,
    arrow_schema,
    conform,
    editions_from,
    iceberg_schema,
    runs_from,
    table_of,
)
from storage.schema.columns import ARTICLES, FETCHES, RUNS, SCHEMA_VERSION, TABLES, TableSpec
from storage.schema.data_dictionary import render
from tests.fixtures.paths import ROOT
from tests.fixtures.rows import edition, fetch, lost_fetch, run_id, run_row

NESTED = {"text": records.ArticleText, "link": records.LinkRecord, "place": records.WarcPlace}
DICTIONARY = ROOT / "docs" / "reference" / "data_dictionary.md"
# The crawl's own outcome of a link is overruled by the final one of the fetch.
OVERRULED = {"link.outcome"}


def leaves(record: type, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for field in dataclasses.fields(record):
        if field.name in NESTED:
            found |= leaves(NESTED[field.name], f"{prefix}{field.name}.")
        else:
            found.add(prefix + field.name)
    return found


@pytest.mark.parametrize(
    ("spec", "record"),
    [(ARTICLES, records.Edition), (FETCHES, records.Fetch), (RUNS, records.Run)],
    ids=lambda x: str(x)[:20],
)
def test_each_field_of_a_record_is_one_column_and_the_other_way_round(spec: TableSpec, record: type) -> None:
    paths = [column.path for column in spec.columns]
    assert len(paths) == len(set(paths))
    missing = leaves(record) - OVERRULED - set(paths)
    assert set(paths) == leaves(record) - OVERRULED, f"describe these fields in storage/schema/columns.py: {missing}"


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_a_column_may_be_null_exactly_where_its_field_may_be_none(spec: TableSpec) -> None:
    record = {"articles": records.Edition, "fetches": records.Fetch, "runs": records.Run}[spec.name]
    for column in spec.columns:
        kind, nullable = record, False
        for step in column.path.split("."):
            hint = get_type_hints(kind)[step]
            options = getattr(hint, "__args__", ())
            if type(None) in options:
                nullable, hint = True, next(option for option in options if option is not type(None))
            kind = hint
        assert column.nullable == nullable, f"news.{spec.name}.{column.name}"


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_names_and_ids_are_distinct_and_every_column_is_described_in_both_languages(spec: TableSpec) -> None:
    names = [column.name for column in spec.columns]
    ids = [number for column in spec.columns for number in column.ids]
    assert len(names) == len(set(names))
    assert sorted(ids) == list(range(1, len(ids) + 1)), "ids are given once and never again"
    for column in spec.columns:
        assert re.search("[a-zA-Z]", column.en), column.name
        assert re.search("[؀-ۿ]", column.ar) or column.name == "verdict", column.name
        assert 1 <= column.since <= SCHEMA_VERSION
        assert column.since == 1 or column.nullable, f"{column.name}: a later column must be nullable"
    assert all(name in names for name in spec.sort)


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_arrow_and_iceberg_schemas_agree_on_names_ids_and_nulls(spec: TableSpec) -> None:
    arrow, iceberg = arrow_schema(spec), iceberg_schema(spec)
    for field, nested, column in zip(arrow, iceberg.fields, spec.columns, strict=True):
        assert field.name == nested.name
        assert field.nullable == nested.optional
        assert int(field.metadata[b"PARQUET:field_id"]) == nested.field_id == column.ids[0]
        assert column.ar in nested.doc


def test_records_become_rows_and_a_missing_place_is_null() -> None:
    run = run_id()
    editions = [edition(run, number) for number in range(3)]
    table = table_of(ARTICLES, editions)
    row = table.to_pylist()[1]
    assert row["title"] == editions[1].text.title
    assert row["published_at"] == editions[1].text.published_at
    assert row["removed_blocks"] == [{"rule": "related", "text": "أخبار متعلقة"}]
    assert row["warc_offset"] == 100
    assert row["text_simhash"] == -2
    fetches = table_of(FETCHES, [fetch(editions[0]), lost_fetch(run, 1)])
    assert fetches["warc_key"].to_pylist() == [editions[0].place.key, None]


def test_runs_come_back_as_the_same_records() -> None:
    run = run_id()
    row = run_row(run, [lost_fetch(run, 1), fetch(edition(run, 1))])
    assert runs_from(table_of(RUNS, [row])) == [row]


def test_editions_come_back_as_the_same_records() -> None:
    rows = [edition(run_id(), number) for number in range(3)]
    assert editions_from(table_of(ARTICLES, rows)) == rows


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"window_start": datetime(2024, 1, 1)}, "window_start"),  # noqa: DTZ001
        ({"links": "12"}, "links"),
        ({"links": None}, "links"),
        ({"portal": 7}, "portal"),
        ({"portal": "\ud800"}, "portal"),
        ({"crawl_seconds": "fast"}, "crawl_seconds"),
        ({"outcomes": {"new": 1.5}}, "outcomes"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_and_the_column_named(change: dict[str, object], column: str) -> None:
    row = dataclasses.replace(run_row(run_id(), []), **change)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(SchemaMismatch, match=f"news.runs.{column}"):
        table_of(RUNS, [row])


def test_a_table_without_a_column_reads_as_null_there() -> None:
    table = table_of(ARTICLES, [edition(run_id(), 1)]).drop_columns(["text_simhash"])
    assert conform(ARTICLES, table)["text_simhash"].to_pylist() == [None]
    assert conform(ARTICLES, table).schema.equals(arrow_schema(ARTICLES), check_metadata=True)
    assert isinstance(conform(ARTICLES, table), pa.Table)


def test_the_data_dictionary_is_the_one_the_columns_give() -> None:
    assert DICTIONARY.read_text(encoding="utf-8") == render(), "run: make docs"
