"""A crawl that is stopped or killed at any moment: the next one goes on, and the archive ends the same."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from storage.model.records import Role
from storage.settings import Settings
from tests.fixtures.crawl_child import Ended, child_environ, crawl, define, end_of, links_by_path, raw_run, start
from tests.fixtures.s3_server import S3Server
from tests.fixtures.small_site import serve_small
from tests.fixtures.stolen_time import stolen_seconds
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import ServedSite, serve

WINDOW = ("2024-12-01", "2024-12-03")
RUN = "demo/2024-12-01T00Z--2024-12-03T00Z"
KILLS = 30
# Chunks of 20 kB: several are uploaded before each kill.
SMALL_CHUNKS = """
import sys
from datetime import UTC, datetime
from spiders.crawl.run import crawl
from spiders.links.options import CrawlOptions
from spiders.registry import find_portal
from storage.settings import read_settings
from storage.model.window import Window
settings = read_settings()
window = Window.parse(sys.argv[1], sys.argv[2], now=datetime.now(UTC))
crawl(find_portal("demo", settings), window, settings, options=CrawlOptions(chunk_bytes=20_000))
"""


def archive_of(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What the raw archive says: for each link its outcome, and the digest of its page."""
    raw = raw_run(RUN, environ)
    digests = {capture.url.split("/", 3)[3]: hashlib.sha256(capture.body).hexdigest() for capture in raw.captures()}
    return {path: (link.outcome, digests.get(path, "")) for path, link in links_by_path(raw).items()}


def test_a_crawl_that_is_asked_to_stop_ends_in_time_with_its_pages_uploaded(
    served: ServedSite, crawl_environ: dict[str, str]
) -> None:
    served.faults.add("slow:0.3@every/1", "slow:60@#40")  # one answer is still under way
    process = start("demo", *WINDOW, environ=crawl_environ)
    _wait_for_hits(served, 20)
    ended = _told_to_stop(process)
    assert ended.exit_code == 4, ended.stderr
    assert "interrupted" in ended.error["error"]
    raw = raw_run(RUN, crawl_environ)
    assert raw.report() is None
    kept = {entry.url for chunk in raw.chunks() for entry in raw.index(chunk) if entry.role == Role.PAGE}
    assert len(kept) >= 5

    served.faults.clear()
    served.hits.clear()
    second = crawl("demo", *WINDOW, environ=crawl_environ)
    assert second.exit_code == 0, second.stderr
    assert (second.report["round"], second.report["attempt"]) == (1, 2)
    asked_again = {served.base_url + hit.path for hit in served.hits.all()}
    assert not kept & asked_again
    assert "interrupted" not in second.report["outcomes"]


def test_a_listing_without_end_holds_up_neither_a_limit_nor_a_signal(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    """A gigabyte of sitemap, a minute of reading: what was read of it counts, and the rest is told."""
    local = {"is_local": "True", "politeness": "Politeness(delay_seconds=0.0)", "sources": "(Sitemap('/endless.gz'),)"}
    with serve_small({}) as site:
        dated = "<lastmod>2024-12-01T10:00:00Z</lastmod>"
        entries = "".join(f"<url><loc>{site.url}/{n}</loc>{dated}</url>" for n in range(10_000))
        body = gzip.compress(b"<urlset>") + gzip.compress(entries.encode()) * 1_000
        site.answers["/endless.gz"] = (200, {"Content-Type": "application/gzip"}, body)
        environ = {**local_environ, **define(tmp_path / "portals", "endless", f"{site.url}/", **local)}
        limited = crawl("endless", "2024-12-01", "2024-12-02", "--max-seconds", "8", environ=environ)
        assert limited.exit_code == 3, limited.stderr
        assert any("was stopped before its end" in finding for finding in limited.report["findings"])
        assert set(limited.report["outcomes"]) == {"budget"}
        site.hits.clear()
        process = start("endless", "2024-12-01", "2024-12-02", environ=environ)
        until = time.monotonic() + 60
        while "/endless.gz" not in site.hits and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(1)
        assert _told_to_stop(process).exit_code == 4


@pytest.mark.s3
def test_a_store_that_hangs_cannot_hold_up_a_crawl_that_was_told_to_stop(
    served: ServedSite, own_s3_server: S3Server, own_s3_settings: Settings
) -> None:
    archive = {"WARRAQ_ARCHIVE": own_s3_settings.archive, "WARRAQ_CATALOG": own_s3_settings.catalog}
    environ = {**own_s3_server.environ, **archive, "WARRAQ_CACHE": str(own_s3_settings.cache)}
    environ |= {"WARRAQ_DEMO_URL": served.base_url}
    served.faults.add("slow:0.3@every/1", "slow:60@#40")
    process = start("demo", *WINDOW, environ=environ)
    _wait_for_hits(served, 20)
    with own_s3_server.hanging():
        ended = _told_to_stop(process)
    assert ended.exit_code == 4, ended.stderr
    assert "interrupted" in ended.error["error"]
    served.faults.clear()
    again = crawl("demo", *WINDOW, environ=environ)
    assert again.exit_code == 0, again.stderr
    assert again.report["outcomes"]["captured"] > 30


def test_a_second_crawl_of_a_run_that_is_under_way_does_not_spoil_it(
    served: ServedSite, crawl_environ: dict[str, str]
) -> None:
    served.faults.add("slow:0.05@every/1")
    both = [start("demo", *WINDOW, environ=crawl_environ) for _ in range(2)]
    ends = [end_of(process) for process in both]
    # One may be told that the other is at work; whoever finishes leaves a whole archive.
    assert 0 in [end.exit_code for end in ends], ends
    alone = archive_of(crawl_environ)
    assert Counter(outcome for outcome, _ in alone.values())["captured"] > 30


@pytest.mark.kills
@pytest.mark.slow
def test_killed_at_any_moment_the_archive_ends_as_after_an_undisturbed_crawl(tmp_path: Path) -> None:
    seed = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"KILLS_SEED={seed} repeats these kills")  # noqa: T201 - pytest shows it when the test fails
    chance = random.Random(seed)
    site = DemoSite(seed=5, articles=240, first_day=date(2024, 12, 1), days=2)
    with serve(site, faults=["slow:0.05@every/1"]) as served:
        undisturbed = _environ(tmp_path / "undisturbed", served)
        assert _crawl_in_small_chunks(undisturbed).exit_code == 0
        expected = archive_of(undisturbed)
        killed = 0
        while killed < KILLS:  # a quick machine crawls more than one archive meanwhile
            served.hits.clear()
            environ = _environ(tmp_path / f"killed-{killed}", served)
            kills = _kill_until_one_ends(environ, chance, KILLS - killed)
            killed += kills
            assert archive_of(environ) == expected
            captures = Counter(capture.url for capture in raw_run(RUN, environ).captures())
            assert max(captures.values()) == 1, "a page in an uploaded chunk was fetched again"
            # Only what was in an open chunk, or under way, is asked for again: 20 kB are about five pages.
            asked = Counter(hit.path for hit in served.hits.all() if hit.status == 200)
            again = sum(asked.values()) - len(asked)
            assert again <= kills * 30, f"{again} requests were repeated"


def _kill_until_one_ends(environ: Mapping[str, str], chance: random.Random, at_most: int) -> int:
    """Kill crawls of one archive until one ends before it is killed, or is let be; how many were killed."""
    for killed in range(at_most):
        process = _start_small_chunks(environ)
        # From before the first request to well into the pages; longer ones would leave too few kills.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=chance.uniform(0.3, 2.2))
        process.kill()
        process.communicate()
        if raw_run(RUN, environ).report():  # it had done all it had to do
            return killed
    last = _crawl_in_small_chunks(environ)
    assert last.exit_code == 0, last.stderr
    return at_most


def _told_to_stop(process: subprocess.Popen[str]) -> Ended:
    """How a crawl ends after SIGTERM; it has four seconds, less what a busy machine keeps from it."""
    with stolen_seconds(process.pid) as stolen:
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        ended = end_of(process)
        took = time.monotonic() - asked
        assert took < 4 + stolen(), f"{took:.1f} s, of which the machine was busy {stolen():.1f} s"
    return ended


def _wait_for_hits(served: ServedSite, count: int) -> None:
    until = time.monotonic() + 120
    while len(served.hits.all()) < count:
        assert time.monotonic() < until, "the crawl did not get going"
        time.sleep(0.02)


def _environ(folder: Path, served: ServedSite) -> dict[str, str]:
    return {
        "WARRAQ_ARCHIVE": str(folder / "archive"),
        "WARRAQ_CACHE": str(folder / "cache"),
        "WARRAQ_DEMO_URL": served.base_url,
    }


def _start_small_chunks(environ: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SMALL_CHUNKS, *WINDOW],
        env=child_environ(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _crawl_in_small_chunks(environ: Mapping[str, str]) -> Ended:
    return end_of(_start_small_chunks(environ))
