"""`make bench-airflow`: how long an empty window takes under Airflow, from the trigger to success.

`warraq up` runs as a person starts it (SQLite, LocalExecutor), and the demo portal beside it. Each run is a window of
six hours long before the portal's first article: its sources are asked, nothing is fetched, and an empty run is
extracted, audited and committed. All that takes is overhead. `waiting` is the time in which no stage was running: the
scheduler's part, and the mark `passed_audit`. CPU is that of all processes below `warraq up`, ended ones included.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from bench.markdown_tables import Column, markdown_table
from warraq.airflow.home import ADDRESS_FILE, PASSWORDS_FILE
from warraq.airflow.ports import free_port
from warraq.airflow.rest_client import AirflowRest, sign_in

REPORT = Path("docs/benchmarks/airflow.md")
DAG = "archive_demo"
STAGES = ("crawl", "extract", "publish")
FIRST_WINDOW = datetime(2024, 6, 1, tzinfo=UTC)
WINDOW = timedelta(hours=6)  # a longer one without an article would not pass the audit
TARGET_SECONDS = 15.0
PORT = 18_090
READY_SECONDS = 300.0
RUN_SECONDS = 300.0
COLUMNS = (
    Column("s", "seconds", "{:.1f}"),
    Column("crawl", "crawl", "{:.1f}"),
    Column("extract", "extract", "{:.1f}"),
    Column("publish", "publish", "{:.1f}"),
    Column("waiting", "waiting", "{:.1f}"),
    Column("CPU s", "cpu", "{:.1f}"),
    Column("load", "load", "{:.1f}"),
)


@contextlib.contextmanager
def stack(folder: Path) -> Iterator[tuple[AirflowRest, psutil.Process]]:
    """`warraq up` and the demo portal, in archive and home of their own; the open REST API, and the process."""
    with _process("demo-portal", "--port", "0", "--until", "2024-12-04", "--json") as portal:
        assert portal.stdout
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("WARRAQ_", "AIRFLOW"))},
            "WARRAQ_ARCHIVE": str(folder / "archive"),
            "WARRAQ_CACHE": str(folder / "cache"),
            "WARRAQ_DEMO_URL": json.loads(portal.stdout.readline())["url"],
        }
        home = folder / "home"
        with _process("up", "--port", str(free_port(PORT)), "--home", str(home), environ=environ) as up:
            assert up.stdout
            if not any("Ctrl-C" in line for line in up.stdout):
                raise RuntimeError("warraq up ended before it was ready")
            password = json.loads((home / PASSWORDS_FILE).read_text(encoding="utf-8"))["admin"]
            url = (home / ADDRESS_FILE).read_text(encoding="utf-8")
            with sign_in(url, user="admin", password=password) as airflow:
                airflow.wait_for_dag(DAG, seconds=READY_SECONDS)
                airflow.call("PATCH", f"dags/{DAG}", json={"is_paused": False})
                yield airflow, psutil.Process(up.pid)


def run_once(airflow: AirflowRest, up: psutil.Process, *, number: int) -> dict[str, float]:
    """Trigger one empty window and wait for its success; the figures of its row."""
    start = FIRST_WINDOW + number * WINDOW
    params = {"from": f"{start:%Y-%m-%dT%H:%MZ}", "to": f"{start + WINDOW:%Y-%m-%dT%H:%MZ}"}
    cpu = _cpu_seconds(up)
    triggered = datetime.now(UTC)
    run_id = airflow.trigger(DAG, params)
    run = airflow.wait_for_run(DAG, run_id, seconds=RUN_SECONDS)
    if run["state"] != "success":
        raise RuntimeError(f"{run_id} is {run['state']}: not comparable")
    seconds = (datetime.fromisoformat(run["end_date"]) - triggered).total_seconds()
    stages = {task["task_id"]: task["duration"] for task in airflow.tasks(DAG, run_id) if task["task_id"] in STAGES}
    return {
        **stages,
        "seconds": seconds,
        "waiting": seconds - sum(stages.values()),
        "cpu": _cpu_seconds(up) - cpu,
        "load": os.getloadavg()[0],
    }


def report(runs: Sequence[dict[str, float]]) -> str:
    """The document."""
    about = " ".join((__doc__ or "").split("\n\n", 1)[1].split())
    median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    rows = [(f"run {number}", run) for number, run in enumerate(runs, start=1)]
    return "\n".join(
        [
            "# Airflow: what an empty window takes",
            "",
            f"Written by `make bench-airflow`. {about}",
            "",
            f"Target: a median of at most {TARGET_SECONDS:g} s. {os.cpu_count()} cores, Python "
            f"{platform.python_version()}, Airflow {version('apache-airflow')}; `load` is the machine's load average "
            "over the last minute at the end of the run, other work included.",
            "",
            *markdown_table([*rows, ("**median**", median)], COLUMNS),
            "",
        ]
    )


@contextlib.contextmanager
def _process(*words: str, environ: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "warraq", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environ) as found:
        try:
            yield found
        finally:
            found.terminate()


def _cpu_seconds(up: psutil.Process) -> float:
    """Of the processes that run now and of all their ended children."""
    total = 0.0
    for process in [up, *up.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            times: Any = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def main() -> int:
    """Measure, print, write the report; 1 when the median misses the target."""
    parser = argparse.ArgumentParser(description="Trigger-to-success time of empty windows under `warraq up`")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between runs")
    parser.add_argument("--no-write", action="store_true", help="print only")
    asked = parser.parse_args()
    runs = []
    with tempfile.TemporaryDirectory() as folder, stack(Path(folder)) as (airflow, up):
        for number in range(asked.runs):
            runs.append(run_once(airflow, up, number=number))
            print(f"run {number + 1}: {runs[-1]}", file=sys.stderr)
            time.sleep(asked.pause)
    text = report(runs)
    print(text)
    if not asked.no_write:
        REPORT.write_text(text, encoding="utf-8")
    return 0 if statistics.median(run["seconds"] for run in runs) <= TARGET_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
