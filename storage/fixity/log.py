"""The log of commits: whether its chain holds, and whether the archive still is what it says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pyiceberg.table import Table

from storage.errors import DamagedObject, ObjectMissing
from storage.fixity.report import Fixity
from storage.fixity.seals import SEALED
from storage.iceberg.commit_log import DENY, RUNS, LogEntry, LogReader, entries_beyond, log_head, sound_name
from storage.iceberg.newest_tables import pointed_to
from storage.objects.keys import (
    log_pack_key,
    log_prefix,
    newest_tables_key,
    release_prefix,
    removal_key,
    removals_root,
)
from storage.objects.store import ObjectStore

RAW_PAGES = "raw pages"  # an entry that names runs with pages in the raw archive that no row tells of


@dataclass
class Logged:
    """What the log says that there is: the newest word on each thing."""

    fixity: Fixity = field(default_factory=Fixity)
    articles: dict[str, tuple[str, int]] = field(default_factory=dict)  # run: digest over its articles, entry
    releases: dict[str, Mapping[str, str]] = field(default_factory=dict)  # release: sha256 by file
    seals: dict[str, dict[str, str]] = field(default_factory=dict)  # release: sha256 by signature and time stamp
    learnt: dict[str, str | None] = field(default_factory=dict)  # portal: the set in use
    raw: dict[str, int] = field(default_factory=dict)  # run that has raw pages: entry
    removals: dict[str, int] = field(default_factory=dict)  # removal: entry

    def take(self, entry: LogEntry) -> None:
        """Take an entry; they come newest first."""
        facts = entry.facts
        if entry.what == "publish" and "run" in facts:
            self.articles.setdefault(str(facts["run"]), (str(facts["articles"]), entry.number))
        elif entry.what in ("publish", "promote", "remove"):
            for run, root in facts["articles"].items():
                self.articles.setdefault(run, (str(root), entry.number))
        elif entry.what == "release":
            self.releases.setdefault(str(facts["release"]), facts["files"])
        elif entry.what == "withdraw release":
            self.releases.setdefault(str(facts["release"]), {})
        elif entry.what == SEALED and facts["release"] not in self.releases:  # else withdrawn since
            seals = self.seals.setdefault(str(facts["release"]), {})
            seals.update((file, sha256) for file, sha256 in facts["files"].items() if file not in seals)
        elif entry.what == DENY:
            self.removals[str(facts["removal"])] = entry.number
        elif entry.what == RAW_PAGES:
            self.raw |= dict.fromkeys(facts["runs"], entry.number)
        elif entry.what == "use learnt lines":
            self.learnt.setdefault(str(facts["portal"]), facts["version"])

    def losses(self, rows: Collection[str], runs: Collection[str]) -> Iterator[tuple[str, str]]:
        """Runs that are gone: without the row of news.runs that they had, or without any trace of their raw pages."""
        for name, (_, number) in self.articles.items():
            if name not in rows:
                yield name, f"{name}: published by entry {number} of the log, and news.runs has no row of it"
        for name, number in self.raw.items():
            if name not in runs:
                yield name, f"{name}: entry {number} of the log knows its raw archive, which is gone"


def lost_removals(logged: Logged, store: ObjectStore) -> list[str]:
    """Entries of the register that are gone: what they denied may come back."""
    present = {info.key for info in store.list(removals_root())}
    return [
        f"{removal_key(name)}: entry {number} of the log knows this removal, and the register has lost it; "
        "restore it, or run `warraq remove --again` with WARRAQ_REMOVALS"
        for name, number in sorted(logged.removals.items())
        if removal_key(name) not in present
    ]


def read_log(store: ObjectStore, tables: Mapping[str, Table]) -> Logged:
    """Walk the log and collect what it says; gaps and changes in it are problems."""
    logged = Logged()
    head = log_head(tables)
    for key in entries_beyond(store, head):
        logged.fixity.problems.append(
            f"{key}: the catalog knows nothing of this commit; it was put back to an older one"
        )
    logged.fixity.problems += _pointer_problems(store, tables)
    if head is None and next(iter(store.list(log_prefix())), None):
        logged.fixity.problems.append(
            f"{log_prefix()}: the catalog names no entry of the log; it was put back or replaced"
        )
    reader = LogReader(store, head)
    try:
        for entry in reader:
            logged.fixity.objects += 1
            logged.take(entry)
    except DamagedObject as error:
        logged.fixity.problems.append(error.message)
    logged.fixity.problems += [
        f"{log_pack_key(first)}: does not hold the entries of the log that it stands for"
        for first in sorted(reader.unsound)
    ]
    for key, data in reader.unread():
        logged.fixity.objects += 1
        if not sound_name(key, data):
            problem = f"{key}: its sha256 is not the one in its name"
            logged.fixity.problems += [problem] if problem not in logged.fixity.problems else []
    return logged


def _pointer_problems(store: ObjectStore, tables: Mapping[str, Table]) -> list[str]:
    """Whether readers of a bucket without the catalog are led to what the catalog names."""
    try:
        told = pointed_to(store)
    except ObjectMissing:
        # Each commit to a bucket writes it; beside the tables of a directory stands the catalog.
        is_promised = log_head(tables) is not None and "://" in tables[RUNS].location()
        told_how = "missing, so who has no catalog reads nothing; `warraq maintain` writes it"
        return [f"{newest_tables_key()}: {told_how}"] if is_promised else []
    except DamagedObject as error:
        return [error.message]
    return [
        f"{newest_tables_key()}: of news.{name} it names another state than the catalog; `warraq maintain` corrects it"
        for name, table in sorted(tables.items())
        if not table.metadata_location.endswith(f"/{told.get(name)}")
    ]


def check_logged_release(store: ObjectStore, name: str, files: Mapping[str, str]) -> Fixity:
    """Compare a release's documents with what the log says of them."""
    fixity = Fixity()
    for file, sha256 in sorted(files.items()):
        fixity.compare(store, release_prefix(name) + file, sha256=sha256)
    return fixity
