"""`make test-engines`: engines of docs/how_to/other_engines.md count what the archive holds, in a directory and in S3.

The blocks of the page run as they stand, in an environment of their own that WARRAQ_ENGINES_PYTHON names.
"""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.maintenance import maintain
from storage.tables.staging import RecordRows
from tests.engines.spark_jars import lacking
from tests.fixtures.paths import ROOT
from tests.fixtures.rows import records, run_id

PYTHON = os.environ.get("WARRAQ_ENGINES_PYTHON", "")
pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not PYTHON, reason="needs the engines: make test-engines"),
    pytest.mark.timeout(900),
]
PAGE = ROOT / "docs" / "how_to" / "other_engines.md"
BLOCK = re.compile(r"^```python (\w+)(?: after=(\w+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = {match[1]: (match[2], match[3]) for match in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}
ENGINES = [name for name in BLOCKS if name not in ("table", "dataset")]
PORTALS, MONTHS, ARTICLES = ("almasaa", "youm7", "raya"), (11, 12), 7


def whole(name: str) -> str:
    before, code = BLOCKS[name]
    return (whole(before) if before else "") + code


@pytest.fixture(scope="module")
def jars(tmp_path_factory: pytest.TempPathFactory) -> str:
    if reason := lacking():
        pytest.skip(f"Spark: {reason}")
    command = [PYTHON, "-m", "tests.engines.spark_jars", str(tmp_path_factory.mktemp("jars"))]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("environ", ["local_environ", pytest.param("s3_environ", marks=pytest.mark.s3)])
@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_counts_what_the_archive_holds(
    engine: str, environ: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    own = dict(request.getfixturevalue(environ))
    if engine == "spark":
        own["SPARK_JARS"] = request.getfixturevalue("jars")
    settings: Settings = request.getfixturevalue(environ.replace("environ", "settings"))
    tables = open_tables(settings)
    for run in (run_id(portal, month=month) for portal in PORTALS for month in MONTHS):
        tables.replace_run(run, RecordRows(run, *records(run, ARTICLES)))
    day = timedelta(days=1)
    maintain(settings, now=datetime(2025, 6, 1, tzinfo=UTC), keep=day, margin=day, staging=day)  # a file a year
    run = run_id(PORTALS[0])  # its month is taken out of the year's file, so that the table has both kinds
    tables.replace_run(run, RecordRows(run, *records(run, ARTICLES - 2)))  # the first files are no longer live
    files = tables.load()["articles"].scan().plan_files()
    assert {task.file.spec_id for task in files} == {0, 1}, "months and years"
    done = subprocess.run(
        [PYTHON, "-c", f"{whole(engine)}\nprint('read', read)"],
        env={**os.environ, **own},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    counted = [line for line in done.stdout.splitlines() if line.startswith("read ")]
    assert counted == [f"read {len(PORTALS) * len(MONTHS) * ARTICLES - 2}"], done.stderr[-3000:]
