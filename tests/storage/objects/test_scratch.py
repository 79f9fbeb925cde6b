"""What killed processes left is swept, and nothing else is."""

from __future__ import annotations

import os
import time
from pathlib import Path

from storage.objects.scratch import ORPHAN_SECONDS, sweep_scratch


def test_old_scratch_folders_go_and_all_else_stays(tmp_path: Path) -> None:
    old = time.time() - ORPHAN_SECONDS - 60
    names = ("warraq-staging-old", "warraq-staging-young", "other-old", "warraq-file", "warraq-link")
    for name in names[:3]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows.parquet").write_bytes(b"x")
    (tmp_path / "warraq-file").write_bytes(b"x")
    (tmp_path / "warraq-link").symlink_to(tmp_path / "other-old")
    for name in ("warraq-staging-old", "other-old", "warraq-file"):
        os.utime(tmp_path / name, (old, old))
    assert sweep_scratch(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(set(names) - {"warraq-staging-old"})
