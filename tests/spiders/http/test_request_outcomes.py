"""What answers, errors and numbers mean: endings of links, growth of bodies, the verdict on a crawl."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest
from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from spiders.http.decompression import check_growth
from spiders.http.request_outcomes import HostFacts, Refused, ending_of_exception, ending_of_response
from spiders.job.crawl_verdict import grouped_failures, verdict_of
from storage.errors import ExitCode
from storage.model.outcomes import Outcome
from tests.fixtures.crawl_records import LIVE, record, report


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
        withheld = ending_of_exception(CannotResolveHostError("no"), host=HostFacts("10.0.0.1"))
        assert withheld.outcome is Outcome.PRIVATE_ADDRESS
        out_of_reach = ending_of_exception(lost, host=HostFacts(is_ipv6_only=True))
        assert (out_of_reach.outcome, "IPv6 addresses only" in (out_of_reach.detail or "")) == (
            Outcome.CONNECTION,
            True,
        )
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


class TestVerdict:
    @pytest.mark.parametrize(
        ("outcomes", "code"),
        [
            ({}, ExitCode.FAILED),
            ({"out_of_window": 9}, ExitCode.FAILED),
            ({"captured": 9, "http_4xx": 1}, ExitCode.DONE),
            ({"skipped_seen": 9}, ExitCode.DONE),
            ({"captured": 6, "http_4xx": 4}, ExitCode.DONE),
            ({"captured": 6, "budget": 1}, ExitCode.DONE),
            ({"captured": 6, "robots": 9}, ExitCode.DONE),
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

    def test_an_hour_may_be_quiet_if_its_sources_answered(self) -> None:
        hour = f"news/{LIVE}"
        for outcomes, code in (
            ({"out_of_window": 9}, ExitCode.DONE),
            ({"out_of_window": 9, "skipped_seen": 3}, ExitCode.DONE),
            ({}, ExitCode.FAILED),
            ({"off_domain": 9}, ExitCode.FAILED),
            ({"out_of_window": 9, "timeout": 3}, ExitCode.RETRY_LATER),
        ):
            assert verdict_of(replace(report(outcomes), run_id=hour)).exit_code is code

    def test_failures_are_grouped_by_cause_with_one_example(self) -> None:
        links = [
            replace(record(f"https://www.news.example/{number}"), outcome=Outcome.HTTP_5XX, detail="500")
            for number in range(3)
        ]
        links.append(
            replace(record("https://www.news.example/%D8%A3"), outcome=Outcome.TIMEOUT, detail="TimeoutError: x")
        )
        assert grouped_failures(links) == (
            "http_5xx: 3 links (500), for example https://www.news.example/0",
            "timeout: 1 link (TimeoutError), for example https://www.news.example/أ",
        )
