"""No traceback for what is no defect of ours: a stumbling store, a full disk, a missing library."""

from __future__ import annotations

import errno
import itertools
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from sqlalchemy.exc import OperationalError

from storage.errors import DamagedObject, RetryLater, StageFailed, StoreDenied, StoreUnreachable, UsageError
from storage.objects.open import open_store
from storage.settings import Settings
from tests.fixtures.demo_runs import archive, pages, rows_of
from tests.fixtures.raw_runs import write_round
from tests.fixtures.s3_proxy import Fault, Refuse, Reset, S3Proxy
from tests.fixtures.s3_server import S3Server
from warraq.cli.main import as_told, main

ANSWERED = 12  # requests before the store stumbles


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), RetryLater),
        (OSError(errno.EIO, "Input/output error"), StoreUnreachable),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), StageFailed),
        (OperationalError("SELECT 1", {}, Exception("could not connect")), StoreUnreachable),
        (pa.ArrowInvalid("Parquet magic bytes not found"), DamagedObject),
        (duckdb.IOException("Could not write file: No space left on device"), RetryLater),
        (duckdb.InvalidInputException("Could not open Parquet input source"), StageFailed),
        (duckdb.InvalidInputException("IOError: AWS Error NETWORK_CONNECTION during GetObject"), StoreUnreachable),
        (duckdb.InvalidInputException("IOError: AWS Error ACCESS_DENIED during GetObject"), StoreDenied),
        (ModuleNotFoundError("No module named 'psycopg2'", name="psycopg2"), UsageError),
    ],
)
def test_what_is_no_defect_is_told_with_what_to_do(error: Exception, kind: type[Exception]) -> None:
    told = as_told(error)
    assert isinstance(told, kind)
    assert told.remedy


def test_a_defect_keeps_its_traceback() -> None:
    assert as_told(KeyError("x")) is None
    assert as_told(ModuleNotFoundError("No module named 'storage.nothing'", name="storage.nothing")) is None


def test_a_full_disk_behind_standard_output_is_not_the_archive(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "warraq", "portals"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (ended.returncode, ended.stderr.count("\n")) == (4, 1)
    assert "the output or the archive: no space left" in ended.stderr


@pytest.mark.parametrize("command", ["up", "demo"])
def test_without_its_extra_a_command_names_it(command: str, tmp_path: Path) -> None:
    program = f"import sys; sys.modules['psutil'] = None; from warraq.cli.main import main; main([{command!r}])"
    ended = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 2, ended.stderr
    assert "warraq[airflow]" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.s3
@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "code"),
    [(Refuse(503, "SlowDown"), 4), (Reset(), 4), (Refuse(403, "AccessDenied"), 5)],
    ids=["busy", "cut", "denied"],
)
def test_a_store_that_stumbles_is_no_traceback(
    s3_server: S3Server,
    s3_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Fault,
    code: int,
    tmp_path: Path,
) -> None:
    write_round(open_store(s3_settings), pages(0, 1), spool=s3_settings.cache)
    archive(s3_settings)
    monkeypatch.chdir(tmp_path)
    article = str(rows_of(s3_settings)["articles"][0]["article_id"])
    proxy = S3Proxy(s3_server)
    with proxy.running() as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        for words in (
            ["maintain"],
            ["release", "2024-12"],
            ["verify"],
            ["query", "SELECT count(*) FROM articles"],
            ["receipt", article],
            ["export", "--output", "out.wacz"],
        ):
            answered = itertools.count()
            proxy.judge = lambda _method, _path: fault if next(answered) >= ANSWERED else None  # noqa: B023 - used at once
            with pytest.raises(SystemExit) as ended:
                main(words)
            told = capsys.readouterr().err
            assert (ended.value.code, "error: " in told) == (code, True), (words, told)
            proxy.judge = lambda _method, _path: None
            with pytest.raises(SystemExit) as ended:
                main(words)
            assert ended.value.code == 0, (words, capsys.readouterr().err)
