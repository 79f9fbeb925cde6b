"""A crawl's plan never changes; its state remembers the first reason to end, and what is worth telling once."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from spiders.job.crawl_plan import CrawlPlan, make_plan
from spiders.job.crawl_state import CrawlState
from spiders.links.options import CrawlOptions
from spiders.portal.definition import Portal
from spiders.sources.records import Listing
from storage.errors import RetryLater, StageFailed
from storage.model.window import Window
from storage.settings import Settings

PORTAL = Portal("nakhla", "نخلة", "Nakhla", "EG", "Africa/Cairo", "http://127.0.0.1:1/", is_local=True)
NOW = datetime(2024, 12, 3, tzinfo=UTC)


def plan(settings: Settings, *, start: int, end: int) -> CrawlPlan:
    window = Window(datetime(2024, 11, start, tzinfo=UTC), datetime(2024, 11, end, tzinfo=UTC))
    return make_plan(PORTAL, window, settings, CrawlOptions(max_requests=7), now=NOW)


def test_a_plan_is_frozen_and_knows_what_was_asked_for(local_settings: Settings) -> None:
    made = plan(local_settings, start=1, end=2)
    assert (made.round, made.attempt, made.max_requests, made.is_live) == (1, 1, 7, False)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.attempt = 2  # type: ignore[misc] # that is the point
    later = Window(datetime(2024, 12, 2, tzinfo=UTC), NOW)
    assert make_plan(PORTAL, later, local_settings, CrawlOptions(), now=NOW).is_live


def test_the_first_reason_to_end_counts() -> None:
    state = CrawlState()
    assert not state.is_ending
    state.stop("the limit of 7 requests is reached")
    state.stop("the limit of 60 seconds is reached")
    assert state.must_stop()
    first = RetryLater("the portal asks for patience")
    state.fail(first)
    state.fail(StageFailed("and more"))
    assert (state.failure, state.stop_reason) == (first, "the limit of 7 requests is reached")


def test_what_listings_and_pages_tell_is_added_up() -> None:
    state = CrawlState()
    for _ in range(2):
        state.take(Listing(problems=("feed /rss: status 500",), left_out=4))
    state.note_opt_out("header tdm-reservation: 1", of_site=False)
    state.note_opt_out("ai.txt: Disallow: /", of_site=True)
    assert (state.problems, state.left_out) == (["feed /rss: status 500"], 8)
    assert state.site.of("https://a.example/1") == "ai.txt: Disallow: /"
    assert state.opt_outs.total() == 2
