"""Views that only fetches can tell, kept as files of a release, which has no fetches: as was known when it was made."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.table import Table

from storage.errors import DamagedObject, ObjectExists, ObjectMissing, StageFailed
from storage.iceberg.catalog import translated
from storage.iceberg.live_files import live_dataset
from storage.objects.store import ObjectStore
from storage.read.edits import prepare_edits
from storage.read.steady_rows import steady_rows
from storage.schema.arrow_and_iceberg import arrow_schema
from storage.schema.columns import TableSpec
from storage.schema.parquet import FileFacts, write_batches_checked
from storage.schema.sorting import batches_of

_TABLES = {"editions": "articles", "fetches": "fetches"}


@dataclass(frozen=True)
class KeptView:
    """A view and its file.

    `rows` is SQL over `editions` and `fetches` by now, and over the rows `released`; the variables `since` and `before`
    are the bounds of the released months.
    """

    file: str
    spec: TableSpec
    rows: str

    @property
    def in_order(self) -> str:
        """The rows as they stand in the file."""
        names = [column.name for column in self.spec.columns]
        return f"{', '.join(names)} FROM told ORDER BY {', '.join(dict.fromkeys((*self.spec.sort, *names)))}"


@dataclass(frozen=True)
class Sources:
    """What the rows of such views are told from: the tables, and the released rows, which are those of some time."""

    loaded: Mapping[str, Table]
    released: ds.Dataset
    since: datetime
    before: datetime
    spill: Path


def asked(view: KeptView, what: str, sources: Sources) -> contextlib.AbstractContextManager[Iterator[pa.Table]]:
    """What is asked of `told`: the rows of the view, of what is released."""
    datasets = {name: steady_rows(live_dataset(sources.loaded[table])) for name, table in _TABLES.items()}
    prepare = functools.partial(prepare_edits, since=sources.since, before=sources.before)
    # Constants of ours only.
    sql = f"WITH told AS ({view.rows}) SELECT {what}"
    return batches_of(sql, {**datasets, "released": sources.released}, spill=sources.spill, prepare=prepare)


def put_view(
    view: KeptView,
    store: ObjectStore,
    key: str,
    path: Path,
    *,
    sources: Sources,
    state: dict[str, str],
) -> FileFacts:
    """Write the file at `path` and below `key`, or take the one there if it was begun from this `state`.

    Fetches are not tagged: whoever goes on with an interrupted release, or makes it at the same time, may know others.
    """
    found = _file_there(store, key, path, state)
    if found is not None:
        return found
    with asked(view, view.in_order, sources) as parts:
        written = write_batches_checked(view.spec, parts, path, metadata=state)
    try:
        store.put_file(key, path, if_absent=True)
    except ObjectExists:
        found = _file_there(store, key, path, state)
        if found is None:  # of a state that was given up
            store.put_file(key, path)
    return found or written


def _file_there(store: ObjectStore, key: str, path: Path, state: Mapping[str, str]) -> FileFacts | None:
    """The file that is stored, fetched to `path`; None where there is none of this state."""
    try:
        content = store.get(key)
        said = pq.read_metadata(pa.BufferReader(content))
    except (ObjectMissing, pa.ArrowInvalid):
        return None
    told = said.metadata or {}
    if any(told.get(name.encode()) != value.encode() for name, value in state.items()):
        return None
    path.write_bytes(content)
    return FileFacts(said.num_rows, len(content), hashlib.sha256(content).hexdigest())


def kept_rows(view: KeptView, table: Table, place: str) -> ds.Dataset:
    """The rows of such a file, read lazily; `table` knows how its archive is reached. Raises DamagedObject."""
    if not isinstance(table.io, PyArrowFileIO):
        raise StageFailed("the catalog is not read through pyarrow", remedy="remove py-io-impl from its configuration")
    scheme, netloc, path = table.io.parse_location(place)
    with translated(place):
        try:
            filesystem = table.io.fs_by_scheme(scheme, netloc)
            return ds.dataset(path, schema=arrow_schema(view.spec), format="parquet", filesystem=filesystem)
        except FileNotFoundError as error:
            raise DamagedObject(f"{place} is not there", remedy="restore it from a copy") from error
