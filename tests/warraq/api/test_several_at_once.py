"""One open archive asked by several threads and after a fork: each gets its own answer, or is told."""

from __future__ import annotations

import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

import warraq
from storage.errors import UsageError
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, run_id, run_row

PORTALS = {"almasaa": 3, "raya": 5, "youm7": 7}


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    found = read_settings()
    for portal, count in PORTALS.items():
        run = run_id(portal, 1)
        rows = [replace(edition(run, number)) for number in range(count)]
        fetches = [fetch(row) for row in rows]
        open_tables(found).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    return found


@pytest.mark.usefixtures("settings")
def test_each_thread_gets_the_answer_to_what_it_asked() -> None:
    asked = [*PORTALS] * 8
    with warraq.open_archive() as archive, ThreadPoolExecutor(len(PORTALS)) as threads:
        counts = list(threads.map(lambda portal: archive.articles(portal=portal).count(), asked))
        rows = list(threads.map(lambda portal: archive.articles(portal=portal).to_arrow().num_rows, asked))
    assert counts == rows == [PORTALS[portal] for portal in asked]


@pytest.mark.usefixtures("settings")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_asks_on_a_connection_of_its_own() -> None:
    with warraq.open_archive() as archive:
        assert archive.articles(portal="raya").count() == 5
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = 0 if archive.articles(portal="youm7").count() == 7 else 2
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert archive.articles(portal="almasaa").count() == 3


@pytest.mark.usefixtures("settings")
def test_an_open_archive_cannot_be_sent_and_says_so() -> None:
    with warraq.open_archive() as archive, pytest.raises(UsageError, match="cannot be given to another process"):
        pickle.dumps(archive)
