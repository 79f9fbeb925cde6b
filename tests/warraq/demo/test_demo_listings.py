"""The lists of the demo portal: every kind of source names the same articles."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import quote, unquote, urlencode, urlsplit

import pytest

from tests.fixtures.demo_visitor import visit
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import ServedSite, serve
from warraq.demo.site import words

DAYS = [date(2024, 12, day) for day in range(1, 5)]


def _expected(served: ServedSite, day: date) -> set[str]:
    return {served.site.truth(n).path for n in served.site.calendar.numbers(day)}


def _listed(served: ServedSite, text: str) -> set[str]:
    """Paths of articles among all addresses of a text, in one spelling; the odd and rejected pages left out."""
    found = set()
    for match in re.findall(r'(?:href="|<loc>|<link>)([^"<]+)', text):
        parts = urlsplit(unescape(match))
        path = quote(unquote(parts.path))
        number = served.site.number_at(path, parts.query)
        if number is not None:
            found.add(served.site.path(served.site.card(number)))
    return found


@pytest.mark.parametrize("day", DAYS)
def test_the_dated_archive_lists_a_whole_day_over_its_pages(day: date, served: ServedSite) -> None:
    found: set[str] = set()
    url = f"{served.base_url}/archive/{day:%Y/%m/%d}?page=1"
    pages = 0
    while url:
        reply = visit(url)
        assert reply.status == 200
        text = reply.body.decode()
        found |= _listed(served, text[text.index("<main>") : text.index("</main>")])
        more = re.search(r'rel="next" href="([^"]+)"', text)
        url = served.base_url + more[1] if more else ""
        pages += 1
    assert found == _expected(served, day)
    assert pages == 2
    assert visit(f"{served.base_url}/archive/{day:%Y/%m/%d}?page=3").status == 404


def test_the_sitemap_index_leads_to_all_articles_day_by_day(served: ServedSite) -> None:
    index = visit(served.base_url + "/sitemap.xml").body.decode()
    maps = re.findall(r"<loc>([^<]+)</loc>", index)
    assert len(maps) == len(DAYS) + 1
    for day, address in zip(DAYS, maps, strict=False):
        body = visit(address).body
        text = (gzip.decompress(body) if address.endswith(".gz") else body).decode()
        assert _listed(served, text) == _expected(served, day)
        assert text.count("<lastmod>") == text.count("<loc>")


@pytest.mark.parametrize("day", DAYS)
def test_the_rest_api_pages_through_a_day_exactly(day: date, served: ServedSite) -> None:
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- WordPress reads a time without zone as local
    asked = {"after": start.isoformat(), "before": (start + timedelta(days=1)).isoformat(), "per_page": "20"}
    links: list[str] = []
    for page in range(1, 4):
        reply = visit(
            f"{served.base_url}/wp-json/wp/v2/posts?{urlencode(asked | {'page': str(page), '_fields': 'link,id'})}"
        )
        rows = json.loads(reply.body)
        assert all(set(row) == {"link", "id"} for row in rows)
        links += [row["link"] for row in rows]
        assert (reply.headers["x-wp-total"], reply.headers["x-wp-totalpages"]) == ("50", "3")
    paths = {f"{urlsplit(link).path}?{urlsplit(link).query}".rstrip("?") for link in links}
    assert {quote(unquote(path), safe="/?=") for path in paths} == _expected(served, day)
    assert len(links) == 50
    beyond = visit(f"{served.base_url}/wp-json/wp/v2/posts?{urlencode(asked | {'page': '4'})}")
    assert beyond.status == 400
    assert json.loads(beyond.body)["code"] == "rest_post_invalid_page_number"


def test_the_rest_api_reads_zones_and_gives_what_a_page_shows(served: ServedSite) -> None:
    truth = served.site.truth(7)
    asked = {
        "after": (truth.published_at - timedelta(minutes=1)).isoformat(),
        "before": (truth.published_at + timedelta(minutes=1)).isoformat(),
    }
    rows = json.loads(visit(f"{served.base_url}/wp-json/wp/v2/posts?{urlencode(asked)}").body)
    assert [row["id"] for row in rows] == [truth.public_id]
    assert unescape(rows[0]["title"]["rendered"]) == truth.title
    assert datetime.fromisoformat(rows[0]["date_gmt"]).replace(tzinfo=UTC) == truth.published_at
    assert re.sub(r"</?p>", "", unescape(rows[0]["content"]["rendered"])).strip() == truth.body
    wrong = visit(f"{served.base_url}/wp-json/wp/v2/posts?per_page=101")
    assert (wrong.status, json.loads(wrong.body)["code"]) == (400, "rest_invalid_param")


def test_a_site_without_the_rest_api_answers_404() -> None:
    with serve(DemoSite(articles=3, wordpress=False)) as served:
        assert visit(served.base_url + "/wp-json/wp/v2/posts").status == 404


def test_the_feed_holds_the_newest_with_raw_letters_and_tracking(served: ServedSite) -> None:
    text = visit(served.base_url + "/feed/").body.decode()
    newest = {served.site.path(card) for card in served.site.newest(50)}
    assert text.count("<item>") == 50
    assert text.count("utm_source=rss") == 50
    assert _listed(served, text) == newest
    assert re.search(r"<link>[^<]*[ء-ي]", text)


def test_the_news_sitemap_holds_the_last_two_days(served: ServedSite) -> None:
    text = visit(served.base_url + "/news-sitemap.xml").body.decode()
    oldest = served.site.calendar.clock - timedelta(days=2)
    expected = {served.site.path(card) for card in served.site.newest(200) if card.published_at >= oldest}
    assert _listed(served, text) == expected
    assert len(expected) == text.count("<news:publication_date>") >= 98


def test_sections_list_all_articles_between_them(served: ServedSite) -> None:
    found: set[str] = set()
    for key in words.SECTIONS:
        url = f"{served.base_url}/section/{key}"
        while url:
            text = visit(url).body.decode()
            found |= _listed(served, text[text.index("<main>") : text.index("</main>")])
            more = re.search(r'rel="next" href="([^"]+)"', text)
            url = served.base_url + more[1] if more else ""
    assert found == {served.site.truth(n).path for n in range(200)}
    assert visit(f"{served.base_url}/section/tech/page/99").status == 404


def test_the_front_page_leads_to_feed_sections_and_the_newest(served: ServedSite) -> None:
    text = visit(served.base_url + "/").body.decode()
    assert f'type="application/rss+xml" title="RSS" href="{served.base_url}/feed/"' in text
    assert all(f'href="/section/{key}"' in text for key in words.SECTIONS)
    assert {served.site.path(card) for card in served.site.newest(40)} <= _listed(served, text)
    assert 'href="/story/gallery-1"' in text


def test_robots_txt_names_the_sitemaps_and_the_delay() -> None:
    with serve(DemoSite(articles=3, crawl_delay_seconds=2.5)) as served:
        text = visit(served.base_url + "/robots.txt").body.decode()
    assert f"Sitemap: {served.base_url}/sitemap.xml" in text
    assert "Crawl-delay: 2.5" in text
    assert "Disallow: /private/" in text


def test_ids_lead_to_articles_and_leave_gaps(served: ServedSite) -> None:
    truth = served.site.truth(4)
    for path in (f"/{truth.public_id}/", f"/?p={truth.public_id}"):
        reply = visit(served.base_url + path)
        assert (reply.status, reply.headers["location"]) == (301, truth.url)
    used = {served.site.truth(n).public_id for n in range(10)}
    gap = next(n for n in range(min(used), max(used)) if n not in used)
    assert visit(f"{served.base_url}/{gap}/").status == 404


def test_a_site_without_articles_still_answers() -> None:
    with serve(DemoSite(articles=0)) as served:
        for path in ("/", "/feed/", "/sitemap.xml", "/sitemaps/2024-12-01.xml", "/archive/2024/12/01", "/section/tech"):
            assert visit(served.base_url + path).status == 200
        assert json.loads(visit(served.base_url + "/wp-json/wp/v2/posts").body) == []
        assert visit(served.base_url + "/577001/").status == 404
