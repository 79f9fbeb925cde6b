"""Manifests, which list a table's data files: read where they may matter, and kept in layers that stay few.

What commits bring is a layer: the manifests of one snapshot, ordered by time and portal. Eight small layers become
one larger layer, split so that a portal's month is in one of its manifests. So a commit opens a few dozen manifests
however many files a table has, and each file's entry is copied a few times in its life instead of at every merge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from pyiceberg.io import FileIO
from pyiceberg.manifest import DataFile, ManifestContent, ManifestEntry, ManifestFile
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.table import Table
from pyiceberg.utils.concurrent import ExecutorFactory

from storage.errors import StageFailed
from storage.model.partition import FOLDERS, Partition

FIELDS = {spec_id: ["portal", folder] for spec_id, folder in enumerate(FOLDERS)}  # by partition spec, in order
MIN_TO_MERGE = 8  # layers of one size
# Entries of a layer that commits merge no further: a few hundred milliseconds of a commit now and then, not seconds.
MERGED_BY_COMMITS = MIN_TO_MERGE**4
MERGED_BY_MAINTENANCE = MIN_TO_MERGE**8
# Entries of a manifest: 512 take ~30 ms to read, and the manifest list stays short.
MIN_ENTRIES, MAX_ENTRIES = 16, 512
PARTS = 8  # of a layer that is large enough


class ManifestReader:
    """Entries of manifests, each read once: a manifest never changes."""

    def __init__(self) -> None:
        self._read: dict[str, list[ManifestEntry]] = {}

    def entries(self, io: FileIO, manifests: Iterable[ManifestFile]) -> list[list[ManifestEntry]]:
        """The live entries of each manifest; what is not at hand is read at once."""
        manifests = list(manifests)
        missing = [manifest for manifest in manifests if manifest.manifest_path not in self._read]
        if len(missing) == 1:
            self._read[missing[0].manifest_path] = missing[0].fetch_manifest_entry(io)
        elif missing:
            found = ExecutorFactory.get_or_create().map(lambda manifest: manifest.fetch_manifest_entry(io), missing)
            self._read.update(zip((manifest.manifest_path for manifest in missing), found, strict=True))
        return [self._read[manifest.manifest_path] for manifest in manifests]

    def files(self, table: Table, branch: str, partitions: Collection[Partition]) -> list[DataFile]:
        """The live data files that may hold rows of portals' months or years on a branch.

        StageFailed where another writer deleted single rows.
        """
        snapshot = table.metadata.snapshot_by_name(branch)
        if snapshot is None:
            return []
        specs = table.metadata.specs()
        manifests = [
            manifest
            for manifest in snapshot.manifests(table.io)
            if has_files(manifest) and may_hold(manifest, specs[manifest.partition_spec_id], partitions)
        ]
        if any(manifest.content != ManifestContent.DATA for manifest in manifests):
            raise StageFailed(
                f"news.{table.name()[-1]} has delete files, which another writer made",
                remedy="rewrite the table's data files with the tool that made them",
            )
        wanted = {(one.portal, month) for one in partitions for month in one.months}
        files = (entry.data_file for found in self.entries(table.io, manifests) for entry in found)
        own = ((file, partition_of(file)) for file in files)
        return [file for file, of in own if any((of.portal, month) in wanted for month in of.months)]


def partition_of(file: DataFile) -> Partition:
    """The portal and month, or year, a data file belongs to."""
    return Partition(file.partition[0], file.partition[1], file.spec_id)


def has_files(manifest: ManifestFile) -> bool:
    """Whether a manifest names files that are alive; one that only tells what a snapshot deleted does not."""
    return manifest.has_added_files() or manifest.has_existing_files()


def may_hold(manifest: ManifestFile, spec: PartitionSpec, partitions: Iterable[Partition]) -> bool:
    """Whether files of one of the partitions may be in a manifest, by the bounds the manifest list keeps of it."""
    bounds = manifest.partitions
    if not bounds or FIELDS.get(spec.spec_id) != [field.name for field in spec.fields]:
        return True
    portal, time = bounds
    if None in (portal.lower_bound, portal.upper_bound, time.lower_bound, time.upper_bound):
        return True
    first, last = portal.lower_bound or b"", portal.upper_bound or b""
    low, high = (
        Partition("", int.from_bytes(bound or b"", "little", signed=True), spec.spec_id).months
        for bound in (time.lower_bound, time.upper_bound)
    )
    return any(
        first <= one.portal.encode() <= last and low.start < one.months.stop and one.months.start < high.stop
        for one in partitions
    )


def crowded_layers(manifests: Iterable[ManifestFile], *, up_to: int = MERGED_BY_COMMITS) -> list[ManifestFile]:
    """The manifests that are due to become one layer: those up to the size of which there are too many."""
    layers: dict[int | None, list[ManifestFile]] = defaultdict(list)
    for manifest in manifests:
        layers[manifest.added_snapshot_id].append(manifest)
    sizes = {snapshot: sum(map(entries_in, layer)) for snapshot, layer in layers.items()}
    limit = MIN_TO_MERGE
    while limit <= up_to:
        if sum(limit // MIN_TO_MERGE <= size < limit for size in sizes.values()) >= MIN_TO_MERGE:
            return [one for snapshot, layer in layers.items() if sizes[snapshot] < limit for one in layer]
        limit *= MIN_TO_MERGE
    return []


def entries_in(manifest: ManifestFile) -> int:
    """How many live files a manifest names."""
    return (manifest.added_files_count or 0) + (manifest.existing_files_count or 0)


def in_parts(entries: Iterable[ManifestEntry]) -> Iterator[Sequence[ManifestEntry]]:
    """A layer's entries (of one partition spec) by time and portal, in the parts that become its manifests."""
    ordered = sorted(entries, key=lambda entry: partition_of(entry.data_file)[::-1])
    size = min(MAX_ENTRIES, max(MIN_ENTRIES, -(-len(ordered) // PARTS)))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
