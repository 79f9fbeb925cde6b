"""The catalog in a real PostgreSQL; skipped where none is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import StoreDenied, StoreUnreachable
from storage.group_commit import ArchiveCatalog
from storage.settings import Settings, read_settings
from storage.staging import staged_rows
from storage.tables import open_tables
from tests.s3_server import free_port
from tests.tables.rows import records, run_id

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [
    Path(found).parent for found in [shutil.which("initdb")] if found
]
pytestmark = pytest.mark.skipif(not BINARIES, reason="no PostgreSQL here; apt-get install postgresql to run these")


def server_user() -> str | None:
    """PostgreSQL refuses to run as root; its package brings a user."""
    return "postgres" if os.geteuid() == 0 else None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A fresh server on loopback, with a password; its address without database."""
    folder = Path(tempfile.mkdtemp(prefix="warraq-pg-"))
    user, port = server_user(), free_port()
    if user:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    secret = folder / "secret"
    secret.write_text("geheim")
    secret.chmod(0o644)
    data = folder / "data"
    initdb = [
        str(BINARIES[-1] / "initdb"),
        "-D",
        str(data),
        "-U",
        "warraq",
        "-A",
        "scram-sha-256",
        f"--pwfile={secret}",
    ]
    subprocess.run(initdb, user=user, cwd=folder, check=True, capture_output=True)
    command = [str(BINARIES[-1] / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, user=user, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(process, port, folder / "log")
        yield f"postgresql+psycopg2://warraq:geheim@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)  # SIGTERM waits for pooled connections to end by themselves
        process.wait(timeout=60)
        shutil.rmtree(folder)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    import psycopg2

    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg2.connect(f"postgresql://warraq:geheim@127.0.0.1:{port}/postgres").close()
            return
        except psycopg2.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)


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
        tables.replace_run(run, staged_rows(run, *records(run, articles)))
    assert tables.scan("articles").num_rows == 3
    assert [row.articles_new for row in tables.history("almasaa")] == [3]


def test_of_the_commits_of_four_writers_none_is_lost(postgres_settings: Settings) -> None:
    open_tables(postgres_settings)
    failures: list[Exception] = []

    def write(portal: str) -> None:
        try:
            tables = open_tables(postgres_settings)
            for day in range(1, 6):
                run = run_id(portal, day)
                tables.replace_run(run, staged_rows(run, *records(run, 1)))
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
    tables.replace_run(run, staged_rows(run, *records(run, 2)))
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
        tables.replace_run(run, staged_rows(run, *records(run, 9)))
    assert {name: tables.scan(name).num_rows for name in ("articles", "fetches", "runs")} == {
        "articles": 2,
        "fetches": 3,
        "runs": 1,
    }


def test_a_wrong_password_is_denied_without_showing_any(postgres_settings: Settings) -> None:
    from dataclasses import replace

    wrong = replace(postgres_settings, catalog=str(postgres_settings.catalog).replace("geheim", "falsch"))
    with pytest.raises(StoreDenied, match="refuses") as caught:
        open_tables(wrong)
    assert "falsch" not in str(caught.value) + caught.value.remedy
