"""What sites say against mining in files of their own."""

import json

import pytest

from spiders.politeness.opt_out import MAX_RULES, SiteStatement, ai_txt_opt_out, tdmrep_rules
from spiders.politeness.robots_rules import rules_from_answer


def statement(*rules: tuple[str, object], url: str) -> str | None:
    body = json.dumps([{"location": location, "tdm-reservation": value} for location, value in rules]).encode()
    return SiteStatement(rules=tdmrep_rules(body)).of(url)


@pytest.mark.parametrize(
    ("rules", "path", "reserved_by"),
    [
        ([("/", 1)], "/news/1", "/"),
        ([("/", "1")], "/", "/"),
        ([("/", 0)], "/news/1", None),
        ([("/news/", 1)], "/sport/1", None),
        ([("/news/*/photos", 1)], "/news/12/photos/3", "/news/*/photos"),
        ([("*.pdf$", 1)], "/a.pdf", "*.pdf$"),
        ([("*.pdf$", 1)], "/a.pdf?x=1", None),
        ([("/open/", 0), ("/", 1)], "/open/1", None),  # the first that covers it counts
        ([("/open/", 0), ("/", 1)], "/closed/1", "/"),
        ([("/اخبار/", 1)], "/%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1/1", "/اخبار/"),
        ([("/a.c", 1)], "/abc", None),
    ],
)
def test_the_first_rule_of_tdmrep_json_that_covers_a_page_counts(
    rules: list[tuple[str, object]], path: str, reserved_by: str | None
) -> None:
    found = statement(*rules, url=f"https://site.example{path}")
    assert found == (reserved_by and f"tdmrep.json: {reserved_by}")


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[1, null]", b'[{"location": 3}]', b"\xff\xfe"])
def test_what_is_no_tdmrep_json_says_nothing(body: bytes) -> None:
    assert tdmrep_rules(body) == ()


@pytest.mark.parametrize("body", [b"[" * 9999, b'\xef\xbb\xbf[{"location": "/a", "tdm-res', b" {'location': '/'}"])
def test_what_cannot_be_read_to_its_end_may_reserve_anything(body: bytes) -> None:
    assert SiteStatement(rules=tdmrep_rules(body)).of("https://site.example/news/1") == "tdmrep.json: /"


def test_behind_the_bound_of_rules_all_is_reserved() -> None:
    many = [(f"/{number}/", 0) for number in range(MAX_RULES + 1)]
    assert statement(*many, url="https://site.example/0/1") is None
    assert statement(*many, url="https://site.example/news/1") == "tdmrep.json: /"


@pytest.mark.parametrize("location", ["/" + "*a" * 900 + "*b", "*" * 1900 + "b", "/" + "*a" * 900 + "$"])
def test_a_hostile_location_takes_no_time(location: str) -> None:
    """Each star would double the ways to try; none of these ends within the suite's limit then."""
    rules = [(location, 1)] * MAX_RULES
    assert statement(*rules, url=f"https://site.example/{'a' * 800}c") is None


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (b"User-Agent: *\nUser-Agent: GPTBot\nDisallow: /", "ai.txt: Disallow: /"),
        (b"User-Agent: GPTBot\nUser-Agent: *\nDisallow: /", "ai.txt: Disallow: /"),
        (b"User-agent: Bot\n\n# all\nUser-agent: *\nDisallow: /", "ai.txt: Disallow: /"),
        (b"\xef\xbb\xbfUser-Agent: *\r\nDisallow: /\r\n", "ai.txt: Disallow: /"),
        ("User-Agent: *\nDisallow: /\n".encode("utf-16"), "ai.txt: Disallow: /"),
        (b"User-Agent: GPTBot\nDisallow: /", "ai.txt: Disallow: / (GPTBot)"),
        (b"user-agent: bytespider, Other\nAllow: *.jpg\nDisallow: *.txt", "ai.txt: Disallow: *.txt (Bytespider)"),
        (b"User-Agent: *\nAllow: /\nUser-Agent: Bot\nDisallow: /", None),
        (b"User-Agent: *\nAllow: /\nUser-Agent: GPTBot\nDisallow:", None),
        (b"User-Agent: Bot\nDisallow: /", None),
        (b"# User-Agent: *\nDisallow: /", None),
    ],
)
def test_ai_txt_counts_for_all_and_for_known_miners(text: bytes, stated: str | None) -> None:
    assert ai_txt_opt_out(text, "text/plain") == stated


ROBOTS = b"""User-agent: *
Disallow: /print/

User-agent: CCBot
User-agent: bytespider
Disallow: /news/

User-agent: GPTBot
Disallow: /
Allow: /open/
"""


@pytest.mark.parametrize(
    ("path", "stated"),
    [
        ("/news/1", "robots.txt refuses CCBot, GPTBot, Bytespider"),
        ("/sport/1", "robots.txt refuses GPTBot"),
        ("/open/1", None),
        ("/print/1", None),  # closed to everybody, us too
    ],
)
def test_robots_txt_refuses_miners_by_path(path: str, stated: str | None) -> None:
    miners = rules_from_answer(200, ROBOTS, user_agent="Warraq").miners
    site = SiteStatement(robots={"https://a.example": miners, "https://b.example": None})
    assert site.of(f"https://a.example{path}") == stated
    assert site.of(f"https://b.example{path}") is None, "its own robots.txt has no rules"
    assert site.of(f"https://c.example{path}") == stated, "nobody asked it"


@pytest.mark.parametrize(
    "name", ["Bytespider", "PerplexityBot", "meta-externalagent", "Amazonbot", "Diffbot", "omgili", "CCBot"]
)
def test_known_miners_are_known(name: str) -> None:
    miners = rules_from_answer(200, f"User-agent: {name}\nDisallow: /".encode(), user_agent="Warraq").miners
    assert miners
    assert miners.refusing("https://a.example/1") == f"robots.txt refuses {name}"


def test_who_lets_us_in_alone_refuses_all_others() -> None:
    text = b"User-agent: *\nDisallow: /\n\nUser-agent: Warraq\nAllow: /\n"
    miners = rules_from_answer(200, text, user_agent="Warraq").miners
    assert miners
    assert miners.refusing("https://a.example/1") == "robots.txt refuses *"


def test_ai_txt_speaks_for_all_or_not_at_all() -> None:
    assert ai_txt_opt_out(b"User-Agent: *\nDisallow: /\n", "text/plain") == "ai.txt: Disallow: /"
    assert ai_txt_opt_out(b"User-Agent: Bot\nDisallow: /\n", "text/plain") is None
    assert ai_txt_opt_out(b"<html>", "text/html") is None
