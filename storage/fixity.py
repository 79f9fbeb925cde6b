"""Whether stored bytes are still those that were written: every object against the digest that was kept of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.iceberg.data_files import store_location
from storage.iceberg.digest_names import digest_in_name
from storage.model.records import ChunkInfo
from storage.objects.keys import chunk_index_key, crawl_key, release_prefix
from storage.objects.store import ObjectStore, check_key, object_sha256
from storage.raw.run import RawRun
from storage.release.monthly_release import MANIFEST
from storage.tables.archive_tables import ArchiveTables

SUMS = "SHA256SUMS"
_DIGEST_IN_NAME = re.compile(r"-([0-9a-f]{64})\.parquet$")


@dataclass
class Fixity:
    """What was compared, and what differs: one line each, beginning with the object's key."""

    objects: int = 0
    bytes: int = 0
    unrecorded: int = 0  # objects that state no digest: nothing can be said of them
    problems: list[str] = field(default_factory=list)

    def compare(self, store: ObjectStore, key: str, *, sha256: str, size: int | None = None) -> bool:
        """Hash an object and note any difference; whether there is none."""
        self.objects += 1
        try:
            found, length = object_sha256(store, key)
        except (ObjectMissing, DamagedObject) as error:
            self.problems.append(error.message)
            return False
        self.bytes += length
        if size is not None and length != size:
            self.problems.append(f"{key}: {length} bytes instead of {size}")
        elif found != sha256:
            self.problems.append(f"{key}: its sha256 is not the one that was recorded")
        else:
            return True
        return False


def check_raw(raw: RawRun, *, choose: Callable[[list[ChunkInfo]], list[ChunkInfo]] = lambda chunks: chunks) -> Fixity:
    """Compare a run's crawl report, link lists, indexes and (those that `choose` picks of its) chunks."""
    fixity = Fixity()
    try:
        chunks = raw.counting_chunks()
        digests = raw.object_digests()
    except (DamagedObject, ObjectMissing) as error:
        fixity.problems.append(error.message)
        return fixity
    fixity.objects += bool(digests) * 1  # crawl.json, which is read against its own seal
    for key, sha256 in digests.items():
        fixity.compare(raw.store, key, sha256=sha256)
    for chunk in choose(chunks):
        fixity.compare(raw.store, chunk.key, sha256=chunk.sha256, size=chunk.bytes)
    for chunk in chunks:
        try:
            raw.index(chunk)
        except (DamagedObject, ObjectMissing) as error:
            if not any(problem.startswith(chunk_index_key(chunk.key)) for problem in fixity.problems):
                fixity.problems.append(error.message)
    return fixity


def check_data_files(tables: ArchiveTables, *, row_filter: str) -> Iterator[tuple[str, Fixity]]:
    """Compare the live Parquet files of a selection with the digest in their name; each with its partition's month."""
    for table in tables.load().values():
        folder = f"{store_location(table)}/"
        for task in table.scan(row_filter=row_filter).plan_files():
            key = task.file.file_path.removeprefix(folder)
            fixity = Fixity()
            digest = _DIGEST_IN_NAME.search(key)
            if digest:
                fixity.compare(tables.store, key, sha256=digest[1], size=task.file.file_size_in_bytes)
            yield key, fixity


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


def check_release(store: ObjectStore, name: str) -> Fixity:
    """Compare every file of a release with its SHA256SUMS."""
    fixity = Fixity()
    key = release_prefix(name) + SUMS
    try:
        lines = store.get(key).decode("utf-8", "replace").splitlines()
    except ObjectMissing as error:
        fixity.problems.append(error.message)
        return fixity
    fixity.objects += 1
    for line in lines:
        sha256, gap, file = line.partition("  ")
        try:
            check_key(release_prefix(name) + file)
        except StageFailed:
            gap = ""
        if gap:
            fixity.compare(store, release_prefix(name) + file, sha256=sha256)
        else:
            fixity.problems.append(f"{key}: a line is no digest and file")
    if not any(line.endswith(f"  {MANIFEST}") for line in lines):
        fixity.problems.append(f"{key}: does not name {MANIFEST}")
    return fixity


def crawl_is_finished(raw: RawRun) -> bool:
    """Whether the run's crawl ever finished; what came before is hashed, but no rows are made of it."""
    return raw.store.exists(crawl_key(raw.run))
