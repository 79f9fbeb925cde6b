"""`make bench-archive`: what the tables cost, beside bare Parquet files written and read by the same libraries.

Publishing (the staged rows are fetched and checked, stored, committed) is timed against pyarrow.parquet.write_table of
the same rows; queries against one bare file and against 721 hourly files, all read by the same DuckDB. The plain file
is as write_table makes it: the target is set against it. The sorted one is as good as a bare file can be (by time over
all portals, zstd, row groups of 2,000), which a file of each portal and month cannot be for a day of all portals. The
kinds take turns; a figure is the best of several rounds, because other work on the machine only ever adds time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.archive.analysing import analysing
from bench.archive.findings import COLUMNS, Finding
from bench.archive.memory import memory
from bench.archive.pages import reextraction
from bench.archive.publishing import publishing
from bench.archive.questions import questions
from bench.archive.reading import reading
from bench.archive.searching import searching
from bench.archive.year import build_year
from bench.markdown_tables import markdown_table, put_between_markers
from warraq.pipeline.workers.worker_pool import usable_cores

REPORT = Path("docs/benchmarks/archive.md")
README = Path("README.md")
MARKER = "bench-archive"
QUESTIONS = "questions"  # part, and place in the report, of a table of its own
WHY_NOT = """What misses its target, and why:

- One column over the year: a file of each portal and month is opened, half a millisecond a file the first time and a
  third of one when its footer is known, whatever it holds; so 600 files cost .2 s, and no reader tried (Arrow, DuckDB's
  own with its footer cache) took less. The more a portal publishes, the less it matters: here a file has 833 rows, a
  hundred articles a day make 3,000.
- Re-extraction on two cores: the process that reads the WARC files and stages the rows has a share of them too."""
BYTES_A_ROW = 9_000  # of memory, while a year is made: its texts, twice, and room
ROWS_A_CORE = 250_000  # so that all of it ends within eight minutes
MOST_ROWS = 1_000_000


def rows_for_machine() -> int:
    """As many rows as its cores make in time and half of its memory takes, at most a million."""
    memory_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return int(min(MOST_ROWS, ROWS_A_CORE * usable_cores(), memory_bytes // 2 // BYTES_A_ROW))


def report(findings: Sequence[Finding], answered: Sequence[str], asked: argparse.Namespace) -> str:
    """The document."""
    about = " ".join((__doc__ or "").split("\n\n", 1)[1].split())
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyarrow", "pyiceberg", "duckdb"))
    return "\n".join(
        [
            "# The archive: what the tables cost",
            "",
            f"Written by `make bench-archive`. {about}",
            "",
            f"The year has {asked.rows:,} synthetic articles of {asked.portals} portals; {asked.rounds} rounds. "
            f"Memory: {asked.memory_pages:,} pages in a window and {asked.memory_rows:,} rows a year, then ten times. "
            f"{usable_cores()} cores, Python {platform.python_version()}, {versions}.",
            "",
            *markdown_table([(finding.what, finding.values) for finding in findings], COLUMNS),
            "",
            WHY_NOT,
            "",
            "## Ten questions",
            "",
            f"<!-- {QUESTIONS} -->",
            *answered,
            f"<!-- /{QUESTIONS} -->",
            "",
        ]
    )


def measure(asked: argparse.Namespace, folder: Path) -> list[Finding]:
    """All parts, each in a folder of its own that is gone when the next begins."""

    def year(place: Path) -> list[Finding]:
        settings = build_year(place, rows=asked.rows, portals=asked.portals, is_bare=True)
        return reading(place, settings, rounds=asked.rounds)

    parts: dict[str, Callable[[Path], list[Finding]]] = {
        "publishing": lambda place: publishing(place, rounds=asked.rounds),
        "reading": year,
        "search": lambda place: searching(place, rows=asked.rows, portals=asked.portals, rounds=asked.rounds),
        "analysis": lambda place: analysing(place, rows=asked.rows // 10, portals=asked.portals, rounds=asked.rounds),
        "re-extraction": lambda place: reextraction(place, pages=asked.pages),
        "memory": lambda place: memory(place, rows=asked.memory_rows, pages=asked.memory_pages),
    }
    findings: list[Finding] = []
    for name, part in parts.items():
        if asked.only and name not in asked.only:
            continue
        place = folder / name
        place.mkdir()
        start = time.monotonic()
        found = part(place)
        shutil.rmtree(place)
        print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
        for finding in found:
            print(finding.what, finding.values, file=sys.stderr)
        findings += found
    return findings


def main() -> int:
    """Measure, print, and write the report and README's table."""
    parser = argparse.ArgumentParser(description="what publishing, reading and re-extracting cost")
    parser.add_argument("--rows", type=int, default=rows_for_machine(), help="articles in the year")
    parser.add_argument("--portals", type=int, default=50)
    parser.add_argument("--pages", type=int, default=2000, help="pages that are re-extracted; questions: a fifth")
    parser.add_argument("--memory-rows", type=int, default=10_000, help="rows for memory, once and ten times")
    parser.add_argument("--memory-pages", type=int, default=200, help="pages for memory, once and ten times")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", help="this part only, for example search; only questions writes")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-write", action="store_true", help="print only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warraq-bench-") as name:
        answered = []
        if not asked.only or QUESTIONS in asked.only:
            answered = questions(Path(name), pages=asked.pages // 5, rounds=asked.rounds)
        findings = measure(asked, Path(name))
    text = report(findings, answered, asked)
    print(json.dumps([{"what": one.what, **one.values} for one in findings]) if asked.json else text)
    if asked.only == [QUESTIONS] and not asked.no_write:
        put_between_markers(REPORT, QUESTIONS, "\n".join(answered))
    elif not (asked.no_write or asked.only):
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")
        rows = [(finding.what, finding.values) for finding in findings]
        put_between_markers(README, MARKER, "\n".join(markdown_table(rows, COLUMNS)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
