"""Where answers lead: Location in any encoding, choices, Refresh headers and pages that only send on."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.http.redirects import header_address, redirect_target, sent_on_to

AT = "https://nakhla.example/?p=7"
SLUG = "خبر/7"
UTF_8 = "%D8%AE%D8%A8%D8%B1/7"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        (f"/{SLUG}".encode(), f"https://nakhla.example/{UTF_8}"),
        (f"https://nakhla.example/{SLUG}?q=خ".encode(), f"https://nakhla.example/{UTF_8}?q=%D8%AE"),
        (f"/{SLUG}".encode("cp1256"), "https://nakhla.example/%CE%C8%D1/7"),
        (f"?s={SLUG}".encode("cp1256"), "https://nakhla.example/?s=%CE%C8%D1/7"),
        (f"/{UTF_8}".encode(), f"https://nakhla.example/{UTF_8}"),
        (b"/%d8%ae/7", "https://nakhla.example/%d8%ae/7"),
        (b"  /a b\t", "https://nakhla.example/a%20b"),
        (b"\\a\\b?c=\\d", "https://nakhla.example/a/b?c=\\d"),
        (b"//m.nakhla.example/7", "https://m.nakhla.example/7"),
        ("https://نخلة.example/7".encode(), "https://نخلة.example/7"),
        (b"", None),
        (b"http://[site_url]/7", None),
        (b"http://nakhla.example:port/7", None),
    ],
)
def test_a_location_is_read_as_the_bytes_it_is(location: bytes, target: str | None) -> None:
    assert header_address(location, AT) == target
    headers = (*HTML, ("LOCATION", location.decode("latin-1")))
    assert redirect_target(302, AT, headers) == target
    assert redirect_target(200, AT, headers) is None


def test_of_several_choices_the_one_that_the_server_names_is_taken() -> None:
    assert sent_on_to(300, AT, (*HTML, ("Location", "/7.html")), b"") == "https://nakhla.example/7.html"
    assert sent_on_to(300, AT, HTML, b"<ul><li><a href='/7.html?a&amp;b'>7</a>") == "https://nakhla.example/7.html?a&b"
    assert sent_on_to(300, AT, HTML, b"<ul><li>7.html") is None


@pytest.mark.parametrize(
    ("refresh", "target"),
    [
        ("0; url=/8", "https://nakhla.example/8"),
        ("5;URL='/8'", "https://nakhla.example/8"),
        ("0, url=/8", "https://nakhla.example/8"),
        ("0;/8", "https://nakhla.example/8"),
        ("0 /8", "https://nakhla.example/8"),
        ("0 url='/8'", "https://nakhla.example/8"),
        (f"0; url=/{SLUG}".encode().decode("latin-1"), f"https://nakhla.example/{UTF_8}"),
        ("300; url=/8", None),
        ("30", None),
        ("0; url=?p=7", None),
        ("0; url=javascript:alert(1)", None),
        ("0; url=http://[x]/", None),
    ],
)
def test_a_refresh_header_leads_on_like_the_element(refresh: str, target: str | None) -> None:
    assert sent_on_to(200, AT, (*HTML, ("Refresh", refresh)), b"<p>text</p>") == target
    body = f'<html><head><meta http-equiv="Refresh" content="{refresh}"></head></html>'.encode("latin-1")
    assert sent_on_to(200, AT, HTML, body) == target
    assert sent_on_to(404, AT, HTML, body) is None


def test_a_page_is_read_in_its_own_encoding_and_packing() -> None:
    text = f'<meta charset="windows-1256"><meta http-equiv=refresh content="0;url=/{SLUG}">'
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
    for body in (gzip.compress(text.encode("cp1256")), text.encode("cp1256")):
        assert sent_on_to(200, AT, headers, body) == f"https://nakhla.example/{UTF_8}"


def test_what_scripts_comments_and_long_pages_say_is_no_way_on() -> None:
    element = b'<meta http-equiv="refresh" content="0;url=/8">'
    for body in (b"<!-- " + element + b" -->", b"<noscript>" + element + b"</noscript>", element + b"x" * 9000):
        assert sent_on_to(200, AT, HTML, body) is None


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_bytes_of_a_server_raise(header: bytes, body: bytes) -> None:
    text = header.decode("latin-1")
    for status in (200, 300, 302):
        sent_on_to(status, AT, (("Location", text), ("Refresh", text), ("Content-Type", text)), body)
    sent_on_to(200, AT, HTML, b'<meta http-equiv="refresh" content="0;url=' + header + b'">')
