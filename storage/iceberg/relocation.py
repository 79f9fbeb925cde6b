"""Tables whose files lie somewhere else now: Iceberg stores absolute paths, so its metadata is written anew.

Data files stay as they are. Everything that names them (manifests, manifest lists, metadata) is written under the new
place, with the digest in its name as always, and the catalog's pointers move at the end, all at once.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from pyiceberg.io import FileIO, InputFile, OutputFile
from pyiceberg.manifest import ManifestEntry, ManifestFile, write_manifest, write_manifest_list
from pyiceberg.serializers import FromInputFile, ToOutputFile
from pyiceberg.table import Table
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.typedef import Record

from storage.errors import DamagedObject, StageFailed
from storage.iceberg.commit_log import DENY, HEAD, Told, entries, write_entry
from storage.iceberg.digest_names import DigestNaming, digest_in_name
from storage.iceberg.multi_table_commit import LOCK_TABLE, NAMESPACE, ArchiveCatalog, point_to_newest
from storage.objects.keys import removal_key, removals_root
from storage.objects.store import ObjectStore, object_sha256

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Moved:
    """What a move did."""

    home: str  # where the catalog thought the archive was
    snapshots: int
    data_files: int


class _FromNewPlace(FileIO):
    """Reads what was written under the old place from the new one."""

    def __init__(self, inner: FileIO, old: str, new: str) -> None:
        super().__init__(inner.properties)
        self._inner, self._old, self._new = inner, old, new

    def new_input(self, location: str) -> InputFile:
        """The file of the same name below the new place."""
        return self._inner.new_input(self._new + location.removeprefix(self._old))

    def new_output(self, location: str) -> OutputFile:
        """As the other FileIO does."""
        return self._inner.new_output(location)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """As the other FileIO does."""
        self._inner.delete(location)


def relocate(
    catalog: ArchiveCatalog, store: ObjectStore, *, home: str, say: Callable[[str], None] = lambda _: None
) -> Moved:
    """Write the tables' metadata anew for the place the store is at, and let the catalog point at it.

    All that a snapshot names is looked for first. Killed before the end, it changes nothing and can be called again.
    Raises DamagedObject for a file that is not what its name says, StageFailed for one that is not there.
    """
    new = store.url
    places = catalog.metadata_places()
    io = catalog._load_file_io(location=new)
    present = {info.key: info.bytes for info in store.list("tables/")}
    written: dict[str, TableMetadata] = {}
    counts = Moved(home, 0, 0)
    for name, place in places.items():
        say(f"news.{name}")
        key = place.removeprefix(f"{home}/")
        _check_digest(store, key)
        metadata = FromInputFile.table_metadata(io.new_input(f"{new}/{key}"))
        rewriting = _Rewriting(store, _FromNewPlace(io, home, new), metadata, old=home, new=new, present=present)
        if name == LOCK_TABLE:
            _check_removals(store, metadata.properties.get(HEAD))
        written[name] = rewriting.metadata()
        counts = Moved(home, counts.snapshots + len(metadata.snapshots), counts.data_files + len(rewriting.files))
    _swap(catalog, io, places, written, home=home, new=new)
    point_to_newest(catalog)
    return counts


class _Rewriting:
    """One table's metadata on its way to the new place."""

    def __init__(
        self,
        store: ObjectStore,
        io: FileIO,
        metadata: TableMetadata,
        *,
        old: str,
        new: str,
        present: Mapping[str, int],
    ) -> None:
        self._store, self._io, self._old_metadata = store, io, metadata
        self._old, self._new, self._present = old, new, present
        self._naming = DigestNaming(io)
        self._manifests: dict[str, ManifestFile] = {}
        self.files: set[str] = set()

    def metadata(self) -> TableMetadata:
        """The metadata as it is to be at the new place; manifests and lists are written."""
        old = self._old_metadata
        snapshots = [self._snapshot(snapshot) for snapshot in old.snapshots]
        changes = {"location": self._moved(old.location), "snapshots": snapshots, "metadata_log": []}
        return old.model_copy(update=changes)

    def _moved(self, location: str) -> str:
        if not location.startswith(f"{self._old}/"):
            raise StageFailed(f"{location} is not below {self._old}", remedy="move it by the tool that wrote it there")
        return self._new + location.removeprefix(self._old)

    def _snapshot(self, snapshot: Snapshot) -> Snapshot:
        self._check(snapshot.manifest_list)
        manifests = [self._manifest(one) for one in snapshot.manifests(self._io)]
        location = _unnamed(self._moved(snapshot.manifest_list))
        output = self._naming.new_output(location)
        with write_manifest_list(
            format_version=2,
            output_file=output,
            snapshot_id=snapshot.snapshot_id,
            parent_snapshot_id=snapshot.parent_snapshot_id,
            sequence_number=snapshot.sequence_number,
            avro_compression="deflate",
        ) as writer:
            writer.add_manifests(manifests)
        return snapshot.model_copy(update={"manifest_list": self._naming.where(location)})

    def _manifest(self, old: ManifestFile) -> ManifestFile:
        if old.manifest_path not in self._manifests:
            self._check(old.manifest_path)
            self._manifests[old.manifest_path] = self._written(old)
        return self._manifests[old.manifest_path]

    def _written(self, old: ManifestFile) -> ManifestFile:
        metadata = self._old_metadata
        location = _unnamed(self._moved(old.manifest_path))
        # Looked for before the writer is opened, which would hide what is missing behind an error of its own.
        entries = [self._entry(entry) for entry in old.fetch_manifest_entry(self._io, discard_deleted=False)]
        with write_manifest(
            format_version=2,
            spec=metadata.specs()[old.partition_spec_id],
            schema=metadata.schema(),
            output_file=self._naming.new_output(location),
            snapshot_id=old.added_snapshot_id or 0,
            avro_compression="deflate",
        ) as writer:
            for entry in entries:
                writer.add_entry(entry)
        written = writer.to_manifest_file()
        new = _copied(old)
        new[0], new[1] = self._naming.where(location), written.manifest_length
        return new

    def _entry(self, entry: ManifestEntry) -> ManifestEntry:
        file = _copied(entry.data_file)
        place = self._moved(entry.data_file.file_path)
        file[1] = place
        is_alive = int(entry.status) != _DELETED
        key = place.removeprefix(f"{self._new}/")
        if is_alive and self._present.get(key) != entry.data_file.file_size_in_bytes:
            raise StageFailed(f"{key} is not there, or of another size", remedy="copy the archive whole, then move it")
        if is_alive:
            self.files.add(key)
        new = _copied(entry)
        new[4] = file
        return new

    def _check(self, location: str) -> None:
        _check_digest(self._store, location.removeprefix(f"{self._old}/"))


_DELETED = 2  # of a manifest's entries


def _copied(record: R) -> R:
    """Another record with the same fields: pyiceberg keeps those it has read, and shares them."""
    return type(record)(*(record[position] for position in range(len(record))))


def _unnamed(location: str) -> str:
    """A location without the digest in its name, which the file gets anew."""
    digest = digest_in_name(location)
    return location.replace(f".{digest}", "") if digest else location


def _check_removals(store: ObjectStore, head: str | None) -> None:
    """Raise StageFailed for a copy from before a removal: the new place would hold what went."""
    present = {info.key for info in store.list(removals_root())}
    for entry in entries(store, head):
        if entry.what == DENY and removal_key(str(entry.facts["removal"])) not in present:
            raise StageFailed(
                f"{removal_key(str(entry.facts['removal']))} is not there: the copy is older than this removal",
                remedy="copy the archive again, then move it",
            )


def _check_digest(store: ObjectStore, key: str) -> None:
    digest = digest_in_name(key)
    if digest and object_sha256(store, key)[0] != digest:
        raise DamagedObject(f"{key}: its sha256 is not the one in its name", remedy="copy it again")


def _swap(
    catalog: ArchiveCatalog,
    io: FileIO,
    places: Mapping[str, str],
    written: Mapping[str, TableMetadata],
    *,
    home: str,
    new: str,
) -> None:
    """Write the new metadata and move all pointers in one transaction."""
    runs = written[LOCK_TABLE]
    told = Told("move", lambda: {"from": home, "to": new})
    lists = {name: _list_of(metadata) for name, metadata in written.items()}
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    table = Table((NAMESPACE, LOCK_TABLE), runs, f"{new}/none", io, catalog)
    head = write_entry(io, home=new, runs=table, lists=lists, told=told, at=at)
    changed = {**written, LOCK_TABLE: runs.model_copy(update={"properties": {**runs.properties, HEAD: head}})}
    pointers = {}
    for name, metadata in changed.items():
        naming = DigestNaming(io)
        location = f"{metadata.location}/metadata/{_next_name(places[name])}"
        ToOutputFile.table_metadata(metadata, naming.new_output(location), overwrite=True)
        pointers[name] = naming.where(location)
    catalog.point_at(pointers, expected=places)


def _next_name(place: str) -> str:
    """The name of the metadata file that follows: its number says which is newer."""
    match = re.search(r"/(\d+)-[^/]*$", place)
    return f"{int(match[1]) + 1 if match else 0:05d}-{uuid.uuid4()}.metadata.json"


def _list_of(metadata: TableMetadata) -> str:
    snapshot = metadata.current_snapshot()
    return snapshot.manifest_list if snapshot else ""
