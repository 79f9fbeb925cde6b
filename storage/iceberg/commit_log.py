"""The log of commits: every change of the tables is an entry that names the one before by its digest.

Entries are objects below log/commits that nobody replaces. The newest is named by a property of news.runs, which moves
in the same commit: so an entry counts if, and only if, its commit happened. Maintenance puts each PACKED entries that
are followed by another into a pack: their bytes, one after the other. The pack needs no digest of its own, since every
byte of it belongs to an entry whose digest the next one names; so whoever packs writes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pyiceberg.io import FileIO
from pyiceberg.table import Table
from pyiceberg.table.update import AddSnapshotUpdate, AssertTableUUID, SetPropertiesUpdate, SetSnapshotRefUpdate

from storage.errors import DamagedObject, ObjectMissing
from storage.iceberg.digest_names import write_whole
from storage.iceberg.snapshots import TableChange
from storage.objects.keys import (
    PACKED,
    log_entry_key,
    log_folder,
    log_pack_key,
    log_packs_root,
    log_prefix,
    number_of_pack,
    table_prefix,
)
from storage.objects.store import ObjectInfo, ObjectStore

RUNS, MAIN = "runs", "main"  # the table whose properties name the newest entry; the branch that readers see
DENY = "deny"  # an entry that names a removal, which stands in the register from then on
HEAD = "warraq.log-head"  # property of news.runs: the key of the newest entry
FEW, READ_AT_ONCE = 16, 16  # entries that are read ahead at first: who looks for a late one reads few
PACKS_AT_ONCE = 4  # up to 2 MB each where every commit is of 64 runs
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
    data: bytes  # as it is stored


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
    write_whole(io, f"{home}/{key}", data)
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
    if not sound_name(key, data):
        raise DamagedObject(f"{key}: its sha256 is not the one in its name", remedy="restore it from a copy")
    return LogEntry(key=key, data=data, **json.loads(data))


def log_packs(store: ObjectStore) -> dict[int, ObjectInfo]:
    """The packs by the number that each begins with."""
    found = ((number_of_pack(info.key), info) for info in store.list(log_packs_root()))
    return {first: info for first, info in found if first is not None}


def packed(entries: Iterable[bytes]) -> bytes:
    """A pack of entries, the oldest first."""
    return b"".join(data + b"\n" for data in entries)


def unpacked(data: bytes, first: int) -> dict[str, bytes]:
    """The entries of a pack by key. No line within an entry begins with the brace that ends it."""
    parts = data.split(b"\n}\n")
    entries = [part + b"\n}" for part in parts[:-1]] + [rest + b"\n" for rest in parts[-1:] if rest]
    return {log_entry_key(number, hashlib.sha256(one).hexdigest()): one for number, one in enumerate(entries, first)}


def entries(store: ObjectStore, head: str | None) -> Iterator[LogEntry]:
    """The log from its newest entry back to its first. Raises DamagedObject where the chain does not hold."""
    return iter(LogReader(store, head))


class LogReader:
    """Reads the log, newest entry first, and sees on the way whether packs hold what they stand for."""

    def __init__(self, store: ObjectStore, head: str | None) -> None:
        self.unsound: set[int] = set()  # packs that hold more or less than the entries the chain names
        self.alone: set[str] = set()  # entries that were read from an object of their own
        self.packs: dict[int, ObjectInfo] = {}  # by the number of the first entry
        self._store, self._head = store, head
        self._ahead: dict[int, dict[str, bytes]] = {}  # entries that were read already, by their pack's first number
        self._portion = FEW

    def __iter__(self) -> Iterator[LogEntry]:
        """The entries. Raises DamagedObject where the chain does not hold."""
        if not self._head:
            return
        self.packs = log_packs(self._store)
        head, expected = self._head, _number(self._head)
        while True:
            entry = _entry(head, self._data(head))
            if entry.number != expected or expected != _number(head):
                raise DamagedObject(f"{head}: the log's numbers do not follow each other", remedy="restore log/")
            yield entry
            if entry.before is None:
                break
            head, expected = entry.before, expected - 1
        if expected != 1:
            raise DamagedObject("the log has lost its beginning", remedy="restore log/ and the catalog from a copy")

    def _data(self, key: str) -> bytes:
        """The bytes of an entry: from its pack, or from its own object where the pack lacks it."""
        number = _number(key)
        first = number - number % PACKED
        if first not in self._ahead or (first not in self.packs and key not in self._ahead[first]):
            self._ahead = self._read_packs(first) if first in self.packs else {first: self._read_alone(key)}
        entries = self._ahead[first]
        data = entries.pop(key, b"")
        if first in self.packs and (not data or (number == max(first, 1) and entries)):
            self.unsound.add(first)
        if not data or first not in self.packs:
            self.alone.add(key)
        try:
            return data or self._store.get(key)
        except ObjectMissing as error:
            is_packed = first + PACKED <= _number(self._head or key)
            pack = f", and its pack {log_pack_key(first)} does not hold it" if is_packed else ""
            raise DamagedObject(
                f"{key}: an entry of the log is gone{pack}", remedy="restore log/ from a copy"
            ) from error

    def _read_packs(self, first: int) -> dict[int, dict[str, bytes]]:
        """A pack and those before it: one after the other, a store's answers take long."""
        wanted = [number for number in range(first, -1, -PACKED)[:PACKS_AT_ONCE] if number in self.packs]
        return {
            number: unpacked(data, max(number, 1))
            for number, data in zip(wanted, self._read([log_pack_key(number) for number in wanted]), strict=True)
        }

    def _read_alone(self, head: str) -> dict[str, bytes]:
        """An entry and those before it that would be in the same pack."""
        last = _number(head)
        start = max(last - last % PACKED, last - self._portion + 1)
        self._portion = PACKED
        keys = (info.key for info in self._store.list(log_folder(last)))
        wanted = [key for key in keys if _KEY.fullmatch(key) and start <= _number(key) <= last]
        return {key: data for key, data in zip(wanted, self._read(wanted), strict=True) if data}

    def _read(self, keys: Sequence[str]) -> list[bytes]:
        def read(key: str) -> bytes:
            try:
                return self._store.get(key)
            except ObjectMissing:
                return b""

        with ThreadPoolExecutor(READ_AT_ONCE) as pool:
            return list(pool.map(read, keys))

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Entries that were not read, since a pack holds them or their commit did not happen, and their bytes."""
        keys = [info.key for info in self._store.list(log_prefix()) if info.key not in self.alone]
        for start in range(0, len(keys), PACKED):
            yield from zip(keys[start : start + PACKED], self._read(keys[start : start + PACKED]), strict=True)


def entries_beyond(store: ObjectStore, head: str | None) -> list[str]:
    """Keys of entries that are newer than one which a killed commit may have left: the catalog has gone back.

    Lists the folder of the newest entry and the next; in an older catalog both would be full. What is packed has
    another entry after it.
    """
    last = _number(head) if head else 0
    keys = (
        info.key for folder in dict.fromkeys((log_folder(last), log_folder(last + 1000))) for info in store.list(folder)
    )
    beyond = [key for key in keys if _KEY.fullmatch(key) and _number(key) > last + 1]
    return beyond + [log_pack_key(first) for first in log_packs(store) if first + PACKED > last]


def sound_name(key: str, data: bytes) -> bool:
    """Whether an entry is the one its name says."""
    match = _KEY.fullmatch(key)
    return match is not None and hashlib.sha256(data).hexdigest() == match[2]


def _number(key: str) -> int:
    match = _KEY.fullmatch(key)
    if not match:
        raise DamagedObject(f"{key!r} is no entry of the log", remedy="restore the catalog from a copy")
    return int(match[1])
