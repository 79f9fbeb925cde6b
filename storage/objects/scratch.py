"""Scratch folders that killed processes left behind: a process removes its own, unless somebody kills it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

PREFIX = "warraq-"  # of all scratch folders, in the system's place for temporary files
ORPHAN_SECONDS = 2 * 86_400.0  # no stage works in one folder for so long


def sweep_scratch(place: Path | None = None) -> int:
    """Remove scratch folders of this user that nobody has touched for days; how many there were."""
    count = 0
    for path in (place or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            facts = path.lstat()
            is_ours = path.is_dir() and not path.is_symlink() and facts.st_uid == os.getuid()
            if is_ours and time.time() - facts.st_mtime > ORPHAN_SECONDS:
                shutil.rmtree(path)
                count += 1
    return count
