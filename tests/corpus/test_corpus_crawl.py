"""Real pages, served as one portal, go into the raw archive byte for byte."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import read_settings
from tests.fixtures.corpus_portal import CORPUS, serve_corpus

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real pages is not here"),
]


def test_every_page_of_the_corpus_is_captured_as_it_is(tmp_path: Path, local_environ: dict[str, str]) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    window = Window(today - timedelta(days=1), today)
    with serve_corpus(CORPUS, tmp_path / "portals") as portal:
        environ = {**os.environ, **local_environ, "WARRAQ_PORTALS": str(portal.folder)}
        times = ["--from", f"{window.start:%Y-%m-%d}", "--to", f"{window.end:%Y-%m-%d}"]
        crawl = [sys.executable, "-m", "warraq", "crawl", portal.name, *times]
        ended = subprocess.run(crawl, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    raw = RawRun(open_store(read_settings(local_environ)), RunId(portal.name, window))
    captured = {portal.file_of(capture.url): capture.body for capture in raw.captures()}
    assert captured.keys() == set(portal.files)
    for file, body in captured.items():
        saved = (CORPUS / file).read_bytes()
        assert body == (gzip.decompress(saved) if saved[:2] == b"\x1f\x8b" else saved), f"{file} was changed on its way"
