"""Scratch folders that killed processes left behind: a process removes its own, unless somebody kills it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

PREFIX = "warraq-"  # of all scratch folders, in the system's place for temporary files
# What `tempfile` makes of the prefixes in use; another folder whose name begins like them may be somebody's archive.
_SCRATCH = re.compile(
    rf"{PREFIX}(?:check|data|new-portal|publish|release|removal|seed|spool|staged|staging|stamp|wacz)-[a-z0-9_]{{8}}",
    re.ASCII,
)
ORPHAN_SECONDS = 2 * 86_400.0  # no stage works in one folder for so long


def sweep_scratch(place: Path | None = None) -> int:
    """Remove scratch folders of this user that nobody has touched for days; how many there were."""
    count, place = 0, place or Path(tempfile.gettempdir())
    try:
        # By the file system's clock: a process whose clock jumps ahead takes no living folder for an old one.
        with tempfile.TemporaryFile(dir=place) as file:
            now = os.fstat(file.fileno()).st_mtime
    except OSError:
        return 0
    for path in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            facts = path.lstat()
            is_scratch = path.is_dir() and not path.is_symlink() and _SCRATCH.fullmatch(path.name) is not None
            if is_scratch and facts.st_uid == os.getuid() and now - facts.st_mtime > ORPHAN_SECONDS:
                shutil.rmtree(path)
                count += 1
    return count
