"""Real pages the whole way: crawl, extract, publish, read back from the tables, and score against the gold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fixtures.corpus_portal import CORPUS, serve_corpus

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real pages is not here"),
]


def warraq(*arguments: str, environ: dict[str, str]) -> str:
    command = [sys.executable, "-m", "warraq", *arguments]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_rows_of_real_pages_agree_with_the_gold(tmp_path: Path, local_environ: dict[str, str]) -> None:
    today = datetime.now(UTC).date()
    with serve_corpus(CORPUS, tmp_path / "portals") as portal:
        environ = {**os.environ, **local_environ, "WARRAQ_PORTALS": str(portal.folder)}
        window = ("--from", str(today - timedelta(days=1)), "--to", str(today))
        warraq("archive", portal.name, *window, "--json", environ=environ)
        rows = json.loads(warraq("query", "--json", "SELECT * FROM articles", environ=environ))
    predictions = [
        {
            "file": portal.file_of(row["url"]),
            "title": row["title"],
            "body": row["body"],
            "published": row["published_at"],
            "authors": row["authors"],
        }
        for row in rows
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in predictions)
    score = [sys.executable, str(CORPUS / "score.py"), "--json", "-"]
    means = json.loads(subprocess.run(score, input=lines, capture_output=True, text=True, check=True).stdout)
    assert means["f1"] >= 0.95, means
    assert means["leak"] <= 0.05, means
    assert means["title"] >= 0.9, means
    assert means["wrong"] == 0, f"a wrong date is worse than none: {means}"
