"""A process of ours starts without looking for garbage among its imports, and looks for it afterwards as ever."""

from __future__ import annotations

import subprocess
import sys

from tests.fixtures.paths import ROOT

PROGRAM = """
import gc
from storage.schema.start_up import start_quickly

usual = gc.get_threshold()
start_quickly()
start_quickly()
assert gc.get_threshold()[0] > 100 * usual[0]
gc.collect()
assert gc.get_threshold() == usual, "after the first look, as ever"
assert gc.get_freeze_count() > 1000, "what was there stays"
kept = gc.get_freeze_count()
for _ in range(10 * usual[0]):
    circle = []
    circle.append(circle)
assert gc.get_count()[0] < 2 * usual[0], "garbage is found again"
assert gc.get_freeze_count() == kept
"""


def test_garbage_is_looked_for_once_the_imports_are_over() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
