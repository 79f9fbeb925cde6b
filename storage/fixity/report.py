"""What a comparison of stored bytes with their digests found."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.errors import DamagedObject, ObjectMissing
from storage.objects.store import ObjectStore, object_sha256


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

    def add(self, other: Fixity) -> None:
        """Count what another one found."""
        self.objects += other.objects
        self.bytes += other.bytes
        self.unrecorded += other.unrecorded
        self.problems += other.problems
