"""Releases: a month frozen as plain Parquet, citable, complete with digests, and never changed afterwards."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.table import Table
from pyiceberg.table.update.snapshot import ManageSnapshots

from storage.errors import DamagedObject, ObjectExists, ObjectMissing, StageFailed, UsageError
from storage.iceberg.commit_log import Told
from storage.iceberg.live_files import live_dataset
from storage.iceberg.multi_table_commit import StagedTransaction, TableChange, commit_group, note
from storage.model.record_json import note_fields, sealed_json
from storage.objects.keys import release_prefix, releases_root
from storage.objects.store import ObjectStore
from storage.read.release_documents import NOBODY_NAMED, Credit, papers
from storage.read.release_quality import articles_facts, quality_json, runs_facts, same_rows
from storage.schema.columns import ARTICLES, RUNS, SCHEMA_VERSION, TableSpec
from storage.schema.parquet import FileFacts, write_batches_checked
from storage.schema.sorting import sorted_batches
from storage.tables.archive_tables import ArchiveTables
from storage.tables.row_filters import select

MANIFEST, CLAIM, WITHDRAWN = "manifest.json", "claim.json", "withdrawn.json"
MAX_RELEASES = 99  # of one month
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Month:
    """A calendar month in UTC; a release holds the windows that start in it."""

    start: datetime
    end: datetime

    @classmethod
    def parse(cls, text: str, *, now: datetime) -> Month:
        """Read `2024-12`. Raises UsageError, also for a month that is not over."""
        match = _MONTH.fullmatch(text.strip())
        if not match:
            raise UsageError(f"{text!r} is not a month", remedy="write it as 2024-12")
        year, month = int(match[1]), int(match[2])
        if (year, month) >= (now.year, now.month):
            raise UsageError(f"{match[0]} is not over", remedy="release a month that has ended")
        start = datetime(max(year, 1), month, 1, tzinfo=UTC)
        end = start + timedelta(days=calendar.monthrange(start.year, month)[1])
        return cls(start, end)

    def __str__(self) -> str:
        return f"{self.start:%Y-%m}"


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a release."""

    path: str
    table: str
    portal: str | None
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Release:
    """What manifest.json says."""

    name: str
    month: str
    portals: tuple[str, ...]
    files: tuple[ReleaseFile, ...]
    schema_version: int
    code_version: str
    snapshots: dict[str, int]
    created_at: str
    revises: str | None = None  # the release whose rows were removed
    rows_removed: int = 0

    @property
    def key(self) -> str:
        return release_prefix(self.name) + MANIFEST

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files if file.table == "articles")


@dataclass(frozen=True)
class Claim:
    """What a release that has begun is made of; written first, so that an interrupted one goes on with the same."""

    name: str
    month: str
    portals: tuple[str, ...]
    snapshots: dict[str, int]
    created_at: str
    before: str | None = None  # the release its counts are compared with
    credit: Credit = NOBODY_NAMED


def make_release(
    tables: ArchiveTables,
    month: Month,
    *,
    portals: Sequence[str] = (),
    now: datetime,
    code_version: str,
    spill: Path,
    credit: Credit = NOBODY_NAMED,
    revises: str | None = None,
    rows_removed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Release:
    """Freeze the month (of all portals that have articles, or of those named) and tag it in the tables.

    Interrupted, the same call goes on and gives the same bytes. Raises UsageError where there is nothing to release,
    or nothing that the month's last release does not hold.
    """
    claim = _claim(tables, month, portals=portals, now=now, credit=credit)
    loaded = _tag(tables, claim)
    files: list[ReleaseFile] = []
    counted: dict[str, dict[str, Any]] = {}
    runs: dict[str, int] = {}
    for portal in claim.portals:
        progress(portal)
        path = f"articles/{portal}.parquet"
        file, counted[portal] = _freeze(
            tables, loaded, ARTICLES, claim, month, path=path, portal=portal, spill=spill, facts=articles_facts
        )
        files.append(file)
    if RUNS.name in claim.snapshots:
        file, runs = _freeze(
            tables, loaded, RUNS, claim, month, path="runs.parquet", portal=None, spill=spill, facts=runs_facts
        )
        files.append(file)
    release = Release(
        name=claim.name,
        month=claim.month,
        portals=claim.portals,
        files=tuple(files),
        schema_version=SCHEMA_VERSION,
        code_version=code_version,
        snapshots=claim.snapshots,
        created_at=claim.created_at,
        revises=revises,
        rows_removed=rows_removed,
    )
    text = json.dumps(asdict(release), indent=1, sort_keys=True, ensure_ascii=False).encode()
    rows_before = _rows_of(tables.store, claim.before)
    quality = quality_json(counted, runs, before=claim.before, rows_before=rows_before)
    remark = f"It revises {revises}: {rows_removed} rows were removed on request." if revises else ""
    written = papers(
        release.name,
        month=release.month,
        files=release.files,
        created_at=release.created_at,
        manifest=text,
        credit=claim.credit,
        quality=quality,
        remark=remark,
    )
    for name, content in written.items():
        _put_once(tables.store, release_prefix(release.name) + name, content)
    told = {name: hashlib.sha256(content).hexdigest() for name, content in {**written, MANIFEST: text}.items()}
    told[CLAIM] = hashlib.sha256(tables.store.get(release_prefix(claim.name) + CLAIM)).hexdigest()
    # Before the manifest, which makes it count: a release that counts is in the log.
    note(tables.catalog, Told("release", lambda: {"release": release.name, "files": told}))
    _put_once(tables.store, release.key, text)
    return release


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


def read_withdrawn(store: ObjectStore, name: str) -> dict[str, Any] | None:
    """What is left of a withdrawn release: its portals and how many rows went; None for another."""
    key = release_prefix(name) + WITHDRAWN
    try:
        return note_fields(store.get(key), where=key)
    except ObjectMissing:
        return None


def read_claim(store: ObjectStore, name: str) -> Claim:
    """What a release was begun with; raises ObjectMissing, DamagedObject."""
    key = release_prefix(name) + CLAIM
    try:
        fields = json.loads(store.get(key))
        credit = Credit(**fields.pop("credit", {}))
        return Claim(**{**fields, "portals": tuple(fields["portals"]), "credit": credit})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedObject(
            f"{key} is damaged", remedy="delete it, if no release of this month is being made"
        ) from error


def read_release(store: ObjectStore, name: str) -> Release:
    """The manifest of a finished release; raises ObjectMissing, DamagedObject."""
    try:
        fields = json.loads(store.get(release_prefix(name) + MANIFEST))
        files = tuple(ReleaseFile(**file) for file in fields.pop("files"))
        return Release(**{**fields, "portals": tuple(fields["portals"]), "files": files})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedObject(f"the manifest of release {name} is damaged", remedy="restore it from a copy") from error


def release_names(store: ObjectStore) -> list[str]:
    """The finished releases, by month and number."""
    keys = (info.key for info in store.list(releases_root()))
    names = [key.split("/")[1] for key in keys if key.endswith("/" + MANIFEST)]
    return sorted(names, key=lambda name: (name[:7], len(name), name))


def release_tag(name: str) -> str:
    """The tag that holds a release's snapshots in the Iceberg tables."""
    return f"release-{name}"


def _rows_of(store: ObjectStore, name: str | None) -> dict[str, int]:
    """Editions by portal of a release."""
    if name is None:
        return {}
    return {file.portal: file.rows for file in read_release(store, name).files if file.portal}


def _refuse_unchanged(tables: ArchiveTables, loaded: Mapping[str, Table], name: str, wanted: Claim) -> None:
    """Raise UsageError where the last release of the month holds just what a new one would."""
    last = read_release(tables.store, name)
    if last.portals != wanted.portals or last.snapshots.keys() != wanted.snapshots.keys():
        return
    month = Month.parse(wanted.month, now=datetime.fromisoformat(wanted.created_at))
    for table, columns in (
        ("articles", ["edition_id", "run_id", "extractor_version"]),
        ("runs", ["run_id", "verdict"]),
    ):
        if table not in wanted.snapshots or loaded[table].metadata.snapshot_by_id(last.snapshots[table]) is None:
            continue
        states = [
            live_dataset(
                loaded[table],
                row_filter=select(since=month.start, before=month.end),
                snapshot_id=claimed.snapshots[table],
            ).filter(_within(month, wanted.portals))
            for claimed in (last, wanted)
        ]
        if not same_rows(states[0], states[1], columns):
            return
    digest = hashlib.sha256(tables.store.get(last.key)).hexdigest()
    raise UsageError(
        f"nothing of {wanted.month} has changed since release {name}",
        remedy=f"cite that one: Warraq. Arabic news portals, release {name}. {last.created_at[:10]}. sha256:{digest}",
    )


def _claim(
    tables: ArchiveTables, month: Month, *, portals: Sequence[str], now: datetime, credit: Credit = NOBODY_NAMED
) -> Claim:
    """Take the month's next name, or take up a release that was begun and not finished."""
    loaded = tables.load()
    chosen = _portals(loaded, month, portals)
    snapshots = {}
    for name in ("articles", "runs"):
        snapshot = loaded[name].current_snapshot()
        if snapshot is not None:
            snapshots[name] = snapshot.snapshot_id
    finished = release_names(tables.store)
    # Compared with the newest release of an earlier month; the same month's own last one is told apart above all.
    before = next((name for name in reversed(finished) if name[:7] < str(month)), None)
    for number in range(1, MAX_RELEASES + 1):
        name = str(month) if number == 1 else f"{month}-r{number}"
        if any(tables.store.exists(release_prefix(name) + taken) for taken in (MANIFEST, WITHDRAWN)):
            continue
        claim = Claim(name, str(month), chosen, snapshots, now.isoformat(timespec="seconds"), before, credit)
        last = f"{month}" if number == 2 else f"{month}-r{number - 1}"
        is_begun = tables.store.exists(release_prefix(name) + CLAIM)
        if number > 1 and not is_begun and tables.store.exists(release_prefix(last) + MANIFEST):
            _refuse_unchanged(tables, loaded, last, claim)
        try:
            tables.store.put(release_prefix(name) + CLAIM, _claim_json(claim), if_absent=True)
        except ObjectExists:
            claim = _begun(tables, name, claim, explicit=bool(portals))
        return claim
    raise StageFailed(f"{month} has {MAX_RELEASES} releases", remedy="use one of them")


def _begun(tables: ArchiveTables, name: str, wanted: Claim, *, explicit: bool) -> Claim:
    """The claim of a release that was begun; a claim whose snapshots have gone before they were tagged is renewed."""
    begun = read_claim(tables.store, name)
    if explicit and begun.portals != wanted.portals:
        raise StageFailed(
            f"release {name} was begun with other portals: {', '.join(begun.portals)}",
            remedy=f"finish it first: warraq release {begun.month}",
        )
    loaded = tables.load()
    is_whole = all(loaded[table].metadata.snapshot_by_id(number) for table, number in begun.snapshots.items())
    if is_whole:
        return begun
    tables.store.put(release_prefix(name) + CLAIM, _claim_json(wanted))
    return wanted


def _claim_json(claim: Claim) -> bytes:
    return json.dumps(asdict(claim), sort_keys=True).encode()


def _portals(loaded: Mapping[str, Table], month: Month, named: Sequence[str]) -> tuple[str, ...]:
    """The portals with articles in the month; raises UsageError for a named one without."""
    scan = loaded["articles"].scan(row_filter=select(since=month.start, before=month.end))
    present = {task.file.partition[0] for task in scan.plan_files()}
    missing = sorted(set(named) - present)
    if missing:
        raise UsageError(
            f"no articles of {', '.join(missing)} in {month}", remedy=f"warraq coverage shows what there is of {month}"
        )
    if not present:
        raise UsageError(f"nothing is archived for {month}", remedy="warraq coverage shows what there is")
    return tuple(sorted(named or present))


def _tag(tables: ArchiveTables, claim: Claim) -> dict[str, Table]:
    """Tag the claim's snapshots, so that they stay; the tables as loaded afterwards."""
    tag = release_tag(claim.name)

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for name, snapshot_id in claim.snapshots.items():
            if tag not in loaded[name].metadata.refs:
                transaction = StagedTransaction(loaded[name])
                ManageSnapshots(transaction).create_tag(snapshot_id, tag).commit()
                changes.append(transaction.change())
        return [change for change in changes if change]

    if plan(tables.load()):
        commit_group(tables.catalog, plan, Told("begin release", lambda: {"release": claim.name}))
    return tables.load()


def _freeze(
    tables: ArchiveTables,
    loaded: Mapping[str, Table],
    spec: TableSpec,
    claim: Claim,
    month: Month,
    *,
    path: str,
    portal: str | None,
    spill: Path,
    facts: Callable[[Path], dict[str, Any]],
) -> tuple[ReleaseFile, dict[str, Any]]:
    """Write one file of the release from the tagged snapshot; and what `facts` counts in it."""
    wanted = select(portal=portal, since=month.start, before=month.end)
    dataset = live_dataset(loaded[spec.name], row_filter=wanted, snapshot_id=claim.snapshots[spec.name])
    dataset = dataset.filter(_within(month, None if portal else claim.portals))
    with tempfile.TemporaryDirectory(prefix="warraq-release-") as folder:
        local = Path(folder) / "rows.parquet"
        with sorted_batches(dataset, spec, spill=spill) as batches:
            written: FileFacts = write_batches_checked(spec, batches, local, metadata={"warraq.release": claim.name})
        counted = facts(local)
        tables.store.put_file(release_prefix(claim.name) + path, local)
    return ReleaseFile(path, spec.name, portal, written.rows, written.bytes, written.sha256), counted


def _within(month: Month, portals: Sequence[str] | None) -> pc.Expression:
    """Files may hold rows of neighbouring windows and, for runs, of portals that are not released."""
    kind = pa.timestamp("us", tz="UTC")
    start = pc.field("window_start")
    within = (start >= pa.scalar(month.start, kind)) & (start < pa.scalar(month.end, kind))
    return within if portals is None else within & pc.field("portal").isin(list(portals))


def _put_once(store: ObjectStore, key: str, content: bytes) -> None:
    """Put it where nothing is; the same content may be there already, anything else is an error."""
    try:
        store.put(key, content, if_absent=True)
    except ObjectExists:
        if hashlib.sha256(store.get(key)).digest() != hashlib.sha256(content).digest():
            raise StageFailed(
                f"{key} exists and says something else", remedy="somebody else made this release; see `warraq files`"
            ) from None
