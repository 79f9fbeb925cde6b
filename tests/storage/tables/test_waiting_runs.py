"""Runs that wait for their turn are committed by whoever has it; killed anywhere, none is lost or doubled."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pyiceberg.table import Table
from pyiceberg.types import StringType

from storage.iceberg.commit_log import LogEntry, Told, entries, log_head
from storage.iceberg.multi_table_commit import commit_group
from storage.iceberg.snapshots import TableChange
from storage.model.window import RunId
from storage.objects.keys import waiting_key, waiting_root
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.staging import RecordRows
from storage.tables.waiting_runs import MAX_AGE, forget_waiting, others_waiting
from tests.fixtures.paths import ROOT
from tests.fixtures.rows import records, run_id
from warraq.monitoring.verify import VerifyScope, verify_archive

PORTALS = ("akhbar", "almasaa", "youm7")
WAIT_SECONDS = 60


def publish(run: RunId, settings: Settings, *, articles: int = 2, text: str = "") -> bool:
    """As `warraq publish` does; True if another took it along."""
    tables = open_tables(settings)
    seen, _ = tables.articles_seen(run.portal, without=run)
    return tables.replace_run(run, RecordRows(run, *records(run, articles, text=text)), seen=seen)


@contextmanager
def nobody_commits(tables: ArchiveTables) -> Iterator[None]:
    """The turn is held until the block ends."""
    held, done = threading.Event(), threading.Event()

    def plan(_tables: Mapping[str, Table]) -> Sequence[TableChange]:
        held.set()
        done.wait(WAIT_SECONDS)
        return []

    holder = threading.Thread(target=commit_group, args=(tables.catalog, plan, Told("test")))
    holder.start()
    held.wait(WAIT_SECONDS)
    try:
        yield
    finally:
        done.set()
        holder.join()


def wait_for_notes(tables: ArchiveTables, runs: Sequence[RunId]) -> None:
    ends = time.monotonic() + WAIT_SECONDS
    while not all(tables.store.exists(waiting_key(run)) for run in runs):
        assert time.monotonic() < ends, "a run does not wait"
        time.sleep(0.01)


def published_at_one_moment(settings: Settings, runs: Sequence[RunId]) -> list[bool]:
    """Publish runs in threads that all wait for the same turn; which were taken along."""
    tables, taken = open_tables(settings), list[bool]()
    writers = [threading.Thread(target=lambda run=run: taken.append(publish(run, settings))) for run in runs]  # type: ignore[misc]
    with nobody_commits(tables):
        for writer in writers:
            writer.start()
        wait_for_notes(tables, runs)
    for writer in writers:
        writer.join()
    return taken


def killed_while_waiting(
    settings: Settings,
    environ: Mapping[str, str],
    run: RunId,
    *,
    by: str = "tests.storage.tables.test_waiting_runs.publish",
) -> None:
    """A process that has stored a run's files and waits for its turn is killed; `by` is its code."""
    module, _, name = by.rpartition(".")
    code = (
        "from storage.settings import read_settings; from storage.model.window import RunId;"
        f"from {module} import {name}; {name}(RunId.parse({str(run)!r}), read_settings())"
    )
    tables = open_tables(settings)
    command = [sys.executable, "-c", code]
    with nobody_commits(tables), subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ}) as writer:
        wait_for_notes(tables, [run])
        writer.kill()


def log_of(settings: Settings) -> list[LogEntry]:
    tables = open_tables(settings)
    return list(entries(tables.store, log_head(tables.load())))[::-1]


def rows(settings: Settings) -> dict[str, list[str]]:
    tables = open_tables(settings)
    return {name: sorted(map(str, tables.scan(name).to_pylist())) for name in ("articles", "fetches", "runs")}


def notes(settings: Settings) -> list[str]:
    return [info.key for info in open_store(settings).list(waiting_root())]


def problems(settings: Settings) -> list[str]:
    """What verify says of the tables; these runs have no raw archive."""
    months = verify_archive(settings, VerifyScope(), workers=1)
    return [line for month in months if month.portal == "all" for line in month.problems]


def test_runs_that_wait_go_in_one_commit_and_are_as_if_published_one_by_one(
    settings: Settings, tmp_path: object
) -> None:
    runs = [run_id(portal) for portal in PORTALS]
    taken = published_at_one_moment(settings, runs)
    assert sorted(taken) == [False, True, True], "one commits all"
    told = [entry for entry in log_of(settings) if entry.what == "publish"]
    assert [sorted(entry.facts["articles"]) for entry in told] == [sorted(map(str, runs))]
    assert told[0].facts["rows"][str(runs[0])] == {"articles": 2, "fetches": 3, "runs": 1}
    assert notes(settings) == [] == problems(settings)

    alone = read_settings({"WARRAQ_ARCHIVE": f"{tmp_path}/alone", "WARRAQ_CACHE": f"{tmp_path}/cache"})
    assert not any(publish(run, alone) for run in runs)
    assert rows(settings) == rows(alone)


def test_two_runs_of_one_portal_never_go_in_one_commit(local_settings: Settings) -> None:
    runs = [run_id("almasaa", day) for day in (25, 26)]
    published_at_one_moment(local_settings, runs)
    assert [entry.facts.get("run") for entry in log_of(local_settings) if entry.what == "publish"] != [None]
    assert len(rows(local_settings)["runs"]) == 2
    assert problems(local_settings) == []


def test_a_run_whose_process_was_killed_is_taken_along_and_the_same_command_ends_well(
    local_settings: Settings, local_environ: dict[str, str]
) -> None:
    dead, next_one = run_id("almasaa"), run_id("youm7")
    killed_while_waiting(local_settings, local_environ, dead)
    assert rows(local_settings)["runs"] == [], "nobody has committed"
    assert not publish(next_one, local_settings)
    both = rows(local_settings)
    assert len(both["runs"]) == 2
    publish(dead, local_settings)
    assert rows(local_settings) == both
    assert problems(local_settings) == []


def test_a_note_that_was_left_behind_never_brings_old_rows_back(
    local_settings: Settings, local_environ: dict[str, str]
) -> None:
    run = run_id("almasaa")
    killed_while_waiting(local_settings, local_environ, run)
    store = open_store(local_settings)
    left = store.get(waiting_key(run))
    publish(run, local_settings, articles=5, text="newer")
    newer = rows(local_settings)["articles"]
    store.put(waiting_key(run), left)
    publish(run_id("youm7"), local_settings, articles=1)
    assert [row for row in rows(local_settings)["articles"] if "almasaa" in row] == newer
    assert problems(local_settings) == []


def test_a_note_that_does_not_hold_any_more_is_not_followed(
    local_settings: Settings, local_environ: dict[str, str]
) -> None:
    run, other = run_id("almasaa"), run_id("youm7")
    killed_while_waiting(local_settings, local_environ, run)
    tables, key = open_tables(local_settings), waiting_key(run)
    store, note = tables.store, tables.store.get(key)

    def followed(now: datetime | None = None) -> list[RunId]:
        return [one.run for one in others_waiting(store, other, tables.load(), now=now)]

    assert followed() == [run]
    store.put(key, note.replace(b'"rows": 2', b'"rows": 3'))
    assert followed() == []
    assert [line for line in problems(local_settings) if key in line]
    store.put(key, note)
    assert followed(datetime.now(UTC) + 2 * MAX_AGE) == [] == notes(local_settings)
    store.put(key, note)
    forget_waiting(store)
    assert followed() == []
    store.put(key, note)
    with tables.load()["articles"].update_schema() as update:
        update.add_column("of_tomorrow", StringType())
    assert followed() == []


def test_a_catalog_that_was_put_back_is_found_by_the_log(local_settings: Settings) -> None:
    catalog = Path(local_settings.archive) / "catalog.db"
    publish(run_id("almasaa"), local_settings)
    before = catalog.read_bytes()
    for portal in ("youm7", "akhbar"):
        publish(run_id(portal), local_settings)
    assert problems(local_settings) == []
    catalog.write_bytes(before)
    assert [line for line in problems(local_settings) if "the catalog knows nothing of this commit" in line]
