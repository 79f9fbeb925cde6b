"""Parquet files as the archive writes them: locally first, then read back and checked, never straight into a store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from storage.errors import StageFailed
from storage.model.records import Edition, Fetch, Run
from storage.schema.arrow_and_iceberg import arrow_schema, table_of
from storage.schema.columns import TableSpec

# Measured on news text: zstd 3 takes 0.59 of snappy's bytes at half its write speed.
COMPRESSION, COMPRESSION_LEVEL = "zstd", 3
# Rows a group, so that a query for one day reads little and one for a phrase holds little: of 1,000, 2,000 and 5,000
# the middle was the quickest for a phrase (half the time), and costs 0.8 % more bytes than the largest.
ROW_GROUP_ROWS = 2_000
# Rows of a run that are held in memory at once; compaction makes whole row groups of them.
PART_ROWS = 1_000


@dataclass(frozen=True)
class FileFacts:
    """What a written file holds."""

    rows: int
    bytes: int
    sha256: str


def sorted_parts(
    spec: TableSpec, records: Sequence[Edition | Fetch | Run], *, rows: int = PART_ROWS
) -> Iterator[pa.Table]:
    """Records as tables of some rows that come one after the other in the table's order."""
    readers = [attrgetter(spec.column(name).path) for name in spec.sort]

    def place(number: int) -> list[tuple[bool, object]]:
        record = records[number]
        values = [read(record) for read in readers]
        return [(value is None, value or "") for value in values]  # nulls last, as Arrow sorts

    keys = [place(number) for number in range(len(records))]
    order = sorted(range(len(records)), key=keys.__getitem__)
    for start in range(0, len(order), rows):
        yield table_of(spec, [records[number] for number in order[start : start + rows]])


def write_batches_checked(
    spec: TableSpec, tables: Iterable[pa.Table], path: Path, *, metadata: dict[str, str] | None = None
) -> FileFacts:
    """Write tables that come one after the other, in order, as one new local file, and read its footer back.

    Memory holds one of them at a time. With `metadata` the file also carries what is said of each column, for who has
    nothing else. Raises StageFailed.
    """
    schema = arrow_schema(spec).with_metadata(metadata)
    expected = 0
    # Arrow's own copy of the schema, with descriptions in two languages, is 25 KB a file. Without it the footer is a
    # third, and a query that opens many files takes half the time for each.
    how = {
        "compression": COMPRESSION,
        "compression_level": COMPRESSION_LEVEL,
        "store_schema": metadata is not None,
    }
    with pq.ParquetWriter(path, schema, **how) as writer:
        for table in tables:
            writer.write_table(table.cast(schema), row_group_size=ROW_GROUP_ROWS)
            expected += table.num_rows
    found = pq.read_metadata(path).num_rows
    if found != expected:
        raise StageFailed(f"{path.name} holds {found} rows of {expected}", remedy="is the disk full?")
    return FileFacts(rows=found, bytes=path.stat().st_size, sha256=sha256_of(path))


def parts_of(path: Path) -> Iterator[pa.Table]:
    """The rows of a local file, some at a time."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(PART_ROWS):
            yield pa.Table.from_batches([batch])


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
