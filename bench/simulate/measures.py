"""`make simulate ARGS=--measure`: the figures of the simulation that no other benchmark has, in about two minutes.

Times are CPU seconds of this machine's cores, so that other work on the machine does not change them much.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.archive.rows import Texts, editions_of, fetches_of, run_of
from bench.simulate.figures import Figure, benchmark_cell
from bench.simulate.long_lists import GROUP, LISTED, cpu, list_files, listing, manifests_of
from spiders.links.known_links_reader import read_known_links
from storage.iceberg.commit_log import Told
from storage.iceberg.multi_table_commit import ArchiveCatalog, TablesMoved
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.compaction import compact_together, crowds, in_commits
from storage.tables.run_replacement import RunReplacement, removals_begun
from storage.tables.staging import RecordRows
from storage.tables.waiting_runs import others_waiting, waiting
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve

RUNS = 150
PORTALS = 10
ARTICLES_A_RUN = 5
COMMITS = 64  # several merges of manifests are among them
GROUPS = 8  # commits of several runs, GROUP in each
MORE_FILES = 4000
KNOWN_ROWS = 30_000
HOUR = timedelta(hours=1)
START = datetime(2024, 11, 1, tzinfo=UTC)
SOURCE = "make simulate ARGS=--measure"


def measure() -> list[Figure]:
    """All of them, in a temporary archive in a directory."""
    with tempfile.TemporaryDirectory(prefix="warraq-simulate-") as name:
        return [
            *benchmark_figures(),
            *_stages(Path(name) / "stages"),
            *_tables(Path(name) / "tables"),
            *_known(Path(name) / "known"),
        ]


def _settings(folder: Path, **more: str) -> Settings:
    folder.mkdir(exist_ok=True)
    return read_settings({"WARRAQ_ARCHIVE": str(folder / "archive"), "WARRAQ_CACHE": str(folder / "cache"), **more})


def _stages(folder: Path) -> list[Figure]:
    """A run with one article, as three processes; the second of two, when everything is made and compiled."""
    site = DemoSite(articles=2, first_day=date(2024, 12, 1), days=2)
    with serve(site) as served:
        settings = _settings(folder, WARRAQ_DEMO_URL=served.base_url)
        environ = {**os.environ, "WARRAQ_ARCHIVE": settings.archive, "WARRAQ_CACHE": str(settings.cache)}
        environ |= {"WARRAQ_DEMO_URL": served.base_url, "NO_COLOR": "1"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        _archive("2024-12-01", "2024-12-02", environ)
        before, objects = resource.getrusage(resource.RUSAGE_CHILDREN), _objects(settings)
        report = _archive("2024-12-02", "2024-12-03", environ)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [
        Figure("stage_seconds_a_run", seconds, "CPU s", "crawl, extract and publish of one article: " + SOURCE),
        Figure("requests_a_run", report["crawl"]["requests"], "requests", "the same run: robots, feeds, sitemaps"),
        Figure(
            "raw_objects_a_run", _objects(settings) - objects, "objects", "the same run: chunk, index, links, report"
        ),
    ]


def _archive(start: str, end: str, environ: dict[str, str]) -> dict[str, dict[str, float]]:
    words = ["archive", "demo", "--from", start, "--to", end, "--json"]
    ended = subprocess.run([sys.executable, "-m", "warraq", *words], env=environ, capture_output=True, check=False)
    if ended.returncode not in (0, 3):
        raise SystemExit(ended.stderr.decode())
    found: dict[str, dict[str, float]] = json.loads(ended.stdout)
    return found


def _objects(settings: Settings) -> int:
    return sum(1 for _ in open_store(settings).list("raw/"))


def _what_is_known(folder: Path, tables: ArchiveTables) -> None:
    read_known_links(_settings(folder), "portal0", START)
    tables.known_articles("portal0")


def _tables(folder: Path) -> list[Figure]:
    """Hourly windows of ten portals in turn, published; what a commit costs, and what it leaves behind."""
    tables, texts = open_tables(_settings(folder)), Texts(1)

    def publish(number: int) -> float:
        return _turns(tables, texts, START + HOUR * (number // PORTALS), [number % PORTALS])

    few = [publish(number) for number in range(RUNS)][-COMMITS:]
    later = START + timedelta(days=20)
    groups = [_turns(tables, texts, later + HOUR * number, range(GROUP)) for number in range(GROUPS)]
    known = min(cpu(lambda: _what_is_known(folder, tables)) for _ in range(3))
    small_bytes = sum(size for name in tables.load() for _, _, size in tables.file_facts(name))
    compacted = _compacted(tables, folder / "spill")
    list_files(tables, MORE_FILES)
    many = [publish(number) for number in range(RUNS, RUNS + COMMITS)]
    alone = statistics.mean(few)
    manifests = [found for table in tables.load().values() for found in manifests_of(table)]
    files = sum((found.added_files_count or 0) + (found.existing_files_count or 0) for found in manifests)
    documents = [Path(table.metadata_location).stat().st_size for table in tables.load().values()]
    return [
        Figure(
            "commit_seconds",
            alone,
            "CPU s",
            f"what others wait for, windows of {ARTICLES_A_RUN} articles into a directory, {COMMITS} commits: {SOURCE}",
        ),
        Figure(
            "commit_seconds_more",
            max(0.0, statistics.mean(groups) - alone) / (GROUP - 1),
            "CPU s",
            f"each further run of {GROUPS} commits of {GROUP} runs, and its look whether it is done: {SOURCE}",
        ),
        Figure(
            "commit_seconds_a_layer",
            max(0.0, statistics.median(many) - statistics.median(few)),
            "CPU s",
            f"a commit of one run with one more layer of {MORE_FILES:,} live files in each table: {SOURCE}",
        ),
        Figure(
            "list_seconds_a_manifest",
            listing(tables, folder / "list.avro") / LISTED,
            "CPU s",
            f"a manifest list of {LISTED:,} entries, read and written: {SOURCE}",
        ),
        Figure(
            "compact_seconds_a_file",
            compacted,
            "CPU s",
            f"the {RUNS // PORTALS} small files of a portal's month put together, all tables: {SOURCE}",
        ),
        Figure(
            "known_seconds_a_small_file",
            known / (2 * RUNS / PORTALS),
            "CPU s",
            f"links and articles known, from the small files of hourly windows: {SOURCE}",
        ),
        Figure("table_documents_bytes", sum(documents), "bytes", f"the three tables' metadata JSON: {SOURCE}"),
        Figure(
            "manifest_bytes_a_file",
            sum(found.manifest_length for found in manifests) / files,
            "bytes",
            f"manifests over the live files they list: {SOURCE}",
        ),
        Figure(
            "small_bytes_a_run",
            small_bytes / RUNS,
            "bytes",
            f"the three files of a window of {ARTICLES_A_RUN} articles, before compaction: {SOURCE}",
        ),
    ]


def _turns(tables: ArchiveTables, texts: Texts, start: datetime, portals: Iterable[int]) -> float:
    """Seconds that windows of some portals, which all wait, keep the turn: one commits them, the others look."""
    catalog, spent = tables.catalog, 0.0
    if not isinstance(catalog, ArchiveCatalog):
        raise SystemExit("a directory has a SQL catalog")
    with ExitStack() as stack:
        found = []
        for number in portals:
            run = RunId(f"portal{number}", Window(start, start + HOUR))
            editions, before = editions_of(run, ARTICLES_A_RUN, texts), tables.load()
            others = partial(others_waiting, tables.store, run)
            found.append(RunReplacement(catalog, tables.store, run, branch="main", others=others))
            found[-1].put_files(RecordRows(run, editions, fetches_of(editions), run_of(run, len(editions))))
            seen = {name: before[name].metadata.current_snapshot_id for name in ("articles", "runs")}
            begun = removals_begun(before)
            stack.enter_context(waiting(tables.store, found[-1].written, before, seen=seen, removals=begun))
        places = catalog.metadata_places()
        for one in found:

            def turn(one: RunReplacement = one) -> None:
                with suppress(TablesMoved):
                    catalog.commit_planned(one.plan, Told("publish", one.facts), expected=places)

            spent += cpu(turn)
        if not all(one.is_taken_along(tables.load()) for one in found):
            raise SystemExit("a run was not committed")
    return spent


def _compacted(tables: ArchiveTables, spill: Path) -> float:
    """Seconds a file, where all small files are put together as those of a month that is over."""
    found = crowds(tables.load(), now=START + timedelta(days=60))

    def work() -> None:
        for portion in in_commits(found):
            compact_together(tables, portion, spill=spill)

    return cpu(work) / sum(len(crowd.files) for crowd in found)


def _known(folder: Path) -> list[Figure]:
    """What a run asks the archive before it begins: the links and articles of its portal, all of them."""
    tables, texts = open_tables(_settings(folder)), Texts(2)
    run = RunId("portal0", Window(START, START + 24 * HOUR))
    editions = editions_of(run, KNOWN_ROWS, texts)
    tables.replace_run(run, RecordRows(run, editions, fetches_of(editions), run_of(run, len(editions))))
    seconds = min(cpu(lambda: _what_is_known(folder, tables)) for _ in range(3))
    return [
        Figure(
            "known_seconds_a_row", seconds / KNOWN_ROWS, "CPU s", f"what is known, of {KNOWN_ROWS:,} articles: {SOURCE}"
        ),
        *(
            Figure(
                f"{name}_bytes_a_row",
                sum(size for _, _, size in tables.file_facts(name)) / KNOWN_ROWS,
                "bytes",
                f"in one large file, as after compaction: {SOURCE}",
            )
            for name in ("articles", "fetches")
        ),
    ]


def benchmark_figures() -> list[Figure]:
    """What other benchmarks have measured, as their reports say now."""
    crawl = benchmark_cell("crawl.md", "warraq, raw archive written", "ms CPU a page")
    extract = benchmark_cell("extract.md", "warraq", "pages/s", section="Corpus")
    return [
        Figure("crawl_seconds_a_page", crawl / 1000, "CPU s", "docs/benchmarks/crawl.md, raw archive written"),
        Figure("extract_seconds_a_page", 1 / extract, "CPU s", "docs/benchmarks/extract.md, real Arabic pages"),
        Figure("page_bytes", 20_500, "bytes", "27 real pages of Arabic portals, gzip level 6, mean; by hand"),
        Figure("airflow_seconds_a_task", 0.25, "CPU s", "60 mapped tasks that do nothing, LocalExecutor; by hand"),
    ]
