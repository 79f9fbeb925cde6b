"""The tables for readers who may read the bucket and nothing else: a pointer beside them names their newest metadata.

Each commit writes it after the catalog has moved. The catalog stays the truth: a writer that is killed in between
leaves the pointer one commit behind until the next, and `warraq verify` tells.
"""

from __future__ import annotations

import json

from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import CommitTableResponse, StaticTable, Table
from pyiceberg.table.update import TableRequirement, TableUpdate
from pyiceberg.typedef import Identifier

from storage.errors import DamagedObject, ObjectMissing, UsageError
from storage.iceberg.multi_table_commit import NAMESPACE
from storage.objects.keys import newest_tables_key
from storage.objects.store import ObjectStore

_REMEDY = "the next commit writes it again; or name WARRAQ_CATALOG"


def pointed_to(store: ObjectStore) -> dict[str, str]:
    """Key of each table's metadata, as the pointer says. Raises ObjectMissing, DamagedObject."""
    try:
        tables = json.loads(store.get(newest_tables_key()))["tables"]
        return {str(name): str(key) for name, key in tables.items()}
    except ObjectMissing:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedObject(f"{newest_tables_key()} is damaged", remedy=_REMEDY) from error


class PointedCatalog(NoopCatalog):
    """Reads the tables that the pointer names; whatever would change something is refused."""

    def __init__(self, store: ObjectStore, home: str, **properties: str) -> None:
        super().__init__("warraq", **{"py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO", **properties})
        self._store, self._home = store, home

    def table_exists(self, identifier: str | Identifier) -> bool:
        return identifier[-1] in pointed_to(self._store)

    def commit_table(
        self, table: Table, requirements: tuple[TableRequirement, ...], updates: tuple[TableUpdate, ...]
    ) -> CommitTableResponse:
        raise UsageError("without WARRAQ_CATALOG the tables can only be read", remedy="set it to the archive's catalog")

    def load_table(self, identifier: str | Identifier) -> Table:
        key = pointed_to(self._store).get(identifier[-1])
        if key is None:
            raise NoSuchTableError(str(identifier))
        try:
            static = StaticTable.from_metadata(f"{self._home}/{key}", dict(self.properties))
        except FileNotFoundError as error:
            raise DamagedObject(f"{newest_tables_key()} names {key}, which is not there", remedy=_REMEDY) from error
        return Table((NAMESPACE, identifier[-1]), static.metadata, static.metadata_location, static.io, self)
