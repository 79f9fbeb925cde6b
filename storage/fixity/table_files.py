"""The tables' files against the digests in their names, and their rows against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
from pyiceberg.manifest import DataFile

from storage.fixity.report import Fixity
from storage.iceberg.data_files import digest_of_data_file, store_location
from storage.iceberg.digest_names import digest_in_name
from storage.iceberg.manifests import ManifestReader, partition_of
from storage.objects.keys import tables_prefix
from storage.objects.store import ObjectStore, object_sha256
from storage.tables.archive_tables import ArchiveTables
from storage.tables.known_articles import numbers_of
from storage.tables.row_filters import select

MAX_NAMED = 20  # doubles of a portal that are named one by one


def check_data_files(
    tables: ArchiveTables, *, portal: str | None = None, since: datetime | None = None, before: datetime | None = None
) -> Iterator[tuple[str, Fixity]]:
    """Compare Parquet files with the digest in their name: all that any snapshot, branch or tag names.

    Of a portal, and of the months and years that [since, before) touches. Each comes with its key, which says its
    month or year.
    """
    reader = ManifestReader()
    for table in tables.load().values():
        folder = f"{store_location(table)}/"
        manifests = {one.manifest_path: one for snap in table.metadata.snapshots for one in snap.manifests(table.io)}
        files: dict[str, DataFile] = {}
        for entries in reader.entries(table.io, list(manifests.values())):
            for file in (entry.data_file for entry in entries):
                of = partition_of(file)
                is_wanted = (since is None or of.end > since) and (before is None or of.start <= before)
                if is_wanted and portal in (None, of.portal):
                    files[file.file_path] = file
        for path in sorted(files):
            key, fixity = path.removeprefix(folder), Fixity()
            digest = digest_of_data_file(key)
            if digest:
                fixity.compare(tables.store, key, sha256=digest, size=files[path].file_size_in_bytes)
            else:
                fixity.unrecorded += 1
            yield key, fixity


def damaged_files(store: ObjectStore) -> Iterator[str]:
    """The keys below tables/ that are not what their name says: for when the tables cannot even be read."""
    for info in store.list(tables_prefix()):
        digest = digest_in_name(info.key) or digest_of_data_file(info.key)
        if digest and object_sha256(store, info.key)[0] != digest:
            yield info.key


def check_table_metadata(tables: ArchiveTables) -> Fixity:
    """Compare Iceberg's own files with the digest in their name: metadata, manifest lists, manifests.

    Of all snapshots that can still be read. Older metadata that the table only logs is compared where it has a digest.
    """
    fixity = Fixity()
    for table in tables.load().values():
        root = f"{store_location(table)}/"

        def is_sound(location: str, root: str = root) -> bool:
            digest = digest_in_name(location)
            if digest is None:
                fixity.unrecorded += 1
                return True
            return fixity.compare(tables.store, location.removeprefix(root), sha256=digest)

        is_sound(table.metadata_location)
        for logged in table.metadata.metadata_log:
            if digest_in_name(logged.metadata_file):
                is_sound(logged.metadata_file)
        lists = [snapshot for snapshot in table.metadata.snapshots if is_sound(snapshot.manifest_list)]
        for path in sorted({manifest.manifest_path for one in lists for manifest in one.manifests(table.io)}):
            is_sound(path)
    return fixity


def doubles(tables: ArchiveTables, *, portal: str | None = None) -> Iterator[tuple[str, str]]:
    """Texts that the published rows hold twice: the portal, and one line that names the text and its runs."""
    known: defaultdict[str, list[npt.NDArray[np.uint64]]] = defaultdict(list)
    wanted = select(portal=portal)
    for batch in tables.batches("articles", row_filter=wanted, columns=("portal", "edition_id")):
        for name in batch["portal"].unique().to_pylist():
            known[name].append(numbers_of(batch.filter(pc.equal(batch["portal"], name))["edition_id"]))
    for name, parts in sorted(known.items()):
        found, counts = np.unique(np.concatenate(parts), return_counts=True)
        twice = found[counts > 1]
        if len(twice):
            yield from ((name, line) for line in _named(tables, name, twice))


def _named(tables: ArchiveTables, portal: str, twice: npt.NDArray[np.uint64]) -> Iterator[str]:
    runs: defaultdict[str, list[str]] = defaultdict(list)
    for batch in tables.batches("articles", row_filter=select(portal=portal), columns=("edition_id", "run_id")):
        picks = np.isin(numbers_of(batch["edition_id"]), twice)
        for row in batch.to_pylist() if picks.any() else ():
            runs[row["edition_id"]].append(row["run_id"])
    doubled = sorted((edition, sorted(of)) for edition, of in runs.items() if len(of) > 1)
    for edition, of in doubled[:MAX_NAMED]:
        yield f"{portal}: the text {edition} is stored {len(of)} times, by {', '.join(of)}"
    if len(doubled) > MAX_NAMED:
        yield f"{portal}: {len(doubled) - MAX_NAMED} more texts are stored more than once"
