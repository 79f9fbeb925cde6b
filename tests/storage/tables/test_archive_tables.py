"""The tables: a run is replaced in one commit, and everything reads back as it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage.errors import ExitCode, ObjectMissing, RetryLater, StoreUnreachable, UsageError
from storage.iceberg.catalog import open_catalog
from storage.iceberg.commit_log import Told
from storage.iceberg.multi_table_commit import commit_group, load_tables
from storage.iceberg.snapshots import StagedTransaction
from storage.iceberg.table_layout import schema_version
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.schema.arrow_and_iceberg import conform, iceberg_schema, table_of
from storage.schema.columns import TABLES
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.known_articles import pages_beside
from storage.tables.row_filters import select
from storage.tables.run_replacement import RUN_ID
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, records, run_id

RUN = run_id()


def publish(tables: ArchiveTables, run: RunId, articles: int, *, lost: int = 1, text: str = "") -> None:
    tables.replace_run(run, RecordRows(run, *records(run, articles, lost=lost, text=text)))


def contents(tables: ArchiveTables, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = tables.scan(name).to_pylist()
    return sorted(rows, key=str)


@pytest.fixture
def tables(settings: Settings) -> ArchiveTables:
    return open_tables(settings)


def test_rows_come_back_as_they_were_written(tables: ArchiveTables) -> None:
    editions, fetches, row = records(RUN, 12, lost=3)
    tables.replace_run(RUN, RecordRows(RUN, editions, fetches, row))
    for spec, made in zip(TABLES, (editions, fetches, [row]), strict=True):
        back = conform(spec, tables.scan(spec.name))
        assert sorted(back.to_pylist(), key=str) == sorted(table_of(spec, made).to_pylist(), key=str)
    assert tables.history("almasaa") == [row]


def test_running_a_window_again_replaces_its_rows(tables: ArchiveTables) -> None:
    other = run_id("youm7")
    publish(tables, other, 4)
    publish(tables, RUN, 10)
    before = contents(tables, "articles")
    publish(tables, RUN, 10)
    assert contents(tables, "articles") == before
    publish(tables, RUN, 3, lost=0, text="changed")
    assert tables.scan("articles").num_rows == 3 + 4
    assert tables.scan("fetches").num_rows == 3 + 5
    assert [row.links for row in tables.history("almasaa")] == [3]
    assert len(tables.files("articles", row_filter=select(portal="almasaa"))) == 1


def test_a_rerun_that_finds_no_article_leaves_none(tables: ArchiveTables) -> None:
    publish(tables, RUN, 5)
    publish(tables, RUN, 0, lost=2)
    assert tables.scan("articles").num_rows == 0
    assert tables.scan("fetches").num_rows == 2


def test_a_run_is_taken_out_of_a_file_it_shares_with_others(tables: ArchiveTables) -> None:
    first, second = run_id(day=1), run_id(day=2)
    publish(tables, first, 3)
    publish(tables, second, 4)
    everything = load_tables(tables.catalog)["articles"]
    everything.overwrite(everything.scan().to_arrow())
    assert len(tables.files("articles")) == 1
    publish(tables, first, 2, text="again")
    rows = tables.scan("articles", columns=("run_id",))["run_id"].to_pylist()
    assert sorted(rows) == [str(first)] * 2 + [str(second)] * 4


def test_every_snapshot_names_the_run_it_wrote(tables: ArchiveTables) -> None:
    publish(tables, RUN, 1)
    for table in tables.load().values():
        snapshot = table.current_snapshot()
        assert snapshot is not None
        assert snapshot.summary is not None
        assert snapshot.summary[RUN_ID] == str(RUN)


def test_tables_have_the_described_columns_ids_and_layout(tables: ArchiveTables) -> None:
    for spec in TABLES:
        table = tables.load()[spec.name]
        assert table.schema().fields == iceberg_schema(spec).fields
        assert [field.name for field in table.spec().fields] == ["portal", "month"]
        assert schema_version(table) == max(column.since for column in spec.columns)
        ids = {field.name: field.field_id for field in table.schema().fields}
        assert [field.source_id for field in table.sort_order().fields] == [ids[name] for name in spec.sort]


def test_files_are_chosen_by_portal_and_window(tables: ArchiveTables) -> None:
    publish(tables, run_id("almasaa", 1), 1)
    publish(tables, run_id("almasaa", 1, month=11), 1)
    publish(tables, run_id("youm7", 1), 1)
    assert len(tables.files("articles")) == 3
    chosen = tables.files("articles", row_filter=select(portal="almasaa", since=datetime(2024, 12, 1, tzinfo=UTC)))
    assert len(chosen) == 1
    assert "portal=almasaa/month=2024-12/" in chosen[0]


def test_history_is_the_newest_runs_oldest_first(tables: ArchiveTables) -> None:
    for day in (3, 1, 2, 5, 4):
        publish(tables, run_id(day=day), day)
    assert [row.articles_new for row in tables.history("almasaa", limit=3)] == [3, 4, 5]
    before = datetime(2024, 12, 4, tzinfo=UTC)
    assert [row.articles_new for row in tables.history("almasaa", limit=2, before=before)] == [2, 3]
    assert tables.history("youm7") == []


def test_known_articles_and_editions_are_those_of_other_runs(tables: ArchiveTables) -> None:
    publish(tables, RUN, 2)
    row = edition(RUN, 1)
    known = tables.known_articles("almasaa")
    assert known.has_article(row.article_id)
    assert known.has_edition(row.edition_id)
    assert not known.has_edition(edition(RUN, 1, text="changed").edition_id)
    assert not tables.known_articles("almasaa", without=RUN).has_article(row.article_id)
    assert not tables.known_articles("youm7").has_article(row.article_id)


def test_pages_of_articles_are_those_of_other_runs_of_the_weeks_around(tables: ArchiveTables) -> None:
    long_ago, asked = run_id(month=9), run_id(day=28)
    for run in (RUN, long_ago):
        publish(tables, run, 2)
    row = edition(RUN, 1)
    told = [(row.article_id, row.url, row.text.title, row.text.body)]
    articles = [row.article_id, edition(long_ago, 1).article_id]
    assert list(pages_beside(tables.batches, asked, articles)) == told
    assert list(pages_beside(tables.batches, RUN, articles)) == []
    assert list(pages_beside(tables.batches, asked, articles, pending=[RUN])) == []


def test_a_commit_moves_all_three_tables_or_none(local_settings: Settings) -> None:
    tables = open_tables(local_settings)
    publish(tables, RUN, 3)
    before = {name: contents(tables, name) for name in ("articles", "fetches", "runs")}
    with create_engine(f"sqlite:///{local_settings.archive}/catalog.db").begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER no_runs BEFORE UPDATE ON iceberg_tables WHEN new.table_name = 'runs' "
                "AND new.metadata_location <> old.metadata_location BEGIN SELECT RAISE(ABORT, 'disk error'); END"
            )
        )
    with pytest.raises(RetryLater):
        publish(tables, RUN, 9, text="never seen")
    assert {name: contents(tables, name) for name in before} == before


def test_metadata_stays_small_and_what_is_tagged_stays_readable(tables: ArchiveTables) -> None:
    publish(tables, RUN, 5)
    first = tables.load()["articles"]
    snapshot = first.current_snapshot()
    assert snapshot is not None
    first.manage_snapshots().create_tag(snapshot.snapshot_id, "kept").commit()
    for number in range(7):
        publish(tables, RUN, 1, text=str(number))
    for name in tables.load():
        transaction = StagedTransaction(tables.load()[name])
        transaction.forget_snapshots(keep=3)
        change = transaction.change()
        assert change is not None
        commit_group(tables.catalog, lambda _, change=change: [change], Told("test"))  # type: ignore[misc]  # bound now
    after = tables.load()["articles"]
    assert len(after.metadata.snapshots) == 3 + 1
    kept = after.snapshot_by_name("kept")
    assert kept is not None
    assert after.scan(snapshot_id=kept.snapshot_id).to_arrow().num_rows == 5
    assert tables.scan("articles").num_rows == 1


def test_an_archive_without_tables_says_so_and_stays_untouched(settings: Settings) -> None:
    with pytest.raises(ObjectMissing, match="nothing is archived") as caught:
        open_tables(settings, create=False)
    assert "warraq archive" in caught.value.remedy
    assert not list(open_store(settings).list("tables/"))


def test_a_second_catalog_over_one_archive_is_refused(s3_settings: Settings, tmp_path: Path) -> None:
    from dataclasses import replace

    open_tables(s3_settings)
    other = replace(s3_settings, catalog=f"sqlite:///{tmp_path}/other.db")
    with pytest.raises(UsageError, match="another catalog"):
        open_tables(other)
    with pytest.raises(UsageError, match="another catalog"):
        open_tables(other, create=False)
    open_tables(s3_settings)


def test_an_archive_in_s3_asks_for_its_catalog(s3_settings: Settings) -> None:
    from dataclasses import replace

    with pytest.raises(UsageError, match="WARRAQ_CATALOG is not set"):
        open_catalog(replace(s3_settings, catalog=None))


@pytest.mark.parametrize(
    ("catalog", "kind", "says"),
    [
        ("not a url", UsageError, "WARRAQ_CATALOG"),
        ("nodatabase://x/y", UsageError, "WARRAQ_CATALOG"),
        ("postgresql+psycopg2://me:geheim@127.0.0.1:1/x?connect_timeout=2", StoreUnreachable, "does not answer"),
        ("sqlite:////nowhere/at/all.db", StoreUnreachable, "does not answer"),
    ],
)
def test_a_catalog_that_does_not_work_is_an_error_without_secrets(
    local_environ: dict[str, str], catalog: str, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says) as caught:
        open_tables(read_settings({**local_environ, "WARRAQ_CATALOG": catalog}))
    assert "geheim" not in str(caught.value) + str(getattr(caught.value, "remedy", ""))
    assert getattr(caught.value, "exit_code", None) in {ExitCode.USAGE, ExitCode.RETRY_LATER}


def test_pyicebergs_own_configuration_is_used_where_it_names_a_catalog(
    s3_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    (tmp_path / ".pyiceberg.yaml").write_text(
        f"catalog:\n  warraq:\n    type: sql\n    uri: sqlite:///{tmp_path}/configured.db\n"
    )
    monkeypatch.setenv("PYICEBERG_HOME", str(tmp_path))
    tables = open_tables(replace(s3_settings, catalog=None))
    publish(tables, RUN, 1)
    assert (tmp_path / "configured.db").exists()
