"""Every Python block of docs/reference/python_api.md, run as it stands, against a directory and against S3."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "python_api.md"
BLOCK = re.compile(r"^```python (\w+)(?: after=(\w+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = {match[1]: (match[2], match[3]) for match in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}
ARTICLES = 5


def whole(name: str) -> str:
    before, code = BLOCKS[name]
    return (whole(before) if before else "") + code


def test_every_block_has_a_name() -> None:
    assert len(BLOCKS) == PAGE.read_text(encoding="utf-8").count("```python") >= 7


@pytest.mark.parametrize("environ", ["local_environ", pytest.param("s3_environ", marks=pytest.mark.s3)])
def test_every_block_of_the_page_runs(
    request: pytest.FixtureRequest, environ: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = request.getfixturevalue(environ.replace("environ", "settings"))
    for name, value in request.getfixturevalue(environ).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    run = run_id()
    open_tables(settings).replace_run(run, RecordRows(run, *records(run, ARTICLES)))
    read = {}
    for name in BLOCKS:
        space: dict[str, object] = {}
        exec(whole(name), space)
        read[name] = space["read"]
    assert read == dict.fromkeys(BLOCKS, ARTICLES)
    assert "<svg" in (tmp_path / "series.svg").read_text()
