"""Ctrl-C ends a command with one line and exit code 130, whichever library met it and wherever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import duckdb
import pyarrow as pa
import pytest

import warraq
from storage.errors import StageFailed, StoreUnreachable, is_interrupt
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id
from warraq.cli.main import main
from warraq.monitoring.verify import _readable_tables

COMMANDS = {
    "series": ["series", "سد", "--by", "day"],
    "export": ["export", "-o", "all.parquet"],
    "report": ["report", "demo", "--month", "2024-12", "-o", "report.html"],
    "search": ["search", "سد", "--scan"],
    "query": ["query", "SELECT 1"],
}
# On the way of each of them, from the first thing that is read to the connection and the question.
PLACES = (
    "warraq.api.archive.open_tables",
    "warraq.api.connections.live_dataset",
    "storage.read.query.duckdb.connect",
    "warraq.api.connections.steady_rows",
    "warraq.api.connections.connect_to",
)
DIRECT: dict[str, Callable[[], BaseException]] = {
    "Python": KeyboardInterrupt,
    "DuckDB's client": lambda: RuntimeError("Query interrupted"),
    "DuckDB": lambda: duckdb.InterruptException("INTERRUPT Error: Interrupted!"),
    "a function that DuckDB calls": lambda: duckdb.InvalidInputException("Python exception: KeyboardInterrupt: \n"),
    "Arrow": lambda: pa.ArrowCancelled("Operation cancelled"),
    "a stream that Arrow reads": lambda: pa.ArrowInvalid("Python exception: KeyboardInterrupt"),
}


def _raise(error: BaseException, **_: object) -> NoReturn:
    raise error


def _in_a_thread(*_: object, **__: object) -> NoReturn:
    with ThreadPoolExecutor(1) as threads:
        threads.submit(_raise, RuntimeError("Query interrupted")).result()
    raise AssertionError


def _made_into_another(*_: object, **__: object) -> NoReturn:
    raise StoreUnreachable("the store does not answer") from RuntimeError("Query interrupted")


def _cleaning_up(*_: object, **__: object) -> NoReturn:
    try:
        raise KeyboardInterrupt
    finally:
        raise KeyError("what was not begun cannot be closed")


@pytest.fixture
def archived(local_environ: dict[str, str], local_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    run = run_id()
    open_tables(local_settings).replace_run(run, RecordRows(run, *records(run, 2)))
    return local_settings


def ended(capsys: pytest.CaptureFixture[str], words: list[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main(words)
    return int(end.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_whoever_met_it_and_wherever_it_is_one_line_and_130(
    command: str,
    archived: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    line = "interrupted; run the same command again to go on\n" if command == "export" else "interrupted\n"
    for place in PLACES:
        ways = [lambda *_, make=make, **__: _raise(make()) for make in DIRECT.values()]
        for way in (*ways, _in_a_thread, _made_into_another, _cleaning_up):
            with monkeypatch.context() as patched:
                patched.setattr(place, way)
                assert ended(capsys, COMMANDS[command]) == (130, line), (place, way)


@pytest.mark.parametrize("met", DIRECT)
def test_python_programs_get_pythons_own(met: str, archived: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = warraq.open_archive(archived.archive)
    monkeypatch.setattr("storage.read.query.duckdb.connect", lambda *_: _raise(DIRECT[met]()))
    with pytest.raises(KeyboardInterrupt):
        archive.coverage()


@pytest.mark.parametrize("words", [["--help"], ["portals"]])
def test_before_the_command_is_begun_it_is_one_line_too(words: list[str], tmp_path: Path) -> None:
    program = (
        "import sys; from warraq.cli import main\n"
        "def met(): raise KeyboardInterrupt\n"
        f"main.start_quickly = met; sys.argv = ['warraq', *{words!r}]; main.main()"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=os.environ, capture_output=True, text=True)
    assert (told.returncode, told.stderr.count("\n"), told.stderr[:11]) == (130, 1, "interrupted")


def test_what_we_tell_ourselves_behind_an_interrupt_and_errors_that_only_say_so_are_no_interrupts() -> None:
    try:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise StageFailed("the stack did not stop")  # noqa: B904 - the point
    except StageFailed as failed:
        assert not is_interrupt(failed)
    for error in (ValueError("KeyboardInterrupt"), RuntimeError("the download was interrupted"), None):
        assert not is_interrupt(error)


def test_damage_is_not_what_verify_says_of_an_interrupt(archived: Settings) -> None:
    with pytest.raises(RuntimeError, match="Query interrupted"), _readable_tables(None):  # type: ignore[arg-type]
        raise RuntimeError("Query interrupted")
