"""The archive's benchmark runs from end to end, on sizes that say nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.archive import memory

ROOT = Path(__file__).parents[2]
PATIENCE = 850  # seconds, on a loaded machine
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
    [(("publishing", "reading", "re-extraction"), 13, 10), (("search", "analysis"), 20, 2)],
)
def test_the_archive_benchmark_measures_everything_it_promises(
    parts: tuple[str, ...], figures: int, portals: int
) -> None:
    sizes = ["--rows", "600", "--portals", str(portals), "--pages", "8", "--rounds", "1", "--search-rows", "600"]
    command = [sys.executable, "-m", "bench.archive.run", *sizes, "--json", "--no-write"]
    command += [word for part in parts for word in ("--only", part)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    found = {one["what"]: one for one in json.loads(done.stdout.splitlines()[-1])}
    assert len(found) == figures
    assert all(one["ours"] > 0 for one in found.values())


def test_each_command_of_the_memorys_figures_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and not at ten times the data too: each is a process or two."""
    once = memory.of_pages(tmp_path / "pages", 3) | memory.of_rows(tmp_path / "rows", 120, 2)
    assert len(once) == 15
    assert all(megabytes > 20 for megabytes in once.values()), once
    monkeypatch.setattr(memory, "of_pages", lambda _folder, pages: {"extract": 100.0 + pages})
    monkeypatch.setattr(memory, "of_rows", lambda _folder, rows, _portals: {"query": 100.0 + rows})
    found = memory.memory(tmp_path, rows=2, pages=1, portals=2)
    assert [(one.ours, one.theirs) for one in found] == [(110.0, 101.0), (120.0, 102.0)]
