"""A removal carried out: denied first, then raw archive, rows, releases and history; killed anywhere, it goes on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from storage.errors import ObjectMissing, StoreDenied, UsageError
from storage.model.partition import Partition
from storage.model.record_json import note_fields, sealed_json
from storage.model.window import RunId
from storage.objects.keys import (
    data_prefix,
    raw_prefix,
    reextraction_key,
    release_prefix,
    removal_work_key,
    staging_prefix,
    tables_prefix,
)
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun
from storage.raw.tombstone import blank_captures, forget_links
from storage.read.release.documents import Credit
from storage.read.release.making import make_release
from storage.read.release.names import base_of, months_of, number_of
from storage.read.release.releases import Months, read_withdrawn, release_names
from storage.read.release.withdrawing import drop_begun, withdraw_release
from storage.schema.columns import TABLES
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.removal_register import Removal, Step, find_removal, keep_removal
from storage.tables.removed_rows import Doomed, delete_unheld, forget_history, held_keys, remove_rows
from storage.tables.row_filters import select
from storage.tables.staging import StagedRun
from storage.tables.waiting_runs import forget_waiting
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run
from warraq.reextract.removal_scope import RunScope, alerts_in_reach, releases_in_reach, runs_in_reach, scope_of_run

# A file that is younger may be one that a writer is about to commit.
WRITERS_MARGIN = timedelta(hours=1)

Say = Callable[[str], None]


@dataclass
class Plan:
    """What a removal would take away, and from where."""

    scopes: list[RunScope] = field(default_factory=list)
    rows: int = 0
    captures: int = 0
    releases: dict[str, int] = field(default_factory=dict)
    branches: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)  # that the bucket keeps of what is to be replaced and deleted

    def as_json(self) -> dict[str, object]:
        """For programs: counts and run ids, never what was found."""
        return {
            "runs": [str(scope.run) for scope in self.scopes],
            "rows": self.rows,
            "captures": self.captures,
            "releases": self.releases,
            "branches": self.branches,
            "alerts": len(self.alerts),
            "versions_kept_by_the_bucket": self.versions,  # keys and ids
        }


def tables_of(settings: Settings) -> ArchiveTables | None:
    """The archive's tables; None where nothing was ever published."""
    try:
        return open_tables(settings, create=False)
    except ObjectMissing:
        return None


def plan_removal(removal: Removal, settings: Settings, *, say: Say = lambda _: None) -> Plan:
    """Look through everything the removal reaches; nothing is changed."""
    store, tables = open_store(settings), tables_of(settings)
    plan = Plan()
    for run in runs_in_reach(removal, store, tables):
        scope = scope_of_run(run, removal, settings, tables)
        if not scope.is_empty:
            say(f"found in {run}")
            plan.scopes.append(scope)
    plan.rows = sum(len(scope.links) + len(scope.articles) + len(scope.editions) for scope in plan.scopes)
    plan.captures = sum(len(scope.captures) for scope in plan.scopes)
    plan.releases = releases_in_reach(release_names(store), plan.scopes, store)
    plan.alerts = alerts_in_reach(removal, settings, store)
    plan.branches = _branches(tables) if plan.scopes else []
    runs = [scope.run for scope in plan.scopes]
    plan.versions = _kept_versions(store, _prefixes(runs, plan.releases, plan.alerts))
    return plan


def carry_out(
    wanted: Removal,
    settings: Settings,
    *,
    now: datetime,
    caches: tuple[Path, ...] = (),
    versions_too: bool = False,
    say: Say = lambda _: None,
) -> Removal:
    """Carry the removal out, or go on where it was interrupted; the entry as it then stands in the register.

    `versions_too` deletes the old versions that a bucket keeps as well.
    """
    store = open_store(settings)
    entry = find_removal(store, settings.removals, wanted.id) or wanted

    def keep(changed: Removal) -> Removal:
        keep_removal(store, settings.removals, changed)
        return changed

    entry = keep(replace(entry, done_at=None))  # denied from now on
    present = tables_of(settings)
    if present is not None:
        present.count_removal(entry.id)  # what was made before and is committed later would not be seen here
    forget_waiting(store)
    plan = plan_removal(entry, settings, say=say)
    runs = sorted({*entry.runs, *(str(scope.run) for scope in plan.scopes)})
    releases = sorted({*entry.releases, *plan.releases})
    over_runs, over_releases = {*entry.over_runs, *runs}, {*entry.over_releases, *releases}
    entry = keep(
        replace(
            entry,
            runs=tuple(runs),
            releases=tuple(releases),
            over_runs=tuple(sorted(over_runs)),
            over_releases=tuple(sorted(over_releases)),
            over_notes=tuple(sorted({*entry.over_notes, *plan.alerts})),
        )
    )
    scopes = {str(scope.run): scope for scope in plan.scopes}
    tables = tables_of(settings)
    for name in runs:
        say(f"removing from {name}")
        scope = scopes.get(name) or RunScope(RunId.parse(name))
        rows, captures = _from_run(scope, entry, settings, store, tables)
        entry = keep(replace(entry, rows=entry.rows + rows, captures=entry.captures + captures))
    for key in plan.alerts:
        store.delete(key)
    for name in releases if tables is not None else ():
        say(f"withdrawing release {name}")
        withdraw_release(tables, name, rows=plan.releases.get(name, 0), removal=entry.id)  # type: ignore[arg-type]
    for name in drop_begun(tables, map(RunId.parse, runs)) if tables is not None else ():
        say(f"release {name} was begun and not finished: dropped")
    if tables is not None and runs:
        tables.count_removal(entry.id)  # search indexes of other machines may hold what was still there
    for cache in caches if runs else ():
        # Written anew by the next maintenance.
        shutil.rmtree(cache) if cache.is_dir() else cache.unlink(missing_ok=True)
    if tables is not None and runs:
        _forget(tables, store, entry, say, now=now)
    if versions_too:
        # Earlier versions did not note which runs a removal went over: then all that it reaches.
        over = list(map(RunId.parse, entry.over_runs)) or runs_in_reach(entry, store, tables)
        prefixes = _prefixes(over, entry.over_releases, entry.over_notes)
        say(f"{_delete_versions(store, prefixes)} old versions deleted in the bucket")
    revised = list(entry.revised)
    for name in sorted(releases, key=number_of, reverse=True):  # the newest of a month's says of which portals
        say(f"making release {base_of(name)} again")
        made = _release_again(tables, name, settings, now=now) if tables is not None else None
        revised += [made] if made and made not in revised else []
        entry = keep(replace(entry, releases=tuple(other for other in entry.releases if other != name)))
    return keep(replace(entry, runs=entry.runs if entry.until else (), revised=tuple(revised), done_at=now))


def _from_run(
    scope: RunScope, entry: Removal, settings: Settings, store: ObjectStore, tables: ArchiveTables | None
) -> tuple[int, int]:
    """Take the scope out of one run: raw archive, staged rows, published rows."""
    captures = rows = 0
    if entry.step == Step.REMOVE:
        raw = RawRun(store, scope.run)
        captures = blank_captures(raw, scope.captures)
        forget_links(raw, scope.links)
    if list(store.list(staging_prefix(scope.run))):
        StagedRun(store, scope.run).discard()
    if tables is not None and entry.step == Step.REDACT:
        rows = len(scope.editions)
        _publish_again(scope.run, settings)
    elif tables is not None:
        doomed = Doomed(scope.articles, scope.links, scope.editions)
        rows = remove_rows(tables, scope.run, doomed, why=f"removed on request {entry.id}")
    return rows, captures


def _publish_again(run: RunId, settings: Settings) -> None:
    extract_run(run, settings)
    publish_run(run, settings)


def lift_embargo(entry: Removal, settings: Settings, *, now: datetime) -> Removal:
    """Bring back what was held until a date that has come: its runs are extracted and published again."""
    if entry.until is None or entry.until > now:
        raise UsageError(f"{entry.id} is no embargo that has ended", remedy="see its entry: warraq remove --list")
    for name in entry.runs:
        _publish_again(RunId.parse(name), settings)
    lifted = replace(entry, runs=(), done_at=now)
    keep_removal(open_store(settings), settings.removals, lifted)
    return lifted


def _forget(tables: ArchiveTables, store: ObjectStore, entry: Removal, say: Say, *, now: datetime) -> None:
    """Let no snapshot, branch or file hold what went. The list of files is kept until they are gone."""
    key = removal_work_key(entry.id)
    try:
        files = set(note_fields(store.get(key), where=key)["files"])
    except ObjectMissing:
        files = held_keys(tables) | _left_over(tables, now=now)
        store.put(key, sealed_json({"files": sorted(files)}))
    say("forgetting history")
    branches = _branches(tables)
    forget_history(tables, branches=branches)
    for branch in branches:
        store.delete(reextraction_key(branch))
    say(f"{delete_unheld(tables, sorted(files))} files of history deleted")
    store.delete(key)


def _left_over(tables: ArchiveTables, *, now: datetime) -> set[str]:
    """Files that no snapshot names any more, and that maintenance has not deleted yet; no writer's of this hour."""
    return {info.key for info in tables.store.list(tables_prefix()) if now - info.modified_at > WRITERS_MARGIN}


def _branches(tables: ArchiveTables | None) -> list[str]:
    names = {ref for table in tables.load().values() for ref in table.metadata.refs} if tables else set()
    return sorted(name for name in names if name.startswith("reextract-") and not name.endswith("-base"))


def _release_again(tables: ArchiveTables, name: str, settings: Settings, *, now: datetime) -> str | None:
    """Make a withdrawn release's months again, of the same portals as far as they still have articles; its name."""
    left = read_withdrawn(tables.store, name) or {}
    made = [one for one in release_names(tables.store) if base_of(one) == base_of(name)]
    later = [one for one in made if number_of(one) > number_of(name)]
    if later:  # made before this was interrupted
        return later[-1]
    months, spill = Months.parse(months_of(name), now=now), settings.cache / "duckdb"
    spill.mkdir(parents=True, exist_ok=True)
    wanted = select(since=months.start, before=months.end)
    present = {row["portal"] for row in tables.scan("articles", row_filter=wanted, columns=("portal",)).to_pylist()}
    portals = sorted(present & set(left.get("portals", ())))
    if not portals:
        return None
    return make_release(
        tables,
        months,
        portals=portals,
        now=now,
        code_version=version("warraq"),
        spill=spill,
        credit=Credit(**left.get("credit", {})),
        revises=name,
        rows_removed=int(left.get("rows_removed", 0)),
        base=base_of(name),
    ).name


def _prefixes(runs: Iterable[RunId], releases: Iterable[str], notes: Iterable[str]) -> set[str]:
    """Where the objects lie that a removal replaces and deletes."""
    found = {*map(release_prefix, releases), *notes}
    for run in runs:
        month = Partition.month_of(run.portal, run.window.start)
        data = (data_prefix(spec.name, part) for spec in TABLES for part in (month, month.year))
        found |= {raw_prefix(run), staging_prefix(run), *data}
    return found


def _kept_versions(store: ObjectStore, prefixes: set[str]) -> list[str]:
    if not store.url.startswith("s3://"):
        return []
    from storage.objects.s3_versions import old_versions  # noqa: PLC0415 - slow import, of buckets alone

    try:
        return [str(one) for one in old_versions(store, prefixes)]  # type: ignore[arg-type]
    except StoreDenied:
        return []  # a bucket that does not say


def _delete_versions(store: ObjectStore, prefixes: set[str]) -> int:
    if not store.url.startswith("s3://"):
        return 0
    from storage.objects.s3_versions import delete_versions  # noqa: PLC0415 - as above

    return delete_versions(store, prefixes)  # type: ignore[arg-type]


def told(entry: Removal) -> str:
    """An entry as one line of JSON, for people who keep books."""
    shown = {name: value for name, value in vars(entry).items() if name not in ("marks", "files", "size")}
    return json.dumps(shown, ensure_ascii=False, default=str)
