"""`warraq check` at every hour of a day: it reads again by the clock and the window that its crawl went by."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.crawl_child import child_environ
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import ServedSite, serve

# Scrapy allows one crawl a process.
PROBE = """
import json, sys
from datetime import datetime
from pathlib import Path
from spiders.check.probe import probe_portal
from spiders.registry import find_portal
from storage.settings import read_settings

settings, folder, now = read_settings(), Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
probe = probe_portal(find_portal("demo", settings), settings, folder, now=now)
print(json.dumps({"problems": probe.problems, "links": len(probe.links), "pages": len(probe.pages)}))
"""


@pytest.fixture(scope="module")
def demo() -> Iterator[ServedSite]:
    with serve(DemoSite(articles=60, days=4, first_day=date(2024, 2, 25))) as served:
        yield served


@pytest.mark.parametrize(
    "now", ["2024-02-29T00:10Z", "2024-02-29T06:30Z", "2024-02-29T12:30Z", "2024-02-29T20:30Z", "2024-02-29T23:59Z"]
)
def test_check_asks_of_its_captures_only_what_its_crawl_asked_for(now: str, demo: ServedSite, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path), now],
        env=child_environ({"WARRAQ_DEMO_URL": demo.base_url, "WARRAQ_ARCHIVE": str(tmp_path / "archive")}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["problems"] == []
    assert found["links"] > 20
    assert found["pages"] >= 3
