"""robots.txt as hosts serve it: in any encoding and length, for our product by name; what is no text forbids all."""

from __future__ import annotations

import codecs
import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.politeness.robots_rules import MAX_ROBOTS_BYTES, RobotsRules, rules_from_answer, sitemaps_named

ROOT = "https://news.example/"
RULES = "User-agent: *\nDisallow: /private/\nDisallow: /أرشيف/\nCrawl-delay: 3\nSitemap: /maps/news.xml\n"


def read(body: bytes | str) -> RobotsRules:
    body = body.encode() if isinstance(body, str) else body
    return rules_from_answer(200, body, user_agent="Warraq")


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


PAGE = "<!DOCTYPE html><html><head><title>{}</title><style>User-agent: *\nDisallow: /\n</style></head><body>{}</body>"


@pytest.mark.parametrize(
    ("text", "is_permitted", "told"),
    [
        (PAGE.format("غير موجودة", "<h1>عذرا، الصفحة غير موجودة</h1>"), True, "is a page: it counts as none"),
        (PAGE.format("الرئيسية", "<a href='/1'>خبر</a>" * 20_000), True, "is a page: it counts as none"),
        (PAGE.format("", "<pre>User-agent: *\nDisallow: /n</pre>"), False, "is a page: the rules it shows count"),
        (PAGE.format("", "<p>User-agent: *<br>Disallow: /n<br>"), False, "is a page: the rules it shows count"),
        ('{"error": "not found"}', True, "has no rule"),
        ("Not Found", True, "has no rule"),
        ("# nothing is forbidden\n\n", True, None),
        ("<br />\n<b>Warning</b>: late<br />\nUser-agent: *\nDisallow: /n\n", False, None),
    ],
)
def test_an_answer_that_is_no_robots_txt_is_told(text: str, is_permitted: bool, told: str | None) -> None:
    assert permits(text, "n/1") is is_permitted
    assert (read(text).told is None) if told is None else told in (read(text).told or "")


def test_a_form_to_log_in_permits_nothing() -> None:
    rules = read(PAGE.format("تسجيل الدخول", "<form><input name=a><input class=b type='password'></form>"))
    assert rules.denied == "robots.txt is answered with a form to log in"


def test_sitemaps_are_read_one_by_one() -> None:
    text = f"Sitemap: http://[x/\nSitemap: {ROOT}a.xml {ROOT}b.xml\nsite-map: c.xml # new\n"
    assert sitemaps_named(text.encode(), url=ROOT) == (f"{ROOT}a.xml", f"{ROOT}b.xml", f"{ROOT}c.xml")


def test_a_few_letters_of_an_old_encoding_are_no_damage() -> None:
    for text, encoding, path in (
        ("# café\nUser-agent: *\nDisallow: /n", "cp1252", "n/1"),
        ("User-agent: *\nDisallow: /خاص", "cp1256", "%D8%AE%D8%A7%D8%B5/1"),
    ):
        assert read(text.encode(encoding)).denied is None
        assert not permits(text.encode(encoding), path)


def test_of_a_long_file_the_first_500_kib_count() -> None:
    early = "User-agent: *\nDisallow: /early/\n"
    line = "Disallow: /x/\n"
    filler = line * ((MAX_ROBOTS_BYTES - len(early)) // len(line) - 1)
    text = f"{early}{filler}Disallow: /news-that-is-cut-in-two/\nDisallow: /late/\n" + "# more\n" * 200_000
    assert not permits(text, "early/1")
    assert permits(text, "late/1")
    assert permits(text, "news/1"), "half a line is no rule"


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)), st.sampled_from([200, 404, 500]))
def test_no_answer_raises(body: bytes, status: int) -> None:
    rules = rules_from_answer(status, body, user_agent="Warraq")
    assert rules.permits(f"{ROOT}a", "Warraq") in {True, False}
    assert isinstance(sitemaps_named(body, url=ROOT), tuple)


@pytest.mark.parametrize(
    "unit", ["Disallow: /*a*a*a*a*b$\n", "User-agent: a\n", "*", "/", "User-agent: *\nDisallow: /\n"]
)
def test_a_hostile_file_takes_bounded_work(unit: str) -> None:
    body = "User-agent: *\n" + unit * (MAX_ROBOTS_BYTES // len(unit))
    assert read(body).permits(f"{ROOT}{'a' * 2000}", "Warraq") in {True, False}
