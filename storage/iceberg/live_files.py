"""The live files of a table as an Arrow dataset that knows, before it opens a file, what cannot be in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyiceberg.conversions import from_bytes
from pyiceberg.expressions.parser import parse
from pyiceberg.expressions.visitors import bind
from pyiceberg.io.pyarrow import PyArrowFileIO, expression_to_pyarrow
from pyiceberg.manifest import DataFile, DataFileContent
from pyiceberg.table import ManifestGroupPlanner, Table
from pyiceberg.types import PrimitiveType

from storage.errors import ObjectMissing, StageFailed
from storage.schema.arrow_and_iceberg import arrow_schema
from storage.schema.columns import TABLE_BY_NAME
from storage.schema.parquet import ROW_GROUP_ROWS

# Columns whose bounds are worth telling: what people select by.
BOUNDED_TIMES = ("published_at", "window_start", "captured_at")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def live_files(table: Table, *, row_filter: str = "true", snapshot_id: int | None = None) -> list[DataFile]:
    """The table's current data files (or those of a snapshot) that may hold rows of a selection.

    A scan's plan also says what is left of the filter for each file, which takes longer than choosing it.
    Raises ObjectMissing without that snapshot, StageFailed where another writer made delete files.
    """
    snapshot = table.current_snapshot() if snapshot_id is None else table.snapshot_by_id(snapshot_id)
    if snapshot is None:
        if snapshot_id is not None:
            raise ObjectMissing(f"{table.name()[-1]} has no snapshot {snapshot_id}", remedy="choose one that is kept")
        return []
    planner = ManifestGroupPlanner(table.metadata, table.io, row_filter=row_filter)
    entries = planner.plan_manifest_entries(snapshot.manifests(table.io))
    files = [entry.data_file for entry in chain.from_iterable(entries)]
    for file in files:
        if file.content != DataFileContent.DATA:
            raise StageFailed(
                f"{file.file_path} is a delete file, which another writer made",
                remedy="rewrite the table's data files with the tool that made them",
            )
    return files


def live_dataset(table: Table, *, row_filter: str = "true", snapshot_id: int | None = None) -> ds.Dataset:
    """The table's current rows (or those of a snapshot), read lazily, with filters and columns pushed down."""
    return dataset_of(table, live_files(table, row_filter=row_filter, snapshot_id=snapshot_id))


def dataset_of(table: Table, files: Iterable[DataFile]) -> ds.Dataset:
    """The rows of some of a table's files, read lazily."""
    if not isinstance(table.io, PyArrowFileIO):
        raise StageFailed("the catalog is not read through pyarrow", remedy="remove py-io-impl from its configuration")
    schema = arrow_schema(TABLE_BY_NAME[table.name()[-1]])
    # Coalesced reads: a column chunk costs one request, not one a page.
    options = ds.ParquetFragmentScanOptions(pre_buffer=True)
    form = ds.ParquetFileFormat(default_fragment_scan_options=options)
    fragments = list(_fragments(table, table.io, form, files))
    filesystem = fragments[0].filesystem if fragments else None
    return ds.FileSystemDataset(fragments, schema, form, filesystem)


def streamed(
    dataset: ds.Dataset, *, columns: Sequence[str] | None = None, rows: pc.Expression | None = None
) -> Iterator[pa.Table]:
    """The dataset's rows in its order, a row group of one file at a time in memory, and little ahead."""
    batches = dataset.to_batches(
        columns=None if columns is None else list(columns),
        filter=rows,
        batch_size=ROW_GROUP_ROWS,
        batch_readahead=1,
        fragment_readahead=2,
    )
    for batch in batches:
        if batch.num_rows:
            yield pa.Table.from_batches([batch])


def arrow_filter(table: Table, row_filter: str) -> pc.Expression:
    """A filter in pyiceberg's notation as Arrow understands it."""
    return expression_to_pyarrow(bind(table.schema(), parse(row_filter), case_sensitive=True), table.schema())


def _fragments(
    table: Table, io: PyArrowFileIO, form: ds.ParquetFileFormat, files: Iterable[DataFile]
) -> Iterator[ds.Fragment]:
    for file in sorted(files, key=lambda file: file.file_path):
        scheme, netloc, path = io.parse_location(file.file_path)
        yield form.make_fragment(
            path, filesystem=io.fs_by_scheme(scheme, netloc), partition_expression=_known(table, file)
        )


def _known(table: Table, file: DataFile) -> pc.Expression:
    """What holds for each row of a file."""
    known = pc.field("portal") == file.partition[0]
    names = {field.name for field in table.schema().fields}
    for name in BOUNDED_TIMES:
        bounds = time_bounds(table, file, name) if name in names else None
        if bounds is None:
            continue
        low, high = (pa.scalar(bound, pa.timestamp("us", tz="UTC")) for bound in bounds)
        within = (pc.field(name) >= low) & (pc.field(name) <= high)
        if _has_nulls(table, file, name):
            within = within | pc.field(name).is_null()
        known = known & within
    return known


def time_bounds(table: Table, file: DataFile, name: str) -> tuple[datetime, datetime] | None:
    """The least and greatest value of a time column in a file; None if the file does not say."""
    field = table.schema().find_field(name)
    low, high = ((bounds or {}).get(field.field_id) for bounds in (file.lower_bounds, file.upper_bounds))
    if low is None or high is None or not isinstance(field.field_type, PrimitiveType):
        return None
    first, last = (_EPOCH + timedelta(microseconds=int(from_bytes(field.field_type, bound))) for bound in (low, high))
    return first, last


def _has_nulls(table: Table, file: DataFile, name: str) -> bool:
    """Whether the column may be null in the file; unknown counts as yes."""
    field_id = table.schema().find_field(name).field_id
    return (file.null_value_counts or {}).get(field_id, 1) > 0
