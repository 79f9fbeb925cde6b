"""A small portal's year in one file beside files of months: the same rows for every reader and writer."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from storage.errors import DamagedObject
from storage.fixity.table_files import check_data_files, check_table_metadata, doubles
from storage.iceberg.live_files import live_dataset
from storage.iceberg.manifests import partition_of
from storage.iceberg.table_layout import add_year_spec
from storage.model.partition import MONTHS, YEARS, Partition
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.branches import branch_dataset, open_branch, promote
from storage.tables.compaction import CLOSED_AFTER, compact_together, crowds, merge_manifests
from storage.tables.maintenance import MaintenanceReport, maintain
from storage.tables.removed_rows import Doomed, forget_history, held_keys, remove_rows
from storage.tables.row_filters import select
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id
from tests.storage.tables.test_other_catalogs import Slow, slow_catalog
from tests.storage.tables.test_writers import assert_no_file_left_over, assert_whole, start

PORTALS, TABLES = ("almasaa", "youm7"), ("articles", "fetches", "runs")
DAYS = ((1, 5), (1, 6), (2, 5), (12, 31))  # of 2024
NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)
CLOSED = NEW_YEAR + CLOSED_AFTER
DAY = timedelta(days=1)
KILLS = int(os.environ.get("WARRAQ_TEST_KILLS", "3"))


def publish(tables: ArchiveTables, run: RunId, articles: int, *, text: str = "", branch: str = "main") -> None:
    tables.replace_run(run, RecordRows(run, *records(run, articles, text=text)), branch=branch)


def everything(tables: ArchiveTables) -> dict[str, list[str]]:
    return {name: sorted(map(str, tables.scan(name).to_pylist())) for name in TABLES}


def tidy(settings: Settings, *, now: datetime = CLOSED, margin: timedelta = DAY) -> MaintenanceReport:
    return maintain(settings, now=now, keep=DAY, margin=margin, staging=30 * DAY)


def fill(tables: ArchiveTables) -> None:
    for portal in PORTALS:
        for month, day in DAYS:
            publish(tables, run_id(portal, day, month=month), 3)


def years_and_months(tables: ArchiveTables, name: str, portal: str) -> list[str]:
    """Which partitions have files, each as often as it has some."""
    return sorted(path.split("/")[-2] for path in tables.files(name, row_filter=select(portal=portal)))


@pytest.fixture
def tables(settings: Settings) -> ArchiveTables:
    found = open_tables(settings)
    fill(found)
    return found


@pytest.fixture
def merged(local_settings: Settings) -> ArchiveTables:
    found = open_tables(local_settings)
    fill(found)
    tidy(local_settings)
    return found


def test_the_months_of_a_year_that_is_long_over_become_one_sorted_file(
    tables: ArchiveTables, settings: Settings
) -> None:
    before = everything(tables)
    first = tables.load()["articles"].metadata.current_snapshot_id
    tidy(settings, now=CLOSED - timedelta(seconds=1))
    assert years_and_months(tables, "articles", "youm7") == ["month=2024-01", "month=2024-02", "month=2024-12"]
    report = tidy(settings)
    assert report.compacted == tuple(f"{name} {portal}/2024" for name in TABLES for portal in PORTALS)
    assert report.files_after == len(TABLES) * len(PORTALS)
    assert everything(tables) == before
    table = tables.load()["articles"]
    assert {partition_of(task.file).name for task in table.scan().plan_files()} == {"2024"}
    for path in tables.files("articles"):
        assert "/year=2024/" in path
        with table.io.new_input(path).open() as stream:
            times = pq.read_table(stream)["published_at"].to_pylist()
        assert times == sorted(times)
    assert tidy(settings).compacted == ()
    # What readers saw before, and a day, which is looked for in the year's file alone.
    assert live_dataset(table, snapshot_id=first).count_rows() == len(before["articles"])
    a_day = select(portal="youm7", since=datetime(2024, 2, 5, tzinfo=UTC), before=datetime(2024, 2, 6, tzinfo=UTC))
    assert tables.scan("articles", row_filter=a_day).num_rows == 3
    assert tables.files("articles", row_filter=select(since=NEW_YEAR)) == []


def test_a_window_of_a_merged_year_takes_its_month_out_and_the_year_is_merged_again(
    tables: ArchiveTables, settings: Settings
) -> None:
    tidy(settings)
    others = [row for row in everything(tables)["articles"] if str(run_id("youm7", 5, month=1)) not in row]
    publish(tables, run_id("youm7", 5, month=1), 5, text="again")
    assert [row for row in everything(tables)["articles"] if "again" not in row] == others
    assert tables.scan("articles", row_filter=select(portal="youm7")).num_rows == 3 * 3 + 5
    assert years_and_months(tables, "articles", "youm7") == ["month=2024-01", "month=2024-01", "year=2024"]
    assert years_and_months(tables, "articles", "almasaa") == ["year=2024"]

    # The next window of that month leaves the year's file alone; so does one that was never archived.
    year = {path for path in tables.files("articles") if "/year=" in path}
    publish(tables, run_id("youm7", 6, month=1), 1, text="again")
    publish(tables, run_id("youm7", 9, month=7), 2)
    assert {path for path in tables.files("articles") if "/year=" in path} == year
    assert tables.scan("runs", row_filter=select(portal="youm7")).num_rows == len(DAYS) + 1
    assert_whole(tables)
    before = everything(tables)
    assert tidy(settings).compacted == tuple(f"{name} youm7/2024" for name in TABLES)
    assert everything(tables) == before
    assert tidy(settings).compacted == ()
    assert list(doubles(tables)) == []


def test_a_large_year_keeps_its_months(merged: ArchiveTables, local_settings: Settings) -> None:
    publish(merged, run_id("raya", 5, month=1), 3)
    publish(merged, run_id("raya", 5, month=2), 3)
    loaded = merged.load()
    assert {crowd.name for crowd in crowds(loaded, now=CLOSED)} == {"raya/2024"}
    assert crowds(loaded, now=CLOSED, year_bytes=1) == []
    # One that was merged and has grown since keeps its file, and gets others of months beside it.
    for day in (7, 8):
        publish(merged, run_id("youm7", day, month=3), 1)
    found = crowds(merged.load(), now=CLOSED, year_bytes=1)
    assert {crowd.name for crowd in found} == {"youm7/2024-03"}
    before = everything(merged)
    assert compact_together(merged, found, spill=local_settings.cache) == found
    assert years_and_months(merged, "articles", "youm7") == ["month=2024-03", "year=2024"]
    assert everything(merged) == before
    assert crowds(merged.load(), now=CLOSED, year_bytes=1) == []


def test_a_run_published_while_its_year_is_merged_wins(local_settings: Settings) -> None:
    tables = open_tables(local_settings)
    fill(tables)
    found = crowds(tables.load(), now=CLOSED)
    publish(tables, run_id("almasaa", 31, month=12), 1, text="meanwhile")
    before = everything(tables)
    assert {crowd.name for crowd in compact_together(tables, found, spill=local_settings.cache)} == {"youm7/2024"}
    assert everything(tables) == before


def test_a_reextraction_of_a_merged_year_is_promoted_and_one_begun_before_it_too(local_settings: Settings) -> None:
    tables, settings = open_tables(local_settings), local_settings
    fill(tables)
    runs = [run_id("youm7", day, month=month) for month, day in DAYS[:3]]
    open_branch(tables, "reextract-before")
    publish(tables, runs[0], 2, text="before", branch="reextract-before")
    tidy(settings)
    promote(tables, "reextract-before", runs[:1], spill=settings.cache, check=lambda: None)
    assert tables.scan("articles", row_filter=select(run=runs[0])).num_rows == 2
    tidy(settings)
    open_branch(tables, "reextract-after")
    for run in runs[1:]:
        publish(tables, run, 4, text="after", branch="reextract-after")
    assert branch_dataset(tables.load()["articles"], "reextract-after", runs=runs).count_rows() == 2 + 4 + 4
    assert tables.scan("articles", row_filter=select(portal="youm7")).num_rows == 2 + 3 + 3 + 3
    promote(tables, "reextract-after", runs[1:], spill=settings.cache, check=lambda: None)
    assert tables.scan("articles", row_filter=select(portal="youm7")).num_rows == 2 + 4 + 4 + 3
    assert tables.scan("articles", row_filter=select(portal="almasaa")).num_rows == 12
    assert_whole(tables)
    before = everything(tables)
    tidy(settings)
    assert years_and_months(tables, "articles", "youm7") == ["year=2024"]
    assert everything(tables) == before


def test_what_is_removed_is_in_no_file_that_stays(merged: ArchiveTables) -> None:
    run = run_id("youm7", 5, month=2)
    rows = merged.scan("articles", row_filter=select(run=run))
    article, kept = rows["article_id"][0].as_py(), merged.scan("articles").num_rows - 1
    old = {path for path in merged.files("articles") if "portal=youm7" in path}
    assert remove_rows(merged, run, Doomed([article], []), why="asked") == 2  # the article, and its fetch
    forget_history(merged, branches=[])
    found = merged.scan("articles")
    assert found.num_rows == kept
    assert not pc.any(pc.equal(found["article_id"], article)).as_py()
    assert held_keys(merged).isdisjoint(path.removeprefix(f"{merged.store.url}/") for path in old)
    assert_whole(merged)


def test_a_damaged_file_of_a_year_is_told_and_not_written_again(merged: ArchiveTables) -> None:
    fixities = list(check_data_files(merged, portal="youm7", since=datetime(2024, 6, 1, tzinfo=UTC)))
    assert {key.split("/")[-2] for key, _ in fixities} == {"year=2024", "month=2024-12"}
    assert list(check_data_files(merged, portal="youm7", since=NEW_YEAR)) == []
    assert not check_table_metadata(merged).problems
    (path,) = merged.files("articles", row_filter=select(portal="youm7"))
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole[:60] + bytes([whole[60] ^ 1]) + whole[61:])
    told = [problem for _, fixity in check_data_files(merged, portal="youm7") for problem in fixity.problems]
    assert len(told) == 1
    assert "year=2024" in told[0]
    with pytest.raises(DamagedObject, match="not the one in its name"):
        publish(merged, run_id("youm7", 5, month=2), 1)


def test_the_first_and_the_last_month_of_a_portal_are_those_of_its_windows(merged: ArchiveTables) -> None:
    publish(merged, run_id("raya", 5, month=3), 1)
    january, march, december = (datetime(2024, month, 1, tzinfo=UTC) for month in (1, 3, 12))
    assert merged.oldest_months("runs") == {"almasaa": january, "youm7": january, "raya": march}
    assert merged.newest_months("runs") == {"almasaa": december, "youm7": december, "raya": march}


def test_manifests_of_both_kinds_are_merged_each_by_itself(merged: ArchiveTables) -> None:
    for number in range(20):
        publish(merged, run_id(f"portal{number}", 1 + number, month=6), 1)
    merge_manifests(merged)
    before = everything(merged)
    table = merged.load()["runs"]
    snapshot = table.current_snapshot()
    assert snapshot is not None
    manifests = snapshot.manifests(table.io)
    assert {manifest.partition_spec_id for manifest in manifests} == {MONTHS, YEARS}
    assert len(manifests) < 12
    publish(merged, run_id("youm7", 5, month=1), 3)
    assert everything(merged) == before


@pytest.mark.parametrize("is_merged", [True, False])
def test_a_catalog_that_commits_one_table_at_a_time_has_the_same_rows(
    local_settings: Settings, tmp_path: Path, is_merged: bool
) -> None:
    catalog, store = slow_catalog(local_settings, tmp_path), open_store(local_settings)
    tables = ArchiveTables(catalog, store)
    fill(tables)
    found = crowds(tables.load(), now=CLOSED)
    before = everything(tables)
    if is_merged:
        assert compact_together(tables, found, spill=local_settings.cache) == found
    else:  # another writer is quicker, with the spec and with the rows
        catalog.others["fetches"] = lambda: add_year_spec(Slow(tmp_path))
        assert compact_together(tables, found, spill=local_settings.cache) == found
    assert everything(tables) == before
    publish(tables, run_id("youm7", 5, month=1), 2)
    assert_whole(tables)


def test_a_partition_knows_its_months() -> None:
    month = Partition.month_of("raya", datetime(2024, 12, 31, 23, tzinfo=UTC))
    assert (month.name, month.start, month.end) == ("2024-12", datetime(2024, 12, 1, tzinfo=UTC), NEW_YEAR)
    assert (month.year.name, month.year.start, month.year.end) == ("2024", datetime(2024, 1, 1, tzinfo=UTC), NEW_YEAR)
    early = Partition.month_of("raya", datetime(1969, 12, 31, tzinfo=UTC))
    assert (early.name, early.year.name, early.number, early.year.number) == ("1969-12", "1969", -1, -1)


@pytest.mark.kills
def test_merging_years_killed_while_windows_are_published_again_keeps_every_row(
    local_settings: Settings, local_environ: dict[str, str]
) -> None:
    seed = int(os.environ.get("WARRAQ_TEST_SEED", time.time_ns() % 10**6))
    sys.stdout.write(f"repeat the moments with WARRAQ_TEST_SEED={seed}\n")
    chance = random.Random(seed)
    tables = open_tables(local_settings)
    fill(tables)
    started = time.monotonic()
    tidy(local_settings)
    usual = time.monotonic() - started
    for kill in range(KILLS):
        month, day = chance.choice(DAYS)
        publish(tables, run_id("youm7", day, month=month), 2, text=str(kill))
        publish(tables, run_id(f"portal{kill}", 3, month=4), 2)
        publish(tables, run_id(f"portal{kill}", 4, month=5), 2)
        child = start(local_environ, "maintain", CLOSED.isoformat(), 1)
        assert child.stdout is not None
        assert child.stdout.readline() == b"go\n"
        time.sleep(chance.uniform(0, usual / 2))
        publish(tables, run_id("almasaa", day, month=month), 4, text=str(kill))
        before = everything(tables)
        time.sleep(chance.uniform(0, usual / 2))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert everything(tables) == before, f"seed {seed}, kill {kill}"
    tidy(local_settings)
    assert crowds(tables.load(), now=CLOSED) == [], f"seed {seed}"
    now = datetime.now(UTC) + 10 * DAY
    for step in range(2):
        tidy(local_settings, now=now + step * 2 * DAY)
    assert everything(tables) == before, f"seed {seed}"
    assert_whole(tables)
    assert_no_file_left_over(tables, f"seed {seed}")
