"""Taking a release away that holds removed rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from pyiceberg.table import Table
from pyiceberg.table.update.snapshot import ManageSnapshots

from storage.iceberg.commit_log import Told
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import StagedTransaction, TableChange
from storage.model.record_json import sealed_json
from storage.objects.keys import release_prefix
from storage.read.release.releases import WITHDRAWN, read_claim, read_withdrawn, release_tag
from storage.tables.archive_tables import ArchiveTables


def withdraw_release(tables: ArchiveTables, name: str, *, rows: int, removal: str) -> None:
    """Delete a release that holds removed rows, and leave word of it: how many rows, by which entry of the register.

    Its tag goes too. Interrupted, the same call ends it.
    """
    tag = release_tag(name)

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for table in loaded.values():
            if tag in table.metadata.refs:
                transaction = StagedTransaction(table)
                ManageSnapshots(transaction).remove_tag(tag).commit()
                changes.append(transaction.change())
        return [change for change in changes if change]

    told = read_withdrawn(tables.store, name)
    if told is None:
        claim = read_claim(tables.store, name)
        told = {"release": name, "rows_removed": rows, "removal": removal}
        told |= {"portals": list(claim.portals), "credit": asdict(claim.credit)}
        tables.store.put(release_prefix(name) + WITHDRAWN, sealed_json(told))
    if plan(tables.load()):
        commit_group(tables.catalog, plan, Told("withdraw release", lambda: {"release": name}))
    for info in list(tables.store.list(release_prefix(name))):
        if not info.key.endswith(f"/{WITHDRAWN}"):
            tables.store.delete(info.key)
