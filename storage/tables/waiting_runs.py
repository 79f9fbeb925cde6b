"""Runs whose files are stored and which wait for their turn: whoever has it commits those of other portals too.

One commit at a time moves the tables, and most of what it costs does not depend on how many runs are in it. So a run
says in a note where its files are; the writer whose turn it is takes the waiting runs along. Its own process then
finds its rows published. A note of a process that was killed is taken along as well, or left once it is overtaken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from pyiceberg.table import Table

from storage.errors import DamagedObject, ObjectMissing, WarraqError
from storage.iceberg.data_files import described, description_of
from storage.model.record_json import note_fields, sealed_json
from storage.model.window import RunId
from storage.objects.keys import run_of_waiting_key, waiting_key, waiting_root
from storage.objects.store import ObjectStore
from storage.tables.run_replacement import WrittenRun, has_changed, removals_begun

MAX_TOGETHER = 64  # other runs in one commit: their notes are read while everybody waits
READ_AT_ONCE = 16
# Maintenance and removals delete files that nobody names only when they are older than an hour.
MAX_AGE = timedelta(minutes=10)


@contextmanager
def waiting(
    store: ObjectStore,
    written: WrittenRun,
    tables: Mapping[str, Table],
    *,
    seen: Mapping[str, int | None],
    removals: str,
) -> Iterator[None]:
    """Let others take a run along until the block ends. `seen` are the snapshots that its audit rests on.

    `removals` are those that had begun when its rows were compared with the register.
    """
    fields = {
        "run_id": str(written.run),
        "rows": dict(written.rows),
        "articles": written.articles,
        "seen": dict(seen),
        "removals": removals,
        "files": {name: description_of(tables[name], file) for name, file in written.files.items()},
    }
    key = waiting_key(written.run)
    store.put(key, sealed_json(fields))
    try:
        yield
    finally:
        with suppress(WarraqError):  # what is left is of no use to anybody soon, and does no harm
            store.delete(key)


def others_waiting(
    store: ObjectStore, run: RunId, tables: Mapping[str, Table], *, now: datetime | None = None
) -> list[WrittenRun]:
    """The waiting runs that a commit of `run` may take along: one a portal, whose portal nobody has changed since."""
    now = now or datetime.now(UTC)
    portals, keys = {run.portal}, list[str]()
    for info in list(store.list(waiting_root())):
        other = run_of_waiting_key(info.key)
        if now - info.modified_at > MAX_AGE:
            store.delete(info.key)
        elif other and other.portal not in portals and len(keys) < MAX_TOGETHER:
            portals.add(other.portal)
            keys.append(info.key)
    if not keys:
        return []
    with ThreadPoolExecutor(min(len(keys), READ_AT_ONCE)) as pool:
        found = pool.map(lambda key: _read(store, key, tables), keys)
        return [one for one in found if one]


def forget_waiting(store: ObjectStore) -> None:
    """Let no run be taken along by what it has said so far; each that is at work commits by itself."""
    for info in list(store.list(waiting_root())):
        store.delete(info.key)


def _read(store: ObjectStore, key: str, tables: Mapping[str, Table]) -> WrittenRun | None:
    """What a note says; None where it does not hold any more: its run is on its own then."""
    try:
        fields = note_fields(store.get(key), where=key)
        run = RunId.parse(fields["run_id"])
        files = {name: described(tables[name], one) for name, one in fields["files"].items()}
        overtaken = fields["removals"] != removals_begun(tables) or any(
            has_changed(tables[name], run.portal, since=since) for name, since in fields["seen"].items()
        )
    except (DamagedObject, ObjectMissing, KeyError):
        return None
    whole = {name: file for name, file in files.items() if file}
    if overtaken or len(whole) != len(files) or waiting_key(run) != key:
        return None
    return WrittenRun(run, whole, fields["rows"], fields["articles"])
