"""A release tells which articles were gone when it was made, and refuses what only fetches can tell."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

import warraq
from storage.errors import UsageError
from storage.objects.keys import release_prefix
from storage.objects.open import open_store
from storage.read.release.making import make_release
from storage.read.release.releases import Month, Release
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.rows import edition, fetch, lost_fetch, run_id, run_row

NOW = datetime(2025, 2, 10, tzinfo=UTC)
TOLD = ("SELECT * FROM gone ORDER BY article_id", "SELECT * FROM edits ORDER BY ALL")


def release(settings: Settings) -> Release:
    month, spill = Month.parse("2024-12", now=NOW), settings.cache / "duckdb"
    return make_release(open_tables(settings), month, now=NOW, code_version="1", spill=spill)


def lose(settings: Settings, number: int, *, day: int) -> None:
    """A later run in which a page is not there any more."""
    run = run_id("almasaa", day)
    lost = replace(lost_fetch(run, number), outcome="http_4xx")
    lost = replace(lost, link=replace(lost.link, url=edition(run_id(), number).url, http_status=410))
    open_tables(settings).replace_run(run, RecordRows(run, [], [lost], run_row(run, [lost])))


@pytest.fixture
def archived(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WARRAQ_ARCHIVE", settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(settings.cache))
    run = run_id()
    rows = [edition(run, number) for number in range(3)]
    fetches = [fetch(row) for row in rows]
    open_tables(settings).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    lose(settings, 1, day=28)
    return settings


def test_what_was_gone_and_edited_is_told_as_the_archive_told_it(archived: Settings) -> None:
    made = release(archived)
    with warraq.open_archive() as live, warraq.open_archive(release=made.name) as frozen:
        for sql in TOLD:
            assert frozen.sql(sql).to_pylist() == live.sql(sql).to_pylist()
            assert frozen.sql(sql).num_rows == 1
        told = [archive.sql("DESCRIBE gone")["column_name"].to_pylist() for archive in (live, frozen)]
    assert told[0] == told[1]
    lose(archived, 2, day=30)
    with warraq.open_archive() as live, warraq.open_archive(release=made.name) as frozen:
        assert (live.gone().num_rows, frozen.gone().num_rows) == (2, 1), "a release does not change"


@ON_DISK
def test_fetches_of_a_release_are_refused(archived: Settings) -> None:
    with warraq.open_archive(release=release(archived).name) as frozen:
        for sql in (
            "FROM fetches",
            "SELECT count(*) FROM fetches",
            "SELECT 1 WHERE EXISTS (FROM fetches)",
            "SELECT url FROM fetches WHERE http_status = 404",
            "SELECT title FROM articles LEFT JOIN fetches USING (article_id)",
            "SELECT title FROM articles WHERE article_id NOT IN (SELECT article_id FROM fetches)",
        ):
            with pytest.raises(UsageError, match="release 2024-12 holds no fetches") as told:
                frozen.sql(sql)
            assert told.value.remedy.startswith("ask the archive itself, without a release"), sql


@ON_DISK
def test_a_release_of_an_earlier_version_refuses_what_it_cannot_tell(archived: Settings) -> None:
    made, store = release(archived), open_store(archived)
    told = json.loads(store.get(made.key))
    told["files"] = [file for file in told["files"] if file["table"] not in ("gone", "opt_outs", "edits")]
    store.put(made.key, json.dumps(told).encode())
    for name in ("gone.parquet", "opt_outs.parquet", "edits.parquet"):
        store.delete(release_prefix(made.name) + name)
    with warraq.open_archive(release=made.name) as frozen:
        for sql in TOLD:
            with pytest.raises(UsageError, match=r"holds no (fetches|edits)"):
                frozen.sql(sql)
        assert frozen.sql("FROM opt_outs").num_rows == 0
        assert frozen.articles().count() == 3
    again = release(archived)
    assert (again.name, again.keeps("gone")) == ("2024-12-r2", True)
    with pytest.raises(UsageError, match="nothing of 2024-12 has changed since release 2024-12-r2"):
        release(archived)
