"""`warraq --help`, `warraq portals` and each command's --help import none of the slow libraries."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest

from warraq.cli.main import command_line

SLOW = (
    "scrapy",
    "twisted",
    "trafilatura",
    "pyarrow",
    "boto3",
    "pyiceberg",
    "duckdb",
    "airflow",
    "pandas",
    "lxml",
    "numpy",
    "pydantic",
    "rich",
    "httpx",
    "sqlalchemy",
)
COMMANDS = command_line.list_commands(click.Context(command_line))


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_imports_nothing_slow(words: list[str]) -> None:
    program = (
        "import sys\nfrom warraq.cli.main import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"slow = [name for name in {SLOW!r} if name in sys.modules]\n"
        "assert not slow, f'imported for --help: {slow}'"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Usage: warraq" in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example(name: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "warraq", name, "--help"], capture_output=True, text=True, check=True
    )
    assert f"warraq {name}" in result.stdout.split("Usage:", 1)[1].split("\n", 1)[1], "give an example in the help text"


def test_a_command_that_reads_the_tables_loads_no_pandas(local_environ: dict[str, str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "warraq", "coverage"]
    done = subprocess.run(command, env=os.environ | local_environ, capture_output=True, text=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "pyarrow.dataset" in loaded, done.stderr[-1000:]
    assert not {"pandas.core", "pandas.compat"} & loaded
