"""The parts of a crawl that need no network: identity and selection, the ledger, permission, endings, the verdict."""

from __future__ import annotations

import gzip
import zlib
from array import array
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from spiders.border import wait_of
from spiders.definition import Portal
from spiders.discovery_plan import DiscoveryPlan
from spiders.endings import Refused, ending_of_exception, ending_of_response
from spiders.known import KnownLink, KnownLinks
from spiders.ledger import Ledger
from spiders.opt_out import ai_txt_opt_out, page_opt_out
from spiders.options import Revisit
from spiders.permission import is_of_portal
from spiders.robots import rules_from_answer, rules_without_answer
from spiders.selection import Selection
from spiders.sources.links import ListedLink, SourceRequest
from spiders.unpacking import check_growth, unpack_beginning
from spiders.verdict import grouped_failures, verdict_of
from storage.errors import ExitCode, StageFailed
from storage.outcomes import Outcome
from storage.records import CrawlReport, LinkRecord
from storage.window import Window

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAST = Window(datetime(2024, 12, 1, tzinfo=UTC), datetime(2024, 12, 2, tzinfo=UTC))
LIVE = Window(NOW - timedelta(hours=1), NOW)
PORTAL = Portal(
    name="news",
    title_ar="أخبار",
    title_en="News",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.news.example/",
    domains=(".cdn.example",),
)


def selection(window: Window = PAST, *, revisit: Revisit = Revisit.DUE, known: KnownLinks | None = None) -> Selection:
    return Selection(PORTAL, window, NOW, f"news/{window}", revisit, known or KnownLinks())


def link(path: str = "/a", **fields: object) -> ListedLink:
    return replace(ListedLink(f"https://www.news.example{path}", "feed", "https://www.news.example/feed"), **fields)


def record(url: str = "https://www.news.example/a", outcome: str = "interrupted") -> LinkRecord:
    return LinkRecord(url=url, link_id=selection().identity(url), source="feed", source_url=None, outcome=outcome)


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
        assert is_of_portal(f"https://{host}/a", PORTAL)

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


class TestLedger:
    @given(st.lists(st.sampled_from([o for o in Outcome if o is not Outcome.CAPTURED]), max_size=30))
    def test_outcomes_add_up_to_the_links(self, outcomes: list[Outcome]) -> None:
        ledger = Ledger()
        for number, outcome in enumerate(outcomes):
            opened = record(f"https://www.news.example/{number}")
            ledger.open(opened)
            ledger.settle(opened.link_id, outcome)
        ledger.check()
        assert sum(ledger.outcomes.values()) == len(outcomes) == len(ledger.records())

    def test_a_link_that_ends_twice_or_never_fails_the_crawl(self) -> None:
        twice, never, lost = Ledger(), Ledger(), Ledger()
        for ledger in (twice, never, lost):
            ledger.open(record())
        twice.settle(record().link_id, Outcome.TIMEOUT)
        twice.settle(record().link_id, Outcome.TIMEOUT)
        lost.settle(record().link_id, Outcome.CAPTURED)
        for ledger in (twice, never, lost):
            with pytest.raises(StageFailed):
                ledger.check()


class TestPermission:
    @pytest.mark.parametrize(
        ("status", "permitted"),
        [
            (200, True),
            (404, True),
            (410, True),
            (403, False),
            (401, False),
            (429, False),
            (500, False),
            (503, False),
            (302, False),
        ],
    )
    def test_robots_txt_fails_closed(self, status: int, permitted: bool) -> None:
        rules = rules_from_answer(status, b"", user_agent="Warraq", root="https://x/")
        assert rules.permits("https://x/a", "Warraq") is permitted
        assert not rules_without_answer("timeout").permits("https://x/a", "Warraq")

    def test_rules_and_delays_are_read(self) -> None:
        text = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 2.5\n\nUser-agent: GPTBot\nDisallow: /\n"
        rules = rules_from_answer(200, text, user_agent="Warraq", root="https://x/")
        assert rules.permits("https://x/news/1", "Warraq")
        assert not rules.permits("https://x/private/1", "Warraq")
        assert rules.crawl_delay == 2.5
        assert rules.mining_agents_refused == ("GPTBot",)

    def test_a_group_of_our_own_counts(self) -> None:
        text = b"User-agent: *\nAllow: /\n\nUser-agent: warraq\nDisallow: /\n"
        assert not rules_from_answer(200, text, user_agent="Warraq", root="https://x/").permits("https://x/", "Warraq")

    @pytest.mark.parametrize(
        ("headers", "head", "told"),
        [
            ({"tdm-reservation": "1"}, b"", "header"),
            ({"tdm-reservation": "0"}, b"", None),
            ({}, b'<meta name="tdm-reservation" content="1">', "meta"),
            ({}, b"<META CONTENT='x' name=tdm-reservation content=1 >", "meta"),
            ({}, b'<meta name="tdm-reservation" content="0">', None),
            ({}, b'<meta name="robots" content="noai, noimageai">', "noai"),
            ({}, b"<p>tdm-reservation 1</p>", None),
        ],
    )
    def test_opt_outs_of_a_page_are_seen(self, headers: dict[str, str], head: bytes, told: str | None) -> None:
        found = page_opt_out(headers, head)
        assert (told is None and found is None) or (told is not None and found is not None and told in found)

    def test_ai_txt_is_read_like_robots_txt(self) -> None:
        assert ai_txt_opt_out(b"User-Agent: *\nDisallow: /\n", "text/plain")
        assert not ai_txt_opt_out(b"User-Agent: *\nAllow: /\nDisallow: /private/\n", "text/plain")
        assert not ai_txt_opt_out(b"<html>User-Agent: *\nDisallow: /\n", "text/html")

    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("120", 120),
            ("Sun, 22 Nov 2026 12:01:00 GMT", 60),
            ("", None),
            ("soon", None),
            ("Sun, 22 Nov 2020 12:01:00 GMT", 0),
            ("-5", None),
        ],
    )
    def test_retry_after_is_seconds_or_a_date(self, text: str, seconds: float | None) -> None:
        assert wait_of(text, now=NOW) == seconds


class TestEndings:
    @pytest.mark.parametrize(
        ("status", "is_known", "outcome"),
        [
            (200, False, Outcome.CAPTURED),
            (304, True, Outcome.UNCHANGED),
            (304, False, Outcome.BAD_RESPONSE),
            (404, False, Outcome.HTTP_4XX),
            (404, True, Outcome.GONE),
            (410, True, Outcome.GONE),
            (429, False, Outcome.RATE_LIMITED),
            (500, False, Outcome.HTTP_5XX),
            (204, False, Outcome.BAD_RESPONSE),
            (301, False, Outcome.HTTP_3XX),
            (999, False, Outcome.BAD_RESPONSE),
        ],
    )
    def test_a_status_has_one_meaning(self, status: int, is_known: bool, outcome: Outcome) -> None:
        assert ending_of_response(status, {}, b"", is_known=is_known).outcome is outcome

    def test_a_bot_protection_is_told_from_a_refusal(self) -> None:
        assert ending_of_response(403, {"cf-mitigated": "challenge"}, b"", is_known=False).outcome is Outcome.BLOCKED
        assert ending_of_response(403, {}, b"no", is_known=False).outcome is Outcome.HTTP_4XX

    def test_exceptions_are_told_by_their_innermost_cause(self) -> None:
        broken = DownloadFailedError("failed")
        broken.__cause__ = ResponseFailed([Failure(TLSError([("SSL", "", "certificate verify failed")]))])
        lost = DownloadFailedError("failed")
        lost.__cause__ = ResponseFailed([Failure(ConnectionLost())])
        assert ending_of_exception(broken).outcome is Outcome.TLS
        assert ending_of_exception(lost).outcome is Outcome.CONNECTION
        assert ending_of_exception(DownloadTimeoutError("slow")).outcome is Outcome.TIMEOUT
        assert ending_of_exception(CannotResolveHostError("no")).outcome is Outcome.DNS
        withheld = ending_of_exception(CannotResolveHostError("no"), withheld_address="10.0.0.1")
        assert withheld.outcome is Outcome.PRIVATE_ADDRESS
        assert ending_of_exception(Refused(Outcome.ROBOTS, "no")).outcome is Outcome.ROBOTS


class TestUnpacking:
    GZIP = (("Content-Encoding", "gzip"),)

    def test_a_body_that_would_grow_too_large_is_refused(self) -> None:
        bomb = gzip.compress(b"\0" * 30_000_000)
        assert len(bomb) < 100_000
        with pytest.raises(Refused) as refused:
            check_growth(bomb, self.GZIP, may_be_cut=False)
        assert refused.value.ending.outcome is Outcome.TOO_LARGE
        check_growth(gzip.compress(b"<html>"), self.GZIP, may_be_cut=False)

    def test_a_cut_body_is_refused_only_where_the_length_was_open(self) -> None:
        cut = gzip.compress(b"<html>" * 1000)[:-20]
        check_growth(cut, self.GZIP, may_be_cut=False)
        with pytest.raises(Refused) as refused:
            check_growth(cut, self.GZIP, may_be_cut=True)
        assert refused.value.ending.outcome is Outcome.BAD_RESPONSE

    def test_the_beginning_is_unpacked_alone(self) -> None:
        assert unpack_beginning(gzip.compress(b"ab" * 5000), self.GZIP, length=4) == b"abab"
        assert unpack_beginning(b"junk", self.GZIP, length=4) == b""
        assert unpack_beginning(zlib.compress(b"abcd"), (("content-encoding", "deflate"),), length=3) == b"abc"
        assert unpack_beginning(b"plain", (), length=3) == b"pla"


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


class TestVerdict:
    @pytest.mark.parametrize(
        ("outcomes", "code"),
        [
            ({}, ExitCode.FAILED),
            ({"out_of_window": 9}, ExitCode.FAILED),
            ({"captured": 9, "http_4xx": 1}, ExitCode.DONE),
            ({"skipped_seen": 9}, ExitCode.DONE),
            ({"captured": 6, "http_4xx": 4}, ExitCode.DEGRADED),
            ({"captured": 6, "budget": 1}, ExitCode.DEGRADED),
            ({"captured": 6, "robots": 9}, ExitCode.DEGRADED),
            ({"timeout": 6, "http_4xx": 4}, ExitCode.RETRY_LATER),
            ({"robots": 10}, ExitCode.FAILED),
            ({"blocked": 10}, ExitCode.FAILED),
            ({"http_4xx": 10}, ExitCode.FAILED),
        ],
    )
    def test_nothing_found_is_never_a_success(self, outcomes: dict[str, int], code: ExitCode) -> None:
        verdict = verdict_of(report(outcomes))
        assert verdict.exit_code is code
        assert bool(verdict.reasons) is (code is not ExitCode.DONE)

    def test_failures_are_grouped_by_cause_with_one_example(self) -> None:
        links = [
            replace(record(f"https://www.news.example/{number}"), outcome="http_5xx", detail="500")
            for number in range(3)
        ]
        links.append(replace(record("https://www.news.example/%D8%A3"), outcome="timeout", detail="TimeoutError: x"))
        assert grouped_failures(links) == (
            "http_5xx: 3 links (500), for example https://www.news.example/0",
            "timeout: 1 link (TimeoutError), for example https://www.news.example/أ",
        )


def report(outcomes: dict[str, int]) -> CrawlReport:
    return CrawlReport(
        run_id=f"news/{PAST}",
        round=1,
        attempt=1,
        started_at=NOW,
        finished_at=NOW,
        links=sum(outcomes.values()),
        outcomes=outcomes,
        chunks=(),
        links_key="",
        bytes_received=0,
        requests=0,
    )
