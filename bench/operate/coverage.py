"""Time and memory of `warraq coverage` and `warraq health` over a fleet's year of hourly runs, and of the page.

The archive is made by writing one Parquet file a portal and month, as maintenance leaves them.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import numpy as np
import pyarrow as pa

from bench.operate.page import page_seconds
from spiders.registry import load_portals
from storage.iceberg.multi_table_commit import load_tables
from storage.schema.arrow_and_iceberg import arrow_schema, table_of
from storage.schema.columns import RUNS
from storage.schema.parquet import write_batches_checked
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables

STOPS, SILENT, HALVED = 2, 4, 6  # places in a group of seven portals


def fleet(settings: Settings, *, portals: int, days: int, now: datetime, with_trouble: bool = False) -> int:
    """Fill the table of runs; the number of rows. Trouble: one portal stops, one falls silent, one loses half."""
    tables = open_tables(settings)
    table = load_tables(tables.catalog)["runs"]
    names = [name for name in load_portals(settings) if name != "demo"]
    names += [f"portal{number:03d}" for number in range(max(0, portals - len(names)))]
    rows = 0
    files = []
    for number, name in enumerate(names[:portals]):
        whole = _runs(name, days=days, now=now, seed=number, trouble=number % 7 if with_trouble else 0)
        months = np.array([f"{start:%Y-%m}" for start in whole["window_start"].to_pylist()])
        for month in np.unique(months):
            part = whole.filter(pa.array(months == month))
            path = Path(settings.archive) / f"tables/news/runs/data/portal={name}/month={month}/bench.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_batches_checked(RUNS, [part], path)
            files.append(f"file://{path}")
            rows += part.num_rows
    table.add_files(files, check_duplicate_files=False)
    return rows


def _runs(portal: str, *, days: int, now: datetime, seed: int, trouble: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    end = now - timedelta(hours=1) * np.arange(days * 24)[::-1]
    start = end - timedelta(hours=1)
    count = rng.poisson(rng.choice([1, 4, 12]), len(end))
    if trouble == STOPS:
        end, start, count = end[:-70], start[:-70], count[:-70]
    elif trouble == SILENT:
        count[-60:] = 0
    elif trouble == HALVED:
        count[-240:] = count[-240:] // 3
    facts = {
        "run_id": [f"{portal}/{a:%Y-%m-%dT%H}Z--{b:%Y-%m-%dT%H}Z" for a, b in zip(start, end, strict=True)],
        "portal": [portal] * len(end),
        "window_start": list(start),
        "window_end": list(end),
        "verdict": ["ok"] * len(end),
        "findings": [[]] * len(end),
        "links": count + 40,
        "outcomes": [[("new", int(n)), ("skipped_seen", 30), ("out_of_window", 10)] for n in count],
        "articles_new": count,
        "editions": np.zeros(len(end), np.int64),
        "rejected": np.zeros(len(end), np.int64),
        "baseline_articles": [None] * len(end),
        "rounds": [1] * len(end),
        "attempts": [1] * len(end),
        "requests": count + 3,
        "bytes_received": count * 50_000,
        "crawl_seconds": np.ones(len(end)),
        "started_at": list(end),
        "finished_at": list(end),
        "extractor_version": ["1"] * len(end),
        "code_version": ["1"] * len(end),
        "articles_known": np.zeros(len(end), np.int64),
    }
    schema = arrow_schema(RUNS)
    assert schema.equals(table_of(RUNS, []).schema)
    return pa.Table.from_arrays([pa.array(facts[field.name], field.type) for field in schema], schema=schema)


def measured(words: list[str], environ: dict[str, str]) -> dict[str, float]:
    """CPU seconds, wall seconds and the largest resident megabytes of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = datetime.now(UTC)
    program = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
    program += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    ended = subprocess.run(
        [sys.executable, "-c", program, sys.executable, "-m", "warraq", *words],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "seconds": round((datetime.now(UTC) - began).total_seconds(), 2),
        "megabytes": round(int(ended.stdout) / 1024, 0),
    }


@click.command()
@click.option("--portals", default=60, show_default=True)
@click.option("--days", default=365, show_default=True)
def main(portals: int, days: int) -> None:
    """Print one JSON object."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with tempfile.TemporaryDirectory(prefix="warraq-bench-") as folder:
        environ = {**os.environ, "WARRAQ_ARCHIVE": f"{folder}/archive", "WARRAQ_CACHE": f"{folder}/cache"}
        rows = fleet(read_settings(environ), portals=portals, days=days, now=now)
        year = ["--from", f"{now - timedelta(days=days):%Y-%m-%d}"]
        figures = {
            "runs": rows,
            "warraq --help": measured(["--help"], environ),
            "coverage, two months": measured(["coverage", "--json"], environ),
            "coverage, the whole time": measured(["coverage", "--json", *year], environ),
            "health": measured(["health", "--json"], environ),
            "overview": measured(["overview"], environ),
            "overview --live": measured(["overview", "--live"], environ),
            "page Archive, seconds": page_seconds(Path(folder), environ),
        }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
