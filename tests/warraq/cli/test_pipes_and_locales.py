"""What reads an archive behaves in a pipe, in a locale without Arabic and in an old terminal as it does elsewhere."""

from __future__ import annotations

import os
import pty
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

import warraq
from storage.errors import RetryLater, UsageError
from storage.read.query import sql_errors
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import WORDS, records, run_id
from warraq.api.search_index import keep_index

NO_ARABIC = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
READING: dict[str, list[str]] = {
    "help": ["--help"],
    "search": ["search", WORDS[0]],
    "scan": ["search", WORDS[0], "--scan"],
    "table": ["query", "FROM articles", "--format", "table"],
    "titles": ["query", "SELECT title FROM articles"],
    "export": ["export", "--output", "-", "--format", "jsonl"],
}


@pytest.fixture
def environ(local_environ: dict[str, str], local_settings: Settings, tmp_path: Path) -> dict[str, str]:
    run = run_id()
    open_tables(local_settings).replace_run(run, RecordRows(run, *records(run, 3)))
    with warraq.open_archive(tmp_path / "archive") as archive:
        keep_index(archive.connections)
    named = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    return {**named, **local_environ}


def call(words: Sequence[str], environ: Mapping[str, str], **more: object) -> tuple[int, bytes, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "warraq", *words],
        env=environ,
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},  # type: ignore[call-overload]
    )
    return done.returncode, done.stdout or b"", done.stderr.decode().splitlines()


@pytest.mark.parametrize("what", READING)
def test_a_reader_that_has_gone_is_no_failure(environ: dict[str, str], what: str) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as nobody:
        code, _, said = call(READING[what], environ, stdout=nobody)
    assert (code, [line for line in said if not line.startswith("found by scan")]) == (0, [])


@pytest.mark.parametrize("what", ["search", "titles"])
def test_arabic_goes_in_and_out_whatever_the_locale(environ: dict[str, str], what: str) -> None:
    usual = call(READING[what], environ)
    assert usual == call(READING[what], {**environ, **NO_ARABIC})
    assert WORDS[0].encode() in usual[1]
    if what == "titles":
        encoded = call(READING[what], {**environ, "PYTHONIOENCODING": "cp1256"})
        assert encoded[1].decode("cp1256") == usual[1].decode()
        code, _, said = call(READING[what], {**environ, "PYTHONIOENCODING": "latin-1"})
        assert (code, len(said)) == (2, 1)
        assert "PYTHONIOENCODING=utf-8" in said[0]


def test_files_have_arabic_names_whatever_the_locale(environ: dict[str, str], tmp_path: Path) -> None:
    words = ["query", "SELECT 1 AS a", "--output", str(tmp_path / "جدول.csv")]
    assert call(words, {**environ, **NO_ARABIC})[0] == 0
    assert (tmp_path / "جدول.csv").read_text() == "a\n1\n"


@pytest.mark.parametrize(
    ("what", "more"), [("search", {"NO_COLOR": "1"}), ("search", {"TERM": "dumb"}), ("table", {"TERM": "dumb"})]
)
def test_a_terminal_without_colours_gets_none(environ: dict[str, str], what: str, more: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    code, _, _ = call(READING[what], {**environ, "TERM": "xterm", **more}, stdout=theirs)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode(errors="ignore")
    os.close(ours)
    assert code == 0
    assert "\x1b[3" not in shown
    if what == "search":
        assert f"**{WORDS[0]}**" in shown
    if "TERM" in more:
        assert "\x1b" not in shown


def test_a_full_disk_is_told_in_one_line(environ: dict[str, str]) -> None:
    for what in ("search", "titles"):
        with Path("/dev/full").open("wb") as full:
            code, _, said = call(READING[what], environ, stdout=full)
        assert (code, len([line for line in said if not line.startswith("found by scan")])) == (4, 1), said


MEMORY = "import resource; from warraq.cli.signals import in_a_child; "
MEMORY += "in_a_child(lambda: print(*resource.getrlimit(resource.RLIMIT_DATA), flush=True))"


def test_a_query_may_not_take_more_memory_than_there_is(environ: dict[str, str]) -> None:
    told = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, check=True).stdout.split()
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < int(told[0]) <= there

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, 2 << 30))

    code, out, said = call(["query", "SELECT repeat('x', 3000000000)"], environ, preexec_fn=little)
    assert (code, out, len(said)) == (4, b"", 1), said
    assert said[0].startswith("error: the query needs more memory: Out of Memory Error: Failed to allocate")
    assert "Possible solutions" not in said[0]


def test_what_an_arrow_column_cannot_hold_is_told_as_such() -> None:
    long = "Invalid Input Error: Arrow Appender: The maximum total string size for regular string buffers is 2147483647"
    with pytest.raises(UsageError, match="longer than 2 GiB"), sql_errors():
        raise pa.ArrowInvalid(long)
    with pytest.raises(RetryLater, match="needs more memory"), sql_errors():
        raise pa.ArrowMemoryError("malloc of size 4294967296 failed")
