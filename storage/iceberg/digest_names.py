"""Iceberg metadata files whose names hold the sha256 of their bytes, so that `warraq verify` can compare them.

The names form a chain: the catalog names the table's metadata, that the manifest lists, those the manifests, those
the data files. Nothing else has to be written, kept in step or cleaned up, and a file never lacks its digest.
"""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from types import TracebackType

from pyiceberg.io import FileIO, InputFile, OutputFile, OutputStream
from pyiceberg.table.update import AddSnapshotUpdate, TableUpdate

# A point before the digest: pyiceberg and Iceberg's own library take it for the name of a codec, which they allow.
_SUFFIX = re.compile(r"\.(avro|metadata\.json)$")
_NAMED = re.compile(r"\.([0-9a-f]{64})\.(?:avro|metadata\.json)$")


def digest_in_name(location: str) -> str | None:
    """The sha256 a metadata file's name states; None for one that another writer named."""
    found = _NAMED.search(location)
    return found[1] if found else None


def write_whole(io: FileIO, location: str, data: bytes) -> None:
    """Write a file: whole or not at all, on a full disk and where the process is killed, as object stores do anyway."""
    if "://" in location:
        with io.new_output(location).create(overwrite=True) as stream:
            stream.write(data)
        return
    path = Path(location)
    part = path.with_name(f".{path.name}.part")  # no listing of the archive names it
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class DigestNaming(FileIO):
    """Reads as another FileIO does; what it writes is held until it is whole, then stored under a name with digest."""

    def __init__(self, inner: FileIO) -> None:
        super().__init__(inner.properties)
        self._inner = inner
        self._renamed: dict[str, str] = {}

    def new_input(self, location: str) -> InputFile:
        """As the other FileIO does."""
        return self._inner.new_input(location)

    def new_output(self, location: str) -> OutputFile:
        """A file whose location is final once it is closed."""
        return _NamedOutput(self, location)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """As the other FileIO does."""
        self._inner.delete(location)

    def store(self, location: str, data: bytes) -> str:
        """Write a whole file; where it then is."""
        named = _SUFFIX.sub(rf".{hashlib.sha256(data).hexdigest()}.\1", location)
        write_whole(self._inner, named, data)
        self._renamed[location] = named
        return named

    def where(self, location: str) -> str:
        """Where the file is that was to be written at `location`."""
        return self._renamed.get(location, location)

    @property
    def written(self) -> tuple[str, ...]:
        """Where the files are that were written."""
        return tuple(self._renamed.values())

    def settled(self, update: TableUpdate) -> TableUpdate:
        """The update with the manifest list's final place."""
        if not isinstance(update, AddSnapshotUpdate):
            return update
        snapshot = update.snapshot
        moved = snapshot.model_copy(update={"manifest_list": self.where(snapshot.manifest_list)})
        return update.model_copy(update={"snapshot": moved})


class _NamedOutput(OutputFile):
    def __init__(self, naming: DigestNaming, location: str) -> None:
        super().__init__(location)
        self._naming = naming
        self._bytes = 0

    def __len__(self) -> int:
        return self._bytes

    def exists(self) -> bool:
        """Whether it has been written."""
        return self.to_input_file().exists()

    def to_input_file(self) -> InputFile:
        """The same file, to be read."""
        return self._naming.new_input(self.location)

    def create(self, overwrite: bool = False) -> OutputStream:
        """A stream that is stored when it is closed."""
        return _Held(self)

    def finish(self, data: bytes) -> None:
        """Store the bytes and take the name they have."""
        self._location = self._naming.store(self.location, data)
        self._bytes = len(data)


class _Held(OutputStream):
    """Bytes on their way to a file; nothing is stored when writing them fails."""

    def __init__(self, output: _NamedOutput) -> None:
        self._output, self._buffer = output, io.BytesIO()

    def write(self, b: bytes) -> int:
        return self._buffer.write(b)

    def tell(self) -> int:
        return self._buffer.tell()

    def close(self) -> None:
        if not self._buffer.closed:
            data = self._buffer.getvalue()
            self._buffer.close()
            self._output.finish(data)

    def __enter__(self) -> _Held:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
