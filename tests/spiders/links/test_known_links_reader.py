"""What a crawl knows of its portal's links is what the tables say of their newest captures."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from spiders.links.known_links import id_number
from spiders.links.known_links_reader import read_known_links
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.paths import ROOT
from tests.fixtures.rows import edition, fetch, lost_fetch, run_id, run_row


def test_known_links_are_those_that_were_captured(local_settings: Settings) -> None:
    first, second = run_id(day=1), run_id(day=2)
    one, two = edition(first, 1), edition(second, 2)
    tables = open_tables(local_settings)
    tables.replace_run(first, RecordRows(first, [one], [fetch(one), lost_fetch(first, 7)], run_row(first, [])))
    tables.replace_run(second, RecordRows(second, [two], [fetch(two, outcome="edition")], run_row(second, [])))
    numbers, recent = read_known_links(local_settings, "almasaa", two.captured_at)
    links = [fetch(made).link for made in (one, two)]
    assert list(numbers) == sorted(id_number(link.link_id) for link in links)
    assert recent[links[1].link_id].etag == links[1].etag
    assert lost_fetch(first, 7).link.link_id not in recent


def test_the_newest_capture_of_a_link_counts(local_settings: Settings) -> None:
    first, second = run_id(day=1), run_id(day=2)
    old, new = fetch(edition(first, 1)), fetch(edition(second, 1), outcome="unchanged")
    later = old.link.captured_at + timedelta(hours=20) if old.link.captured_at else None
    new = replace(
        new, link=replace(new.link, url=old.link.url, link_id=old.link.link_id, captured_at=later, etag="new")
    )
    tables = open_tables(local_settings)
    tables.replace_run(second, RecordRows(second, [], [new], run_row(second, [])))
    tables.replace_run(first, RecordRows(first, [], [old], run_row(first, [])))
    assert later is not None
    _, recent = read_known_links(local_settings, "almasaa", later)
    assert recent[old.link.link_id].etag == "new"


KILLED = """
from datetime import UTC, datetime
from pathlib import Path
from spiders.links.known_links_reader import load_known_links
from storage.objects.local import LocalStore
from storage.settings import read_settings
if __name__ == "__main__":
    load_known_links(read_settings(), LocalStore(Path(".")), "almasaa", now=datetime.now(UTC))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux's")
def test_the_reading_process_ends_with_a_killed_crawl(tmp_path: Path) -> None:
    script = tmp_path / "crawl.py"
    script.write_text(KILLED)
    with socket.create_server(("127.0.0.1", 0)) as store:  # takes what it is asked and never answers
        environ = {
            "WARRAQ_ARCHIVE": "s3://archive/x",
            "WARRAQ_CATALOG": f"sqlite:///{tmp_path}/catalog.db",
            "WARRAQ_CACHE": str(tmp_path),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{store.getsockname()[1]}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "PYTHONPATH": str(ROOT),
        }
        store.settimeout(60)
        with subprocess.Popen([sys.executable, str(script)], cwd=tmp_path, env={**os.environ, **environ}) as crawl:
            asked, _ = store.accept()
            children = psutil.Process(crawl.pid).children()
            crawl.kill()
        asked.close()
    assert children
    deadline = time.monotonic() + 60
    while [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]:
        assert time.monotonic() < deadline, "the reading process outlived its crawl"
        time.sleep(0.05)


def test_the_reading_process_loads_no_pandas() -> None:
    program = (
        "import os, sys\nfrom spiders.links.known_links_reader import _begin\n_begin(os.getppid())\n"
        "import storage.tables.archive_tables\n"
        "assert 'pyarrow.dataset' in sys.modules\nassert 'pandas' not in sys.modules"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
