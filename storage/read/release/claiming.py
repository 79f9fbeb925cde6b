"""Beginning a release: its name and its state of the tables are claimed, and the state is tagged so that it stays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pyarrow.dataset as ds
from pyiceberg.table import Table
from pyiceberg.table.update.snapshot import ManageSnapshots

from storage.errors import ObjectExists, StageFailed, UsageError
from storage.iceberg.commit_log import Told
from storage.iceberg.live_files import dataset_of, live_dataset, live_files
from storage.iceberg.manifests import partition_of
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import StagedTransaction, TableChange
from storage.model.partition import YEARS
from storage.objects.keys import release_prefix
from storage.read.release.documents import NOBODY_NAMED, TITLE, Credit, citation_line
from storage.read.release.edits import EDITS, steps_kept, steps_told
from storage.read.release.edits import SPEC as EDITS_SPEC
from storage.read.release.gone import SPEC as GONE_SPEC
from storage.read.release.kept_views import Sources
from storage.read.release.names import base_name, base_of, count_of_months, first_and_last, numbered, scope_of
from storage.read.release.opt_outs import OPT_OUTS, articles_named, articles_that_reserved
from storage.read.release.quality import same_rows
from storage.read.release.releases import (
    CLAIM,
    DONE,
    MANIFEST,
    WITHDRAWN,
    Claim,
    Months,
    Release,
    read_claim,
    read_credit,
    read_release,
    release_names,
    release_tag,
)
from storage.schema.columns import ARTICLES
from storage.tables.archive_tables import ArchiveTables
from storage.tables.row_filters import select

MAX_RELEASES = 99  # of the same months


class Unchanged(UsageError):
    """The months are as their newest release froze it: use that one."""

    def __init__(self, message: str, *, release: str, remedy: str) -> None:
        super().__init__(message, remedy=remedy)
        self.release = release


def _same_release(
    tables: ArchiveTables, loaded: Mapping[str, Table], made: Sequence[str], wanted: Claim, *, spill: Path
) -> Release | None:
    """The last of those made of the months and these portals, where it holds just what a new one would."""
    found = (read_release(tables.store, name) for name in reversed(made))
    last = next((release for release in found if release.portals == wanted.portals), None)
    if last is None or last.snapshots.keys() != wanted.snapshots.keys():
        return None
    if not all(last.keeps(spec.name) for spec in (GONE_SPEC, EDITS_SPEC)):
        return None  # one of an earlier version tells less
    months = Months.parse(wanted.month, now=datetime.fromisoformat(wanted.created_at))
    for table, columns in (
        ("articles", ["edition_id", "run_id", "extractor_version"]),
        ("runs", ["run_id", "verdict"]),
    ):
        if table not in wanted.snapshots or loaded[table].metadata.snapshot_by_id(last.snapshots[table]) is None:
            continue
        states = [rows_of_months(loaded[table], months, claimed, portals=wanted.portals) for claimed in (last, wanted)]
        if not same_rows(states[0], states[1], columns):
            return None
    released = rows_of_months(loaded[ARTICLES.name], months, wanted, portals=wanted.portals)
    sources = Sources(loaded, released, months.start, months.end, spill)
    if articles_that_reserved(sources) != _known_then(tables, last, released):
        return None
    # A text of another month that came later changes what its next one was changed from.
    return last if steps_told(sources) == steps_kept(tables.store, release_prefix(last.name) + EDITS) else None


def _known_then(tables: ArchiveTables, release: Release, rows: ds.Dataset) -> set[str]:
    """Ids of the articles that a release tells to have reserved text and data mining."""
    if release.has_opt_outs:
        return articles_named(tables.store, release_prefix(release.name) + OPT_OUTS)
    told = rows.to_table(columns=["article_id"], filter=ds.field("opt_out").is_valid())
    return set(told["article_id"].to_pylist())


def rows_of_months(
    table: Table, months: Months, claimed: Claim | Release, *, portals: Sequence[str] | None = None
) -> ds.Dataset:
    """The months' rows of a table in the state of a release, of some portals."""
    wanted = select(portal=portals[0] if portals and len(portals) == 1 else None, since=months.start, before=months.end)
    rows = live_dataset(table, row_filter=wanted, snapshot_id=claimed.snapshots[table.name()[-1]])
    return rows.filter(months.holds(portals))


def _refuse(tables: ArchiveTables, last: Release) -> None:
    line = citation_line(
        read_credit(tables.store, last.name),
        title=TITLE,
        version=f"release {last.name}",
        day=last.created_at[:10],
        identifier=f"sha256:{hashlib.sha256(tables.store.get(last.key)).hexdigest()}",
    )
    raise Unchanged(
        f"nothing of {last.month} has changed since release {last.name}",
        release=last.name,
        remedy=f"cite that one: {line}",
    )


def claim_release(
    tables: ArchiveTables,
    months: Months,
    *,
    portals: Sequence[str],
    now: datetime,
    spill: Path,
    credit: Credit = NOBODY_NAMED,
    base: str | None = None,
) -> Claim | Release:
    """Take the next name of the months and the named portals, or take up a release that was begun and not finished.

    A release of some portals is no newer one of that of all, so it has a name of its own; `base` says which, where it
    is made again. Returns the release itself where all of it is made already, and only whoever made it was not told.
    Raises UsageError where there is nothing to release, or nothing that the last of these releases does not hold.
    """
    loaded = tables.load()
    present = _present(loaded, months)
    chosen = _chosen(present, months, portals)
    base = base or base_name(str(months), chosen if set(chosen) != present else ())
    snapshots = {}
    for name in ("articles", "runs"):
        snapshot = loaded[name].current_snapshot()
        if snapshot is not None:
            snapshots[name] = snapshot.snapshot_id
    finished = release_names(tables.store)
    made = [name for name in finished if base_of(name) == base]
    before = _revised(tables, made, chosen) or _compared_with(finished, base)
    for number in range(1, MAX_RELEASES + 1):
        name = numbered(base, number)
        if any(tables.store.exists(release_prefix(name) + taken) for taken in (MANIFEST, WITHDRAWN)):
            continue
        claim = Claim(name, str(months), chosen, snapshots, now.isoformat(timespec="seconds"), before, credit)
        is_begun = tables.store.exists(release_prefix(name) + CLAIM)
        # After a withdrawn one another is made in any case.
        is_after_another = number > 1 and tables.store.exists(release_prefix(numbered(base, number - 1)) + MANIFEST)
        if is_after_another and not is_begun:
            same = _same_release(tables, loaded, made, claim, spill=spill)
            if same is not None and not tables.store.exists(release_prefix(same.name) + DONE):
                return same
            if same is not None:
                _refuse(tables, same)
        try:
            tables.store.put(release_prefix(name) + CLAIM, _claim_json(claim), if_absent=True)
        except ObjectExists:
            claim = _begun(tables, name, claim, explicit=bool(portals))
        return claim
    raise StageFailed(f"{base} has {MAX_RELEASES} releases", remedy="use one of them")


def _revised(tables: ArchiveTables, made: Sequence[str], portals: tuple[str, ...]) -> str | None:
    """The release of the months that another one corrects: the last of the same portals, else the last; None at first.

    An earlier version named releases of some portals like corrections of that of all.
    """
    same = (name for name in reversed(made) if read_release(tables.store, name).portals == portals)
    return next(same, made[-1] if made else None)


def _compared_with(finished: Sequence[str], base: str) -> str | None:
    """The newest of earlier months, as many, and of the same portals if there is one, else of all."""
    begins, months = first_and_last(base)[0], count_of_months(base)
    as_many = (name for name in reversed(finished) if count_of_months(name) == months)
    earlier = [name for name in as_many if first_and_last(name)[1] < begins]
    scopes = (scope_of(base), "")
    return next((name for scope in scopes for name in earlier if scope_of(name) == scope), None)


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


def _present(loaded: Mapping[str, Table], months: Months) -> set[str]:
    """The portals with articles in the months."""
    files = live_files(loaded["articles"], row_filter=select(since=months.start, before=months.end))
    of_years = [file for file in files if partition_of(file).spec == YEARS]  # which may have no row of them
    rows = dataset_of(loaded["articles"], of_years).filter(months.holds()).to_table(columns=["portal"])
    present = {partition_of(file).portal for file in files if partition_of(file).spec != YEARS}
    return present | set(rows["portal"].unique().to_pylist())


def _chosen(present: set[str], months: Months, named: Sequence[str]) -> tuple[str, ...]:
    """The named portals, or all. Raises UsageError for a named one without articles in the months."""
    missing = sorted(set(named) - present)
    if missing:
        raise UsageError(
            f"no articles of {', '.join(missing)} in {months}",
            remedy=f"warraq coverage shows what there is of {months}",
        )
    if not present:
        raise UsageError(f"nothing is archived for {months}", remedy="warraq coverage shows what there is")
    return tuple(sorted(named or present))


def tag_claimed(tables: ArchiveTables, claim: Claim) -> dict[str, Table]:
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
