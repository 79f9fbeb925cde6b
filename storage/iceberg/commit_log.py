"""The log of commits: every change of the tables is an entry that names the one before by its digest.

Entries are objects below log/commits that nobody replaces or deletes. The newest is named by a property of news.runs,
which moves in the same commit: so an entry counts if, and only if, its commit happened.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pyiceberg.io import FileIO
from pyiceberg.table import Table
from pyiceberg.table.update import AddSnapshotUpdate, AssertTableUUID, SetPropertiesUpdate, SetSnapshotRefUpdate

from storage.errors import DamagedObject, ObjectMissing
from storage.iceberg.snapshots import TableChange
from storage.objects.keys import log_entry_key, log_folder, table_prefix
from storage.objects.store import ObjectStore

RUNS, MAIN = "runs", "main"  # the table whose properties name the newest entry; the branch that readers see
HEAD = "warraq.log-head"  # property of news.runs: the key of the newest entry
FEW, MANY, READ_AT_ONCE = 16, 250, 16  # entries that are read ahead: who looks for a late one reads few
_KEY = re.compile(r"log/commits/\d+/(\d+)\.([0-9a-f]{64})\.json")


@dataclass(frozen=True)
class Told:
    """What a commit is about, in the words of the log: publish, promote, release… `facts` are JSON."""

    what: str
    facts: Callable[[], Mapping[str, Any]] = field(default=dict)


@dataclass(frozen=True)
class LogEntry:
    """One commit."""

    key: str
    number: int
    before: str | None  # the key of the entry before, which holds that one's digest
    at: str  # when, UTC
    what: str
    facts: Mapping[str, Any]
    tables: Mapping[str, str]  # the manifest list of each table's published rows after it: its name holds its digest


def write_entry(io: FileIO, *, home: str, runs: Table, lists: Mapping[str, str], told: Told, at: str) -> str:
    """Store the entry of a commit that is about to happen; its key. `lists` are the tables' manifest lists after it."""
    before = runs.properties.get(HEAD)
    number = _number(before) + 1 if before else 1
    fields = {
        "number": number,
        "before": before,
        "at": at,
        "what": told.what,
        "facts": dict(told.facts()),
        "tables": {name: place.removeprefix(f"{home}/") for name, place in sorted(lists.items())},
    }
    data = json.dumps(fields, ensure_ascii=False, sort_keys=True, indent=1).encode()
    key = log_entry_key(number, hashlib.sha256(data).hexdigest())
    with io.new_output(f"{home}/{key}").create(overwrite=True) as stream:
        stream.write(data)
    return key


def logged(changes: Sequence[TableChange], loaded: Mapping[str, Table], told: Told) -> list[TableChange]:
    """The changes of a commit, with that of news.runs which names the commit's entry in the log."""
    if not changes:
        return []
    by_name = {change.table.name()[-1]: change for change in changes}
    lists = {name: _published(table, by_name.get(name)) for name, table in loaded.items()}
    runs = loaded[RUNS]
    home = runs.location().removesuffix(f"/{table_prefix(RUNS)}")
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    key = write_entry(runs.io, home=home, runs=runs, lists=lists, told=told, at=at)
    own = by_name.get(RUNS) or TableChange(runs, (AssertTableUUID(uuid=runs.metadata.table_uuid),), (), ())
    updates = (*own.updates, SetPropertiesUpdate(updates={HEAD: key}))
    by_name[RUNS] = replace(own, updates=updates, written=(*own.written, f"{home}/{key}"))
    return list(by_name.values())


def _published(table: Table, change: TableChange | None) -> str:
    """The manifest list of the rows that readers will see once a change is committed; empty where there are none."""
    current, added = table.metadata.current_snapshot_id, {}
    for step in change.updates if change else ():
        if isinstance(step, AddSnapshotUpdate):
            added[step.snapshot.snapshot_id] = step.snapshot
        elif isinstance(step, SetSnapshotRefUpdate) and step.ref_name == MAIN:
            current = step.snapshot_id
    snapshot = None if current is None else added.get(current) or table.metadata.snapshot_by_id(current)
    return snapshot.manifest_list if snapshot else ""


def log_head(tables: Mapping[str, Table]) -> str | None:
    """The key of the newest entry; None in an archive whose last commit was before there was a log."""
    return tables["runs"].properties.get(HEAD) if "runs" in tables else None


def _entry(key: str, data: bytes) -> LogEntry:
    """One entry, compared with the digest in its name. Raises DamagedObject."""
    match = _KEY.fullmatch(key)
    if not match or hashlib.sha256(data).hexdigest() != match[2]:
        raise DamagedObject(f"{key}: its sha256 is not the one in its name", remedy="restore it from a copy")
    fields = json.loads(data)
    return LogEntry(key=key, **fields)


def entries(store: ObjectStore, head: str | None) -> Iterator[LogEntry]:
    """The log from its newest entry back to its first. Raises DamagedObject where the chain does not hold."""
    expected: int | None = None
    ahead, portion = dict[str, bytes](), FEW
    while head:
        try:
            if head not in ahead:
                ahead, portion = _read_ahead(store, head, portion), MANY
            entry = _entry(head, ahead.pop(head, b"") or store.get(head))
        except ObjectMissing as error:
            raise DamagedObject(f"{head}: an entry of the log is gone", remedy="restore log/ from a copy") from error
        if entry.number != _number(head) or expected not in (None, entry.number):
            raise DamagedObject(f"{head}: the log's numbers do not follow each other", remedy="restore log/")
        yield entry
        head, expected = entry.before, entry.number - 1
        if head is None and expected != 0:
            raise DamagedObject("the log has lost its beginning", remedy="restore log/ and the catalog from a copy")


def _read_ahead(store: ObjectStore, head: str, count: int) -> dict[str, bytes]:
    """An entry and those before it in its folder, read at once: one after the other, a store's answers take minutes."""

    def read(key: str) -> bytes:
        try:
            return store.get(key)
        except ObjectMissing:
            return b""

    last = _number(head)
    keys = (info.key for info in store.list(log_folder(last)))
    wanted = [key for key in keys if _KEY.fullmatch(key) and last - count < _number(key) <= last]
    with ThreadPoolExecutor(READ_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(read, wanted), strict=True))


def entries_beyond(store: ObjectStore, head: str | None) -> list[str]:
    """Keys of entries that are newer than one which a killed commit may have left: the catalog has gone back.

    Lists the folder of the newest entry and the next; in an older catalog both would be full.
    """
    last = _number(head) if head else 0
    keys = (
        info.key for folder in dict.fromkeys((log_folder(last), log_folder(last + 1000))) for info in store.list(folder)
    )
    return [key for key in keys if _KEY.fullmatch(key) and _number(key) > last + 1]


def _number(key: str) -> int:
    match = _KEY.fullmatch(key)
    if not match:
        raise DamagedObject(f"{key!r} is no entry of the log", remedy="restore the catalog from a copy")
    return int(match[1])
