"""One story, one address: spellings of a URL fold to one identity, different stories stay apart."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.identity.ids import article_id, link_id
from storage.identity.urls import canonical_url, without_tracking

SLUG = "https://news.example/اقتصاد/ارتفاع-أسعار-القمح"


def spellings(url: str) -> list[str]:
    upper = quote(url, safe=":/")
    lower = upper.replace("%D", "%d").replace("%A", "%a").replace("%B", "%b")
    return [url, upper, lower, quote(upper, safe=":/")]


def test_four_spellings_of_an_arabic_slug_are_one_article():
    canonical = {canonical_url(spelling) for spelling in spellings(SLUG)}
    assert len(canonical) == 1
    assert len({article_id("demo", url) for url in canonical}) == 1
    assert canonical.pop().isascii()


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTP://News.Example:80/a/b/", "https://news.example/a/b"),
        ("https://news.example", "https://news.example/"),
        ("//news.example/a", "https://news.example/a"),
        ("http://127.0.0.1:18800/news/1/", "http://127.0.0.1:18800/news/1"),
        ("https://user:secret@news.example./a", "https://news.example/a"),
        ("https://news.example/a?utm_source=x&fbclid=1&id=7#comments", "https://news.example/a?id=7"),
        ("https://news.example/a?b=2&amp;a=1", "https://news.example/a?a=1&b=2"),
        ("https://news.example/a?q=x+y&q=x%20y", "https://news.example/a?q=x%20y"),
        ("https://news.example//News.asp?NewsID=5", "https://news.example/News.asp?NewsID=5"),
        ("https://news.example/a/./b/../c", "https://news.example/a/c"),
        ("https://news.example/a/b/amp/", "https://news.example/a/b"),
        ("https://news.example/a;jsessionid=5F?x=1", "https://news.example/a?x=1"),
        ("\u200fhttps://news.example/a \n", "https://news.example/a"),
        ("https://news.example/50%25-أقل", "https://news.example/50%25-%D8%A3%D9%82%D9%84"),
        ("https://news.example/a%2fb", "https://news.example/a%2Fb"),
        ("https://news.example/%C7%E1", "https://news.example/%C7%E1"),
        ("https://أخبار.مصر/أ", "https://xn--igbicxr.xn--wgbh1c/%D8%A3"),
        ("https://[2001:DB8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("mailto:desk@news.example", "mailto:desk@news.example"),
        ("http://news.example:port/", "http://news.example:port/"),
    ],
)
def test_an_address_is_spelled(given_url, expected):
    assert canonical_url(given_url) == expected


def test_only_the_named_parameters_are_kept_where_they_are_the_identity():
    url = "https://news.example/story?id=5&lang=ar&page=2"
    assert canonical_url(url, keep_query=("ID",)) == "https://news.example/story?id=5"
    assert canonical_url("https://news.example/story?n=5", keep_query=("id",)) == "https://news.example/story?n=5"


def test_two_numbers_in_the_query_are_two_articles():
    one, two = (canonical_url(f"https://news.example/view.aspx?cid={n}&utm_medium=rss") for n in (5, 6))
    assert link_id(one) != link_id(two)


def test_mobile_and_amp_hosts_are_folded_by_the_definition_only():
    fold = {"host": "www.news.example", "folded_hosts": ("m.news.example", "amp.news.example")}
    home = canonical_url("https://www.news.example/2024/1/story", **fold)
    for spelling in (
        "http://m.news.example/2024/1/story",
        "https://m.news.example/amp/2024/1/story",
        "https://amp.news.example/2024/1/story?outputType=amp",
        "https://news.example/2024/1/story/amp",
    ):
        assert canonical_url(spelling, **fold) == home
    assert canonical_url("https://sport.news.example/2024/1/story", **fold) != home
    assert canonical_url("https://m.news.example/2024/1/story") != home


def test_two_portals_with_one_address_are_two_articles():
    assert article_id("one", "https://news.example/a") != article_id("two", "https://news.example/a")


URL_PARTS = st.text(alphabet=st.sampled_from("aA/?&=#%25D8%ا:.@;[] ٪\u200f\ud800\x00+~"), max_size=60)


@given(st.one_of(URL_PARTS, URL_PARTS.map("https://news.example/".__add__), st.text(max_size=80)))
def test_spelling_twice_changes_nothing_and_no_input_raises(text):
    once = canonical_url(text, keep_query=("a",), host="news.example", folded_hosts=("m.news.example",))
    assert canonical_url(once, keep_query=("a",), host="news.example", folded_hosts=("m.news.example",)) == once
    assert len(link_id(once)) == 32


@given(st.text(alphabet=st.characters(categories=("L", "Nd")), min_size=1, max_size=30))
def test_any_slug_has_one_identity_in_all_its_spellings(slug):
    assert len({canonical_url(spelling) for spelling in spellings(f"https://news.example/{slug}")}) == 1


@pytest.mark.parametrize(
    ("listed", "asked_for"),
    [
        ("https://a.example/خبر/1?utm_source=rss&utm_medium=feed", "https://a.example/خبر/1"),
        ("https://a.example/n.aspx?utm_source=rss&id=7&UTM_Medium=feed#top", "https://a.example/n.aspx?id=7#top"),
        ("https://a.example/n.aspx?id=7&amp;utm_source=rss", "https://a.example/n.aspx?id=7"),
        ("https://a.example/n.aspx?b=2&&a=%d8%a3", "https://a.example/n.aspx?b=2&&a=%d8%a3"),
        ("https://a.example/?", "https://a.example/?"),
    ],
)
def test_only_what_tells_how_a_reader_came_is_not_asked_for(listed, asked_for):
    assert without_tracking(listed) == asked_for
    assert canonical_url(listed) == canonical_url(asked_for)


def test_a_parameter_that_is_the_identity_is_asked_for():
    assert without_tracking("https://a.example/?ref=7&utm_id=1", keep_query=["ref"]) == "https://a.example/?ref=7"
