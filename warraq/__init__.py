"""Warraq archives Arabic news portals: `warraq.open_archive()` reads an archive, the `warraq` command does the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warraq.api.archive import Archive, open_archive

__all__ = ["Archive", "open_archive"]


def __getattr__(name: str) -> object:
    """Import the API when it is asked for: `import warraq` alone is the beginning of every command."""
    if name in __all__:
        from warraq.api import archive  # noqa: PLC0415 - slow import

        return getattr(archive, name)
    raise AttributeError(f"module 'warraq' has no attribute {name!r}")
