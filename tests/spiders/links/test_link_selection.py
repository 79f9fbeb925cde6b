"""Which links a run takes, in which order sources are asked, and that every link ends once."""

from __future__ import annotations

import itertools
from array import array
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.links.known_links import KnownLink, KnownLinks
from spiders.links.link_log import LinkLog
from spiders.links.link_selection import listing_rank
from spiders.links.options import Revisit
from spiders.links.source_order import DiscoveryPlan
from spiders.sources.records import ListedLink, SourceRequest
from storage.errors import StageFailed
from storage.model.outcomes import Outcome
from tests.fixtures.crawl_records import LIVE, NOW, PAST, PORTAL, link, record, selection


class TestSelection:
    def test_a_past_window_takes_its_own_days_and_undated_links(self) -> None:
        rules = selection()
        inside = rules.choose(link(listed_at=PAST.start))
        outside = rules.choose(link(listed_at=PAST.end))
        assert inside.ending is None
        assert outside.ending is Outcome.OUT_OF_WINDOW
        assert rules.choose(link()).ending is None

    def test_a_live_window_takes_late_links_but_leaves_the_next_run_its_own(self) -> None:
        rules = selection(LIVE)
        assert rules.choose(link(listed_at=LIVE.start - timedelta(days=1))).ending is None
        assert rules.choose(link(listed_at=LIVE.end + timedelta(hours=1))).ending is Outcome.OUT_OF_WINDOW

    @pytest.mark.parametrize(
        "url",
        [
            "https://other.example/a",
            "http://169.254.169.254/a",
            "ftp://www.news.example/a",
            "https://www.news.example@evil.example/a",
            "https://user:pw@www.news.example/a",
            "https://www.news.example:8443/a",
            "https://www.news.example.evil.example/a",
            "http://[::1",
            "//",
        ],
    )
    def test_other_hosts_are_off_domain(self, url: str) -> None:
        assert selection().choose(ListedLink(url, "feed", "")).ending is Outcome.OFF_DOMAIN

    @pytest.mark.parametrize("host", ["www.news.example", "news.example", "NEWS.example.", "a.cdn.example"])
    def test_hosts_of_the_portal_belong_to_it(self, host: str) -> None:
        assert PORTAL.hosts.owns(f"https://{host}/a")

    def test_known_links_are_skipped_until_they_are_due(self) -> None:
        link_id = selection().identity(link().url)
        fresh = KnownLink(link().url, NOW - timedelta(minutes=5), "news/other", published_at=NOW - timedelta(hours=5))
        due = replace(fresh, fetched_at=NOW - timedelta(hours=4, minutes=30))
        for known, revisit, ending in (
            (fresh, Revisit.DUE, Outcome.SKIPPED_SEEN),
            (due, Revisit.DUE, None),
            (due, Revisit.NEVER, Outcome.SKIPPED_SEEN),
            (fresh, Revisit.ALL, None),
            (replace(fresh, run_id=f"news/{LIVE}"), Revisit.NEVER, None),  # the run's own earlier round
        ):
            rules = selection(LIVE, revisit=revisit, known=KnownLinks(recent={link_id: known}))
            assert rules.choose(link()).ending is ending
        old = KnownLinks(array("Q", [int(link_id[:16], 16)]))
        assert selection(LIVE, known=old).choose(link()).ending is Outcome.SKIPPED_SEEN

    @pytest.mark.parametrize(
        ("hours_at_fetch", "hours_now", "due"),
        [
            (0.5, 0.9, False),
            (0.5, 1, True),
            (1, 5.9, False),
            (1, 6, True),
            (7, 24, True),
            (25, 167, False),
            (25, 168, True),
            (169, 2000, False),
        ],
    )
    def test_revisits_follow_publication(self, hours_at_fetch: float, hours_now: float, due: bool) -> None:
        published = NOW - timedelta(hours=hours_now)
        known = KnownLink("https://x/", published + timedelta(hours=hours_at_fetch), "r", published_at=published)
        assert known.is_due(NOW) is due

    def test_due_links_are_looked_at_though_nobody_lists_them(self) -> None:
        known = KnownLink(link().url, NOW - timedelta(hours=9), "news/other", published_at=NOW - timedelta(hours=10))
        links = KnownLinks(recent={selection().identity(link().url): known})
        assert [due.url for due in selection(LIVE, known=links).due_links()] == [link().url]
        assert selection(PAST, known=links).due_links() == []
        assert selection(LIVE, revisit=Revisit.NEVER, known=links).due_links() == []

    def test_of_several_listings_the_one_that_dates_a_link_best_counts(self) -> None:
        best_first = [
            link(source="revisit"),
            link(listed_at=NOW - timedelta(days=1), lastmod=NOW),
            link(listed_at=NOW),
            link(listed_day=date(2024, 1, 1), lastmod=NOW),
            link(lastmod=NOW),
            link(),
        ]
        ranks = [listing_rank(listed) for listed in best_first]
        assert all(better < worse for better, worse in itertools.pairwise(ranks))

    def test_of_two_spellings_that_say_the_same_one_counts_whichever_came_first(self) -> None:
        best_first = [
            link(url="https://news.example/%D8%A3"),
            link(url="https://www.news.example/%D8%A3"),
            link(url="http://news.example/%D8%A3"),
            link(url="https://news.example/أ"),
        ]
        ranks = [listing_rank(listed) for listed in best_first]
        assert all(better < worse for better, worse in itertools.pairwise(ranks))


class TestLinkLog:
    def test_a_link_that_was_taken_back_leaves_no_count(self) -> None:
        link_log = LinkLog()
        for ends in (False, True):
            link_log.open(record())
            if ends:
                link_log.settle(record().link_id, Outcome.OUT_OF_WINDOW)
            link_log.withdraw(record().link_id)
            link_log.check()
            assert not len(link_log)
            assert not +link_log.sources
            assert not link_log.is_open(record().link_id)

    @given(st.lists(st.sampled_from([o for o in Outcome if o is not Outcome.CAPTURED]), max_size=30))
    def test_outcomes_add_up_to_the_links(self, outcomes: list[Outcome]) -> None:
        link_log = LinkLog()
        for number, outcome in enumerate(outcomes):
            opened = record(f"https://www.news.example/{number}")
            link_log.open(opened)
            link_log.settle(opened.link_id, outcome)
        link_log.check()
        assert sum(link_log.outcomes.values()) == len(outcomes) == len(link_log.records())

    def test_a_link_that_ends_twice_or_never_fails_the_crawl(self) -> None:
        twice, never, lost = LinkLog(), LinkLog(), LinkLog()
        for link_log in (twice, never, lost):
            link_log.open(record())
        twice.settle(record().link_id, Outcome.TIMEOUT)
        twice.settle(record().link_id, Outcome.TIMEOUT)
        lost.settle(record().link_id, Outcome.CAPTURED)
        for link_log in (twice, never, lost):
            with pytest.raises(StageFailed):
                link_log.check()


class TestPlan:
    def test_about_the_past_the_most_exact_source_spares_the_others(self) -> None:
        plan = DiscoveryPlan(in_order=True)
        exact, sitemap, feed = (SourceRequest(f"https://x/{kind}", kind) for kind in ("wordpress", "sitemap", "feed"))
        plan.add([sitemap, exact, feed])
        assert set(plan.take()) == {exact, feed}
        assert plan.take() == []
        plan.finish(feed, links=0, failed=False)
        plan.finish(exact, links=3, failed=False)
        assert plan.take() == []
        assert plan.is_done
        assert plan.spared == {"sitemap": "wordpress"}

    @pytest.mark.parametrize(("links", "failed"), [(0, False), (3, True)])
    def test_a_source_that_gave_nothing_or_broke_is_followed_by_the_next(self, links: int, failed: bool) -> None:
        plan = DiscoveryPlan(in_order=True)
        exact, sitemap = SourceRequest("https://x/w", "wordpress"), SourceRequest("https://x/s", "sitemap")
        plan.add([sitemap, exact])
        assert plan.take() == [exact]
        plan.finish(exact, links=links, failed=failed)
        assert plan.take() == [sitemap]

    def test_about_the_present_all_are_asked_at_once(self) -> None:
        plan = DiscoveryPlan(in_order=False)
        requests = [SourceRequest(f"https://x/{kind}", kind) for kind in ("wordpress", "sitemap", "feed")]
        plan.add([*requests, *requests])
        assert sorted(request.kind for request in plan.take()) == ["feed", "sitemap", "wordpress"]
        plan.add(requests)
        assert plan.take() == []
