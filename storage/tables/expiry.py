"""Maintenance: what readers no longer need goes away, slowly enough that nobody who still reads it is hurt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from pyiceberg.table import Table

from storage.errors import DamagedObject, ObjectMissing, StageFailed, StoreDenied
from storage.iceberg.commit_log import LogReader, Told, log_head, packed, unpacked
from storage.iceberg.live_files import live_files
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import StagedTransaction, TableChange
from storage.model.record_json import note_fields, sealed_json
from storage.objects.keys import (
    PACKED,
    log_pack_key,
    log_prefix,
    staging_root,
    tables_prefix,
    unreferenced_key,
)
from storage.objects.store import ObjectStore
from storage.tables.archive_tables import ArchiveTables
from storage.tables.staging import MANIFEST


def expire_snapshots(tables: ArchiveTables, *, older_than: datetime) -> int:
    """Forget snapshots made before a time; the newest, branches and tags stay. Returns how many went."""
    counts: dict[str, int] = {}

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for name, table in loaded.items():
            transaction = StagedTransaction(table)
            transaction.forget_snapshots(keep=1, older_than=older_than)
            counts[name] = len(table.metadata.snapshots) - len(transaction.table_metadata.snapshots)
            changes.append(transaction.change())
        return [change for change in changes if change]

    if plan(tables.load()):
        commit_group(tables.catalog, plan, Told("forget snapshots", lambda: {"forgotten": counts}))
    return sum(counts.values())


def forget_all_snapshots(tables: ArchiveTables, *, because: str) -> None:
    """Forget every snapshot that is no head of a branch and has no tag."""

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for table in loaded.values():
            transaction = StagedTransaction(table)
            transaction.forget_snapshots(keep=0)
            changes.append(transaction.change())
        return [change for change in changes if change]

    if plan(tables.load()):
        commit_group(tables.catalog, plan, Told("forget snapshots", lambda: {"because": because}))


def remove_unreferenced(tables: ArchiveTables, *, now: datetime, margin: timedelta, dry_run: bool = False) -> list[str]:
    """Remove files no snapshot names, once they have been seen unused for `margin`; the keys that went.

    A file is unused while a writer is about to commit it, and from the moment its last snapshot is forgotten while
    somebody may still read it. So the first sight is only noted, in the archive, and a later maintenance removes it.
    """
    # Listed before the tables are loaded: what is committed in between is then seen as used.
    present = {info.key: info.modified_at for info in tables.store.list(tables_prefix())}
    used = set(referenced_keys(tables))
    _check_sight(tables, present.keys())
    noted = _noted(tables.store)
    unused = {key: min(noted.get(key, now), now) for key in sorted(present.keys() - used)}
    due = [key for key, seen in unused.items() if now - seen >= margin and now - present[key] >= margin]
    if not dry_run:
        for key in due:
            tables.store.delete(key)
        rest = {key: seen.isoformat() for key, seen in unused.items() if key not in set(due)}
        tables.store.put(unreferenced_key(), sealed_json(rest))
    return due


def remove_old_staging(tables: ArchiveTables, *, now: datetime, margin: timedelta, dry_run: bool = False) -> int:
    """Remove staged rows that are older than `margin`; `warraq extract` makes them again. Returns objects removed."""
    old = [info.key for info in tables.store.list(staging_root()) if now - info.modified_at >= margin]
    if not dry_run:
        # Manifests first, so that no half of a staging is ever readable.
        for key in sorted(old, key=lambda key: not key.endswith(MANIFEST)):
            tables.store.delete(key)
    return len(old)


def pack_log(
    tables: ArchiveTables, *, now: datetime, margin: timedelta, progress: Callable[[str], None] = lambda _: None
) -> int:
    """Put finished stretches of the log of commits into packs; how many entries' own objects went.

    They go when the pack has been there for `margin`, as nobody reads or copies them any more then. A store that
    forbids it keeps them, which costs nothing but room.
    """
    store, reader, gone = tables.store, LogReader(tables.store, log_head(tables.load())), 0
    alone = {info.key for info in store.list(log_prefix())}
    stretch, head = dict[str, bytes](), 0  # entries by key, the newest first; the newest entry's number
    try:
        for entry in reader:
            head = head or entry.number
            stretch[entry.key] = entry.data
            first = entry.number - entry.number % PACKED
            if entry.number != max(first, 1):
                continue
            if first + PACKED <= head:
                pack = reader.packs.get(first)
                if pack is None or first in reader.unsound:
                    _put_pack(store, first, stretch)
                elif now - pack.modified_at >= margin:
                    for key in stretch.keys() & alone:
                        store.delete(key)
                        gone += 1
            stretch = {}
    except DamagedObject as error:
        progress(f"the log of commits is left as it is: {error.message}")
    except StoreDenied:
        progress("entries of the log stay beside their packs: who may delete below log/ removes them by this command")
    return gone


def _put_pack(store: ObjectStore, first: int, stretch: Mapping[str, bytes]) -> None:
    """Write the pack of a stretch whose newest entry comes first; what another pack in its place held stays too."""
    with suppress(ObjectMissing):
        others = unpacked(store.get(log_pack_key(first)), max(first, 1))
        for key in others.keys() - stretch.keys():
            store.put(key, others[key])
    data = packed([*stretch.values()][::-1])
    if unpacked(data, max(first, 1)).keys() != stretch.keys():
        raise DamagedObject(f"{log_pack_key(first)}: an entry is not spelled as entries are", remedy="report it")
    store.put(log_pack_key(first), data)


def _noted(store: ObjectStore) -> dict[str, datetime]:
    """Since when each unused file was seen to be so."""
    try:
        noted = note_fields(store.get(unreferenced_key()), where=unreferenced_key())
        return {str(key): datetime.fromisoformat(seen) for key, seen in noted.items()}
    except ObjectMissing:
        return {}
    except (DamagedObject, ValueError, TypeError):
        return {}  # damaged: noted anew, and everything stays for one more margin


def _check_sight(tables: ArchiveTables, present: Collection[str]) -> None:
    """Raise StageFailed unless the listing shows what is alive: else all of it would be taken for unused."""
    root = _root(tables)
    for table in tables.load().values():
        for location in (table.metadata_location, *(file.file_path for file in live_files(table))):
            key = location.removeprefix(root)
            if key not in present and (key == location or not tables.store.exists(key)):
                raise StageFailed(
                    f"{location} is alive but not seen in {tables.store.url}; nothing is removed",
                    remedy="set WARRAQ_ARCHIVE to the address the archive was made with",
                )


def _root(tables: ArchiveTables) -> str:
    return tables.store.url.rstrip("/") + "/"


def referenced_keys(tables: ArchiveTables) -> Iterator[str]:
    """The keys of all files any snapshot, branch or tag needs."""
    root = _root(tables)
    for table in tables.load().values():
        yield from (location.removeprefix(root) for location in _locations(table))


def _locations(table: Table) -> Iterator[str]:
    yield table.metadata_location
    yield from (entry.metadata_file for entry in table.metadata.metadata_log)
    seen = set()
    for snapshot in table.metadata.snapshots:
        yield snapshot.manifest_list
        for manifest in snapshot.manifests(table.io):
            if manifest.manifest_path in seen:
                continue
            seen.add(manifest.manifest_path)
            yield manifest.manifest_path
            # Entries that a later manifest calls deleted are alive in the snapshots before it.
            for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True):
                yield entry.data_file.file_path
