"""Readers with the right to read the bucket, and no catalog, see what the catalog names."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

import warraq
from storage.errors import DamagedObject, ObjectMissing, UsageError
from storage.fixity.log import read_log
from storage.iceberg.newest_tables import pointed_to
from storage.objects.keys import newest_tables_key
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.maintenance import maintain
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id
from warraq.cli.main import main

pytestmark = pytest.mark.s3


def publish(settings: Settings, day: int) -> None:
    run = run_id(day=day)
    open_tables(settings).replace_run(run, RecordRows(run, *records(run, 3)))


def test_the_api_and_the_commands_read_without_a_catalog(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(s3_settings, 1)
    monkeypatch.delenv("WARRAQ_CATALOG")
    with warraq.open_archive(s3_settings.archive) as archive:
        assert archive.articles().count() == 3
        assert archive.search("almasaa").total == 3
    for words, told in (
        (["query", "SELECT count(*) AS n FROM editions", "--format", "csv"], "n\n3"),
        (["files", "--table", "runs"], "s3://"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0
        assert told in capsys.readouterr().out.replace("\r", "")


def test_a_year_that_was_merged_is_read_without_a_catalog(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in (3, 4):
        run = run_id(day=1, month=month)
        open_tables(s3_settings).replace_run(run, RecordRows(run, *records(run, 3)))
    day = timedelta(days=1)
    maintain(s3_settings, now=datetime(2025, 6, 1, tzinfo=UTC), keep=day, margin=day, staging=day)
    monkeypatch.delenv("WARRAQ_CATALOG")
    with warraq.open_archive(s3_settings.archive) as archive:
        assert archive.articles().count() == 6
        assert archive.articles(since="2024-04-01").count() == 3


def test_the_pointer_follows_each_commit_and_verify_compares_it(s3_settings: Settings) -> None:
    store = open_store(s3_settings)
    publish(s3_settings, 1)
    before = store.get(newest_tables_key())
    publish(s3_settings, 2)
    assert store.get(newest_tables_key()) != before
    tables = open_tables(s3_settings).load()
    assert read_log(store, tables).fixity.problems == []
    store.put(newest_tables_key(), before)
    assert any("newest.json" in problem for problem in read_log(store, tables).fixity.problems)
    store.delete(newest_tables_key())
    assert any("newest.json: missing" in problem for problem in read_log(store, tables).fixity.problems)
    day = timedelta(days=1)
    maintain(s3_settings, now=datetime.now(UTC), keep=day, margin=day, staging=day)
    assert read_log(store, open_tables(s3_settings).load()).fixity.problems == []
    store.put(newest_tables_key(), b"{")
    assert any("newest.json is damaged" in problem for problem in read_log(store, tables).fixity.problems)
    publish(s3_settings, 3)
    assert read_log(store, open_tables(s3_settings).load()).fixity.problems == []


def test_without_catalog_and_pointer_it_says_what_to_name(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(s3_settings, 1)
    open_store(s3_settings).delete(newest_tables_key())
    monkeypatch.delenv("WARRAQ_CATALOG")
    with pytest.raises(UsageError, match="WARRAQ_CATALOG is not set") as told:
        warraq.open_archive(s3_settings.archive)
    assert newest_tables_key() in told.value.message
    with pytest.raises(ObjectMissing, match=r"nothing is archived in s3://.*-typo"):
        warraq.open_archive(f"{s3_settings.archive}-typo")


def test_a_pointer_to_what_is_gone_is_told(s3_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(s3_settings, 1)
    store = open_store(s3_settings)
    named = pointed_to(store)["articles"]
    store.put(newest_tables_key(), store.get(newest_tables_key()).replace(b"/00", b"/99"))
    monkeypatch.delenv("WARRAQ_CATALOG")
    with pytest.raises(DamagedObject, match=named.replace("/00", "/99").split("/")[-1]):
        warraq.open_archive(s3_settings.archive)


def test_a_writer_still_needs_the_catalog(s3_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(s3_settings, 1)
    monkeypatch.delenv("WARRAQ_CATALOG")
    told = json.loads(open_store(s3_settings).get(newest_tables_key()))
    assert set(told["tables"]) == {"articles", "fetches", "runs"}
    from storage.settings import read_settings

    with pytest.raises(UsageError, match="WARRAQ_CATALOG is not set"):
        open_tables(read_settings())


WRITING = (
    ["release", "2024-12"],
    ["release", "2024-12", "--portal", "almasaa", "--json"],
    ["maintain"],
    ["crawl", "almasaa", "--from", "2024-12-01", "--to", "2024-12-02"],
    ["archive", "almasaa", "--from", "2024-12-01", "--to", "2024-12-02"],
    ["backfill", "almasaa", "--from", "2024-12-01", "--to", "2024-12-02", "--yes"],
    ["extract", "almasaa/2024-12-01T00Z--2024-12-02T00Z"],
    ["publish", "almasaa/2024-12-01T00Z--2024-12-02T00Z"],
    ["reextract", "--portal", "almasaa", "--from", "2024-12-01", "--to", "2024-12-02"],
    ["learn-lines", "almasaa", "--use", "none"],
    ["remove", "https://almasaa.example/1", "--reason", "x", "--basis", "y"],
    ["remove", "--again"],
)


def test_a_command_that_writes_is_refused_without_the_catalog_before_it_wrote_anything(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(s3_settings, 1)
    store = open_store(s3_settings)
    before = [(info.key, info.modified_at) for info in store.list("")]
    monkeypatch.delenv("WARRAQ_CATALOG")
    for words in WRITING:
        with pytest.raises(SystemExit) as ended:
            main(words)
        told = capsys.readouterr()
        assert ended.value.code == 2, words
        assert "WARRAQ_CATALOG is not set" in told.err + told.out, words
        assert len(told.err.splitlines()) <= 1, words
    assert [(info.key, info.modified_at) for info in store.list("")] == before
    with pytest.raises(SystemExit) as ended:
        main(["maintain", "--dry-run"])
    assert ended.value.code == 0


def test_tables_that_were_found_without_the_catalog_take_no_commit(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(s3_settings, 1)
    monkeypatch.delenv("WARRAQ_CATALOG")
    from storage.settings import read_settings

    with pytest.raises(UsageError, match="can only be read"):
        open_tables(read_settings(), create=False).note("anything", {})
