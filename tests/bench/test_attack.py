"""`make attack` at its smallest: it runs, prints its seed and its figures, and finds nothing lost."""

from __future__ import annotations

import subprocess
import sys

from tests.fixtures.paths import ROOT


def test_an_attack_tells_its_seed_what_it_did_and_what_it_found() -> None:
    words = [sys.executable, "-m", "bench.attack.run", "--seed", "7", "--only", "soak", "pages"]
    sizes = ["--pages", "12", "--windows", "2"]
    ended = subprocess.run([*words, *sizes], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "seed 7" in ended.stdout
    for line in ("mutated pages | 12", "windows of a soak | 2"):
        assert f"| {line} |" in ended.stdout
    assert "| lost, doubled or missed | 0 |" in ended.stdout
