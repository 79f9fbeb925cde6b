"""The store that the settings name: a local directory or S3."""

from __future__ import annotations

from pathlib import Path

from storage.objects.local import LocalStore
from storage.objects.store import ObjectStore
from storage.settings import Settings


def open_store(settings: Settings) -> ObjectStore:
    """The archive's store, tried once: raises StoreUnreachable or StoreDenied before any work is done."""
    if settings.is_s3:
        from storage.objects.s3 import S3Store  # noqa: PLC0415 - slow import, not needed for a local archive

        return S3Store.connect(settings)
    return LocalStore(Path(settings.archive))
