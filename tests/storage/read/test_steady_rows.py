"""What DuckDB reads of long texts: the same rows as Arrow's own reading, and little of them at once."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from storage.errors import StoreUnreachable
from storage.read.query import sql_errors
from storage.read.steady_rows import first_rows, read_alone, row_groups, steady_rows

FILES, ROWS, ROW_GROUP, LETTERS = 12, 40, 10, 20_000


@pytest.fixture
def rows(tmp_path: Path) -> ds.Dataset:
    for number in range(FILES):
        some = range(number * ROWS, (number + 1) * ROWS)
        table = pa.table({"n": list(some), "body": [f"{one:07d}" * (LETTERS // 7) for one in some]})
        pq.write_table(table, tmp_path / f"{number:02d}.parquet", row_group_size=ROW_GROUP)
    return ds.dataset(tmp_path, format="parquet")


@pytest.mark.parametrize(
    "wanted", [None, pc.bit_wise_and(pc.field("n"), pc.scalar(1)) == 0], ids=["all", "of a release"]
)
@pytest.mark.parametrize("sql", ["SELECT n, body FROM r WHERE n BETWEEN 95 AND 310", "SELECT sum(n), max(body) FROM r"])
def test_the_rows_are_those_of_arrow(rows: ds.Dataset, wanted: pc.Expression | None, sql: str) -> None:
    with duckdb.connect() as ours, duckdb.connect() as arrows:
        ours.register("r", steady_rows(rows, wanted))
        arrows.register("r", rows if wanted is None else rows.filter(wanted))
        assert sorted(ours.sql(sql).fetchall()) == sorted(arrows.sql(sql).fetchall())


def test_few_row_groups_are_in_memory_whatever_the_files_hold(rows: ds.Dataset) -> None:
    reader = steady_rows(rows).scanner(columns=["body"]).to_reader()
    before, most, read = pa.total_allocated_bytes(), 0, 0
    for batch in reader:
        read += batch.num_rows
        del batch
        most = max(most, pa.total_allocated_bytes() - before)
    assert read == FILES * ROWS
    assert most < FILES * ROWS * LETTERS / 4


def test_one_row_group_is_in_memory_where_they_are_read_alone(rows: ds.Dataset) -> None:
    pool, read = pa.system_memory_pool(), list[int]()
    before, most = pool.bytes_allocated(), 0
    for group in (group for file in rows.get_fragments() for group in row_groups(file)):
        some = read_alone(group, rows.schema, ["body", "n"])
        most = max(most, pool.bytes_allocated() - before)
        assert some.num_rows == ROW_GROUP
        assert some["body"].to_pylist() == [f"{one:07d}" * (LETTERS // 7) for one in some["n"].to_pylist()]
        read += some["n"].to_pylist()
        del some
    assert sorted(read) == list(range(FILES * ROWS))
    assert 0 < most < FILES * ROWS * LETTERS / 4
    (table,) = ds.dataset(pa.table({"n": [1]})).get_fragments()
    assert list(row_groups(table)) == [table]


def test_of_files_whose_first_rows_are_wanted_a_row_group_is_in_memory(rows: ds.Dataset) -> None:
    arrows, system, most = pa.proxy_memory_pool(pa.default_memory_pool()), pa.system_memory_pool(), 0
    before, usual = system.bytes_allocated(), pa.default_memory_pool()
    pa.set_memory_pool(arrows)
    try:
        found = list[list[int]]()
        for some in first_rows(rows, ["n", "body"], files=FILES // 2, each=3):
            most = max(most, system.bytes_allocated() - before)
            found.append(some["n"].to_pylist())
            del some
    finally:
        pa.set_memory_pool(usual)
    assert found == [[number * ROWS + place for place in range(3)] for number in range(0, FILES, 3)]
    # One is let go while the next is read: two and their offsets for a moment. Arrow's `head` holds eleven.
    assert most + arrows.max_memory() < 2.5 * ROW_GROUP * LETTERS


def test_a_damaged_file_ends_the_query_with_its_reason(rows: ds.Dataset) -> None:
    damaged = Path(rows.files[7])
    content = bytearray(damaged.read_bytes())
    content[1000:3000] = bytes(2000)
    damaged.write_bytes(content)
    with (
        duckdb.connect() as connection,
        pytest.raises(StoreUnreachable, match=r"snappy compressed data\.?$"),
        sql_errors(),
    ):
        connection.register("r", steady_rows(rows))
        connection.sql("SELECT max(body) FROM r").fetchall()
