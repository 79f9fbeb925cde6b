"""The catalog in a real PostgreSQL; skipped where none is installed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import make_url

from storage.errors import StoreDenied, StoreUnreachable
from storage.iceberg.multi_table_commit import ArchiveCatalog
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.maintenance import maintain
from storage.tables.staging import RecordRows
from tests.fixtures.private_servers import postgres_programs, private_postgres
from tests.fixtures.rows import records, run_id

pytestmark = pytest.mark.skipif(
    postgres_programs() is None, reason="no PostgreSQL here; apt-get install postgresql to run these"
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A fresh server on loopback, with a password; its address without database."""
    with private_postgres() as address:
        yield f"postgresql+psycopg2://{address('').rstrip('/')}"


@pytest.fixture
def postgres_settings(server: str, local_environ: dict[str, str], request: pytest.FixtureRequest) -> Settings:
    import psycopg2

    name = f"t{abs(hash(request.node.name)) % 10**9}"
    connection = psycopg2.connect(f"{server.replace('+psycopg2', '')}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return read_settings({**local_environ, "WARRAQ_CATALOG": f"{server}/{name}"})


def test_runs_are_replaced_and_read_back(postgres_settings: Settings) -> None:
    tables, run = open_tables(postgres_settings), run_id()
    for articles in (5, 3):
        tables.replace_run(run, RecordRows(run, *records(run, articles)))
    assert tables.scan("articles").num_rows == 3
    assert [row.articles_new for row in tables.history("almasaa")] == [3]


def test_a_year_is_merged_and_one_of_its_runs_replaced(postgres_settings: Settings) -> None:
    tables, day = open_tables(postgres_settings), timedelta(days=1)
    runs = [run_id(day=1, month=month) for month in (3, 4)]
    for run in runs:
        tables.replace_run(run, RecordRows(run, *records(run, 3)))
    maintain(postgres_settings, now=datetime(2025, 6, 1, tzinfo=UTC), keep=day, margin=day, staging=day)
    assert len(tables.files("articles")) == 1
    tables.replace_run(runs[0], RecordRows(runs[0], *records(runs[0], 1)))
    assert tables.scan("articles").num_rows == 4
    assert tables.scan("runs").num_rows == 2


def test_of_the_commits_of_four_writers_none_is_lost(postgres_settings: Settings) -> None:
    open_tables(postgres_settings)
    failures: list[Exception] = []

    def write(portal: str) -> None:
        try:
            tables = open_tables(postgres_settings)
            for day in range(1, 6):
                run = run_id(portal, day)
                tables.replace_run(run, RecordRows(run, *records(run, 1)))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(portal,)) for portal in ("almasaa", "youm7", "akhbar", "raya")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert open_tables(postgres_settings).scan("runs").num_rows == 20


def test_a_commit_moves_all_tables_or_none(postgres_settings: Settings) -> None:
    from sqlalchemy import text

    tables, run = open_tables(postgres_settings), run_id()
    tables.replace_run(run, RecordRows(run, *records(run, 2)))
    assert isinstance(tables.catalog, ArchiveCatalog)
    with tables.catalog.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql "
                "AS $$ BEGIN RAISE EXCEPTION 'disk error'; END $$;"
                "CREATE TRIGGER no_runs BEFORE UPDATE ON iceberg_tables FOR EACH ROW WHEN (new.table_name = 'runs' "
                "AND new.metadata_location <> old.metadata_location) EXECUTE FUNCTION refuse()"
            )
        )
    with pytest.raises(StoreUnreachable):
        tables.replace_run(run, RecordRows(run, *records(run, 9)))
    assert {name: tables.scan(name).num_rows for name in ("articles", "fetches", "runs")} == {
        "articles": 2,
        "fetches": 3,
        "runs": 1,
    }


def test_a_wrong_password_is_denied_without_showing_any(postgres_settings: Settings) -> None:
    from dataclasses import replace

    address = make_url(str(postgres_settings.catalog)).set(password="falsch")
    wrong = replace(postgres_settings, catalog=address.render_as_string(hide_password=False))
    with pytest.raises(StoreDenied, match="refuses") as caught:
        open_tables(wrong)
    assert "falsch" not in str(caught.value) + caught.value.remedy
