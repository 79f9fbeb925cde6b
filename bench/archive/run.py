"""`make bench-archive`: what the tables cost, beside bare Parquet files written and read by the same libraries.

Publishing (the staged rows are fetched and checked, stored, committed) is timed against pyarrow.parquet.write_table of
the same rows; queries against one bare file and against 721 hourly files, all read by the same DuckDB. The plain file
is as write_table makes it: the target is set against it. The sorted one is as good as a bare file can be (by time over
all portals, zstd, row groups of 2,000), which a file of one portal cannot be for a day of all portals. The kinds take
turns; a figure is the best of several rounds, because other work on the machine only ever adds time.
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
from collections.abc import Callable, Mapping, Sequence
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
QUESTIONS, SEARCH = "questions", "search"  # parts, and places in the report, of tables of their own
WHY_NOT = """What misses its target, and why:

- A release: it keeps `edits.parquet`, for which texts of the whole archive are looked through; DuckDB has 1 GB for it.
- Re-extraction on two cores: the process that reads the WARC files and stages the rows has a share of them too."""
WHY_SLOW = """The index keeps what a hit shows, so no file of the archive is read for it, and pairs of neighbours among
the words that a twentieth of the texts or a two-hundredth of the headlines have, each as a word. Forms that are less
frequent are looked for where they stand; a phrase of three words in each text that has all of its pairs."""
ABOUT_YEARS = """The year is as `warraq maintain` leaves it when it is long over: a file a portal. As files of portals'
months, one column over it took 3.5 times as long as from one plain file (half a millisecond a file, whatever it holds,
and 600 of them), one day half as long as now: a year's file has fewer row groups for that day to pass over. The plain
file is one row group, which DuckDB reads with one core; where other work leaves only one, ours is at 1.6 times."""
TITLES = {SEARCH: "The search index", QUESTIONS: "Ten questions"}
BYTES_A_ROW = 9_000  # of memory, while a year is made: its texts, twice, and room
ROWS_A_CORE = 250_000  # so that all of it ends within eight minutes
MOST_ROWS = 1_000_000


def rows_for_machine() -> int:
    """As many rows as its cores make in time and half of its memory takes, at most a million."""
    memory_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return int(min(MOST_ROWS, ROWS_A_CORE * usable_cores(), memory_bytes // 2 // BYTES_A_ROW))


def searched(findings: Sequence[Finding], asked: argparse.Namespace) -> list[str]:
    """The section on the search index."""
    about = (
        f"The index that `warraq maintain` keeps of {asked.search_rows:,} synthetic articles of {asked.portals} "
        f"portals, {usable_cores()} cores; "
        f'{asked.rounds} rounds. `make bench-archive ARGS="--only search --search-rows N"` makes this table.'
    )
    return [about, "", *markdown_table([(finding.what, finding.values) for finding in findings], COLUMNS), "", WHY_SLOW]


def report(findings: Sequence[Finding], sections: Mapping[str, Sequence[str]], asked: argparse.Namespace) -> str:
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
            ABOUT_YEARS,
            "",
            WHY_NOT,
            "",
            *(line for name, title in TITLES.items() for line in _section(name, title, sections.get(name, ()))),
        ]
    )


def _section(name: str, title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "", f"<!-- {name} -->", *lines, f"<!-- /{name} -->", ""]


def measure(asked: argparse.Namespace, folder: Path) -> dict[str, list[Finding]]:
    """What each part found, each in a folder of its own that is gone when the next begins."""

    def year(place: Path) -> list[Finding]:
        settings = build_year(place, rows=asked.rows, portals=asked.portals, is_bare=True)
        return reading(place, settings, rounds=asked.rounds)

    parts: dict[str, Callable[[Path], list[Finding]]] = {
        "publishing": lambda place: publishing(place, rounds=asked.rounds),
        "reading": year,
        SEARCH: lambda place: searching(place, rows=asked.search_rows, portals=asked.portals, rounds=asked.rounds),
        "analysis": lambda place: analysing(place, rows=asked.rows // 10, portals=asked.portals, rounds=asked.rounds),
        "re-extraction": lambda place: reextraction(place, pages=asked.pages),
        "memory": lambda place: memory(
            place, rows=asked.memory_rows, pages=asked.memory_pages, portals=asked.memory_portals
        ),
    }
    findings: dict[str, list[Finding]] = {}
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
        findings[name] = found
    return findings


def main() -> int:
    """Measure, print, and write the report."""
    parser = argparse.ArgumentParser(description="what publishing, reading and re-extracting cost")
    parser.add_argument("--rows", type=int, default=rows_for_machine(), help="articles in the year")
    parser.add_argument("--search-rows", type=int, default=MOST_ROWS, help="articles in the search index")
    parser.add_argument("--portals", type=int, default=50)
    parser.add_argument("--pages", type=int, default=2000, help="pages that are re-extracted; questions: a fifth")
    parser.add_argument("--memory-rows", type=int, default=10_000, help="rows for memory, once and ten times")
    parser.add_argument("--memory-pages", type=int, default=200, help="pages for memory, once and ten times")
    parser.add_argument("--memory-portals", type=int, default=10, help="portals of the rows for memory")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", help="this part only; of one that has a section, write it")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-write", action="store_true", help="print only")
    asked = parser.parse_args()
    sections: dict[str, Sequence[str]] = {}
    with tempfile.TemporaryDirectory(prefix="warraq-bench-") as name:
        if not asked.only or QUESTIONS in asked.only:
            sections[QUESTIONS] = questions(Path(name), pages=asked.pages // 5, rounds=asked.rounds)
        found = measure(asked, Path(name))
    if SEARCH in found:
        sections[SEARCH] = searched(found[SEARCH], asked)
    text = report([one for part, some in found.items() if part != SEARCH for one in some], sections, asked)
    every = [one for some in found.values() for one in some]
    print(json.dumps([{"what": one.what, **one.values} for one in every]) if asked.json else text)
    if asked.only and not asked.no_write:
        for name, lines in sections.items():
            put_between_markers(REPORT, name, "\n".join(lines))
    elif not asked.no_write:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
