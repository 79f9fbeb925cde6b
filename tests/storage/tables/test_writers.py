"""Several writers at once, and writers that die: no commit is lost, none is seen by half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.objects.keys import tables_prefix
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.paths import ROOT
from tests.fixtures.rows import records, run_id

KILLS = int(os.environ.get("WARRAQ_TEST_KILLS", "6"))


def start(environ: dict[str, str], *words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fixtures.writers", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def assert_no_file_left_over(tables: ArchiveTables, told: str) -> None:
    live = {Path(path).name for name in tables.load() for path in tables.files(name)}
    stored = {Path(info.key).name for info in tables.store.list(tables_prefix()) if info.key.endswith(".parquet")}
    assert stored == live, f"{told}: what killed maintenance had written is still there"


def assert_whole(tables: ArchiveTables) -> None:
    """Each run that shows has exactly the articles and fetches its own row counts, and no others exist."""
    loaded = tables.load()
    rows = {name: loaded[name].scan().to_arrow().to_pylist() for name in loaded}
    runs = {row["run_id"]: row for row in rows["runs"]}
    assert len(runs) == len(rows["runs"]), "a run shows twice"
    for row in runs.values():
        fetches = [one for one in rows["fetches"] if one["run_id"] == row["run_id"]]
        articles = [one for one in rows["articles"] if one["run_id"] == row["run_id"]]
        assert (len(fetches), len(articles)) == (row["links"], row["articles_new"])
    assert {row["run_id"] for name in ("articles", "fetches") for row in rows[name]} <= set(runs)


@pytest.mark.slow
def test_of_100_commits_by_four_writers_none_is_lost(local_environ: dict[str, str]) -> None:
    writers = [start(local_environ, "many", portal, 0, 25) for portal in ("almasaa", "youm7", "akhbar", "raya")]
    for writer in writers:
        _, errors = writer.communicate(timeout=280)
        assert writer.returncode == 0, errors.decode()
    tables = open_tables(read_settings(local_environ), create=False)
    assert tables.scan("runs").num_rows == 100
    assert tables.scan("articles").num_rows == 200
    assert_whole(tables)


def test_two_writers_on_one_window_leave_the_rows_of_one(settings: Settings) -> None:
    tables, run = open_tables(settings), run_id()
    failures: list[Exception] = []

    def write(text: str) -> None:
        try:
            for number in range(3):
                tables.replace_run(run, RecordRows(run, *records(run, 4, text=f"{text}{number}")))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(text,)) for text in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert tables.scan("articles").num_rows == 4
    assert_whole(tables)


def test_processes_that_open_a_new_archive_at_once_share_it(local_environ: dict[str, str]) -> None:
    writers = [start(local_environ, "many", f"portal{number}", 0, 1) for number in range(4)]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors.decode()
    assert open_tables(read_settings(local_environ), create=False).scan("runs").num_rows == 4


@pytest.mark.kills
def test_a_writer_killed_at_any_moment_leaves_whole_runs(
    local_environ: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    seed = int(os.environ.get("WARRAQ_TEST_SEED", time.time_ns() % 100_000))
    chance = random.Random(seed)
    run = run_id()
    tables = open_tables(read_settings(local_environ))
    record_property("seed", seed)
    for kill in range(KILLS):
        writer = start(local_environ, "over", "almasaa", kill * 1000)
        assert writer.stdout is not None
        for _ in range(chance.randint(1, 3)):
            writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.15))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert_whole(tables)
    tables.replace_run(run, RecordRows(run, *records(run, 6)))
    assert tables.scan("articles").num_rows == 6
    assert_whole(tables)
