"""Data files of the tables: written here, checked, put into the store under their partition, described to Iceberg."""

from __future__ import annotations

import base64
import re
import tempfile
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.table import Table
from pyiceberg.typedef import Record

from storage.errors import DamagedObject
from storage.model.partition import Partition
from storage.objects.keys import data_prefix
from storage.objects.store import ObjectStore, object_sha256
from storage.schema.arrow_and_iceberg import conform
from storage.schema.columns import TABLE_BY_NAME
from storage.schema.parquet import FileFacts, write_batches_checked

_COUNTS = ("column_sizes", "value_counts", "null_value_counts", "nan_value_counts")
_BOUNDS = ("lower_bounds", "upper_bounds")
_DIGEST_IN_NAME = re.compile(r"-([0-9a-f]{64})\.parquet$")


def put_data_file(store: ObjectStore, table: Table, parts: Iterable[pa.Table], partition: Partition) -> DataFile:
    """Store rows of one portal and month, or year, in order, as a new file that no snapshot names yet."""
    spec = TABLE_BY_NAME[table.name()[-1]]

    def write(path: Path) -> FileFacts:
        return write_batches_checked(spec, (conform(spec, part) for part in parts), path)

    return put_written_file(store, table, write, partition)


def put_written_file(
    store: ObjectStore, table: Table, write: Callable[[Path], FileFacts], partition: Partition
) -> DataFile:
    """Store the Parquet file that `write` makes of rows of one portal and month, or year.

    Until a commit names it, it is invisible; if none ever does, `warraq maintain` removes it.
    """
    name = table.name()[-1]
    with tempfile.TemporaryDirectory(prefix="warraq-data-") as folder:
        path = Path(folder) / "rows.parquet"
        facts = write(path)
        # Unique, because a commit may write the same rows again; with the digest, so that `warraq verify` can compare.
        file_name = f"{uuid.uuid4().hex[:12]}-{facts.sha256}"
        key = f"{data_prefix(name, partition)}{file_name}.parquet"
        store.put_file(key, path, if_absent=True)
        return _describe(table, path, table.specs()[partition.spec], location=f"{store_location(table)}/{key}")


def digest_of_data_file(key: str) -> str | None:
    """The sha256 a data file's name states; None for one that another writer named."""
    found = _DIGEST_IN_NAME.search(key)
    return found[1] if found else None


def check_data_file(store: ObjectStore, table: Table, file: DataFile) -> None:
    """Raise DamagedObject where a file whose rows are to be written again is not what its name says.

    Else damage would get a new name, and be sound for ever.
    """
    key = file.file_path.removeprefix(f"{store_location(table)}/")
    digest = digest_of_data_file(key)
    if digest and object_sha256(store, key)[0] != digest:
        raise DamagedObject(f"{key}: its sha256 is not the one in its name", remedy="restore it from a copy")


def store_location(table: Table) -> str:
    """The archive's address, as it stands in the table's metadata."""
    return table.location().removesuffix(f"/tables/{'/'.join(table.name())}")


def description_of(table: Table, file: DataFile) -> dict[str, Any]:
    """A file of ours as JSON, for another process that commits it."""
    bounds = {
        name: {str(field): base64.b64encode(value).decode() for field, value in (getattr(file, name) or {}).items()}
        for name in _BOUNDS
    }
    return {
        "key": file.file_path.removeprefix(f"{store_location(table)}/"),
        "partition": [file.partition[0], file.partition[1]],
        "rows": file.record_count,
        "bytes": file.file_size_in_bytes,
        "splits": file.split_offsets,
        "schema": table.metadata.current_schema_id,
        "spec": file.spec_id,
        **{name: {str(field): count for field, count in (getattr(file, name) or {}).items()} for name in _COUNTS},
        **bounds,
    }


def described(table: Table, fields: Mapping[str, Any]) -> DataFile | None:
    """The file again; None where the table has another layout by now than the one it was written for."""
    if (fields["schema"], fields["spec"]) != (table.metadata.current_schema_id, table.metadata.default_spec_id):
        return None
    counts = {name: {int(field): count for field, count in fields[name].items()} for name in _COUNTS}
    bounds = {name: {int(field): base64.b64decode(value) for field, value in fields[name].items()} for name in _BOUNDS}
    statistics: dict[str, Any] = {**counts, **bounds}
    file = DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=f"{store_location(table)}/{fields['key']}",
        file_format=FileFormat.PARQUET,
        partition=Record(*fields["partition"]),
        record_count=fields["rows"],
        file_size_in_bytes=fields["bytes"],
        split_offsets=fields["splits"],
        sort_order_id=table.sort_order().order_id,
        equality_ids=None,
        key_metadata=None,
        **statistics,
    )
    file.spec_id = fields["spec"]
    return file


def _describe(table: Table, path: Path, spec: PartitionSpec, *, location: str) -> DataFile:
    """The file with its statistics, by which scans skip it without opening it."""
    schema = table.schema()
    statistics = data_file_statistics_from_parquet_metadata(
        parquet_metadata=pq.read_metadata(path),
        stats_columns=compute_statistics_plan(schema, table.properties),
        parquet_column_mapping=parquet_path_to_id_mapping(schema),
    )
    file = DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=location,
        file_format=FileFormat.PARQUET,
        partition=statistics.partition(spec, schema),
        file_size_in_bytes=path.stat().st_size,
        sort_order_id=table.sort_order().order_id,
        equality_ids=None,
        key_metadata=None,
        **statistics.to_serialized_dict(),
    )
    file.spec_id = spec.spec_id
    return file
