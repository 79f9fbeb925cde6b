"""One commit over several Iceberg tables: all metadata pointers move in one database transaction, or none does."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.exceptions import CommitFailedException, ValidationError
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER, SortOrder
from pyiceberg.table.update import AssertTableUUID, SetPropertiesUpdate
from pyiceberg.typedef import EMPTY_DICT, Identifier, Properties
from sqlalchemy import Connection, Row, select, update

from storage.errors import DamagedObject, UsageError
from storage.iceberg.commit_log import Told, logged
from storage.iceberg.digest_names import DigestNaming
from storage.iceberg.snapshots import TableChange
from storage.objects.keys import newest_tables_key, table_prefix
from storage.schema.columns import TABLES

NAMESPACE = "news"
# The row whose lock a writer holds; all of ours take this one, so that two can never wait for each other.
LOCK_TABLE = "runs"
# A group is planned again when a stranger (Spark, say) committed in between. 10 tries with growing waits are ~20 s.
MAX_TRIES = 10
FIRST_WAIT_SECONDS = 0.05

log = logging.getLogger(__name__)


Plan = Callable[[Mapping[str, Table]], Sequence[TableChange]]


class TablesMoved(Exception):
    """Another writer committed while this one waited for its turn."""


class ArchiveCatalog(SqlCatalog):
    """pyiceberg's SQL catalog, with commits and loads over all tables of the archive at once."""

    def __init__(self, name: str, **properties: str) -> None:
        super().__init__(name, **properties)
        self._newest: dict[str, Table] = {}  # as last seen; a table is never changed in place

    def create_table(  # noqa: PLR0917 - pyiceberg's signature
        self,
        identifier: str | Identifier,
        schema: Schema | pa.Schema,
        location: str | None = None,
        partition_spec: PartitionSpec = UNPARTITIONED_PARTITION_SPEC,
        sort_order: SortOrder = UNSORTED_SORT_ORDER,
        properties: Properties = EMPTY_DICT,
    ) -> Table:
        """As pyiceberg does, with the digest in the name of the first metadata file too."""
        staged = self._create_staged_table(identifier, schema, location, partition_spec, sort_order, properties)
        naming = DigestNaming(staged.io)
        self._write_metadata(staged.metadata, naming, staged.metadata_location)
        _sync_to_disk(naming.written)
        return self.register_table(identifier, naming.where(staged.metadata_location))

    def load_together(self) -> dict[str, Table]:
        """The tables as one instant saw them; a table that does not exist yet is left out."""
        return {row.table_name: self._loaded(row) for row in self._rows()}

    def metadata_places(self) -> dict[str, str]:
        """Where the newest metadata of each table is, by the catalog's word: it may not be there any more."""
        return {row.table_name: str(row.metadata_location) for row in self._rows()}

    def _rows(self) -> Sequence[Row[Any]]:
        query = select(IcebergTables).where(
            IcebergTables.catalog_name == self.name,
            IcebergTables.table_namespace == NAMESPACE,
            IcebergTables.table_name.in_([spec.name for spec in TABLES]),
        )
        with self.engine.connect() as connection:
            return connection.execute(query).all()

    def _loaded(self, row: Row[Any]) -> Table:
        """The table a row points at; its metadata is read again only if the pointer has moved. DamagedObject.

        UsageError where `warraq move` has passed since the last time: what a writer has stored is in the old place.
        """
        table = seen = self._newest.get(row.table_name)
        if table is None or table.metadata_location != row.metadata_location:
            try:
                table = self._convert_orm_to_iceberg(row)  # type: ignore[arg-type]  # same attributes as the mapped class
            except (ValueError, ValidationError) as error:
                raise DamagedObject(
                    f"{row.metadata_location} is not a table's metadata: {str(error).splitlines()[0]}",
                    remedy="restore tables/ and the catalog from a copy",
                ) from error
            if seen and seen.location() != table.location():
                home = table.location().removesuffix(f"/{table_prefix(row.table_name)}")
                raise UsageError(f"the archive was moved to {home} meanwhile", remedy="set WARRAQ_ARCHIVE to it")
            self._newest[row.table_name] = table
        return table

    def commit_planned(self, plan: Plan, told: Told, *, expected: Mapping[str, str] | None = None) -> None:
        """Plan against the newest state and commit it while no other writer of ours can. CommitFailedException.

        With `expected` metadata places: TablesMoved where the tables are elsewhere when the turn comes.
        """
        with self._writing() as connection:
            if expected is not None and self.metadata_places() != expected:
                raise TablesMoved
            loaded = self.load_together()
            changes = logged(plan(loaded), loaded, told)
            staged, written = [], []
            for change in sorted(changes, key=lambda change: change.table.name()):
                after: Table = self._update_and_stage_table(
                    change.table, change.table.name(), change.requirements, change.updates
                )
                naming = DigestNaming(after.io)
                self._write_metadata(after.metadata, naming, after.metadata_location)
                place = naming.where(after.metadata_location)
                after = Table(after.name(), after.metadata, place, after.io, catalog=self)
                staged.append((change.table, after))
                written += [*change.written, *naming.written]
            _sync_to_disk(written)
            for before, after in staged:
                _swap(connection, self.name, before=before, after=after)
        for before, after in staged:
            self._newest[before.name()[-1]] = after
            with contextlib.suppress(OSError):  # left for `warraq maintain`
                self._delete_old_metadata(before.io, before.metadata, after.metadata)

    def point_at(self, pointers: Mapping[str, str], *, expected: Mapping[str, str]) -> None:
        """Let all tables point at other metadata, if they still point where they did. CommitFailedException."""
        _sync_to_disk(list(pointers.values()))
        with self._writing() as connection:
            for name, place in pointers.items():
                statement = (
                    update(IcebergTables)
                    .where(
                        IcebergTables.catalog_name == self.name,
                        IcebergTables.table_namespace == NAMESPACE,
                        IcebergTables.table_name == name,
                        IcebergTables.metadata_location == expected[name],
                    )
                    .values(metadata_location=place, previous_metadata_location=expected[name])
                )
                if connection.execute(statement).rowcount != 1:
                    raise CommitFailedException(f"{NAMESPACE}.{name} was changed by another writer")
        self._newest.clear()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A database transaction that holds the writers' lock: the database releases it when the process dies."""
        lock = update(IcebergTables).where(
            IcebergTables.catalog_name == self.name,
            IcebergTables.table_namespace == NAMESPACE,
            IcebergTables.table_name == LOCK_TABLE,
        )
        with self.engine.begin() as connection:
            connection.execute(lock.values(metadata_location=IcebergTables.metadata_location))
            yield connection


def _swap(connection: Connection, catalog: str, *, before: Table, after: Table) -> None:
    """Move one table's pointer, if it still is where the plan saw it."""
    statement = (
        update(IcebergTables)
        .where(
            IcebergTables.catalog_name == catalog,
            IcebergTables.table_namespace == NAMESPACE,
            IcebergTables.table_name == before.name()[-1],
            IcebergTables.metadata_location == before.metadata_location,
        )
        .values(metadata_location=after.metadata_location, previous_metadata_location=before.metadata_location)
    )
    if connection.execute(statement).rowcount != 1:
        raise CommitFailedException(f"{'.'.join(before.name())} was changed by another writer")


def _sync_to_disk(locations: Sequence[str]) -> None:
    """See that files on a local disk which a pointer is about to name outlive a loss of power, as the catalog does."""

    def sync(path: str) -> None:
        with Path(path).open("rb") as file:
            os.fsync(file.fileno())

    local = [location for location in locations if "://" not in location]
    if local:
        with ThreadPoolExecutor(len(local)) as pool:  # at once: the disk writes them all in one turn
            list(pool.map(sync, local))


def load_tables(catalog: Catalog) -> dict[str, Table]:
    """All tables of the archive; as of one instant where the catalog can say so."""
    if isinstance(catalog, ArchiveCatalog):
        return catalog.load_together()
    names = [spec.name for spec in TABLES if catalog.table_exists((NAMESPACE, spec.name))]
    return {name: catalog.load_table((NAMESPACE, name)) for name in names}


def metadata_places(catalog: Catalog) -> dict[str, str]:
    """Where the catalog says that the newest metadata of each table is."""
    if isinstance(catalog, ArchiveCatalog):
        return catalog.metadata_places()
    return {name: table.metadata_location for name, table in load_tables(catalog).items()}


def commit_group(
    catalog: Catalog, plan: Plan, told: Told, *, is_done: Callable[[Mapping[str, Table]], bool] | None = None
) -> None:
    """Commit what `plan` makes of the newest tables; on a conflict plan again. Raises CommitFailedException.

    `told` is what the log of commits says of it. With a SQL catalog the commit is atomic over all tables. Other
    catalogs have no such operation in pyiceberg: there the tables are committed one after the other, `runs` last, so
    that a run that shows in `runs` is complete. `is_done` is asked, while others have their turn, whether the commit
    that one waited for has done it already.
    """
    expected = catalog.metadata_places() if is_done and isinstance(catalog, ArchiveCatalog) else None
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            if isinstance(catalog, ArchiveCatalog):
                catalog.commit_planned(plan, told, expected=expected)
            else:
                _commit_in_order(catalog, plan, told)
            point_to_newest(catalog)
            return
        except TablesMoved:
            expected = None
            if is_done and is_done(load_tables(catalog)):
                return
        except CommitFailedException:
            if not tries_left:
                raise
            wait = FIRST_WAIT_SECONDS * 2 ** (MAX_TRIES - 1 - tries_left)
            time.sleep(min(wait, 5) * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
            log.info("another writer changed the tables; planning the commit again")


def point_to_newest(catalog: Catalog) -> None:
    """Tell readers of a bucket where the newest metadata is (newest_tables.py). What refuses it stops no commit."""
    tables = load_tables(catalog)
    runs = tables.get(LOCK_TABLE)
    if runs is None or "://" not in runs.location():
        return
    home = runs.location().removesuffix(f"/{table_prefix(LOCK_TABLE)}")
    places, written = metadata_places(catalog), dict[str, str]()
    # Another writer may commit between our look and our writing: the last to look has seen the newest.
    while written != places:
        written = places
        keys = {name: place.removeprefix(f"{home}/") for name, place in sorted(places.items())}
        try:
            with runs.io.new_output(f"{home}/{newest_tables_key()}").create(overwrite=True) as stream:
                stream.write(json.dumps({"tables": keys}, indent=1).encode())
        except OSError as error:
            log.warning("the pointer to the newest tables was not written: %s", error)
            return
        places = metadata_places(catalog)


def _commit_in_order(catalog: Catalog, plan: Plan, told: Told) -> None:
    """Table by table, `runs` last. A plan made again after a conflict finds the tables done so far unchanged by it."""
    order = [spec.name for spec in TABLES]
    loaded = load_tables(catalog)
    changes = logged(plan(loaded), loaded, told)
    for change in sorted(changes, key=lambda change: order.index(change.table.name()[-1])):
        catalog.commit_table(change.table, change.requirements, change.updates)


def note(
    catalog: Catalog,
    told: Told,
    *,
    counter: str | None = None,
    check: Callable[[Mapping[str, Table]], None] = lambda _: None,
) -> None:
    """Enter into the log what changes no table, unless `check` raises when it is shown the newest ones.

    A `counter` is a property of news.runs that goes up by one.
    """

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        check(loaded)
        runs = loaded[LOCK_TABLE]
        counted = {counter: str(int(runs.properties.get(counter, "0")) + 1)} if counter else {}
        updates = (SetPropertiesUpdate(updates=counted),) if counted else ()
        return [TableChange(runs, (AssertTableUUID(uuid=runs.metadata.table_uuid),), updates, ())]

    commit_group(catalog, plan, told)
