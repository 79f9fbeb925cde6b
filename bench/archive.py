"""`make bench-archive`: what the tables cost, beside bare Parquet files written and read by the same libraries.

Publishing is timed against pyarrow.parquet.write_table of the same rows; queries against one bare file (tuned: sorted
by time, zstd, small row groups, as good as a bare file can be; plain: as write_table makes it) and against 721 hourly
files, all read by the same DuckDB. The kinds take turns; a figure is the best of several rounds, because other work on
the machine only ever adds time.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.table import Table

from bench.archive_rows import Texts, editions_of, fetches_of, many_rows, run_of
from bench.tables import Column, markdown_table, put_between_markers
from storage.data_files import put_data_file
from storage.group_commit import StagedTransaction, TableChange, commit_group
from storage.query import connect
from storage.settings import Settings, read_settings
from storage.staging import StagedRows, staged_rows
from storage.tables import ArchiveTables, open_tables
from storage.window import RunId, Window

REPORT = Path("docs/benchmarks/archive.md")
README = Path("README.md")
MARKER = "bench-archive"
YEAR = 2024
HOURLY_FILES = 721
DAY = f"published_at >= '{YEAR}-06-10' AND published_at < '{YEAR}-06-11'"
MONTH = f"published_at >= '{YEAR}-06-01' AND published_at < '{YEAR}-07-01'"


@dataclass(frozen=True)
class Finding:
    """A figure, what it was compared with, and the target."""

    what: str
    ours: float
    theirs: float | None
    unit: str
    target: str
    is_met: bool

    @property
    def values(self) -> dict[str, object]:
        ratio = self.ours / self.theirs if self.theirs else None
        return {
            "ours": self.ours,
            "theirs": self.theirs,
            "ratio": ratio,
            "target": self.target,
            "met": "yes" if self.is_met else "no",
        }


COLUMNS = (
    Column("Warraq", "ours", "{:.1f}"),
    Column("compared", "theirs", "{:.1f}"),
    Column("ratio", "ratio", "{:.2f}×"),
    Column("target", "target", "{}"),
    Column("met", "met", "{}"),
)


def settings_in(folder: Path) -> Settings:
    return read_settings({"WARRAQ_ARCHIVE": str(folder / "archive"), "WARRAQ_CACHE": str(folder / "cache")})


def best(work: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Milliseconds of each, the best of `rounds`, taken in turns."""
    found: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, call in work.items():
            start = time.perf_counter()
            call()
            found[name].append(1000 * (time.perf_counter() - start))
    return {name: min(times) for name, times in found.items()}


def publishing(folder: Path, *, rounds: int) -> list[Finding]:
    """A window of 1,000 articles: published, and the same rows as bare files."""
    tables, texts = open_tables(settings_in(folder)), Texts(1)
    runs = [RunId("almasaa", Window(_day(YEAR, 12, day), _day(YEAR, 12, day + 1))) for day in range(1, rounds + 1)]
    prepared = []
    for run in runs:
        editions = editions_of(run, 1000, texts)
        prepared.append((run, staged_rows(run, editions, fetches_of(editions), run_of(run, len(editions)))))
    bare = folder / "bare"
    bare.mkdir()
    ours, theirs, again = [], [], []
    for run, rows in prepared:
        ours.append(_milliseconds(lambda run=run, rows=rows: tables.replace_run(run, rows)))
        theirs.append(_milliseconds(lambda rows=rows: _write_bare(rows, bare)))
        again.append(_milliseconds(lambda run=run, rows=rows: tables.replace_run(run, rows)))
    written, plain = min(ours), min(theirs)
    limit = 2 * plain + 100
    return [
        Finding("publish a window of 1,000 articles, ms", written, plain, "ms", f"≤ {limit:.0f}", written <= limit),
        Finding("publish it again, ms", min(again), plain, "ms", f"≤ {limit:.0f}", min(again) <= limit),
        _bytes_a_row(tables, prepared[0][1], bare),
    ]


def _bytes_a_row(tables: ArchiveTables, rows: StagedRows, folder: Path) -> Finding:
    pq.write_table(rows.editions, folder / "snappy.parquet")
    plain = (folder / "snappy.parquet").stat().st_size / rows.editions.num_rows
    facts = tables.file_facts("articles")
    ours = sum(size for _, _, size in facts) / sum(count for _, count, _ in facts)
    return Finding("bytes a row, beside snappy", ours, plain, "bytes", "≤ 0.62×", ours <= 0.62 * plain)


def _write_bare(rows: StagedRows, folder: Path) -> None:
    for name in ("articles", "fetches", "runs"):
        pq.write_table(rows.of(name), folder / f"{name}.parquet")


def build_year(folder: Path, *, rows: int, portals: int) -> Settings:
    """A year of `portals` portals as compaction leaves it, and the same rows as bare files."""
    settings, texts = settings_in(folder), Texts(2)
    tables = open_tables(settings)
    each = max(1, rows // (portals * 12))
    everything = []
    files = []
    articles = tables.load()["articles"]
    for month in range(1, 13):
        start, end = _day(YEAR, month, 1), _day(YEAR + month // 12, month % 12 + 1, 1)
        for number in range(portals):
            run = RunId(f"portal{number:02d}", Window(start, end))
            made = many_rows(run, each, texts)
            files.append(put_data_file(tables.store, articles, [made], portal=run.portal, month=start))
            everything.append(made)
            if number == 7 and month == 6:
                _write_hourly(made, folder / "hourly")
        print(f"built {YEAR}-{month:02d}", file=sys.stderr)

    def plan(loaded: Mapping[str, Table]) -> list[TableChange]:
        transaction = StagedTransaction(loaded["articles"])
        with transaction.update_snapshot().merge_append() as append:
            for file in files:
                append.append_data_file(file)
        change = transaction.change()
        return [change] if change else []

    commit_group(tables.catalog, plan)
    whole = pa.concat_tables(everything)
    pq.write_table(whole, folder / "plain.parquet")
    whole = whole.sort_by("published_at")
    pq.write_table(whole, folder / "tuned.parquet", compression="zstd", compression_level=3, row_group_size=5000)
    return settings


def _write_hourly(rows: pa.Table, folder: Path) -> None:
    folder.mkdir()
    size = -(-rows.num_rows // HOURLY_FILES)
    for number in range(HOURLY_FILES):
        pq.write_table(rows.slice(number * size, size), folder / f"{number:04d}.parquet")


def queries(folder: Path, settings: Settings, *, rounds: int) -> list[Finding]:
    """Three questions of an analyst, asked of the archive and of bare files."""
    bare = duckdb.connect()
    bare.execute("SET TimeZone = 'UTC'")
    for name in ("tuned", "plain"):
        bare.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder}/{name}.parquet')")
    bare.execute(f"CREATE VIEW hourly AS FROM read_parquet('{folder}/hourly/*.parquet')")
    archive = connect(settings)
    asked = {
        "one day across all portals": f"SELECT count(*), sum(length(body)) FROM {{}} WHERE {DAY}",
        "one portal-month": f"SELECT count(*), sum(length(body)) FROM {{}} WHERE portal = 'portal07' AND {MONTH}",
        "one column over the year": "SELECT avg(word_count), count(DISTINCT CAST(published_at AS DATE)) FROM {}",
    }
    found = []
    for words, sql in asked.items():
        texts = {"editions": archive, "tuned": bare, "plain": bare}
        answers = {name: con.execute(sql.format(name)).fetchall() for name, con in texts.items()}
        if len({str(answer) for answer in answers.values()}) != 1:
            raise SystemExit(f"{words}: the answers differ: {answers}")
        times = best(
            {name: functools.partial(_ask, con, sql.format(name)) for name, con in texts.items()},
            rounds=rounds,
        )
        ours = times["editions"]
        for name in ("tuned", "plain"):
            found.append(
                Finding(
                    f"{words}, ms, beside one {name} file",
                    ours,
                    times[name],
                    "ms",
                    "≤ 1.50×",
                    ours <= 1.5 * times[name],
                )
            )
    month = asked["one portal-month"]
    times = best(
        {
            "ours": lambda: archive.execute(month.format("editions")).fetchall(),
            "hourly": lambda: bare.execute(month.format("hourly")).fetchall(),
            "latest": lambda: archive.execute(month.format("articles")).fetchall(),
            "connect": lambda: connect(settings).close(),
        },
        rounds=rounds,
    )
    found.append(
        Finding(
            "one portal-month, ms, beside 721 hourly files",
            times["ours"],
            times["hourly"],
            "ms",
            "≤ 0.20×",
            times["ours"] * 5 <= times["hourly"],
        )
    )
    found.append(Finding("the same through the view of latest editions, ms", times["latest"], None, "ms", "–", True))
    found.append(Finding("connecting, ms", times["connect"], None, "ms", "–", True))
    return found


def _ask(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()


def reextraction(folder: Path, *, pages: int) -> list[Finding]:
    """Pages a second of `warraq reextract`, beside the extractor in one process."""
    from extract.extractor import extract_article
    from spiders.registry import find_portal
    from storage.objects import open_store
    from storage.raw import RawRun
    from tests.raw_runs import NOON, exchange, write_round
    from warraq.demo.site import DemoSite
    from warraq.reextraction import find_scope, reextract
    from warraq.stages.extract import extract_run
    from warraq.stages.page_work import page_job
    from warraq.stages.publish import publish_run

    settings = settings_in(folder)
    settings.cache.mkdir(parents=True, exist_ok=True)
    store = open_store(settings)
    site = DemoSite(articles=pages, first_day=date(YEAR, 12, 25), days=1)
    day = RunId.parse(f"demo/{YEAR}-12-25T00Z--{YEAR}-12-26T00Z")
    captured = [exchange(site.base_url + site.path(site.card(n)), site.page(n).body, at=NOON) for n in range(pages)]
    write_round(store, captured, spool=settings.cache, run=day)
    extract_run(day, settings)
    publish_run(day, settings)
    profile = find_portal("demo", settings).profile
    raw = RawRun(store, day)
    links = {link.url: link for link in raw.links()}

    def alone() -> None:
        for capture in raw.captures():
            extract_article(page_job(capture, links[capture.url]).page, profile)

    tables = open_tables(settings)
    scope = find_scope(tables, "demo", day.window)
    alone()  # what is compiled and cached at first use is, for both
    single = pages / (_milliseconds(alone) / 1000)
    ours = pages / (_milliseconds(lambda: reextract(scope, tables, settings)) / 1000)
    cores = len(os.sched_getaffinity(0))
    return [
        Finding(
            f"re-extraction on {cores} cores, pages/s, beside one process",
            ours,
            single,
            "pages/s",
            "≥ 1.70×",
            ours >= 1.7 * single,
        )
    ]


def memory(folder: Path, *, rows: int) -> list[Finding]:
    """Peak memory of the commands that read, at one and at ten times the rows."""
    peaks: dict[str, dict[int, float]] = {}
    for times in (1, 10):
        place = folder / f"memory{times}"
        place.mkdir()
        settings = build_year(place, rows=rows * times, portals=10)
        out = place / "all.parquet"
        commands = {
            "query, all rows to Parquet": ["query", "SELECT * FROM editions", "--output", str(out)],
            "query, latest editions counted": ["query", "SELECT count(*) FROM articles"],
            "query, a phrase counted": ["query", "SELECT count(*) FROM editions WHERE ar_contains(body, 'من')"],
            "files": ["files"],
            "maintain": ["maintain", "--dry-run"],
            "release": ["release", f"{YEAR}-06"],
        }
        for name, words in commands.items():
            peaks.setdefault(name, {})[times] = _peak_megabytes(words, settings)
        shutil.rmtree(place)
    return [
        Finding(f"{name}: peak MB at ten times the rows", peak[10], peak[1], "MB", "≤ 1.50×", peak[10] <= 1.5 * peak[1])
        for name, peak in peaks.items()
    ]


# Asked of itself at its end: what the kernel tells a parent includes the parent's own size at the fork.
_MEASURED = """
import sys
from warraq.cli import main
try:
    main(sys.argv[1:])
finally:
    with open("/proc/self/status") as status:
        sys.stderr.write(next(line for line in status if line.startswith("VmHWM")))
"""


def _peak_megabytes(words: Sequence[str], settings: Settings) -> float:
    environ = {**os.environ, "WARRAQ_ARCHIVE": settings.archive, "WARRAQ_CACHE": str(settings.cache)}
    command = [sys.executable, "-c", _MEASURED, *words]
    done = subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"warraq {words[0]} ended with {done.returncode}: {done.stderr}")
    return int(done.stderr.split()[-2]) / 1024


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC) + timedelta(days=day - 1)


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def report(findings: Sequence[Finding], *, rows: int, portals: int, rounds: int) -> str:
    """The document."""
    about = " ".join((__doc__ or "").split("\n\n", 1)[1].split())
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyarrow", "pyiceberg", "duckdb"))
    return "\n".join(
        [
            "# The archive: what the tables cost",
            "",
            f"Written by `make bench-archive`. {about}",
            "",
            f"The year has {rows:,} synthetic articles of {portals} portals; {rounds} rounds. "
            f"{len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}, {versions}.",
            "",
            *markdown_table([(finding.what, finding.values) for finding in findings], COLUMNS),
            "",
        ]
    )


def main() -> int:
    """Measure, print, and write the report and README's table."""
    parser = argparse.ArgumentParser(description="what publishing, reading and re-extracting cost")
    parser.add_argument("--rows", type=int, default=1_000_000, help="articles in the year")
    parser.add_argument("--portals", type=int, default=50)
    parser.add_argument("--pages", type=int, default=3000, help="pages that are re-extracted")
    parser.add_argument(
        "--memory-rows", type=int, default=10_000, help="rows for the memory figures, once and ten times"
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-write", action="store_true", help="print only")
    asked = parser.parse_args()
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="warraq-bench-") as name:
        for part in ("publish", "year", "reextract", "memory"):
            folder = Path(name) / part
            folder.mkdir()
            if part == "publish":
                findings += publishing(folder, rounds=asked.rounds)
            elif part == "year":
                settings = build_year(folder, rows=asked.rows, portals=asked.portals)
                findings += queries(folder, settings, rounds=asked.rounds)
            elif part == "reextract":
                findings += reextraction(folder, pages=asked.pages)
            else:
                findings += memory(folder, rows=asked.memory_rows)
            shutil.rmtree(folder)
            for finding in findings:
                print(finding.what, finding.values, file=sys.stderr)
    text = report(findings, rows=asked.rows, portals=asked.portals, rounds=asked.rounds)
    print(json.dumps([{"what": one.what, **one.values} for one in findings]) if asked.json else text)
    if not asked.no_write:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")
        rows = [(finding.what, finding.values) for finding in findings]
        put_between_markers(README, MARKER, "\n".join(markdown_table(rows, COLUMNS)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
