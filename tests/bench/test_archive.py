"""The archive's benchmark runs from end to end, on sizes that say nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Seconds: on a loaded machine the forty processes of the memory's figures take five minutes.
PATIENCE = 850
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_each_of_the_ten_questions_has_lines_seconds_and_rows() -> None:
    command = [sys.executable, "-m", "bench.archive.run", "--only", "questions", "--pages", "60", "--rounds", "1"]
    done = subprocess.run(
        [*command, "--no-write"], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    table = done.stdout.partition("<!-- questions -->")[2].splitlines()
    rows = [line.strip("| ").split(" | ") for line in table if line.startswith("| ")][2:]
    assert len(rows) == 10
    assert all(cell != "–" for row in rows for cell in row)
    answers = {title: int(rows) for title, *_, rows in rows}
    assert answers["A corpus to train on"] == answers["From S3, on a laptop"] == 12


@pytest.mark.parametrize(
    ("parts", "figures", "portals"),
    # Reading asks for one portal by its number.
    [(("publishing", "reading", "re-extraction"), 13, 10), (("memory",), 15, 2), (("search", "analysis"), 20, 2)],
)
def test_the_archive_benchmark_measures_everything_it_promises(
    parts: tuple[str, ...], figures: int, portals: int
) -> None:
    sizes = ["--rows", "600", "--portals", str(portals), "--pages", "8", "--rounds", "1", "--search-rows", "600"]
    sizes += ["--memory-rows", "120", "--memory-pages", "3", "--memory-portals", str(portals)]
    command = [sys.executable, "-m", "bench.archive.run", *sizes, "--json", "--no-write"]
    command += [word for part in parts for word in ("--only", part)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    found = {one["what"]: one for one in json.loads(done.stdout.splitlines()[-1])}
    assert len(found) == figures
    assert all(one["ours"] > 0 for one in found.values())
