"""Windows in which nothing was published: green where the sources answered, failed where they listed nothing at all."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.crawl_child import child_environ, crawl
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve

pytestmark = pytest.mark.slow


def archive(start: datetime, end: datetime, environ: dict[str, str]) -> tuple[int, dict[str, Any], str]:
    """`warraq archive`: exit code, report, standard error."""
    words = ["archive", "demo", "--from", start.isoformat(), "--to", end.isoformat(), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "warraq", *words],
        env=child_environ(environ),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def test_a_quiet_hour_of_the_past_is_green_and_publishes_nothing(local_environ: dict[str, str]) -> None:
    with serve(DemoSite(seed=7, articles=8, first_day=date(2024, 12, 1), days=2)) as served:
        environ = {**local_environ, "WARRAQ_DEMO_URL": served.base_url}
        published = [served.site.card(number).published_at for number in range(8)]
        hours = [datetime(2024, 12, 1, hour, tzinfo=UTC) for hour in range(24)]
        quiet = next(at for at in hours if not any(at <= time < at + timedelta(hours=1) for time in published))
        code, told, errors = archive(quiet, quiet + timedelta(hours=1), environ)
    assert code == 0, errors
    assert told["publish"]["outcomes"] == {"out_of_window": told["crawl"]["links"]}
    assert told["publish"]["articles_new"] == 0


def test_a_scheduled_hour_that_brings_nothing_new_is_green(local_environ: dict[str, str]) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with serve(DemoSite(seed=7, articles=8, first_day=now.date() - timedelta(days=1), days=1)) as served:
        environ = {**local_environ, "WARRAQ_DEMO_URL": served.base_url}
        code, _, errors = archive(now - timedelta(days=1), now - timedelta(hours=1), environ)
        assert code == 0, errors
        code, told, errors = archive(now - timedelta(hours=1), now, environ)
    assert code == 0, errors
    assert told["publish"]["articles_new"] == 0
    assert told["crawl"]["outcomes"]["skipped_seen"] >= 8


def test_an_hour_whose_sources_list_nothing_at_all_is_never_green(local_environ: dict[str, str]) -> None:
    with serve(DemoSite(seed=7, articles=8, first_day=date(2024, 12, 1), days=2), faults=["html@*"]) as served:
        environ = {**local_environ, "WARRAQ_DEMO_URL": served.base_url}
        ended = crawl("demo", "2024-12-01T03:00Z", "2024-12-01T04:00Z", environ=environ)
    assert ended.exit_code == 5, ended.stderr
    assert "no source listed a link" in ended.error["error"]
