"""robots.txt as hosts serve it: in any encoding and length, for our product by name; what is no text forbids all."""

from __future__ import annotations

import codecs
import gzip
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.politeness.robots_rules import MAX_ROBOTS_BYTES, RobotsRules, rules_from_answer, sitemaps_named

ROOT = "https://news.example/"
RULES = "User-agent: *\nDisallow: /private/\nDisallow: /أرشيف/\nCrawl-delay: 3\nSitemap: /maps/news.xml\n"


def read(body: bytes | str) -> RobotsRules:
    body = body.encode() if isinstance(body, str) else body
    return rules_from_answer(200, body, user_agent="Warraq", root=ROOT)


def permits(body: bytes | str, path: str) -> bool:
    return read(body).permits(f"{ROOT}{path}", "Warraq")


@pytest.mark.parametrize(
    "body",
    [
        RULES.encode(),
        codecs.BOM_UTF8 * 2 + RULES.encode(),
        RULES.encode("utf-16"),
        RULES.encode("utf-16-le"),
        RULES.encode("utf-16-be"),
        RULES.encode("utf-32"),
        RULES.encode("cp1256"),
        RULES.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "two marks", "utf-16", "little endian", "big endian", "utf-32", "windows-1256", "old line ends"],
)
def test_rules_are_read_in_every_encoding(body: bytes) -> None:
    assert not permits(body, "private/1")
    assert not permits(body, "%D8%A3%D8%B1%D8%B4%D9%8A%D9%81/1")
    assert permits(body, "news/1")
    assert read(body).crawl_delay == 3
    assert sitemaps_named(body, url=f"{ROOT}robots.txt") == (f"{ROOT}maps/news.xml",)


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(RULES.encode()),
        random.Random(5).randbytes(3000),
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        RULES.encode("utf-16")[1:],
    ],
    ids=["packed", "noise", "picture", "half a character off"],
)
def test_what_is_no_text_forbids_everything(body: bytes) -> None:
    assert not permits(body, "news/1")
    assert "cannot be read" in (read(body).denied or "")
    assert sitemaps_named(body, url=ROOT) == ()


@pytest.mark.parametrize(
    ("text", "is_permitted"),
    [
        ("User-agent: Warraq/2.1\nDisallow: /n", False),
        ("User-agent: WARRAQ (+https://x)\nDisallow: /n", False),
        ("User-Agent:warraq#us\nDisallow:/n", False),
        ("User-agent: one\nUser-agent: Warraq\nDisallow: /n", False),
        ("User-agent: one\n\n# we too\nUser-agent: Warraq/1\nDisallow: /n", False),
        ("User-agent: one, Warraq, two\nDisallow: /n", False),
        ("User-agent: Warraq\nAllow: /\n\nUser-agent: *\nDisallow: /n", True),
        ("User-agent: *\nDisallow: /n\n\nUser-agent: Warraq\nDisallow: /m", True),
        ("User-agent: Warraq\nDisallow: /m\n\nUser-agent: warraq\nDisallow: /n", False),
        ("User-agent: War\nAllow: /\n\nUser-agent: *\nDisallow: /n", False),
        ("User-agent: Warraqoon\nDisallow: /n", True),
        ("User-agent: Warraq-images\nDisallow: /n", True),
        ("User-agent: *\nDisallow: /n # all of it\n", False),
        ("User-agent: *\nDisallow: /n\nAllow: /n/1", True),
        ("User-agent: *\nSitemap: /x.xml\nDisallow: /n", False),
        ("User-agent: one\nDisallow: /n\nUser-agent:\nDisallow: /n", True),
        ("", True),
    ],
)
def test_a_group_is_ours_by_our_name_alone(text: str, is_permitted: bool) -> None:
    assert permits(text, "n/1") is is_permitted


def test_of_a_long_file_the_first_500_kib_count() -> None:
    early = "User-agent: *\nDisallow: /early/\n"
    line = "Disallow: /x/\n"
    filler = line * ((MAX_ROBOTS_BYTES - len(early)) // len(line) - 1)
    text = f"{early}{filler}Disallow: /news-that-is-cut-in-two/\nDisallow: /late/\n" + "# more\n" * 200_000
    assert not permits(text, "early/1")
    assert permits(text, "late/1")
    assert permits(text, "news/1"), "half a line is no rule"


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)), st.sampled_from([200, 404, 500]))
@settings(deadline=None)
def test_no_answer_raises(body: bytes, status: int) -> None:
    rules = rules_from_answer(status, body, user_agent="Warraq", root=ROOT)
    assert rules.permits(f"{ROOT}a", "Warraq") in {True, False}
    assert isinstance(sitemaps_named(body, url=ROOT), tuple)


@pytest.mark.parametrize(
    "unit", ["Disallow: /*a*a*a*a*b$\n", "User-agent: a\n", "*", "/", "User-agent: *\nDisallow: /\n"]
)
def test_a_hostile_file_takes_bounded_work(unit: str) -> None:
    body = "User-agent: *\n" + unit * (MAX_ROBOTS_BYTES // len(unit))
    assert read(body).permits(f"{ROOT}{'a' * 2000}", "Warraq") in {True, False}
