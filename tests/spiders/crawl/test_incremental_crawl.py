"""Runs of the present build on the archive: what it has is skipped, or asked for again only if it changed."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.fixtures.crawl_child import child_environ, crawl, links_by_path, raw_run
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve


@pytest.mark.slow
def test_what_other_runs_archived_is_skipped_or_asked_for_conditionally(local_environ: dict[str, str]) -> None:
    today = datetime.now(UTC).date()
    days = [str(today + timedelta(days=shift)) for shift in (-2, -1, 0)]
    with serve(DemoSite(seed=11, articles=40, first_day=today - timedelta(days=2), days=1)) as served:
        environ = {**local_environ, "WARRAQ_DEMO_URL": served.base_url}
        archived = subprocess.run(
            [sys.executable, "-m", "warraq", "archive", "demo", "--from", days[0], "--to", days[1], "--json"],
            env=child_environ(environ),
            capture_output=True,
            text=True,
            check=False,
        )
        assert archived.returncode == 0, archived.stderr
        served.hits.clear()

        skipping = crawl("demo", days[1], days[2], "--revisit", "never", environ=environ)
        assert skipping.exit_code == 0, skipping.stderr
        assert skipping.report["outcomes"]["skipped_seen"] >= 38
        assert not any(hit.conditional for hit in served.hits.all())
        articles = {served.site.path(served.site.card(number)) for number in range(40)}
        assert not articles & {hit.path for hit in served.hits.all()}

        gone, edited = (served.site.path(served.site.card(number)).lstrip("/") for number in (20, 21))
        served.faults.add("410@#20", "edited@#21")
        looking = crawl("demo", days[1], days[2], "--revisit", "all", environ=environ)
        assert looking.exit_code == 0, looking.stderr
        links = links_by_path(raw_run(f"demo/{days[1]}T00Z--{days[2]}T00Z", environ))
        assert links[gone].outcome == "gone"
        assert links[edited].outcome == "captured"
        assert looking.report["outcomes"]["unchanged"] >= 30
