"""`make attack` at its smallest: it runs, prints its seed and its figures, and finds nothing lost."""

from __future__ import annotations

import subprocess
import sys

from tests.fixtures.paths import ROOT


def test_mutated_pages_end_as_articles_or_rejections() -> None:
    words = [sys.executable, "-m", "bench.attack.run", "--seed", "7", "--only", "pages", "--pages", "12"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "seed 7" in ended.stdout
    assert "| mutated pages | 12 |" in ended.stdout
    assert "| lost, doubled or missed | 0 |" in ended.stdout
