"""Every portal definition: well formed, cheap to load, and true to the facts it was written from."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from cssselect import SelectorError
from lxml.cssselect import CSSSelector

import spiders.portals
from spiders.portal.definition import Portal, Section, own_minute
from spiders.portal.wellformed import is_cron
from spiders.registry import load_portals
from spiders.sources.discovery import begin
from spiders.sources.reading.article_links import is_wanted
from spiders.sources.records import Discovery
from storage.identity.ids import article_id
from storage.model.window import PORTAL_NAME, Window, parse_time
from storage.settings import read_settings

PORTALS = load_portals(read_settings({}))
FACTS = Path(__file__).parents[4] / "shared" / "facts" / "portals.json"
# Slugs of the facts that users would not say, or that cannot name a portal.
RENAMED = {
    "almessa": "almasaa",
    "alakhbar_lb": "alakhbar",
    "alrai_kw": "alraimedia",
    "assabah_tn": "assabah",
    "sputnik": "sputnikarabic",
}
CRON = re.compile(r"(\d{1,2}) (?:\*|\*/\d{1,2}|\d{1,2}) \* \* \*")
SELECTORS = ("title_css", "body_css", "author_css", "date_css", "section_css", "remove_css")
SLOW = ("scrapy", "twisted", "lxml", "trafilatura", "pyarrow", "boto3", "duckdb", "dateparser", "rich")


def each(portals: dict[str, Portal]) -> list[object]:
    return [pytest.param(portal, id=name) for name, portal in portals.items()]


def test_there_are_enough_portals_and_the_first_is_here() -> None:
    assert len(PORTALS) >= 45
    assert {
        "almasaa",
        "aljazeera",
        "youm7",
        "ahram",
        "masrawy",
        "hespress",
        "okaz",
        "bbcarabic",
        "demo",
    } <= PORTALS.keys()


def test_every_file_is_one_portal_of_its_name() -> None:
    files = {path.stem for folder in spiders.portals.__path__ for path in Path(folder).glob("[a-z]*.py")}
    assert files == PORTALS.keys()
    assert all(PORTAL_NAME.fullmatch(name) for name in files)


def test_a_definition_stays_short() -> None:
    lines = sorted(
        len(path.read_text().splitlines())
        for folder in spiders.portals.__path__
        for path in Path(folder).glob("[a-z]*.py")
    )
    assert lines[len(lines) // 2] <= 35
    assert lines[-1] <= 60


@pytest.mark.parametrize("portal", each(PORTALS))
def test_a_definition_is_well_formed(portal: Portal) -> None:
    assert portal.name.isalnum()
    assert portal.title_ar and portal.title_en
    assert re.search(r"[ء-ي]", portal.title_ar) or portal.title_ar == portal.title_en, "title_ar is not Arabic"
    assert re.fullmatch(r"[A-Z]{2}", portal.country)
    assert ZoneInfo(portal.timezone)
    assert portal.start_url.startswith(("https://", "http://"))
    assert CRON.fullmatch(portal.schedule), f"{portal.schedule} is not a schedule of one minute of the hour"
    assert 0 <= int(portal.schedule.split()[0]) < 60
    for pattern in (portal.article_url, portal.not_article_url):
        assert pattern is None or re.compile(pattern)
    for selector in (selector for name in SELECTORS for selector in getattr(portal, name)):
        try:
            CSSSelector(selector)
        except SelectorError as error:
            pytest.fail(f"{portal.name}: {selector!r} is not CSS: {error}")
    for source in portal.sources:
        if isinstance(source, Section) and source.page_url is not None:
            assert "{page}" in source.page_url
            assert source.max_pages > 1
    for quirk in portal.date_quirks:
        assert quirk.reading in {"local", "ignore"}
        assert quirk.witness.partition(":")[0] in {"meta", "json_ld", "time_element", "feed", "sitemap", "wordpress"}
    assert portal.verified_live is None, "say so only with the output of `warraq check` at hand"


@pytest.mark.parametrize("portal", each(PORTALS))
def test_sources_ask_only_hosts_of_the_portal(portal: Portal) -> None:
    now = parse_time("2026-11-22T08:00Z")
    for start, end in (("2026-11-21", "2026-11-22"), ("2024-03-05", "2024-03-06")):
        listing = begin(Discovery(portal, Window(parse_time(start), parse_time(end)), now))
        hosts = {urlsplit(request.url).netloc for request in listing.requests if request.kind != "web_archive"}
        assert hosts <= set(portal.all_domains)
        assert all(request.url.isascii() and " " not in request.url for request in listing.requests)
        assert listing.requests or listing.problems, "a portal that is asked nothing must say why"


def test_a_portal_without_a_schedule_begins_at_a_minute_that_follows_from_its_name() -> None:
    names = [f"portal{number}" for number in range(1200)]
    minutes = Counter(own_minute(name) for name in names)
    assert len(minutes) == 60
    assert max(minutes.values()) <= 40, "twice the even share"
    portal = replace(PORTALS["almasaa"], name="mizan", schedule="")
    assert portal.schedule == f"{own_minute('mizan')} * * * *"
    assert is_cron(portal.schedule)


def test_real_portals_say_when_their_facts_were_gathered_and_are_asked_gently() -> None:
    for portal in PORTALS.values():
        if not portal.is_local:
            assert portal.facts_as_of, f"{portal.name} does not say when its facts were gathered"
            assert portal.politeness.delay_seconds >= 1
            assert portal.politeness.concurrency <= 2


def test_all_portals_load_fast_and_without_slow_libraries() -> None:
    program = f"""
import sys, time
from storage.settings import read_settings
from spiders.registry import load_portals
began = time.perf_counter()
count = len(load_portals(read_settings({{}})))
seconds = time.perf_counter() - began
print(count, seconds, [name for name in {SLOW!r} if name in sys.modules])
"""
    best = 9.0
    for _ in range(3):  # the first may compile bytecode, and the machine may be busy
        output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        count, seconds, loaded = output.split(maxsplit=2)
        assert (int(count), loaded.strip()) == (len(PORTALS), "[]")
        best = min(best, float(seconds))
    assert best < 0.1, f"loading all portals took {best:.3f} s"


@pytest.mark.corpus
@pytest.mark.skipif(not FACTS.is_file(), reason="the facts the definitions were written from are not here")
def test_article_patterns_match_the_examples_of_the_facts() -> None:
    misses = []
    for fact in json.loads(FACTS.read_text()):
        portal = PORTALS.get(RENAMED.get(fact["slug"], fact["slug"]))
        article_url = fact.get("article_url") or {}
        if portal is None or portal.article_url is None or not re.search(r"\\d|a-z", article_url.get("regex") or ""):
            continue
        for example in article_url.get("examples", []):
            url = example.split(" ")[0]
            own = urlsplit(url).netloc.removeprefix("www.") in {
                host.removeprefix("www.") for host in portal.all_domains
            }
            # Other languages, numbers cut off by the source, and second pages of an article do not count.
            if (
                not own
                or re.search(r"/(?:en|de)/|language=en|_2\.htm|\(truncated|/av-", example)
                or "cut in source" in example
            ):
                continue
            if not is_wanted(url, portal):
                misses.append((portal.name, url))
    assert misses == []


@pytest.mark.corpus
@pytest.mark.skipif(not FACTS.is_file(), reason="the facts the definitions were written from are not here")
def test_hosts_are_those_of_the_facts() -> None:
    covered = 0
    for fact in json.loads(FACTS.read_text()):
        portal = PORTALS.get(RENAMED.get(fact["slug"], fact["slug"]))
        if portal is not None:
            covered += 1
            assert portal.host == fact["domains"]["canonical"]["value"].split("/")[0]
            # Sputnik's pages print GMT, whatever the newsroom's clock says.
            assert portal.timezone == fact["timezone"]["value"] or portal.name == "sputnikarabic"
    assert covered >= 60


def identity(name: str, url: str) -> str:
    """The article id of an address under a portal's definition."""
    return article_id(name, PORTALS[name].canonical(url))


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        (
            "aljazeera",
            [
                "https://www.aljazeera.net/news/2024/3/5/خبر-اليوم",
                "https://www.aljazeera.net/news/2024/3/5/%D8%AE%D8%A8%D8%B1-%D8%A7%D9%84%D9%8A%D9%88%D9%85",
                "https://www.aljazeera.net/news/2024/3/5/%d8%ae%d8%a8%d8%b1-%d8%a7%d9%84%d9%8a%d9%88%d9%85",
                "http://aljazeera.net/news/2024/3/5/%25D8%25AE%25D8%25A8%25D8%25B1-%25D8%25A7%25D9%2584%25D9%258A%25D9%2588%25D9%2585?utm_source=x",
            ],
        ),
        ("youm7", [f"https://{host}youm7.com/story/2024/3/5/-/7165289" for host in ("www.", "m.", "")]),
        (
            "akhbarelyom",
            [
                "https://akhbarelyom.com/news/newdetails/4630414/1/",
                "https://m.akhbarelyom.com/news/newdetails/4630414/1/amp",
                "https://www.akhbarelyom.com/news/newdetails/4630414/1?fbclid=x",
            ],
        ),
        (
            "shorouk",
            [
                "https://www.shorouknews.com/news/view.aspx?cdate=14092025&id=e5d555bc-c2eb-4412-bc26-4c5630345307",
                "https://www3.shorouknews.com/news/view.aspx?id=e5d555bc-c2eb-4412-bc26-4c5630345307&cdate=14092025&ref=x",
            ],
        ),
        (
            "kuna",
            [
                "https://www.kuna.net.kw/ArticleDetails.aspx?id=2415466&language=ar",
                "https://www.kuna.net.kw/ArticleDetails.aspx?id=2415466",
            ],
        ),
    ],
)
def test_all_spellings_of_an_address_are_one_article(name: str, spellings: list[str]) -> None:
    assert len({identity(name, url) for url in spellings}) == 1
    assert all(is_wanted(url, PORTALS[name]) for url in spellings)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("shorouk", "/news/view.aspx?cdate=14092025&id=e5d555bc", "/news/view.aspx?cdate=14092025&id=c87a1306"),
        ("kuna", "/ArticleDetails.aspx?id=2415466", "/ArticleDetails.aspx?id=2415467"),
        ("sana", "/?p=2215080", "/?p=1937484"),
    ],
)
def test_where_the_query_is_the_identity_it_is_kept(name: str, one: str, other: str) -> None:
    portal = PORTALS[name]
    assert identity(name, portal.absolute(one)) != identity(name, portal.absolute(other))
