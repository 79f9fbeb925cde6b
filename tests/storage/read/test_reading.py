"""Every Python block of docs/how_to/read_the_archive.md, run as it stands, against a directory and against S3."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.model.window import RunId
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.maintenance import maintain
from storage.tables.staging import RecordRows
from tests.fixtures.paths import ROOT
from tests.fixtures.rows import records, run_id

PAGE = ROOT / "docs" / "how_to" / "read_the_archive.md"
BLOCK = re.compile(r"^```python (\w+)(?: after=(\w+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = {match[1]: (match[2], match[3]) for match in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}
ARTICLES = 5


def whole(name: str) -> str:
    """A block with those it says it comes after."""
    before, code = BLOCKS[name]
    return (whole(before) if before else "") + code


def test_every_python_block_has_a_name() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(BLOCKS) == text.count("```python") >= 8


# One process a store: what takes long is importing all those libraries.
RUNNER = """
import json, sys
for name, code in json.load(sys.stdin).items():
    space = {}
    try:
        exec(code, space)
        print(name, space["read"], flush=True)
    except Exception as error:
        print(name, f"{type(error).__name__}:{error}".replace(" ", "_").replace("\\n", "_"), flush=True)
"""


@pytest.mark.parametrize("environ", ["local_environ", pytest.param("s3_environ", marks=pytest.mark.s3)])
def test_every_block_reads_the_archive_as_it_stands_on_the_page(request: pytest.FixtureRequest, environ: str) -> None:
    settings: Settings = request.getfixturevalue(environ.replace("environ", "settings"))
    tables, november, day = open_tables(settings), run_id(day=3, month=11), timedelta(days=1)

    def publish(run: RunId, articles: int) -> None:
        tables.replace_run(run, RecordRows(run, *records(run, articles)))

    # A year's file, of which a window has gone, and a month's beside it.
    publish(november, 1)
    publish(run_id(), ARTICLES - 2)
    maintain(settings, now=datetime(2025, 6, 1, tzinfo=UTC), keep=day, margin=day, staging=day)
    publish(november, 0)
    publish(run_id(day=26), 2)
    assert {path.split("/")[-2] for path in tables.files("articles")} == {"year=2024", "month=2024-12"}
    own = request.getfixturevalue(environ)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=json.dumps({name: whole(name) for name in BLOCKS}),
        env={**os.environ, **own, "PATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    found = dict(line.split() for line in done.stdout.splitlines())
    searched = found.pop("warraq", "")  # it looks for a word that not every article has
    assert found == {name: str(ARTICLES) for name in BLOCKS if name != "warraq"}, done.stderr
    assert searched.isdigit(), searched
    assert 0 < int(searched) <= ARTICLES
