"""What killed processes left is swept, and nothing else is."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from storage.objects.scratch import _SCRATCH, ORPHAN_SECONDS, sweep_scratch
from tests.fixtures.paths import ROOT

OLD = "warraq-staging-a1b2c3_d"


def test_old_scratch_folders_go_and_all_else_stays(tmp_path: Path) -> None:
    old = time.time() - ORPHAN_SECONDS - 60
    # Archives of people who like the name stay, however long nothing was put directly into them.
    archives = ("warraq-archive", "warraq-data-2024", "warraq-attack-a1b2c3_d", "warraq-publish-of-may")
    names = (OLD, "warraq-publish-a1b2c3_e", "other-old", *archives, "warraq-stamp-a1b2c3_f", "warraq-staged-a1b2c3_g")
    for name in names[:-2]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows.parquet").write_bytes(b"x")
    (tmp_path / names[-2]).write_bytes(b"x")
    (tmp_path / names[-1]).symlink_to(tmp_path / "other-old")
    for name in (OLD, "other-old", *archives, names[-2]):
        os.utime(tmp_path / name, (old, old))
    assert sweep_scratch(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(set(names) - {OLD})


def test_a_clock_that_jumps_ahead_makes_no_living_folder_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / OLD).mkdir()
    ahead = time.time() + 100 * ORPHAN_SECONDS
    monkeypatch.setattr(time, "time", lambda: ahead)
    assert sweep_scratch(tmp_path) == 0


def test_a_place_that_is_gone_has_nothing_to_sweep(tmp_path: Path) -> None:
    assert sweep_scratch(tmp_path / "gone") == 0


def test_every_scratch_folder_of_the_product_is_known_to_the_sweep() -> None:
    sources = [
        path.read_text("utf-8") for room in ("storage", "spiders", "warraq") for path in (ROOT / room).rglob("*.py")
    ]
    used = {name for text in sources for name in re.findall(r'prefix="(warraq-[a-z-]+-)"', text)}
    assert len(used) > 8
    assert all(_SCRATCH.fullmatch(f"{name}a1b2c3_d") for name in used)
