"""Politeness as the portal sees it: robots.txt first, requests apart by the delay over all processes, opt-outs."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.crawl_child import crawl, define, end_of, start
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import ServedSite, serve

DELAY = 0.15
DAYS = ("2024-12-01", "2024-12-02", "2024-12-03", "2024-12-04")


@pytest.fixture
def small() -> Iterator[ServedSite]:
    """Twenty-four articles of three days."""
    with serve(DemoSite(seed=3, articles=24, first_day=date(2024, 12, 1), days=3)) as site:
        yield site


def slow_portal(served: ServedSite, environ: dict[str, str], tmp_path: Path, **fields: str) -> dict[str, str]:
    fields = {"politeness": f"Politeness(delay_seconds={DELAY}, concurrency=4)", "is_local": "True", **fields}
    return {**environ, **define(tmp_path / "portals", "slow", f"{served.base_url}/", **fields)}


def test_two_crawls_at_once_share_one_budget(small: ServedSite, local_environ: dict[str, str], tmp_path: Path) -> None:
    environ = slow_portal(small, local_environ, tmp_path)
    live = start("slow", DAYS[0], DAYS[1], environ=environ)
    backfill = start("slow", DAYS[2], DAYS[3], environ=environ)
    ends = [end_of(live), end_of(backfill)]
    assert [end.exit_code for end in ends] == [0, 0], ends
    hits = small.hits.all()
    gaps = sorted(after.at - before.at for before, after in itertools.pairwise(hits))
    assert len(gaps) > 20
    # One arrives late on a busy machine and the next in time; two budgets would halve the sum of the gaps.
    assert sum(gaps) >= 0.9 * DELAY * len(gaps), f"shortest gaps: {gaps[:5]}"
    # Both were at work in the same time, else this test shows nothing.
    starts = [end.report["started_at"] for end in ends]
    finishes = [end.report["finished_at"] for end in ends]
    assert max(starts) < min(finishes)


def test_crawl_delay_of_robots_txt_counts(local_environ: dict[str, str]) -> None:
    with serve(DemoSite(seed=3, articles=6, first_day=date(2024, 12, 1), days=1, crawl_delay_seconds=0.3)) as served:
        environ = {**local_environ, "WARRAQ_DEMO_URL": served.base_url}
        ended = crawl("demo", "2024-12-01", "2024-12-02", environ=environ)
        assert ended.exit_code == 0, ended.stderr
        hits = served.hits.all()
    # The first request is the one for robots.txt, which names the delay.
    gaps = [after.at - before.at for before, after in itertools.pairwise(hits)][1:]
    assert len(gaps) > 5
    assert min(gaps) >= 0.3


@pytest.mark.parametrize("fault", ["500", "reset", "403"])
def test_without_a_robots_txt_that_can_be_read_nothing_is_asked_for(
    fault: str, served: ServedSite, crawl_environ: dict[str, str]
) -> None:
    served.faults.add(f"{fault}@/robots.txt")
    ended = crawl("demo", *DAYS[:2], environ=crawl_environ)
    assert ended.exit_code == 4, ended.stderr
    assert {hit.path for hit in served.hits.all()} == {"/robots.txt"}
    assert "robots.txt" in ended.error["error"]


def test_a_missing_robots_txt_forbids_nothing(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    served.faults.add("404@/robots.txt")
    ended = crawl("demo", *DAYS[:2], environ=crawl_environ)
    assert ended.exit_code == 0, ended.stderr


def test_what_robots_txt_forbids_is_not_asked_for(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    served.faults.add("deny@/robots.txt")
    ended = crawl("demo", *DAYS[:2], environ=crawl_environ)
    assert ended.exit_code == 5, ended.stderr
    assert {hit.path for hit in served.hits.all()} == {"/robots.txt"}
    assert Counter(hit.path for hit in served.hits.all())["/robots.txt"] == 1


def test_the_contact_is_in_the_user_agent(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    environ = {**crawl_environ, "WARRAQ_CONTACT": "desk@archive.example"}
    crawl("demo", *DAYS[:2], environ=environ)
    agents = {hit.user_agent for hit in served.hits.all()}
    assert len(agents) == 1
    assert agents.pop().endswith("(+desk@archive.example)")
