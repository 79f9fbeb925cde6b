"""A column added the way CONTRIBUTING says: what was archived before stays sound."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.objects.open import open_store
from storage.schema.columns import SCHEMA_VERSION
from storage.settings import Settings
from tests.fixtures.demo_runs import archive, pages
from tests.fixtures.paths import ROOT
from tests.fixtures.raw_runs import RUN, write_round

COLUMN = f"""        Column("letters", (99,), INT, True, "text.letters", RULES, "L", "ح", since={SCHEMA_VERSION + 1}),
    ),
"""
FIELD = "    text_simhash: int | None = None  #"
MADE = """
    @property
    def letters(self) -> int:
        return len(self.body)

"""


def with_column(folder: Path, *, extracted: bool) -> Path:
    """A copy of the code with one more column, filled by the extractor or by the record itself."""
    for package in ("storage", "extract", "spiders", "warraq"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    columns = folder / "storage" / "schema" / "columns.py"
    head, end, rest = columns.read_text().partition('    ),\n    sort=("published_at"')
    if not end:
        head, end, rest = columns.read_text().partition("    ),\n    (")
    assert end, "news.articles is not where this test looks for it"
    columns.write_text(
        (head + COLUMN + end.removeprefix("    ),\n") + rest).replace(
            f"SCHEMA_VERSION = {SCHEMA_VERSION}", f"SCHEMA_VERSION = {SCHEMA_VERSION + 1}", 1
        )
    )
    records = folder / "storage" / "model" / "records.py"
    assert FIELD in records.read_text()
    if extracted:
        records.write_text(records.read_text().replace(FIELD, "    letters: int | None = None\n" + FIELD, 1))
        extractor = folder / "extract" / "extractor.py"
        assert "ArticleText(\n" in extractor.read_text()
        extractor.write_text(
            extractor.read_text().replace("ArticleText(\n", "ArticleText(\n        letters=len(body),\n", 1)
        )
    else:
        head, field, rest = records.read_text().partition(FIELD)
        line, _, rest = rest.partition("\n")
        records.write_text(f"{head}{field}{line}\n{MADE}{rest}")
    return folder


def verified(code: Path, settings: Settings) -> tuple[int, dict[str, int]]:
    environ = {"WARRAQ_ARCHIVE": settings.archive, "WARRAQ_CACHE": str(settings.cache), "PYTHONPATH": str(code)}
    words = [sys.executable, "-m", "warraq", "verify", "--json", "--workers", "1"]
    ended = subprocess.run(words, env={**os.environ, **environ}, cwd=code, capture_output=True, text=True)
    assert ended.stdout, ended.stderr
    months = json.loads(ended.stdout)["months"]
    problems = [problem for month in months for problem in month["problems"]]
    assert problems == []
    return ended.returncode, {name: sum(month[name] for month in months) for name in ("derived", "other_version")}


@pytest.mark.slow
@pytest.mark.parametrize("extracted", [True, False])
def test_an_archive_made_before_a_column_came_is_sound(
    local_settings: Settings, tmp_path: Path, extracted: bool
) -> None:
    write_round(open_store(local_settings), pages(*range(4)), spool=local_settings.cache)
    archive(local_settings, RUN)
    code = with_column(tmp_path / "code", extracted=extracted)
    expected = {"derived": 0, "other_version": 4} if extracted else {"derived": 4, "other_version": 0}
    assert verified(code, local_settings) == (0, expected)
