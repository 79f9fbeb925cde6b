"""Addresses in columns are the ones that were fetched, always in the same letters; identity keeps what tells apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from storage.identity.urls import ANY_NAME, canonical_url, doubtful_parameters, spelled_url, without_tracking

PUNYCODE = "نخلة.example".encode("idna").decode()


@pytest.mark.parametrize(
    ("fetched", "spelled"),
    [
        ("http://nakhla.example/خبر/1", "http://nakhla.example/%D8%AE%D8%A8%D8%B1/1"),
        ("http://nakhla.example/%d8%ae%d8%a8%d8%b1/1", "http://nakhla.example/%D8%AE%D8%A8%D8%B1/1"),
        ("http://nakhla.example/%CE%c8%D1/", "http://nakhla.example/%CE%C8%D1/"),
        ("HTTPS://NAKHLA.example.:443", "https://nakhla.example/"),
        ("http://nakhla.example:80/%7Ea%2f%41", "http://nakhla.example/~a%2FA"),
        ("https://نخلة.example/a", f"https://{PUNYCODE}/a"),
        ("https://%D9%86%D8%AE%D9%84%D8%A9.example/a", f"https://{PUNYCODE}/a"),
        ("http://m.nakhla.example//a/./b/?b=2&a=أ&utm_source=x#c", "http://m.nakhla.example//a/./b/?b=2&a=%D8%A3&utm_source=x"),
        ("http://[2001:DB8::0:1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("  news.warc.gz ", "news.warc.gz"),
        ("http://[site_url]/a", "http://[site_url]/a"),
    ],
)  # fmt: skip
def test_a_fetched_address_has_one_spelling(fetched: str, spelled: str) -> None:
    assert spelled_url(fetched) == spelled
    assert spelled_url(spelled) == spelled


@given(st.text(alphabet="abcأبت%/.?&=- 20D8", max_size=40))
def test_spelling_keeps_the_identity_and_what_scrapy_asks_for(path: str) -> None:
    url = f"https://nakhla.example/{path}"
    assert canonical_url(spelled_url(url)) == canonical_url(url)
    assert spelled_url(safe_url_string(url.strip())) == spelled_url(url)


def test_what_looks_like_tracking_stays_where_it_tells_stories_apart() -> None:
    url = "https://nakhla.example/story.php?ref=3&utm_source=map&src=home"
    assert doubtful_parameters(url) == {"ref", "src"}
    assert canonical_url(url) == "https://nakhla.example/story.php"
    assert canonical_url(url, told_apart_by={"ref"}) == "https://nakhla.example/story.php?ref=3"
    assert canonical_url(url, told_apart_by=ANY_NAME) == "https://nakhla.example/story.php?ref=3&src=home"
    assert without_tracking(url, told_apart_by={"ref"}) == "https://nakhla.example/story.php?ref=3"
    assert without_tracking(url) == "https://nakhla.example/story.php"
