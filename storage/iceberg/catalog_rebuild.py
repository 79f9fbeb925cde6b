"""A catalog that was lost, made again from the tables' own metadata files, whose names hold their digest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import NamespaceAlreadyExistsError, ValidationError
from pyiceberg.table import StaticTable, Table

from storage.errors import DamagedObject, ObjectMissing, UsageError
from storage.iceberg.catalog import ARCHIVE_ID, ARCHIVE_PLACE, archive_id, open_catalog, translated
from storage.iceberg.digest_names import digest_in_name
from storage.iceberg.live_files import live_dataset
from storage.iceberg.multi_table_commit import LOCK_TABLE, NAMESPACE, load_tables, point_to_newest
from storage.objects.keys import table_prefix
from storage.objects.open import open_store
from storage.objects.store import ObjectStore, object_sha256
from storage.schema.columns import TABLES
from storage.settings import Settings

_VERSION = re.compile(r"/metadata/(\d+)-[^/]+\.metadata\.json$")


@dataclass(frozen=True)
class Registered:
    """The state of a table that the catalog names now, and how many newer ones were damaged or never committed."""

    table: Table
    passed_over: int


def rebuild_catalog(settings: Settings) -> dict[str, Registered]:
    """Enter the newest sound state of each table into an empty catalog; what was taken, by table.

    Raises UsageError for a catalog that knows tables, ObjectMissing or DamagedObject where there is nothing to take.
    """
    store = open_store(settings)
    with translated(settings.archive):
        catalog = open_catalog(settings)
        if load_tables(catalog):
            raise UsageError(
                "the catalog knows the tables, nothing was changed",
                remedy="to make it again, move it aside first: catalog.db of a directory, or name an empty database",
            )
        taken = _newest(settings, catalog, store)
        _take_over(catalog, store)
        for name, one in taken.items():
            catalog.register_table((NAMESPACE, name), one.table.metadata_location)
        point_to_newest(catalog)
    return taken


def _newest(settings: Settings, catalog: Catalog, store: ObjectStore) -> dict[str, Registered]:
    """Of each table the newest state that holds no run which `runs` does not know.

    A commit writes `runs` last. One that was killed before it moved the catalog's pointers may have left newer
    metadata of the others, which nobody has ever read.
    """
    states = {spec.name: _states(settings, catalog, store, spec.name) for spec in TABLES}
    runs = next(states[LOCK_TABLE], None)
    if runs is None:
        raise ObjectMissing(f"no table can be read below {store.url}/tables", remedy="check WARRAQ_ARCHIVE")
    known = _runs_in(runs.table)
    taken = {LOCK_TABLE: runs}
    for name in states.keys() - taken:
        found = next((state for state in states[name] if _runs_in(state.table) <= known), None)
        if found is None:
            raise DamagedObject(f"no state of news.{name} fits news.{LOCK_TABLE}", remedy="restore tables/ from a copy")
        taken[name] = found
    return taken


def _states(settings: Settings, catalog: Catalog, store: ObjectStore, name: str) -> Iterator[Registered]:
    """A table's states that are sound, the newest first."""
    found = [
        (int(match[1]), info.modified_at, info.key)
        for info in store.list(f"{table_prefix(name)}/metadata/")
        if (match := _VERSION.search(info.key))
    ]
    for newer, (_, _, key) in enumerate(sorted(found, reverse=True)):
        digest = digest_in_name(key)
        if digest and object_sha256(store, key)[0] != digest:
            continue
        try:
            static = StaticTable.from_metadata(f"{settings.archive}/{key}", dict(catalog.properties))
        except (ValueError, ValidationError):
            continue
        yield Registered(Table((NAMESPACE, name), static.metadata, static.metadata_location, static.io, catalog), newer)


def _runs_in(table: Table) -> set[str]:
    runs: pa.Table = live_dataset(table).to_table(columns=["run_id"])
    return set(runs["run_id"].unique().to_pylist())


def _take_over(catalog: Catalog, store: ObjectStore) -> None:
    """Let the catalog be the one the archive was made with."""
    own = archive_id(store)
    if own is None:
        return
    facts = {ARCHIVE_ID: own, ARCHIVE_PLACE: store.url}
    try:
        catalog.create_namespace(NAMESPACE, {"exists": "true", **facts})
    except NamespaceAlreadyExistsError:
        catalog.update_namespace_properties(NAMESPACE, updates=facts)
