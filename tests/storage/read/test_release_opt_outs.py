"""A release tells the opt-outs that were known when it was made, also those that only a later fetch states."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

import warraq
from storage.errors import DamagedObject, UsageError
from storage.objects.keys import release_prefix
from storage.objects.open import open_store
from storage.read.release.making import make_release
from storage.read.release.releases import Month, Release
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.rows import edition, fetch, run_id, run_row

NOW = datetime(2025, 2, 10, tzinfo=UTC)
STATED = "opt-out: meta tdm-reservation 1"


def publish(settings: Settings, *, portal: str = "almasaa", reserved_at_capture: bool = False) -> None:
    run = run_id(portal, 25)
    editions = [edition(run, number) for number in range(3)]
    if reserved_at_capture:
        editions[0] = replace(editions[0], opt_out="meta robots noai")
    fetches = [fetch(row) for row in editions]
    open_tables(settings).replace_run(run, RecordRows(run, editions, fetches, run_row(run, fetches)))


def fetch_again(settings: Settings, number: int, *, portal: str = "almasaa", month: int = 12, day: int = 28) -> None:
    """A later window in which a page is unchanged, and says that it reserves."""
    run = run_id(portal, day, month=month)
    seen = edition(run_id(portal, 25), number)
    later = replace(seen, run_id=str(run), window_start=run.window.start, window_end=run.window.end)
    again = fetch(replace(later, captured_at=run.window.start + timedelta(hours=1)), outcome="unchanged")
    again = replace(again, link=replace(again.link, detail=STATED))
    open_tables(settings).replace_run(run, RecordRows(run, [], [again], run_row(run, [again])))


def release(settings: Settings, *, now: datetime = NOW) -> Release:
    month, spill = Month.parse("2024-12", now=NOW), settings.cache / "duckdb"
    return make_release(open_tables(settings), month, now=now, code_version="1", spill=spill)


def counts(settings: Settings, name: str | None = None) -> tuple[int, int]:
    with warraq.open_archive(settings.archive, release=name) as archive:
        articles = archive.articles()
        return articles.count(), articles.left_out()


def as_of_an_earlier_version(settings: Settings, made: Release) -> None:
    """Take the file of opt-outs out of a release, as if it had been made before there was one."""
    store = open_store(settings)
    told = json.loads(store.get(made.key))
    told["files"] = [file for file in told["files"] if file["table"] != "opt_outs"]
    store.put(made.key, json.dumps(told).encode())
    store.delete(f"{release_prefix(made.name)}opt_outs.parquet")


@pytest.fixture
def archived(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WARRAQ_ARCHIVE", settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(settings.cache))
    publish(settings, reserved_at_capture=True)
    publish(settings, portal="raya")
    fetch_again(settings, 1)
    fetch_again(settings, 2, portal="raya", month=1, day=5)  # in no window of the month
    return settings


def test_a_release_leaves_out_what_the_live_archive_leaves_out(archived: Settings) -> None:
    assert counts(archived) == (3, 3)
    made = release(archived)
    assert counts(archived, made.name) == (3, 3)
    with warraq.open_archive(archived.archive, release=made.name) as archive:
        told = archive.sql("SELECT portal, statement FROM opt_outs ORDER BY ALL").to_pylist()
        assert archive.sql("DESCRIBE opt_outs")["column_name"].to_pylist() == [
            "article_id",
            "portal",
            "edition_id",
            "stated_at",
            "statement",
        ]
    with warraq.open_archive(archived.archive) as live:
        assert told == live.sql("SELECT portal, statement FROM opt_outs ORDER BY ALL").to_pylist()
    fetch_again(archived, 0, portal="raya", month=1, day=6)
    assert counts(archived, made.name) == (3, 3), "a release does not change"


@ON_DISK
def test_its_papers_and_files_count_the_same(archived: Settings) -> None:
    release(archived)
    store = open_store(archived)
    read = {name: store.get(f"releases/2024-12/{name}") for name in ("quality.json", "README.md", "datapackage.json")}
    portals = json.loads(read["quality.json"])["portals"]
    assert {name: portal["opt_outs"] for name, portal in portals.items()} == {"almasaa": 2, "raya": 1}
    assert "3 articles are of pages or sites that reserved" in read["README.md"].decode()
    stated = pq.read_table(io.BytesIO(store.get("releases/2024-12/opt_outs.parquet")))
    assert len(set(stated["article_id"].to_pylist())) == 3
    latest = pq.read_table(io.BytesIO(store.get("releases/2024-12/latest.parquet")))
    assert latest["opt_out"].null_count == 3
    (described,) = (one for one in json.loads(read["datapackage.json"])["resources"] if one["name"] == "opt_outs")
    assert [field["name"] for field in described["schema"]["fields"]] == stated.schema.names


@ON_DISK
def test_what_reserved_since_makes_another_release(archived: Settings) -> None:
    release(archived)
    fetch_again(archived, 1, month=1, day=7)  # which had said so before
    with pytest.raises(UsageError, match="nothing of 2024-12 has changed"):
        release(archived)
    fetch_again(archived, 0, portal="raya", month=1, day=6)
    again = release(archived)
    assert again.name == "2024-12-r2"
    assert counts(archived, again.name) == (2, 4)


@ON_DISK
def test_an_interrupted_release_goes_on_with_the_opt_outs_it_began_with(archived: Settings) -> None:
    first = release(archived)
    store = open_store(archived)
    store.delete(first.key)
    fetch_again(archived, 0, portal="raya", month=1, day=6)
    assert release(archived, now=NOW + timedelta(hours=1)) == first


@ON_DISK
def test_a_release_of_an_earlier_version_is_read_with_what_its_rows_say(archived: Settings) -> None:
    made = release(archived)
    as_of_an_earlier_version(archived, made)
    assert counts(archived, made.name) == (5, 1)
    with warraq.open_archive(archived.archive, release=made.name) as archive:
        assert "the release does not say what was stated later" in archive.articles().described().left_out
    assert release(archived).name == "2024-12-r2"
    assert counts(archived, "2024-12-r2") == (3, 3)


@ON_DISK
def test_a_file_of_opt_outs_that_is_lost_is_told_and_nothing_is_read_without_it(archived: Settings) -> None:
    made = release(archived)
    open_store(archived).delete(f"{release_prefix(made.name)}opt_outs.parquet")
    with pytest.raises(DamagedObject, match=r"opt_outs\.parquet is not there"):
        warraq.open_archive(archived.archive, release=made.name)
