"""The whole way: the demo portal over HTTP, crawled, extracted and published by the command a person types."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from storage.errors import ExitCode
from storage.settings import Settings, read_settings
from tests.fixtures.demo_runs import rows_of
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve

SITE = DemoSite(articles=16, first_day=date(2024, 12, 24), days=2)
WINDOW = ("--from", "2024-12-24", "--to", "2024-12-25")


def warraq(environ: dict[str, str], *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "warraq", *words, "--json"],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    return done.returncode, json.loads(done.stdout or "{}") or {"error": done.stderr}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["local", pytest.param("s3", marks=pytest.mark.s3)])
def test_a_window_archived_twice_gives_the_same_rows_and_is_verified(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ: dict[str, str] = request.getfixturevalue(f"{kind}_environ")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    settings: Settings = read_settings(environ)
    with serve(SITE) as served:
        environ = {**environ, "WARRAQ_DEMO_URL": served.base_url}
        code, told = warraq(environ, "archive", "demo", *WINDOW)
        assert code == ExitCode.DONE, told
        once = rows_of(settings)
        served.hits.clear()
        code, told = warraq(environ, "archive", "demo", *WINDOW)
        assert code == ExitCode.DONE, told
        again = rows_of(settings)
        verified = warraq(environ, "verify")
        vanished = next(row["url"] for row in again["fetches"] if row["outcome"] == "new")
        number = next(n for n in range(SITE.articles) if served.site.path(served.site.card(n)) in vanished)
        served.faults.add(f"410@#{number}")
        code, told = warraq(environ, "archive", "demo", *WINDOW)
        assert code == ExitCode.DONE, told
        gone = warraq(environ, "query", "SELECT url, how, http_status FROM gone")
        assert rows_of(settings)["articles"] == once["articles"]
    day = [truth for truth in (served.site.story(n) for n in range(SITE.articles)) if truth.published_at.day == 24]
    assert {row["title"] for row in once["articles"]} >= {story.title for story in day[1:-1]}
    assert again["articles"] == once["articles"]
    assert again["fetches"] == once["fetches"]
    assert (verified[0], verified[1]["sound"]) == (ExitCode.DONE, True)
    assert gone == (ExitCode.DONE, [{"url": vanished, "how": "removed", "http_status": 410}])
