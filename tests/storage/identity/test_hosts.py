"""Whose an address is: one table of cases for crawl, listings, import and pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.identity.hosts import PortalHosts, authority, registered_domain, root_of

HOSTS = PortalHosts(("www.nakhla.example", "m.nakhla.example", "نخلة.example", ".cdn.example", "nakhla.example:8443"))
PUNYCODE = "نخلة.example".encode("idna").decode()

OWN, NOT = True, False
CASES = [
    ("https://www.nakhla.example/a", OWN),
    ("http://nakhla.example/a", OWN),
    ("HTTPS://NAKHLA.example./a", OWN),
    ("https://nakhla.example:443/a", OWN),
    ("http://nakhla.example:80/a", OWN),
    ("https://nakhla.example:8443/a", OWN),
    ("https://nakhla.example:80/a", NOT),
    ("https://nakhla.example:8080/a", NOT),
    ("https://m.nakhla.example/a", OWN),
    ("https://www.m.nakhla.example/a", OWN),
    ("https://mobile.nakhla.example/a", NOT),
    ("https://نخلة.example/a", OWN),
    (f"https://{PUNYCODE}/a", OWN),
    (f"https://{PUNYCODE.upper()}.:443/a", OWN),
    ("https://%D9%86%D8%AE%D9%84%D8%A9.example/a", OWN),
    ("https://cdn.example/a", OWN),
    ("https://a.b.cdn.example/a", OWN),
    ("https://acdn.example/a", NOT),
    ("https://nakhla.example.evil.example/a", NOT),
    ("https://nakhla.example@evil.example/a", NOT),
    ("https://user:word@nakhla.example/a", NOT),
    ("https://nakhla.example:0/a", NOT),
    ("https://nakhla.example:port/a", NOT),
    ("ftp://nakhla.example/a", NOT),
    ("javascript:void(0)", NOT),
    ("//nakhla.example/a", NOT),
    ("http://[site_url]/a", NOT),
    ("http://[::1", NOT),
    ("", NOT),
]


@pytest.mark.parametrize(("url", "is_own"), CASES)
def test_an_address_is_the_portals_or_not(url: str, is_own: bool) -> None:
    assert HOSTS.owns(url) is is_own


def test_an_ip_address_has_one_spelling_too() -> None:
    hosts = PortalHosts(("[2001:db8::1]:8080", "127.0.0.1:18800"))
    assert hosts.owns("http://[2001:DB8:0:0::1]:8080/a")
    assert hosts.owns("http://127.0.0.1:18800/a")
    assert not hosts.owns("http://127.0.0.1/a")
    assert not hosts.is_beneath("http://x.127.0.0.1/")


def test_hosts_of_sources_are_named_apart() -> None:
    also = frozenset({"feeds.other.example"})
    assert HOSTS.owns("https://FEEDS.other.example:443/rss", also=also)
    assert not HOSTS.owns("https://feeds.other.example/rss")


@pytest.mark.parametrize(
    ("url", "is_beneath"),
    [
        ("https://sitemaps.nakhla.example/a", True),
        ("https://a.b.nakhla.example:8443/a", True),
        ("https://nakhla.example/a", False),
        ("https://nakhla.example.evil.example/", False),
        ("http://[x", False),
    ],
)
def test_listings_may_lie_below_the_portals_own_host(url: str, is_beneath: bool) -> None:
    assert HOSTS.is_beneath(url) is is_beneath


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.akhbar.com.eg", "akhbar.com.eg"),
        ("a.b.sahifa.or.kr", "sahifa.or.kr"),
        ("madrasa.sch.ae", "madrasa.sch.ae"),
        ("x.madrasa.sch.ae:8080", "madrasa.sch.ae"),
        ("jarida.blogspot.com", "jarida.blogspot.com"),
        ("sch.ae", None),
        ("localhost", None),
        ("127.0.0.1", None),
        ("[::1]", None),
        ("", None),
    ],
)
def test_a_registered_domain_is_told_by_the_public_suffix_list(host: str, domain: str | None) -> None:
    assert registered_domain(host) == domain


def test_a_site_is_all_that_its_owner_registered() -> None:
    school = PortalHosts(("news.madrasa.sch.ae",))
    assert school.is_same_site("https://m.madrasa.sch.ae/1")
    assert not school.is_same_site("https://other.sch.ae/1")
    assert not PortalHosts(("127.0.0.1:1",)).is_same_site("http://127.0.0.1:2/")


def test_the_root_of_a_host_is_asked_once_whatever_its_spelling() -> None:
    spellings = ["https://نخلة.example/a", f"HTTPS://{PUNYCODE}:443/b", f"https://{PUNYCODE.upper()}./"]
    assert {root_of(url) for url in spellings} == {f"https://{PUNYCODE}"}
    assert root_of("http://nakhla.example:443/") == "http://nakhla.example:443"


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    for url in (text, f"http://{text}/a", f"https://a.example:{text}"):
        authority(url)
        HOSTS.owns(url)
        HOSTS.is_beneath(url)
    PortalHosts((text, f".{text}")).owns("https://nakhla.example/a")
