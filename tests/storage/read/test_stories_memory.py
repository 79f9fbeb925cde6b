"""What `stories` holds at once does not grow with the archive, by what DuckDB itself counts."""

import json
import random
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from storage.read.query import SQL_NAMES
from storage.read.views import MACROS, VIEWS
from storage.schema.arrow_and_iceberg import arrow_schema, table_of
from storage.schema.columns import ARTICLES, TABLE_BY_NAME
from tests.fixtures.rows import edition, run_id

FEW, MORE = 2_000, 20_000
LIMIT = 1.5  # with all runs of four words for marks it is 6.6, of pairs that share one hash 3.7, of all texts again 2.1


def articles(count: int) -> pa.Table:
    """One an hour; their sentences stand in others too, as those of agencies do, but they are no copies."""
    chance = random.Random(1)
    words = ["".join(chance.choices("ابتثجحخدذرزسش", k=5)) for _ in range(2_000)]
    sentences = [" ".join(chance.choices(words, k=14)) for _ in range(3_000)]
    one = edition(run_id(), 0)
    begun = one.text.published_at
    assert begun is not None
    ids = [f"{number:032x}" for number in range(count)]
    rows = table_of(ARTICLES, [one]).take([0] * count)
    for name, values in {
        "article_id": ids,
        "edition_id": ids,
        "body": [" ".join(chance.choices(sentences, k=16)) for _ in ids],
        "published_at": [begun + timedelta(hours=number) for number in range(count)],
    }.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), pa.array(values, rows.schema.field(place).type))
    return rows


def peak_bytes(rows: pa.Table, folder: Path) -> int:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1; SET temp_directory = ''")
        for name, sql_name in SQL_NAMES.items():
            connection.register(sql_name, rows if sql_name == "editions" else _none_of(name))
        # Views that are not asked here name them.
        connection.create_function("ar_pattern", lambda phrase: phrase, ["VARCHAR"], "VARCHAR")
        connection.create_function("phrase_refusal", lambda phrase: phrase, ["VARCHAR"], "VARCHAR")
        connection.create_function("edition_changes", lambda a, b, c, d: a, ["VARCHAR"] * 4, "VARCHAR")
        for statement in (*VIEWS, *MACROS):
            connection.execute(statement)
        connection.execute("PRAGMA enable_profiling = 'json'")
        connection.execute('SET custom_profiling_settings = \'{"SYSTEM_PEAK_BUFFER_MEMORY": "true"}\'')
        connection.execute(f"SET profiling_output = '{folder / 'profile.json'}'")
        (found,) = connection.execute("SELECT count(DISTINCT story_id) FROM stories").fetchall()
        connection.execute("PRAGMA disable_profiling")
    assert found == (rows.num_rows,)
    return int(json.loads((folder / "profile.json").read_text())["system_peak_buffer_memory"])


def _none_of(name: str) -> pa.Table:
    return arrow_schema(TABLE_BY_NAME[name]).empty_table()


@pytest.mark.slow
def test_ten_times_the_articles_need_little_more_memory(tmp_path: Path) -> None:
    few, more = (peak_bytes(articles(count), tmp_path) for count in (FEW, MORE))
    assert more / few <= LIMIT, f"{few / 1e6:.0f} MB of {FEW:,} articles, {more / 1e6:.0f} MB of {MORE:,}"
