"""Maintenance: fewer files, the same rows, and nothing anybody needs goes away."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from storage.errors import ObjectMissing, StageFailed
from storage.iceberg.live_files import live_dataset
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.compaction import MAX_SMALL_FILES, SETTLED, compact_together, crowds, in_commits
from storage.tables.expiry import remove_unreferenced
from storage.tables.maintenance import MaintenanceReport, maintain
from storage.tables.row_filters import select
from storage.tables.staging import RecordRows, StagedRun
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.rows import records, run_id
from tests.storage.tables.test_writers import assert_no_file_left_over, start

LATER = datetime(2025, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)
KILLS = int(os.environ.get("WARRAQ_TEST_KILLS", "4"))


def publish(tables: ArchiveTables, run: RunId, articles: int, *, text: str = "") -> None:
    tables.replace_run(run, RecordRows(run, *records(run, articles, text=text)))


def everything(tables: ArchiveTables) -> dict[str, list[str]]:
    return {name: sorted(map(str, tables.scan(name).to_pylist())) for name in ("articles", "fetches", "runs")}


def tidy(settings: Settings, *, now: datetime = LATER, margin: timedelta = DAY) -> MaintenanceReport:
    return maintain(settings, now=now, keep=DAY, margin=margin, staging=30 * DAY)


@pytest.fixture
def tables(settings: Settings) -> ArchiveTables:
    tables = open_tables(settings)
    for portal in ("almasaa", "youm7"):
        for day in (1, 2):
            publish(tables, run_id(portal, day), 3)
    return tables


def test_a_closed_portal_month_becomes_one_sorted_file_with_the_same_rows(
    tables: ArchiveTables, settings: Settings
) -> None:
    before = everything(tables)
    report = tidy(settings)
    assert everything(tables) == before
    assert (report.files_before, report.files_after) == (12, 6)
    assert sorted(report.compacted)[0] == "articles almasaa/2024-12"
    store = open_store(settings)
    for path in tables.files("articles"):
        import io

        rows = pq.read_table(io.BytesIO(store.get(path.removeprefix(settings.archive + "/"))))
        times = rows["published_at"].to_pylist()
        assert times == sorted(times)
        assert rows.schema.field("title").metadata[b"PARQUET:field_id"] == b"7"
    assert tidy(settings).compacted == ()


def test_few_files_of_a_month_that_is_not_over_are_left_alone(tables: ArchiveTables, settings: Settings) -> None:
    assert tidy(settings, now=datetime(2024, 12, 31, 23, tzinfo=UTC)).compacted == ()


MIDDLE = datetime(2024, 12, 20, tzinfo=UTC)


def hour(portal: str, number: int) -> RunId:
    start = datetime(2024, 12, 2, tzinfo=UTC) + timedelta(hours=number)
    return RunId(portal, Window(start, start + timedelta(hours=1)))


@ON_DISK
def test_in_a_month_that_goes_on_the_small_files_of_settled_windows_become_one(
    tables: ArchiveTables, settings: Settings
) -> None:
    for number in range(MAX_SMALL_FILES - 1):
        publish(tables, hour("raya", number), 1)
    assert tidy(settings, now=MIDDLE).compacted == ()
    for number in range(MAX_SMALL_FILES - 1, MAX_SMALL_FILES + 3):
        publish(tables, hour("raya", number), 1)
    last_settles = hour("raya", MAX_SMALL_FILES + 2).window.end + SETTLED
    before = everything(tables)
    report = tidy(settings, now=last_settles - timedelta(minutes=1))
    assert report.compacted == tuple(f"{name} raya/2024-12" for name in ("articles", "fetches", "runs"))
    assert everything(tables) == before
    assert len(tables.files("runs", row_filter=select(portal="raya"))) == 2
    assert len(tables.files("runs", row_filter=select(portal="almasaa"))) == 2

    # Windows whose rows lie in the file that others share, and a late one in between, are published as ever.
    publish(tables, hour("raya", 5), 3, text="again")
    late = RunId("raya", Window(hour("raya", 6).window.start + timedelta(minutes=15), hour("raya", 6).window.end))
    shared = tables.files("articles", row_filter=select(portal="raya"))
    publish(tables, late, 2)
    assert set(shared) < set(tables.files("articles", row_filter=select(portal="raya")))
    publish(tables, late, 1)
    rows = tables.scan("articles", row_filter=select(portal="raya"))["run_id"].to_pylist()
    assert len(rows) == MAX_SMALL_FILES + 3 + 2 + 1
    assert rows.count(str(hour("raya", 5))) == 3
    assert rows.count(str(late)) == 1
    assert tables.scan("runs").num_rows == 4 + MAX_SMALL_FILES + 3 + 1


def test_of_several_portal_months_in_one_commit_only_the_one_that_changed_is_left(
    tables: ArchiveTables, settings: Settings
) -> None:
    articles = [crowd for crowd in crowds(tables.load(), now=LATER) if crowd.table == "articles"]
    (portion,) = in_commits(articles)
    assert [crowd.partition.portal for crowd in portion] == ["almasaa", "youm7"]
    publish(tables, run_id("almasaa", 2), 1, text="meanwhile")
    before = everything(tables)
    assert [crowd.partition.portal for crowd in compact_together(tables, portion, spill=settings.cache)] == ["youm7"]
    assert everything(tables) == before


def test_manifests_stay_few_however_many_windows_are_published(local_settings: Settings) -> None:
    tables = open_tables(local_settings)
    for number in range(80):
        publish(tables, hour(f"portal{number % 4}", number // 4), 1)
    table = tables.load()["runs"]
    snapshot = table.current_snapshot()
    assert snapshot is not None
    assert len(snapshot.manifests(table.io)) < 20
    assert tables.scan("runs").num_rows == 80
    publish(tables, hour("portal1", 3), 2)
    assert tables.scan("runs").num_rows == 80
    assert tables.scan("articles").num_rows == 81


def test_a_run_is_still_replaceable_after_compaction(tables: ArchiveTables, settings: Settings) -> None:
    tidy(settings)
    publish(tables, run_id("almasaa", 2), 5, text="again")
    assert tables.scan("articles").num_rows == 3 * 3 + 5
    assert tables.scan("runs").num_rows == 4


def test_a_run_published_during_compaction_wins(tables: ArchiveTables, settings: Settings) -> None:
    crowd = crowds(tables.load(), now=LATER)[0]
    publish(tables, run_id("almasaa", 2), 1, text="meanwhile")
    before = everything(tables)
    assert not compact_together(tables, [crowd], spill=settings.cache)
    assert everything(tables) == before


@ON_DISK
def test_a_crowd_larger_than_a_file_becomes_several(tables: ArchiveTables, settings: Settings) -> None:
    before = everything(tables)
    crowd = crowds(tables.load(), now=LATER)[0]
    assert compact_together(tables, [crowd], spill=settings.cache, target_bytes=crowd.bytes // 2) == [crowd]
    assert everything(tables) == before
    assert len(tables.files("articles", row_filter=select(portal="almasaa"))) > 1


def test_unused_files_go_only_after_they_were_seen_unused_for_the_margin(
    tables: ArchiveTables, settings: Settings
) -> None:
    store = open_store(settings)
    store.put("tables/news/articles/data/portal=almasaa/month=2024-12/dead-writer.parquet", b"half")
    before = everything(tables)
    now = datetime.now(UTC) + 10 * DAY
    first = tidy(settings, now=now)
    assert first.files_removed == 0
    assert tidy(settings, now=now + DAY / 2).files_removed == 0
    last = tidy(settings, now=now + 2 * DAY)
    assert last.files_removed > 12
    assert not store.exists("tables/news/articles/data/portal=almasaa/month=2024-12/dead-writer.parquet")
    assert everything(tables) == before
    assert tidy(settings, now=now + 4 * DAY).files_removed == 0


def test_what_is_tagged_stays_readable_through_everything(tables: ArchiveTables, settings: Settings) -> None:
    table = tables.load()["articles"]
    snapshot = table.current_snapshot()
    assert snapshot is not None
    table.manage_snapshots().create_tag(snapshot.snapshot_id, "kept").commit()
    for day in (1, 2):
        publish(tables, run_id("almasaa", day), 1, text="new")
    now = datetime.now(UTC) + 10 * DAY
    for step in range(3):
        tidy(settings, now=now + step * 2 * DAY)
    table = tables.load()["articles"]
    kept = table.snapshot_by_name("kept")
    assert kept is not None
    assert len(table.metadata.snapshots) == 2
    assert live_dataset(table, snapshot_id=kept.snapshot_id).to_table().num_rows == 12
    assert tables.scan("articles").num_rows == 6 + 2


def test_an_archive_seen_under_another_address_loses_nothing(local_settings: Settings, tmp_path: object) -> None:
    from dataclasses import replace

    tables = open_tables(local_settings)
    publish(tables, run_id(), 2)
    alias = Path(str(tmp_path)) / "alias"
    alias.symlink_to(local_settings.archive)
    other = open_tables(replace(local_settings, archive=str(alias)), create=False)
    for days in (10, 20):
        with pytest.raises(StageFailed, match="nothing is removed"):
            remove_unreferenced(other, now=datetime.now(UTC) + days * DAY, margin=DAY)
    assert tables.scan("articles").num_rows == 2


def test_old_staged_rows_are_removed(tables: ArchiveTables, settings: Settings) -> None:
    staged = StagedRun(open_store(settings), run_id())
    staged.write(*records(run_id(), 1))
    assert tidy(settings, now=datetime.now(UTC) + 29 * DAY).staged_objects_removed == 0
    assert tidy(settings, now=datetime.now(UTC) + 31 * DAY).staged_objects_removed == 4
    assert not staged.exists()


def test_a_dry_run_changes_nothing(tables: ArchiveTables, settings: Settings) -> None:
    files = tables.files("articles")
    report = maintain(settings, now=LATER, keep=DAY, margin=DAY, staging=DAY, dry_run=True)
    assert len(report.compacted) == 6
    assert tables.files("articles") == files


def test_readers_and_writers_go_on_during_maintenance(local_settings: Settings) -> None:
    tables = open_tables(local_settings)
    for day in range(1, 7):
        publish(tables, run_id("almasaa", day), 2)
    failures: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                rows = live_dataset(tables.load()["articles"]).to_table(columns=["run_id"]).num_rows
                if rows < 12:
                    failures.append(f"{rows} rows")
            except Exception as error:
                failures.append(repr(error))

    def write() -> None:
        for day in range(1, 5):
            try:
                publish(tables, run_id("youm7", day), 1)
            except Exception as error:
                failures.append(repr(error))

    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    for step in range(3):
        tidy(local_settings, now=LATER + step * DAY)
    threads[1].join()
    is_over.set()
    threads[0].join()
    assert failures == []
    assert tables.scan("articles").num_rows == 12 + 4


@pytest.mark.kills
def test_maintenance_killed_at_any_moment_keeps_every_row_and_is_finished_by_the_next(
    local_settings: Settings, local_environ: dict[str, str]
) -> None:
    seed = int(os.environ.get("WARRAQ_TEST_SEED", time.time_ns() % 10**6))
    sys.stdout.write(f"repeat the moments with WARRAQ_TEST_SEED={seed}\n")
    chance = random.Random(seed)
    tables = open_tables(local_settings)
    for day in (1, 2):
        publish(tables, run_id("almasaa", day), 3)
    started = time.monotonic()
    tidy(local_settings)
    usual = time.monotonic() - started
    for kill in range(KILLS):
        for day in (1, 2):
            publish(tables, run_id(f"portal{kill}", day), 3)
        before = everything(tables)
        child = start(local_environ, "maintain", LATER.isoformat(), 1)
        assert child.stdout is not None
        assert child.stdout.readline() == b"go\n"
        time.sleep(chance.uniform(0, usual))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert everything(tables) == before, f"seed {seed}, kill {kill}"
    tidy(local_settings)
    assert crowds(tables.load(), now=LATER) == [], f"seed {seed}"
    now = datetime.now(UTC) + 10 * DAY
    for step in range(2):
        tidy(local_settings, now=now + step * 2 * DAY)
    assert everything(tables) == before, f"seed {seed}"
    assert_no_file_left_over(tables, f"seed {seed}")


@pytest.mark.kills
def test_compaction_of_the_current_month_killed_while_windows_are_published_again_keeps_every_row(
    local_settings: Settings, local_environ: dict[str, str]
) -> None:
    seed = int(os.environ.get("WARRAQ_TEST_SEED", time.time_ns() % 10**6))
    sys.stdout.write(f"repeat the moments with WARRAQ_TEST_SEED={seed}\n")
    chance = random.Random(seed)
    tables = open_tables(local_settings)
    for kill in range(max(2, KILLS // 2)):
        for number in range(MAX_SMALL_FILES + 1):
            publish(tables, hour(f"portal{kill}", number), 1)
        child = start(local_environ, "maintain", MIDDLE.isoformat(), 1)
        assert child.stdout is not None
        assert child.stdout.readline() == b"go\n"
        publish(tables, hour(f"portal{kill}", chance.randrange(MAX_SMALL_FILES)), 1, text="again")
        before = everything(tables)
        time.sleep(chance.uniform(0, 0.5))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert everything(tables) == before, f"seed {seed}, kill {kill}"
    tidy(local_settings, now=MIDDLE)
    assert crowds(tables.load(), now=MIDDLE) == [], f"seed {seed}"
    assert everything(tables) == before, f"seed {seed}"


def test_there_is_nothing_to_maintain_in_an_empty_archive(settings: Settings) -> None:
    with pytest.raises(ObjectMissing, match="nothing is archived"):
        tidy(settings)
