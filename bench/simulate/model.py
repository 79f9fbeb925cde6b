"""What an archive of many portals costs, year by year. Pure: measured figures and assumptions in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bench.simulate.figures import Figure
from storage.iceberg.manifests import MAX_ENTRIES, MERGED_BY_COMMITS
from storage.tables.compaction import MAX_SMALL_FILES
from storage.tables.waiting_runs import MAX_TOGETHER

DAYS_A_YEAR = 365
DAYS_A_MONTH = 30
SECONDS_A_DAY = 86_400
TABLES = 3
TASKS_A_RUN = 4  # crawl, extract, publish, passed_audit
BUSY = 0.7  # above it queues grow without bound at the day's peaks


@dataclass(frozen=True)
class Load:
    """What is asked of the archive. The numbers are assumptions; change them on the command line."""

    portals: int = 5000
    years: int = 10
    articles_a_day: float = 60.0  # of one portal: a few publish a thousand, most a few dozen
    revisits: float = 0.5  # conditional requests for each new article: pages asked for again, most answered with 304
    windows_a_day: float = 24.0  # the definitions' default: hourly
    days_between_maintenance: float = 1.0  # `warraq maintain` runs once a day
    links_a_page: float = 1.5  # rows of `fetches` for each article: revisits and pages that are none

    @property
    def runs_a_day(self) -> float:
        return self.portals * self.windows_a_day

    @property
    def small_files(self) -> float:
        """How many files of a table a portal's current month has come to when maintenance puts them together."""
        until_compacted = max(MAX_SMALL_FILES, self.windows_a_day * self.days_between_maintenance)
        return min(until_compacted, self.windows_a_day * DAYS_A_MONTH)

    @property
    def articles_a_year(self) -> float:
        return self.portals * self.articles_a_day * DAYS_A_YEAR


@dataclass(frozen=True)
class Site:
    """What the archive runs on: one line a part that can be full. The numbers are a choice, not a measurement."""

    cores: int = 64  # of all workers together
    scheduler_cores: int = 4  # for Airflow's own work: scheduler, API server, DAG processor
    store_seconds_a_commit: float = 0.165  # round trips of a commit to a store over a network: about eleven, 15 ms each
    store_seconds_a_run_more: float = 0.001  # its note, of which 16 are read at once
    metadata_limit_bytes: float = 1e9  # what the planner of a query should have to read of a table
    known_limit_seconds: float = 60.0  # what a run may spend on what it knows already
    requests_a_second_a_portal: float = 1.0  # politeness


@dataclass(frozen=True)
class Year:
    """What one year brings, and what is there at its end."""

    year: int
    requests: float
    commits: float
    crawl_cores: float
    start_cores: float
    known_cores: float
    compaction_cores: float
    airflow_cores: float
    raw_bytes: float
    table_bytes: float
    objects: float
    live_files: float  # just before maintenance puts the small ones together
    metadata_bytes: float
    known_seconds: float
    runs_a_commit: int  # that have to go together for the commits to keep up
    commit_seconds: float
    commit_share: float  # of the time there is, with as many runs together as can be

    @property
    def worker_cores(self) -> float:
        return self.crawl_cores + self.start_cores + self.known_cores + self.compaction_cores


def simulate(figures: Mapping[str, Figure], load: Load, site: Site) -> list[Year]:
    """Year 1 to the last."""
    return [
        _year(number, {name: figure.value for name, figure in figures.items()}, load, site) for number in _years(load)
    ]


def _years(load: Load) -> range:
    return range(1, load.years + 1)


def _year(number: int, figure: Mapping[str, float], load: Load, site: Site) -> Year:
    runs = load.runs_a_day * DAYS_A_YEAR
    articles = load.articles_a_year
    per_second = 1 / (SECONDS_A_DAY * DAYS_A_YEAR)
    # The middle of the year stands for it.
    known_rows = load.articles_a_day * DAYS_A_YEAR * (number - 0.5) * (1 + load.links_a_page) / 2
    small_files = load.small_files / 2 * 2  # of articles and fetches, half of the time over
    known_seconds = known_rows * figure["known_seconds_a_row"] + small_files * figure["known_seconds_a_small_file"]
    compacted = load.portals * (12 * number - 1) * TABLES
    this_month = load.portals * load.small_files * TABLES
    first, more = _commit_seconds(figure, load, live_files=compacted + this_month / 2, site=site)
    a_second = runs * per_second
    together = _runs_a_commit(a_second, first, more)
    rows_bytes = figure["articles_bytes_a_row"] + load.links_a_page * figure["fetches_bytes_a_row"]
    return Year(
        year=number,
        requests=articles * (1 + load.revisits) + runs * figure["requests_a_run"],
        commits=runs / together,
        crawl_cores=articles * (figure["crawl_seconds_a_page"] + figure["extract_seconds_a_page"]) * per_second,
        start_cores=runs * figure["stage_seconds_a_run"] * per_second,
        known_cores=runs * known_seconds * per_second,
        compaction_cores=runs * TABLES * figure["compact_seconds_a_file"] * per_second,
        airflow_cores=runs * TASKS_A_RUN * figure["airflow_seconds_a_task"] * per_second,
        raw_bytes=articles * number * figure["page_bytes"],
        table_bytes=number * articles * rows_bytes + this_month / TABLES * figure["small_bytes_a_run"],
        objects=number * runs * figure["raw_objects_a_run"] + compacted + this_month,
        live_files=compacted + this_month,
        metadata_bytes=(compacted + this_month) * figure["manifest_bytes_a_file"] + figure["table_documents_bytes"],
        known_seconds=known_seconds,
        runs_a_commit=together,
        commit_seconds=first + more * (together - 1),
        commit_share=a_second * (first + more * MAX_TOGETHER) / (1 + MAX_TOGETHER),
    )


def _commit_seconds(figure: Mapping[str, float], load: Load, *, live_files: float, site: Site) -> tuple[float, float]:
    """Of a commit with one run, and of each further run in it.

    It reads a manifest of each large layer (maintenance makes them one), and all lists of manifests.
    """
    layers = 1 + load.runs_a_day * load.days_between_maintenance / 2 / MERGED_BY_COMMITS
    own = figure["commit_seconds"] + layers * figure["commit_seconds_a_layer"]
    first = own + live_files / MAX_ENTRIES * figure["list_seconds_a_manifest"] + site.store_seconds_a_commit
    return first, figure["commit_seconds_more"] + site.store_seconds_a_run_more


def _runs_a_commit(runs_a_second: float, first: float, more: float) -> int:
    """How many runs wait for each other: as many as keep the turn from being busier than BUSY, and can be."""
    room = BUSY / runs_a_second - more
    wanted = (first - more) / room if room > 0 else math.inf
    return 1 + MAX_TOGETHER if wanted > MAX_TOGETHER else max(1, math.ceil(wanted))


@dataclass(frozen=True)
class Part:
    """A part that can be full, how full it is in the first and last year, and what to turn."""

    name: str
    first: float
    last: float
    turn: str

    @property
    def is_full(self) -> bool:
        return self.last > BUSY


def parts(years: list[Year], load: Load, site: Site) -> list[Part]:
    """All parts, the one that is fullest first."""
    first, last = years[0], years[-1]

    def asked(year: Year) -> float:
        return year.requests / load.portals / (DAYS_A_YEAR * SECONDS_A_DAY) / site.requests_a_second_a_portal

    found = [
        Part(
            "commits (one at a time)",
            first.commit_share,
            last.commit_share,
            "longer windows; maintenance more often; one archive a group of portals",
        ),
        Part(
            "worker cores",
            first.worker_cores / site.cores,
            last.worker_cores / site.cores,
            "longer windows (fewer process starts), then more workers",
        ),
        Part(
            "Airflow's own work",
            first.airflow_cores / site.scheduler_cores,
            last.airflow_cores / site.scheduler_cores,
            "longer windows; a second scheduler; one Airflow a group of portals",
        ),
        Part(
            "metadata of a table",
            first.metadata_bytes / TABLES / site.metadata_limit_bytes,
            last.metadata_bytes / TABLES / site.metadata_limit_bytes,
            "one archive a group of portals",
        ),
        Part(
            "what a run knows already",
            first.known_seconds / site.known_limit_seconds,
            last.known_seconds / site.known_limit_seconds,
            "longer windows; read the last years only",
        ),
        Part("politeness to a portal", asked(first), asked(last), "nothing to turn: it is far from full"),
    ]
    return sorted(found, key=lambda part: -part.last)


def most_portals(figures: Mapping[str, Figure], load: Load, site: Site) -> int:
    """How many portals can be kept for all years before a part is busier than BUSY; bisected."""
    low, high = 0, 1 << 20
    while high - low > 1:
        middle = (low + high) // 2
        tried = Load(**{**vars(load), "portals": middle})
        is_full = any(part.is_full for part in parts(simulate(figures, tried, site), tried, site))
        low, high = (low, middle) if is_full else (middle, high)
    return low
