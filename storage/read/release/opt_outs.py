"""opt_outs.parquet of a release: which of its articles reserved text and data mining, as was known when it was made.

A publisher may reserve after the capture of the text: then only a later fetch says so, and a release has no fetches.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
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
from storage.read.views import OPT_OUTS as EVERY_OPT_OUT
from storage.schema.arrow_and_iceberg import arrow_schema
from storage.schema.columns import ARTICLES, HTTP, TEXT, TIME, Column, TableSpec
from storage.schema.parquet import FileFacts, write_batches_checked
from storage.schema.sorting import batches_of
from storage.schema.view_columns import VIEW_COLUMNS

OPT_OUTS = "opt_outs.parquet"
_WORDS, _MEANINGS = VIEW_COLUMNS["opt_outs"]
SPEC = TableSpec(
    "opt_outs",
    (
        ARTICLES.column("article_id"),
        ARTICLES.column("portal"),
        replace(ARTICLES.column("edition_id"), nullable=True),
        Column("stated_at", (101,), TIME, False, "stated_at", HTTP, *_MEANINGS["stated_at"]),
        Column("statement", (102,), TEXT, False, "statement", HTTP, *_MEANINGS["statement"]),
    ),
    ("article_id", "stated_at"),
    *_WORDS,
)


def write_opt_outs(
    loaded: Mapping[str, Table], released: ds.Dataset, path: Path, *, spill: Path, metadata: dict[str, str]
) -> FileFacts:
    """Write the file for the released rows; of each article what it stated last comes last."""
    names = ", ".join(column.name for column in SPEC.columns)
    with _asked(
        f"{names} FROM stated ORDER BY article_id, stated_at, edition_id, statement", loaded, released, spill
    ) as parts:
        return write_batches_checked(SPEC, parts, path, metadata=metadata)


def articles_that_reserved(loaded: Mapping[str, Table], released: ds.Dataset, *, spill: Path) -> set[str]:
    """Ids of the released articles that reserved, as the tables know by now."""
    with _asked("DISTINCT article_id FROM stated", loaded, released, spill) as parts:
        return {name for part in parts for name in part["article_id"].to_pylist()}


def _asked(
    what: str, loaded: Mapping[str, Table], released: ds.Dataset, spill: Path
) -> contextlib.AbstractContextManager[Iterator[pa.Table]]:
    """What is asked of `stated`: the opt-outs of the released articles that the tables know by now, whenever stated."""
    stated = f"SELECT * FROM ({EVERY_OPT_OUT}) SEMI JOIN released USING (article_id)"  # noqa: S608 - constants only
    sources = {"editions": live_dataset(loaded["articles"]), "fetches": live_dataset(loaded["fetches"])}
    return batches_of(f"WITH stated AS ({stated}) SELECT {what}", {**sources, "released": released}, spill=spill)


def articles_named(store: ObjectStore, key: str) -> set[str]:
    """Ids in a file of opt-outs that is stored. Raises ObjectMissing, DamagedObject."""
    try:
        rows = pq.read_table(pa.BufferReader(store.get(key)), columns=["article_id"])
    except pa.ArrowInvalid as error:
        raise DamagedObject(f"{key} is damaged", remedy="restore it from a copy; see `warraq verify`") from error
    return set(rows["article_id"].to_pylist())


def statements_in(path: Path, portal: str) -> dict[str, str]:
    """What each article of a portal stated last, from the file."""
    rows = pq.read_table(path, columns=["article_id", "statement"], filters=[("portal", "==", portal)])
    return dict(zip(rows["article_id"].to_pylist(), rows["statement"].to_pylist(), strict=True))


def put_opt_outs(
    store: ObjectStore,
    key: str,
    path: Path,
    *,
    loaded: Mapping[str, Table],
    released: ds.Dataset,
    state: dict[str, str],
    spill: Path,
) -> FileFacts:
    """Write the file at `path` and below `key`, or take the one there if it was begun from this `state`.

    Fetches are not tagged: whoever goes on with an interrupted release, or makes it at the same time, may know others.
    """
    found = _file_there(store, key, path, state)
    if found is not None:
        return found
    written = write_opt_outs(loaded, released, path, spill=spill, metadata=state)
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


def kept_opt_outs(table: Table, place: str) -> ds.Dataset:
    """The rows of such a file, read lazily; `table` knows how its archive is reached. Raises DamagedObject."""
    if not isinstance(table.io, PyArrowFileIO):
        raise StageFailed("the catalog is not read through pyarrow", remedy="remove py-io-impl from its configuration")
    scheme, netloc, path = table.io.parse_location(place)
    with translated(place):
        try:
            filesystem = table.io.fs_by_scheme(scheme, netloc)
            return ds.dataset(path, schema=arrow_schema(SPEC), format="parquet", filesystem=filesystem)
        except FileNotFoundError as error:
            raise DamagedObject(f"{place} is not there", remedy="restore it from a copy") from error
