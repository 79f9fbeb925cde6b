"""Each kind of export, read by others: hostile texts come back as they were."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import datasets
import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, run_id, run_row
from warraq.cli.main import main
from warraq.cli.query_output import CELL_LIMIT

LONG = "ب" * (CELL_LIMIT + 1_000)
TEXTS = (
    'قال: "نعم"، ثم سكت;\tوعاد\r\nسطر ثانٍ',
    "=1+1",
    "نصّ \x00 فيه صفر",
    LONG,
    "😀\u202eمعكوس\u2028سطر\u0085سطر",
    "NULL",
    "'",
    'a,b\n\n"c"\n',
    "\ufeffعلامة",
)


@pytest.fixture
def bodies(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The text of each archived article."""
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    run = run_id()
    rows = [
        replace(row, text=replace(row.text, title=text[:40], body=text, authors=(text[:20],), description=text))
        for row, text in ((edition(run, number), text) for number, text in enumerate(TEXTS))
    ]
    fetches = [fetch(row) for row in rows]
    open_tables(read_settings()).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    return {row.article_id: row.text.body for row in rows}


def write(*words: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words])
    assert ended.value.code == 0


def test_hostile_texts_come_back_from_each_kind_of_file(bodies: dict[str, str], tmp_path: Path) -> None:
    def written(name: str) -> str:
        write("export", "--output", str(tmp_path / name))
        return str(tmp_path / name)

    two = ["article_id", "body"]
    parquet, arrow, lines, table = map(written, ("a.parquet", "a.arrow", "a.ndjson", "a.csv"))
    read = {
        "pyarrow": pq.read_table(parquet, columns=two).to_pandas(),
        "polars, Arrow": pl.read_ipc(arrow, columns=two).to_pandas(),
        "polars, JSON Lines": pl.read_ndjson(lines).select(two).to_pandas(),
        "duckdb, JSON Lines": duckdb.sql(f"SELECT article_id, body FROM read_json('{lines}')").df(),
        "pandas, JSON Lines": pd.read_json(lines, lines=True, dtype=False)[two],
        "pandas, CSV": pd.read_csv(table, dtype=str, keep_default_na=False)[two],
        "polars, CSV": pl.read_csv(table, infer_schema=False).select(two).to_pandas(),
        "duckdb, CSV": duckdb.sql(f"SELECT article_id, body FROM read_csv('{table}', all_varchar=true)").df(),
    }
    for reader, rows in read.items():
        assert dict(zip(rows["article_id"], rows["body"], strict=True)) == bodies, reader


def test_a_folder_of_a_few_articles_is_loaded_whole(bodies: dict[str, str], tmp_path: Path) -> None:
    write("export", "--output", str(tmp_path / "corpus"))
    loaded = datasets.load_dataset(str(tmp_path / "corpus"), cache_dir=str(tmp_path / "cache"))
    assert {row["article_id"]: row["body"] for split in loaded.values() for row in split} == bodies
    # No split without a row: the library would load none of them.
    assert set(loaded) < {"train", "validation", "test"}


def test_a_spreadsheet_computes_nothing_and_loses_nothing_in_silence(
    bodies: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "a.csv"
    write("query", "SELECT article_id, body, published_at FROM articles", "--spreadsheet", "--output", str(output))
    assert "1 in body" in capsys.readouterr().err
    csv.field_size_limit(1 << 20)
    with output.open(newline="", encoding="utf-8-sig") as file:
        rows = {row["article_id"]: row["body"] for row in csv.DictReader(file)}
    for article, body in bodies.items():
        expected = f"{body[: CELL_LIMIT - 1]}…" if body == LONG else f"'{body}" if body.startswith("=") else body
        assert rows[article] == expected
