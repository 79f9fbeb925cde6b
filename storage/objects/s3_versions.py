"""Old versions that a versioned bucket keeps of objects which were replaced or deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from storage.objects.s3 import S3Store


@dataclass(frozen=True, order=True)
class OldVersion:
    """A version that is not what readers get; a marker of a deletion is one too."""

    key: str
    version_id: str

    def __str__(self) -> str:
        return f"{self.key}?versionId={self.version_id}"


def old_versions(store: S3Store, prefixes: Collection[str]) -> Iterator[OldVersion]:
    """All old versions of objects whose keys begin with one of the prefixes. Raises StoreDenied."""
    for prefix in sorted(prefixes):
        with store.translating(prefix):
            pages = store.client.get_paginator("list_object_versions").paginate(
                Bucket=store.bucket, Prefix=store.prefix + prefix
            )
            for page in pages:
                markers = page.get("DeleteMarkers", ())
                for one in (*page.get("Versions", ()), *markers):
                    # A bucket that never had versions calls the only one "null".
                    if not one["IsLatest"] or (one in markers and one["VersionId"] != "null"):
                        yield OldVersion(one["Key"].removeprefix(store.prefix), one["VersionId"])


def delete_versions(store: S3Store, prefixes: Collection[str]) -> int:
    """Delete them for good; how many that were. Raises StoreDenied where the bucket locks them."""
    found = list(old_versions(store, prefixes))
    for one in found:
        with store.translating(one.key):
            store.client.delete_object(**store.names(one.key), VersionId=one.version_id)
    return len(found)
