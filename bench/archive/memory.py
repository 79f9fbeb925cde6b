"""Peak memory of each command at some data and at ten times as much."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.archive.findings import YEAR, Finding, settings_in
from bench.archive.pages import RUN, crawled
from bench.archive.year import build_year
from storage.settings import Settings

LIMIT = 1.5
CODES_OF_SUCCESS = (0, 3)  # 3: published, and the audit has something to say

SECONDS_BETWEEN = 0.05  # looks at what a command holds

# A command as `warraq` starts it. Asked of itself at its end: what the kernel tells a parent includes the parent's own
# size at the fork.
_MEASURED = """
import sys
from storage.schema.start_up import start_quickly
from warraq.cli.main import main
start_quickly()
try:
    main(sys.argv[1:])
finally:
    with open("/proc/self/status") as status:
        sys.stderr.write(next(line for line in status if line.startswith("VmHWM")))
"""


@dataclass(frozen=True)
class Peak:
    """Megabytes of one process at the most; `held` without files that it maps, which the system takes back at need."""

    resident: float
    held: float


def memory(folder: Path, *, rows: int, pages: int, portals: int) -> list[Finding]:
    """What the process of each command needs; its workers are bounded one by one (pipeline/workers)."""
    once = of_pages(folder / "pages1", pages) | of_rows(folder / "rows1", rows, portals)
    more = of_pages(folder / "pages10", 10 * pages) | of_rows(folder / "rows10", 10 * rows, portals)
    return [Finding(f"{name}: peak MB at ten times the data", more[name], once[name], limit=LIMIT) for name in once]


def of_pages(folder: Path, pages: int) -> dict[str, float]:
    """Commands that read the raw archive: one window with so many pages."""
    folder.mkdir()
    settings = crawled(folder, pages=pages)
    day, run = ["--from", f"{YEAR}-12-25", "--to", f"{YEAR}-12-26"], str(RUN)
    found = {
        "extract": peak_megabytes(["extract", run], settings),
        "publish": peak_megabytes(["publish", run], settings),
        "verify": peak_megabytes(["verify"], settings),
        "reextract": peak_megabytes(["reextract", "--portal", "demo", *day], settings),
        "import": _importing(folder, settings),
    }
    shutil.rmtree(folder)
    return found


def _importing(folder: Path, settings: Settings) -> float:
    """The crawl's own chunks, brought into an empty archive as foreign files; extraction is measured above."""
    chunks = sorted(str(path) for path in Path(settings.archive).glob("raw/**/*.warc.gz"))
    other = settings_in(folder / "import")
    other.cache.mkdir(parents=True)
    return peak_megabytes(["import", *chunks, "--portal", "demo", "--raw-only"], other)


def of_rows(folder: Path, rows: int, portals: int) -> dict[str, float]:
    """Commands that read the tables: a year of so many portals."""
    folder.mkdir()
    settings = build_year(folder, rows=rows, portals=portals, is_bare=False)
    out = str(folder / "all.parquet")
    commands = {
        "query, all rows to Parquet": ["query", "SELECT * FROM editions", "--output", out],
        "query, latest editions counted": ["query", "SELECT count(*) FROM articles"],
        "query, a phrase counted": ["query", "SELECT count(*) FROM editions WHERE ar_contains(body, 'من')"],
        "series": ["series", "من"],
        "export, JSON Lines": ["export", "--output", str(folder / "all.jsonl")],
        "export, data set folder": ["export", "--output", str(folder / "corpus")],
        "files": ["files"],
        "coverage": ["coverage"],
        "release": ["release", f"{YEAR}-06"],
        "maintain": ["maintain"],
    }
    found = {name: peak_megabytes(words, settings) for name, words in commands.items()}
    shutil.rmtree(folder)
    return found


def peak_megabytes(words: Sequence[str], settings: Settings) -> float:
    """The most memory a command ever had resident."""
    return peak(words, settings).resident


def peak(words: Sequence[str], settings: Settings) -> Peak:
    """The most memory of a command."""
    environ = {**os.environ, "WARRAQ_ARCHIVE": settings.archive, "WARRAQ_CACHE": str(settings.cache)}
    command = [sys.executable, "-c", _MEASURED, *words]
    held = 0.0
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=said) as running:
            while running.poll() is None:
                held = max(held, _held(running.pid))
                time.sleep(SECONDS_BETWEEN)
        said.seek(0)
        told = said.read()
    if running.returncode not in CODES_OF_SUCCESS:
        raise SystemExit(f"warraq {words[0]} ended with {running.returncode}: {told}")
    return Peak(resident=int(told.split()[-2]) / 1024, held=held)


def _held(pid: int) -> float:
    """Megabytes that are no file's; 0 of a process that ends."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")), 0.0)
