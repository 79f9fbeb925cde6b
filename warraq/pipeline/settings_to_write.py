"""The settings of a command that writes: refused before anything is written where it could not be committed."""

from __future__ import annotations

from storage.settings import Settings, read_settings


def settings_to_write() -> Settings:
    """What the environment says. Raises UsageError for a bucket without WARRAQ_CATALOG, which readers do without."""
    settings = read_settings()
    if settings.is_s3 and settings.catalog is None:
        from storage.iceberg.catalog import require_catalog  # noqa: PLC0415 - slow import, of this case alone

        require_catalog(settings)
    return settings
