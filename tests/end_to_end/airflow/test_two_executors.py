"""A backfill under the embedded Airflow (SQLite, LocalExecutor) and under Celery: the same archive, byte by byte.

EXECUTORS_TEST_DAYS=30 is the long comparison; the figures are printed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage.model.window import RunId, Window
from tests.fixtures.archive_content import parquet_contents
from tests.fixtures.private_servers import missing_packages
from tests.fixtures.real_stack import RealAirflow, celery_airflow, embedded_airflow
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import ServedSite, serve

MISSING = missing_packages()
DAYS = int(os.environ.get("EXECUTORS_TEST_DAYS", "2"))
ARTICLES_A_DAY = 10
ASKED = Window(datetime(2024, 11, 30, 22, tzinfo=UTC), datetime(2024, 11, 30, 22, tzinfo=UTC) + timedelta(days=DAYS))

Executor = Callable[[Path, ServedSite], AbstractContextManager[RealAirflow]]


@pytest.mark.airflow
@pytest.mark.slow
@pytest.mark.timeout(600 + 600 * DAYS)
@pytest.mark.skipif(bool(MISSING), reason=f"needs Debian packages: apt-get install {' '.join(MISSING)}")
def test_both_executors_make_the_same_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = DemoSite(articles=ARTICLES_A_DAY * DAYS, first_day=date(2024, 12, 1), days=DAYS)
    with serve(site) as served:
        embedded, said = archived(embedded_airflow, tmp_path / "embedded", served)
        celery, also_said = archived(celery_airflow, tmp_path / "celery", served)
    with capsys.disabled():
        for line in (said, also_said, *(f"{name}: {len(content):,} bytes" for name, content in embedded.items())):
            sys.stdout.write(f"\n{line}")
    assert [name for name, content in embedded.items() if content != celery[name]] == []


def archived(executor: Executor, folder: Path, site: ServedSite) -> tuple[dict[str, bytes], str]:
    """The content of an archive that a backfill of all days has filled, and what it took."""
    folder.mkdir()
    with executor(folder, site) as airflow:
        started = time.monotonic()
        runs: list[RunId] = airflow.run_backfill(ASKED)
        seconds = time.monotonic() - started
        assert len(runs) == DAYS
        content = parquet_contents(airflow.settings)
    return content, f"{folder.name}: {DAYS} windows in {seconds:.0f} s, {seconds / DAYS:.1f} s a window"
