"""Taking a release away that holds removed rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from pyiceberg.table import Table
from pyiceberg.table.update.snapshot import ManageSnapshots

from storage.iceberg.commit_log import Told
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import StagedTransaction, TableChange
from storage.model.record_json import sealed_json
from storage.model.window import RunId
from storage.objects.keys import release_prefix, releases_root
from storage.read.release.names import first_and_last
from storage.read.release.releases import CLAIM, MANIFEST, WITHDRAWN, read_claim, read_withdrawn, release_tag
from storage.tables.archive_tables import ArchiveTables


def withdraw_release(tables: ArchiveTables, name: str, *, rows: int, removal: str) -> None:
    """Delete a release that holds removed rows, and leave word of it: how many rows, by which entry of the register.

    Its tag goes too. Interrupted, the same call ends it.
    """
    told = read_withdrawn(tables.store, name)
    if told is None:
        claim = read_claim(tables.store, name)
        told = {"release": name, "rows_removed": rows, "removal": removal}
        told |= {"portals": list(claim.portals), "credit": asdict(claim.credit)}
        tables.store.put(release_prefix(name) + WITHDRAWN, sealed_json(told))
    _remove_tag(tables, name, "withdraw release")
    _delete_all_but(tables, name, WITHDRAWN)


def drop_begun(tables: ArchiveTables, over: Iterable[RunId]) -> list[str]:
    """Forget releases that were begun and not finished, of portals of these runs and their months or later ones.

    A release tells how texts of earlier months changed. The command that makes them begins anew. Interrupted, the same
    call ends it. Returns their names. What a process left that was killed while a removal dropped its release goes too.
    """
    reached: dict[str, str] = {}  # the first month by portal
    for run in over:
        month = f"{run.window.start:%Y-%m}"
        reached[run.portal] = min(month, reached.get(run.portal, month))
    found: dict[str, set[str]] = {}
    for info in tables.store.list(releases_root()):
        _, name, rest = info.key.split("/", 2)
        found.setdefault(name, set()).add(rest)
    dropped = []
    for name, files in sorted(found.items()):
        if files & {MANIFEST, WITHDRAWN}:
            continue
        if CLAIM not in files:
            _delete_all_but(tables, name, CLAIM)
            continue
        claim = read_claim(tables.store, name)
        if any(portal in reached and reached[portal] <= first_and_last(claim.month)[1] for portal in claim.portals):
            _remove_tag(tables, name, "drop release")
            _delete_all_but(tables, name, CLAIM)
            tables.store.delete(release_prefix(name) + CLAIM)
            dropped.append(name)
    return dropped


def _remove_tag(tables: ArchiveTables, name: str, what: str) -> None:
    tag = release_tag(name)

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for table in loaded.values():
            if tag in table.metadata.refs:
                transaction = StagedTransaction(table)
                ManageSnapshots(transaction).remove_tag(tag).commit()
                changes.append(transaction.change())
        return [change for change in changes if change]

    if plan(tables.load()):
        commit_group(tables.catalog, plan, Told(what, lambda: {"release": name}))


def _delete_all_but(tables: ArchiveTables, name: str, kept: str) -> None:
    for info in list(tables.store.list(release_prefix(name))):
        if not info.key.endswith(f"/{kept}"):
            tables.store.delete(info.key)
