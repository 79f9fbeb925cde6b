"""Branches: rows beside the published ones, to be looked at first, then promoted in one commit or dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table
from pyiceberg.table.update.snapshot import ManageSnapshots

from storage.errors import StageFailed
from storage.iceberg.commit_log import Told
from storage.iceberg.data_files import check_data_file, put_data_file
from storage.iceberg.live_files import dataset_of, live_dataset, live_files, streamed
from storage.iceberg.manifests import partition_of
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import StagedTransaction, TableChange, change_files
from storage.model.partition import Partition
from storage.model.row_digests import root_of, row_digest
from storage.model.window import RunId
from storage.schema.arrow_and_iceberg import runs_from
from storage.schema.columns import TABLE_BY_NAME
from storage.schema.sorting import sorted_batches
from storage.tables.archive_tables import ArchiveTables
from storage.tables.row_filters import select
from storage.tables.run_replacement import has_changed, no_removal_since, removals_begun

PROMOTED = "warraq.promoted"  # in the summary of a snapshot: the branch it made visible


def base_tag(branch: str) -> str:
    """The tag that holds the state a branch began from."""
    return f"{branch}-base"


def has_branch(tables: ArchiveTables, branch: str) -> bool:
    """Whether the branch is there."""
    return all(branch in table.metadata.refs for table in tables.load().values())


def branch_names(tables: ArchiveTables) -> list[str]:
    """All branches but `main` that some table has; an interrupted drop may have left one in some only."""
    refs = [(name, ref) for table in tables.load().values() for name, ref in table.metadata.refs.items()]
    return sorted({name for name, ref in refs if ref.snapshot_ref_type == "branch"} - {"main"})


def open_branch(tables: ArchiveTables, branch: str) -> None:
    """Begin a branch at what is published now, in all tables by one commit; an existing one is left as it is."""

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for table in loaded.values():
            head = table.metadata.current_snapshot_id
            if branch in table.metadata.refs or head is None:
                continue
            transaction = StagedTransaction(table)
            ManageSnapshots(transaction).create_branch(head, branch).create_tag(head, base_tag(branch)).commit()
            changes.append(transaction.change())
        return [change for change in changes if change]

    if not has_branch(tables, branch):
        commit_group(tables.catalog, plan, Told("open branch", lambda: {"branch": branch}))


def drop_branch(tables: ArchiveTables, branch: str) -> None:
    """Forget the branch and where it began; its files go with the next maintenance."""

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        changes = []
        for table in loaded.values():
            transaction = StagedTransaction(table)
            _remove_refs(transaction, branch)
            changes.append(transaction.change())
        return [change for change in changes if change]

    commit_group(tables.catalog, plan, Told("drop branch", lambda: {"branch": branch}))


def branch_dataset(table: Table, ref: str, *, runs: Collection[RunId]) -> ds.Dataset:
    """The rows that some runs of one portal have on a branch or tag."""
    snapshot = table.metadata.snapshot_by_name(ref)
    names = pa.array(sorted(map(str, runs)), pa.string())
    wanted = _span(runs)
    dataset = live_dataset(table, row_filter=wanted, snapshot_id=snapshot.snapshot_id if snapshot else None)
    return dataset.filter(pc.field("run_id").isin(names))


def promote(
    tables: ArchiveTables, branch: str, runs: Collection[RunId], *, spill: Path, check: Callable[[], None]
) -> None:
    """Put the branch's rows of some runs of one portal in the place of the published ones, and drop the branch.

    One commit over the three tables. Raises StageFailed if one of the runs was published again since the branch began:
    its newer rows must not be overwritten by a re-extraction that has not seen them. `check` raises where something is
    removed on request that the branch was not made without; if a removal begins later, RemovalBegun is raised.
    """
    loaded = tables.load()
    check()
    _check_there(loaded, branch)
    _check_unchanged(loaded, branch, runs)
    texts = _texts(loaded["articles"], branch, runs)
    roots = _roots(loaded["articles"], branch, runs)
    new = {name: _new_files(tables, table, branch, runs, spill=spill) for name, table in loaded.items()}

    def plan(newest: Mapping[str, Table]) -> list[TableChange]:
        no_removal_since(removals_begun(loaded))(newest)
        _check_there(newest, branch)
        _check_unchanged(newest, branch, runs)
        _check_single(newest["articles"], branch, runs, texts)
        changes = (_promotion(tables, table, branch, runs, new[name]) for name, table in newest.items())
        return [change for change in changes if change]

    commit_group(tables.catalog, plan, Told("promote", lambda: {"branch": branch, "articles": roots}))


def was_promoted(tables: ArchiveTables, branch: str) -> bool:
    """Whether a branch of this name was made visible and is not there any more, as far back as snapshots are kept."""
    runs = tables.load()["runs"]
    summaries = (snapshot.summary for snapshot in runs.metadata.snapshots)
    told = (summary.additional_properties.get(PROMOTED) for summary in summaries if summary)
    return branch not in runs.metadata.refs and branch in told


def check_branch(tables: ArchiveTables, branch: str, runs: Collection[RunId]) -> None:
    """Raise DamagedObject where a file of the branch is not what its name says: promoting would give it a new name."""
    for table in tables.load().values():
        snapshot = table.metadata.snapshot_by_name(branch)
        files = live_files(table, row_filter=_span(runs), snapshot_id=snapshot.snapshot_id if snapshot else None)
        for file in files:
            check_data_file(tables.store, table, file)


def _roots(table: Table, ref: str, runs: Collection[RunId]) -> dict[str, str]:
    """One digest over each run's articles on the branch, for the log."""
    leaves: dict[str, list[bytes]] = {str(run): [] for run in runs}
    for batch in streamed(branch_dataset(table, ref, runs=runs)):
        for row in batch.to_pylist():
            leaves[row["run_id"]].append(row_digest(row))
    return {run: root_of(found) for run, found in leaves.items()}


def _texts(table: Table, ref: str, runs: Collection[RunId]) -> pa.Array:
    """The editions that the runs have on the branch."""
    rows = branch_dataset(table, ref, runs=runs).to_table(columns=["edition_id"])
    return rows["edition_id"].combine_chunks()


def _check_single(table: Table, branch: str, runs: Collection[RunId], texts: pa.Array) -> None:
    """Raise StageFailed where a run outside the span has published one of its texts since the branch began."""
    base = table.metadata.snapshot_by_name(base_tag(branch))
    portal = next(iter(runs)).portal
    if base is not None and not has_changed(table, portal, since=base.snapshot_id):
        return
    names = pa.array(sorted(map(str, runs)), pa.string())
    others = ~pc.field("run_id").isin(names) & pc.field("edition_id").isin(texts)
    found = live_dataset(table, row_filter=select(portal=portal)).filter(others & (pc.field("portal") == portal))
    rows = found.to_table(columns=["run_id"])["run_id"].to_pylist()
    if rows:
        raise StageFailed(
            f"{min(rows)} has published a text of this re-extraction since it began",
            remedy="--discard it and re-extract",
        )


def _check_there(loaded: Mapping[str, Table], branch: str) -> None:
    if any(branch not in table.metadata.refs for table in loaded.values()):
        raise StageFailed(f"{branch} was dropped meanwhile", remedy="re-extract")


def _check_unchanged(loaded: Mapping[str, Table], branch: str, runs: Collection[RunId]) -> None:
    before, now = (
        {row.run_id: row for row in runs_from(branch_dataset(loaded["runs"], ref, runs=runs).to_table())}
        for ref in (base_tag(branch), "main")
    )
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if changed:
        raise StageFailed(
            f"{len(changed)} runs were published again since the re-extraction began, for example {changed[0]}",
            remedy="--discard it and re-extract",
        )


def _new_files(
    tables: ArchiveTables, table: Table, branch: str, runs: Collection[RunId], *, spill: Path
) -> list[DataFile]:
    """The branch's rows of the runs, written again: one file a month, sorted, apart from rows of other runs."""
    files = []
    months: dict[Partition, list[RunId]] = defaultdict(list)
    for run in runs:
        months[Partition.month_of(run.portal, run.window.start)].append(run)
    for month, own in sorted(months.items()):
        dataset = branch_dataset(table, branch, runs=own)
        if not dataset.count_rows():
            continue
        with sorted_batches(dataset, TABLE_BY_NAME[table.name()[-1]], spill=spill) as batches:
            files.append(put_data_file(tables.store, table, batches, month))
    return files


def _promotion(
    tables: ArchiveTables, table: Table, branch: str, runs: Collection[RunId], new: Collection[DataFile]
) -> TableChange | None:
    names = pa.array(sorted(map(str, runs)), pa.string())
    transaction = StagedTransaction(table)
    out, left = [], []
    for file in live_files(table, row_filter=_span(runs)):
        rest = dataset_of(table, [file]).filter(~pc.field("run_id").isin(names))
        count = rest.count_rows()
        if count == file.record_count:
            continue
        out.append(file)
        if count:
            left.append(put_data_file(tables.store, table, streamed(rest), partition_of(file)))
    change_files(transaction, out=out, new=[*left, *new], facts={PROMOTED: branch})
    _remove_refs(transaction, branch)
    return transaction.change()


def _remove_refs(transaction: StagedTransaction, branch: str) -> None:
    manage = ManageSnapshots(transaction)
    present = transaction.table_metadata.refs
    removals: tuple[tuple[str, Callable[[str], ManageSnapshots]], ...] = (
        (branch, manage.remove_branch),
        (base_tag(branch), manage.remove_tag),
    )
    wanted = [(name, remove) for name, remove in removals if name in present]
    for name, remove in wanted:
        remove(name)
    if wanted:
        manage.commit()


def _span(runs: Collection[RunId]) -> str:
    """A filter that holds the runs, for skipping other portals and months."""
    starts = [run.window.start for run in runs]
    portal = next(iter(runs)).portal
    return select(portal=portal, since=min(starts), before=max(starts) + timedelta(seconds=1))
