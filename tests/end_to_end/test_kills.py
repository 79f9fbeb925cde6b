"""Stages killed at random moments: readers see all of a run or nothing, and the next try ends as an undisturbed one."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from storage.errors import ObjectMissing
from storage.model.window import RunId, Window
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.schema.columns import TABLE_BY_NAME
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import StagedRun
from tests.fixtures.demo_runs import pages
from tests.fixtures.raw_runs import RUN, write_round
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run

KILLS = int(os.environ.get("WARRAQ_TEST_KILLS", "5"))
PAGES = 6
# Everything slow is imported before "go", so that the kill falls into the work.
PROGRAM = """
import sys
from storage.settings import read_settings
from storage.model.window import RunId
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run
print("go", flush=True)
{"extract": extract_run, "publish": publish_run}[sys.argv[1]](RunId.parse(sys.argv[2]), read_settings())
"""

pytestmark = [pytest.mark.kills, pytest.mark.slow]


def day(number: int) -> RunId:
    shift = timedelta(days=number)
    return RunId("demo", Window(RUN.window.start + shift, RUN.window.end + shift))


def fill(settings: Settings, run: RunId, number: int) -> None:
    numbers = range(number * PAGES, (number + 1) * PAGES)
    write_round(open_store(settings), pages(*numbers), spool=settings.cache, run=run)


def moments() -> tuple[random.Random, str]:
    """Random moments, and how to repeat them (pytest shows it when a test fails)."""
    seed = int(os.environ.get("WARRAQ_TEST_SEED", time.time_ns() % 10**6))
    told = f"repeat the moments with WARRAQ_TEST_SEED={seed}"
    sys.stdout.write(f"{told}\n")
    return random.Random(seed), told


def staged(store: ObjectStore, folder: Path) -> dict[str, pa.Table]:
    """The run's staged rows, by table. Raises ObjectMissing where they are not complete."""
    files = StagedRun(store, RUN).fetch(folder)
    return {table: files.columns(table) for table in TABLE_BY_NAME}


def differences(one: dict[str, pa.Table], other: dict[str, pa.Table]) -> list[str]:
    """The columns in which two stagings differ."""
    return [
        f"{table}.{column}"
        for table, rows in one.items()
        for column in rows.column_names
        if rows[column].to_pylist() != other[table][column].to_pylist()
    ]


def run_and_kill(stage: str, run: RunId, settings: Settings, *, after_seconds: float | None) -> float:
    """Run a stage in a process of its own, killed so long after its start; the seconds it took."""
    environ = {**os.environ, "WARRAQ_ARCHIVE": settings.archive, "WARRAQ_CACHE": str(settings.cache)}
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, stage, str(run)],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with child:
        assert child.stdout and child.stdout.readline() == "go\n"
        started = time.monotonic()
        try:
            code = child.wait(timeout=after_seconds)
            assert code == 0
        except subprocess.TimeoutExpired:
            os.kill(child.pid, signal.SIGKILL)
        child.wait()
        return time.monotonic() - started


def test_extract_killed_anywhere_stages_all_or_nothing_and_the_same_when_run_again(
    local_settings: Settings, tmp_path: Path
) -> None:
    chooser, seed = moments()
    undisturbed = replace(local_settings, archive=str(tmp_path / "undisturbed"))
    fill(undisturbed, RUN, 0)
    fill(local_settings, RUN, 0)
    extract_run(RUN, undisturbed)
    expected = staged(open_store(undisturbed), tmp_path)
    usual = run_and_kill("extract", RUN, undisturbed, after_seconds=None)
    store = LocalStore(Path(local_settings.archive))
    for _ in range(KILLS):
        StagedRun(store, RUN).discard()
        run_and_kill("extract", RUN, local_settings, after_seconds=chooser.uniform(0, usual))
        with contextlib.suppress(ObjectMissing):
            assert differences(staged(store, tmp_path), expected) == [], seed
        extract_run(RUN, local_settings)
        assert differences(staged(store, tmp_path), expected) == [], seed


def test_publish_killed_anywhere_shows_all_or_nothing_and_the_same_when_run_again(local_settings: Settings) -> None:
    chooser, seed = moments()
    for number in range(KILLS + 1):
        fill(local_settings, day(number), number)
        extract_run(day(number), local_settings)
    usual = run_and_kill("publish", day(KILLS), local_settings, after_seconds=None)
    tables = open_tables(local_settings)
    for number in range(KILLS):
        run = day(number)
        run_and_kill("publish", run, local_settings, after_seconds=chooser.uniform(0, usual))
        chosen = f"run_id == '{run}'"
        counts = [tables.scan(name, row_filter=chosen).num_rows for name in ("articles", "fetches", "runs")]
        assert counts in ([0, 0, 0], [PAGES, PAGES, 1]), f"{seed}: a reader sees half a run: {counts}"
        publish_run(run, local_settings)
    assert tables.scan("articles").num_rows == PAGES * (KILLS + 1), seed
    assert tables.scan("runs").num_rows == KILLS + 1
