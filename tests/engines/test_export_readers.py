"""`make test-engines`: py-wacz and pywb read a WACZ file, mlcroissant a data set folder, that `warraq export` wrote."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import warraq
from storage.objects.open import open_store
from storage.settings import Settings
from tests.fixtures.demo_runs import archive, pages
from tests.fixtures.raw_runs import write_round
from tests.fixtures.s3_server import free_port

PYTHON = os.environ.get("WARRAQ_REPLAY_PYTHON", "")
pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not PYTHON, reason="needs pywb and mlcroissant: make test-engines"),
    pytest.mark.timeout(300),
]
NAMES = ("article_id", "title", "body", "story_id", "tags")
_READ = """
import json, sys
import mlcroissant
data = mlcroissant.Dataset(sys.argv[1])
def plain(value):
    return [plain(one) for one in value] if isinstance(value, list) else value.decode()
rows = [
    {key.partition("/")[2]: plain(record[key]) for key in record if key.partition("/")[2] in sys.argv and record[key]}
    for one in data.metadata.record_sets for record in data.records(one.name)
]
print(json.dumps([[*data.metadata.issues.errors, *data.metadata.issues.warnings], rows]))
"""


@pytest.fixture
def urls(local_settings: Settings) -> list[str]:
    """Addresses of archived pages of the demo portal."""
    found = pages(*range(6))
    write_round(open_store(local_settings), found, spool=local_settings.cache)
    archive(local_settings)
    return [page.url for page in found]


def test_pywb_replays_the_pages_of_a_selection(urls: list[str], local_settings: Settings, tmp_path: Path) -> None:
    with warraq.open_archive(local_settings.archive) as opened:
        opened.articles().to_wacz(tmp_path / "a.wacz")
        titles = {row["url"]: row["title"] for row in opened.articles().to_arrow().to_pylist()}
    programs = Path(PYTHON).parent
    subprocess.run([programs / "wacz", "validate", "-f", "a.wacz"], cwd=tmp_path, check=True, capture_output=True)
    for words in (["init", "one"], ["add", "--unpack-wacz", "one", "a.wacz"]):
        subprocess.run([programs / "wb-manager", *words], cwd=tmp_path, check=True, capture_output=True)
    port = free_port()
    with subprocess.Popen(
        [programs / "wayback", "-b", "127.0.0.1", "-p", str(port)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as replay:
        try:
            assert set(titles) == set(urls)
            for url, title in titles.items():
                assert title in _got(f"http://127.0.0.1:{port}/one/id_/{url}", replay)
        finally:
            replay.terminate()


def _got(url: str, server: subprocess.Popen[bytes]) -> str:
    """What the server answers, once it does."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return f"HTTP {error.code}"
        except urllib.error.URLError:
            time.sleep(0.2)
    return "it ended"


def test_mlcroissant_reads_the_records_of_a_data_set_folder(
    urls: list[str], local_settings: Settings, tmp_path: Path
) -> None:
    with warraq.open_archive(local_settings.archive) as opened:
        folder = opened.articles().to_dataset(tmp_path / "corpus", shares={"train": 0.5, "test": 0.5}, shard_rows=2)
    done = subprocess.run(
        [PYTHON, "-c", _READ, folder / "croissant.json", *NAMES],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    problems, records = json.loads(done.stdout.splitlines()[-1])
    assert problems == []
    rows = [row for path in folder.glob("data/*.parquet") for row in pq.read_table(path).to_pylist()]
    told, read = (
        {row["article_id"]: {name: row.get(name) or None for name in NAMES} for row in some} for some in (rows, records)
    )
    assert len(read) == len(records) == len(urls)
    assert read == told
