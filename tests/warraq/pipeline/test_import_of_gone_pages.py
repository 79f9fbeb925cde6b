"""What a file says of articles that are gone is told as a crawl tells it, and of nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from storage.errors import ExitCode
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.read.query import connect
from storage.settings import Settings
from tests.fixtures.demo_runs import NEXT_DAY, archive, pages
from tests.fixtures.raw_runs import RUN, write_round
from tests.warraq.pipeline.test_import_warc import Foreign, body_of, url_of
from warraq.cli.main import command_line

LATER = "2024-12-26T10:00:00Z"
NOT_FOUND = "<html><head><title>404</title></head><body><h1>الصفحة غير موجودة</h1></body></html>".encode()
# warcio leaves the temporary file of each record to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def environment(local_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", local_settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(local_settings.cache))


def bring(foreign: Foreign, folder: Path) -> Result:
    words = ["import", str(foreign.save(folder / "a.warc.gz")), "--portal", "demo", "--json"]
    return CliRunner().invoke(command_line, words, standalone_mode=False, catch_exceptions=False)


def asked(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with connect(settings) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_an_article_that_a_file_finds_gone_is_told_once(local_settings: Settings, tmp_path: Path, status: str) -> None:
    write_round(open_store(local_settings), pages(0, 1), spool=local_settings.cache)
    archive(local_settings)
    foreign = Foreign()
    foreign.add(url_of(0), NOT_FOUND, status=status, date=LATER)
    foreign.add(url_of(3), NOT_FOUND, status=status, date=LATER)  # nobody knows it
    foreign.add(url_of(1), b"", status="301 Moved", date=LATER)
    result = bring(foreign, tmp_path)
    assert result.return_value == ExitCode.DONE, result.output
    told = json.loads(result.stdout)
    assert (told["gone"], told["passed_over"]) == (1, {"not_status_200": 2})
    assert told["runs"][str(NEXT_DAY)]["verdict"] == "ok"
    gone = asked(local_settings, "SELECT url, how, http_status, gone_at::VARCHAR FROM gone")
    assert gone == [(url_of(0), "removed", int(status[:3]), "2024-12-26 10:00:00+00")]
    assert asked(local_settings, "SELECT kind FROM edits") == [("article removed",)]
    days = "SELECT day::VARCHAR FROM archived_days"
    assert asked(local_settings, days) == [("2024-12-25",)], "nothing of the 26th is archived"
    assert bring(foreign, tmp_path).return_value == ExitCode.DONE
    report = RawRun(open_store(local_settings), NEXT_DAY).report()
    assert report is not None
    assert report.round == 1, "nothing twice"


def test_a_page_that_a_file_shows_and_finds_gone_later_is_told_too(local_settings: Settings, tmp_path: Path) -> None:
    foreign = Foreign()
    foreign.add(url_of(0), body_of(0))
    foreign.add(url_of(0), NOT_FOUND, status="404 Not Found", date="2024-12-25T18:00:00Z")
    foreign.add(url_of(1), body_of(1))
    foreign.add(url_of(1), NOT_FOUND, status="404 Not Found", date=LATER)
    result = bring(foreign, tmp_path)
    assert result.return_value == ExitCode.DONE, result.output
    gone = asked(local_settings, "SELECT url, gone_at::VARCHAR FROM gone ORDER BY gone_at")
    assert gone == [(url_of(0), "2024-12-25 18:00:00+00"), (url_of(1), "2024-12-26 10:00:00+00")]
    foreign.add(url_of(1), body_of(1), date="2024-12-27T10:00:00Z")
    assert bring(foreign, tmp_path).return_value == ExitCode.DONE
    assert asked(local_settings, "SELECT url FROM gone") == [(url_of(0),)], "it is there again"


def test_a_day_whose_one_page_is_a_not_found_page_is_no_failure(local_settings: Settings, tmp_path: Path) -> None:
    write_round(open_store(local_settings), pages(0, 1), spool=local_settings.cache)
    archive(local_settings)
    foreign = Foreign()
    foreign.add(url_of(0), NOT_FOUND, date=LATER)
    result = bring(foreign, tmp_path)
    assert result.return_value == ExitCode.DONE, result.output
    assert asked(local_settings, "SELECT url, how FROM gone") == [(url_of(0), "removed")]
    assert len(RawRun(open_store(local_settings), RUN).links()) == 2
