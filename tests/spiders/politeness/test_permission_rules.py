"""robots.txt, opt-outs and Retry-After as they are read."""

from __future__ import annotations

import pytest

from spiders.politeness.opt_out import ai_txt_opt_out
from spiders.politeness.page_opt_out import page_opt_out
from spiders.politeness.robots_rules import rules_from_answer, rules_without_answer


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
        rules = rules_from_answer(status, b"", user_agent="Warraq")
        assert rules.permits("https://x/a", "Warraq") is permitted
        assert not rules_without_answer("timeout").permits("https://x/a", "Warraq")

    def test_rules_and_delays_are_read(self) -> None:
        text = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 2.5\n\nUser-agent: GPTBot\nDisallow: /\n"
        rules = rules_from_answer(200, text, user_agent="Warraq")
        assert rules.permits("https://x/news/1", "Warraq")
        assert not rules.permits("https://x/private/1", "Warraq")
        assert rules.crawl_delay == 2.5
        assert rules.miners
        assert rules.miners.refusing("https://x/") == "robots.txt refuses GPTBot"

    def test_a_group_of_our_own_counts(self) -> None:
        text = b"User-agent: *\nAllow: /\n\nUser-agent: warraq\nDisallow: /\n"
        assert not rules_from_answer(200, text, user_agent="Warraq").permits("https://x/", "Warraq")

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
        found = page_opt_out(headers.items(), head)
        assert (told is None and found is None) or (told is not None and found is not None and told in found)

    def test_ai_txt_is_read_like_robots_txt(self) -> None:
        assert ai_txt_opt_out(b"User-Agent: *\nDisallow: /\n", "text/plain")
        assert not ai_txt_opt_out(b"User-Agent: *\nAllow: /\nDisallow: /private/\n", "text/plain")
        assert not ai_txt_opt_out(b"<html>User-Agent: *\nDisallow: /\n", "text/html")
