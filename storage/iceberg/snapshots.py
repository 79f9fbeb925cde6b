"""What one commit does to one table: the changes it collects, and a snapshot in which files go and others come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.io import FileIO
from pyiceberg.manifest import (
    DataFile,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
)
from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update import AssertTableUUID, TableRequirement, TableUpdate
from pyiceberg.table.update.snapshot import ExpireSnapshots, _SnapshotProducer

from storage.iceberg.digest_names import DigestNaming
from storage.iceberg.manifests import (
    MERGED_BY_COMMITS,
    MERGED_BY_MAINTENANCE,
    ManifestReader,
    crowded_layers,
    has_files,
    in_parts,
    may_hold,
    partition_of,
)

# A table's metadata, which every commit reads and writes whole, lists its snapshots: at ~0.3 ms each, publishing an
# hourly window of 50 portals would come to cost seconds within days. Files a dropped snapshot named stay until
# `warraq maintain` has seen them unused for its safety margin; what must be readable for good is tagged.
MAX_SNAPSHOTS = 100
KEPT_SNAPSHOTS = 50


@dataclass(frozen=True)
class TableChange:
    """What a commit does to one table, as it was loaded."""

    table: Table
    requirements: tuple[TableRequirement, ...]
    updates: tuple[TableUpdate, ...]
    written: tuple[str, ...]  # the files stored for it so far


class StagedTransaction(Transaction):
    """A transaction that collects changes for a group commit and never commits by itself."""

    def __init__(self, table: Table) -> None:
        self._loaded, self._naming = table, DigestNaming(table.io)
        super().__init__(Table(table.name(), table.metadata, table.metadata_location, self._naming, table.catalog))

    def _stage(
        self, updates: tuple[TableUpdate, ...], requirements: tuple[TableRequirement, ...] = ()
    ) -> StagedTransaction:
        super()._stage(tuple(self._naming.settled(update) for update in updates), requirements)
        return self

    @property
    def io(self) -> FileIO:
        """What a snapshot's files are to be written through."""
        return self._naming

    @property
    def table_metadata(self) -> TableMetadata:
        """The metadata with the changes so far. The base class copies all snapshots at every look, ~15 a commit."""
        return super().table_metadata if self._updates else self._table.metadata

    def forget_snapshots(self, *, keep: int = KEPT_SNAPSHOTS, older_than: datetime | None = None) -> None:
        """Drop all but the newest `keep` snapshots (of those, only ones older than a time); heads and tags stay."""
        oldest_first = sorted(self.table_metadata.snapshots, key=lambda snapshot: snapshot.timestamp_ms)
        referenced = {ref.snapshot_id for ref in self.table_metadata.refs.values()}
        limit = None if older_than is None else older_than.timestamp() * 1000
        expired = [
            snapshot.snapshot_id
            for snapshot in oldest_first[: max(0, len(oldest_first) - keep)]
            if snapshot.snapshot_id not in referenced and (limit is None or snapshot.timestamp_ms < limit)
        ]
        if expired:
            ExpireSnapshots(self).by_ids(expired).commit()

    def change(self) -> TableChange | None:
        """What was collected; None if nothing."""
        if not self._updates:
            return None
        uuid = AssertTableUUID(uuid=self._table.metadata.table_uuid)
        return TableChange(self._loaded, (*self._requirements, uuid), self._updates, self._naming.written)


def change_files(
    transaction: StagedTransaction,
    *,
    out: Iterable[DataFile] = (),
    new: Iterable[DataFile] = (),
    facts: Mapping[str, str],
    branch: str = "main",
    reader: ManifestReader | None = None,
) -> None:
    """Stage a snapshot without the files `out` and with the files `new`; `facts` go into its summary.

    Nothing is staged where nothing changes. Raises CommitFailedException if a file of `out` is not alive.
    """
    change = _FileChange(transaction, dict(facts), branch, reader or ManifestReader())
    for file in out:
        change.delete_data_file(file)
    for file in new:
        change.append_data_file(file)
    change.stage()


def empty_snapshot(table: Table) -> TableChange | None:
    """A snapshot with the same files: what was planned against the one before cannot be committed any more."""
    transaction = StagedTransaction(table)
    _FileChange(transaction, {}, "main", ManifestReader()).commit()
    return transaction.change()


def merge_layers(transaction: StagedTransaction, *, facts: Mapping[str, str], reader: ManifestReader) -> None:
    """Stage a snapshot with the same files, whose manifests lie in as few layers as their number asks for."""
    change = _FileChange(transaction, dict(facts), "main", reader)
    change.merged_up_to = MERGED_BY_MAINTENANCE
    if change.is_crowded():
        change.commit()


class _FileChange(_SnapshotProducer["_FileChange"]):
    """pyiceberg's own producers read each manifest that may matter three times, and merge all of them at once."""

    merged_up_to = MERGED_BY_COMMITS

    def __init__(
        self, transaction: StagedTransaction, facts: dict[str, str], branch: str, reader: ManifestReader
    ) -> None:
        super().__init__(Operation.APPEND, transaction, transaction.io, snapshot_properties=facts, branch=branch)
        self._reader = reader

    def stage(self) -> None:
        """Stage the snapshot, if it changes anything."""
        if self._deleted_data_files:
            self._operation = Operation.OVERWRITE
        if self._deleted_data_files or self._added_data_files:
            self.commit()

    def is_crowded(self) -> bool:
        """Whether manifests are due to be merged."""
        return bool(self._crowd(self._existing_manifests()))

    def _manifests(self) -> list[ManifestFile]:
        kept, gone = self._without_deleted()
        added = [self._added(file) for file in self._added_data_files]
        crowd = self._crowd(kept)
        names = {manifest.manifest_path for manifest in crowd}
        crowded = [entry for entries in self._reader.entries(self._io, crowd) for entry in entries]
        coming, going = _by_spec([*added, *crowded]), _by_spec(gone)
        layer = []
        for spec_id in sorted(coming.keys() | going.keys()):  # a manifest is of one partition spec
            first, *others = list(in_parts(coming[spec_id])) or [()]
            layer.append(self._written(first, gone=going[spec_id]))
            layer += [self._written(part) for part in others]
        return [*layer, *(manifest for manifest in kept if manifest.manifest_path not in names)]

    def _existing_manifests(self) -> list[ManifestFile]:
        """The parent's manifests, apart from those that only tell what it deleted."""
        parent = self._transaction.table_metadata.snapshot_by_name(self._target_branch)
        return [manifest for manifest in (parent.manifests(self._io) if parent else ()) if has_files(manifest)]

    def _without_deleted(self) -> tuple[list[ManifestFile], list[ManifestEntry]]:
        """The parent's manifests, those that name deleted files written again without them; the deleted entries."""
        present = self._existing_manifests()
        partitions = {partition_of(file) for file in self._deleted_data_files}
        touched = [
            manifest for manifest in present if may_hold(manifest, self.spec(manifest.partition_spec_id), partitions)
        ]
        kept = {manifest.manifest_path: [manifest] for manifest in present}
        gone: list[ManifestEntry] = []
        for manifest, entries in zip(touched, self._reader.entries(self._io, touched), strict=True):
            out = [entry for entry in entries if entry.data_file in self._deleted_data_files]
            if out:
                rest = [entry for entry in entries if entry.data_file not in self._deleted_data_files]
                kept[manifest.manifest_path] = [self._written(rest)] if rest else []
                gone += out
        if len(gone) != len(self._deleted_data_files):
            raise CommitFailedException("a file that was to be replaced has gone")
        return [manifest for manifests in kept.values() for manifest in manifests], gone

    def _deleted_entries(self) -> list[ManifestEntry]:
        return self._without_deleted()[1]

    def _crowd(self, manifests: list[ManifestFile]) -> list[ManifestFile]:
        by_spec: dict[int, list[ManifestFile]] = defaultdict(list)
        for manifest in manifests:
            if manifest.content == ManifestContent.DATA:
                by_spec[manifest.partition_spec_id].append(manifest)
        return [one for own in by_spec.values() for one in crowded_layers(own, up_to=self.merged_up_to)]

    def _added(self, file: DataFile) -> ManifestEntry:
        return ManifestEntry.from_args(
            status=ManifestEntryStatus.ADDED, snapshot_id=self._snapshot_id, sequence_number=None, data_file=file
        )

    def _written(self, entries: Sequence[ManifestEntry], *, gone: Sequence[ManifestEntry] = ()) -> ManifestFile:
        """A new manifest; entries of earlier snapshots become existing ones, those in `gone` are told as deleted."""
        spec = self.spec([*entries, *gone][0].data_file.spec_id)
        with self.new_manifest_writer(spec) as writer:
            for entry in entries:
                if entry.snapshot_id == self._snapshot_id:
                    writer.add(entry)
                else:
                    writer.existing(entry)
            for entry in gone:
                writer.delete(entry)
        return writer.to_manifest_file()


def _by_spec(entries: Iterable[ManifestEntry]) -> dict[int, list[ManifestEntry]]:
    found: dict[int, list[ManifestEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.data_file.spec_id].append(entry)
    return found
