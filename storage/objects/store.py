"""The door to bytes: one small interface for a local directory and for S3."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from storage.errors import StageFailed

MAX_KEY_BYTES = 1024  # the limit of S3
MAX_KEY_PART_BYTES = 255  # the limit of a file name on common file systems
HASH_STEP_BYTES = 1 << 20


@dataclass(frozen=True)
class ObjectInfo:
    """One stored object as a listing shows it."""

    key: str
    bytes: int
    modified_at: datetime


class ObjectStore(Protocol):
    """Whole objects under keys. An object appears at once and complete, or not at all.

    Every method may raise StoreUnreachable (try again later), StoreDenied (correct the configuration) and, for a key
    that is none (see check_key), StageFailed. Implementations may be called from several threads.
    """

    @property
    def url(self) -> str:
        """The store's address as people write it in WARRAQ_ARCHIVE."""
        ...

    def put(self, key: str, data: bytes, *, if_absent: bool = False) -> None:
        """Store bytes. With `if_absent`, raises ObjectExists where the key is taken; of two writers one wins."""
        ...

    def put_file(self, key: str, path: Path, *, if_absent: bool = False) -> None:
        """Store a file of any size without reading it into memory; otherwise like put()."""
        ...

    def get(self, key: str) -> bytes:
        """The whole object; raises ObjectMissing."""
        ...

    def get_range(self, key: str, *, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; fewer only at the object's end. Raises ObjectMissing."""
        ...

    def open(self, key: str) -> BinaryIO:
        """A reader that streams; close it. Raises ObjectMissing."""
        ...

    def exists(self, key: str) -> bool:
        """Whether an object has this key."""
        ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """The objects whose keys begin with `prefix`, sorted by key."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; a missing one is fine."""
        ...


def check_key(key: str) -> str:
    """The key itself, or StageFailed if it could leave the archive or cannot be stored everywhere.

    Keys also come out of manifests and indexes, so a wrong one may be an attack, not only a mistake.
    """
    parts = key.split("/")
    sound = (
        len(key.encode("utf-8", "surrogatepass")) <= MAX_KEY_BYTES
        and all(part and not part.startswith(".") for part in parts)
        and all(len(part.encode("utf-8", "surrogatepass")) <= MAX_KEY_PART_BYTES for part in parts)
        and "\\" not in key
        and key.isprintable()
    )
    if not sound:
        raise StageFailed(
            f"{key!r} is not a key of the archive", remedy="what named it is damaged; run `warraq verify` on that run"
        )
    return key


def object_sha256(store: ObjectStore, key: str) -> tuple[str, int]:
    """The sha256 of an object's bytes, and their number, without reading it into memory; raises ObjectMissing."""
    digest, size = hashlib.sha256(), 0
    with store.open(key) as reader:
        while data := reader.read(HASH_STEP_BYTES):
            digest.update(data)
            size += len(data)
    return digest.hexdigest(), size
