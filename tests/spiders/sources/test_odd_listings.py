"""Listings in shapes that real portals have and definitions rarely foresee."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.check.scaffold import definition_text
from spiders.portal.definition import Auto, Feed, Section, Sitemap, WordPress
from spiders.sources.feed import MAX_PAGES
from spiders.sources.records import stands_outside
from storage.model.window import Window
from tests.fixtures.site_walk import NOW, ROOT, Answer, portal, walk

# 3 to 4 o'clock of a past night in which nothing was published.
QUIET = Window(datetime(2024, 3, 5, 3, tzinfo=UTC), datetime(2024, 3, 5, 4, tzinfo=UTC))
MENU = '<nav><a href="/politics">سياسة</a><a href="/about">من نحن</a><a href="//other.example/x">غيرنا</a></nav>'


def headlines(*numbers: int) -> str:
    return "".join(f'<h2><a href="/n/{n}">عنوان طويل لخبر من أخبار المدينة رقم {n}</a></h2>' for n in numbers)


def blog_feed(url: str) -> Answer:
    """A WordPress feed: ten posts a page, one an hour, newest first."""
    if not url.startswith(f"{ROOT}feed/"):
        return 404
    page = int(parse_qs(urlsplit(url).query).get("paged", ["1"])[0])
    items = "".join(
        f"<item><link>{ROOT}{n}/</link><pubDate>{format_datetime(NOW - timedelta(hours=n))}</pubDate></item>"
        for n in range(10 * page - 10, 10 * page)
    )
    return f"<rss><channel><generator>https://wordpress.org/?v=6.4</generator>{items}</channel></rss>"


def test_a_wordpress_feed_is_paged_until_it_leaves_the_window() -> None:
    found = walk(portal(Feed("/feed/")), blog_feed)
    assert found.asked[1:] == [f"{ROOT}feed/?paged={page}" for page in (2, 3, 4)], "TODAY began 32 hours ago"
    assert len(set(found.urls)) == len(found.urls) == 40


def test_a_feed_is_not_paged_where_all_is_known_nor_without_end() -> None:
    assert walk(portal(Feed("/feed/")), blog_feed, is_known=lambda url: True).asked == [f"{ROOT}feed/"]
    years = Window(NOW - timedelta(days=900), NOW)
    assert len(walk(portal(Feed("/feed/")), blog_feed, years).asked) == MAX_PAGES


def test_a_feed_that_counts_clicks_leads_to_the_article() -> None:
    feed = f"""<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>
        <item><link>http://clicks.example/1</link><feedburner:origLink>{ROOT}n/1</feedburner:origLink></item>
        <item><link>http://clicks.example/2</link><guid isPermaLink="false">{ROOT}n/2</guid></item>
        <item><link>http://elsewhere.example/3</link></item></channel></rss>"""
    found = walk(portal(Feed("/f")), {f"{ROOT}f": feed})
    assert found.urls == [f"{ROOT}n/1", f"{ROOT}n/2", "http://elsewhere.example/3"]


def test_a_date_far_ahead_is_none_and_the_link_does_not_wait_for_it() -> None:
    item = "<item><link>{}n/{}</link><pubDate>{}</pubDate></item>"
    later = [NOW + timedelta(hours=5), NOW + timedelta(days=400)]
    feed = "".join(item.format(ROOT, number, format_datetime(at)) for number, at in enumerate(later))
    found = walk(portal(Feed("/f")), {f"{ROOT}f": f"<rss><channel>{feed}</channel></rss>"})
    assert [link.listed_at for link in found.links] == [later[0], None]


def test_a_sitemap_shows_the_last_article_before_a_quiet_hour() -> None:
    entry = "<url><loc>{}n/{}</loc><lastmod>2024-03-{:02}T0{}:30:00Z</lastmod></url>"
    entries = "".join(entry.format(ROOT, day, day, hour) for day, hour in ((3, 1), (5, 1), (4, 9)))
    found = walk(portal(Sitemap("/s.xml")), {f"{ROOT}s.xml": f"<urlset>{entries}</urlset>"}, QUIET)
    assert found.urls == [f"{ROOT}n/5"]
    assert stands_outside(found.links[0], QUIET), "it ends as out_of_window, and nobody fetches it"


def test_an_index_whose_sitemaps_all_changed_at_once_is_as_one_without_dates() -> None:
    """Some portals write the time of the request there: hundreds of sitemaps would be read each hour."""

    def site(url: str) -> Answer:
        if url.endswith("index.xml"):
            entry = f"<sitemap><loc>{ROOT}map-{{}}.xml</loc><lastmod>{NOW:%Y-%m-%d}</lastmod></sitemap>"
            return f"<sitemapindex>{''.join(map(entry.format, range(400)))}</sitemapindex>"
        return f"<urlset><url><loc>{ROOT}n/{url[-6:]}</loc></url></urlset>"

    found = walk(portal(Sitemap("/index.xml")), site)
    assert len(found.asked) == 1 + 4
    assert "400 sitemaps without dates: only 2 at either end are read" in found.problems[0]


def test_a_blog_is_asked_for_the_last_post_before_a_quiet_hour() -> None:
    def blog(url: str) -> Answer:
        query = parse_qs(urlsplit(url).query)
        posts = [] if "after" in query else [{"link": f"{ROOT}9/", "date_gmt": "2024-03-04T20:00:00"}]
        return json.dumps(posts)

    found = walk(portal(WordPress()), blog, QUIET)
    assert found.urls == [f"{ROOT}9/"]
    assert stands_outside(found.links[0], QUIET)
    assert "order=desc" in found.asked[-1]


def test_a_sitemap_on_another_host_is_told_and_one_beside_the_portal_is_read() -> None:
    site = {
        f"{ROOT}robots.txt": "Sitemap: https://cdn.elsewhere.example/s.xml\nSitemap: https://maps.news.example/s.xml",
        "https://maps.news.example/s.xml": f"<urlset><url><loc>{ROOT}n/1</loc></url></urlset>",
        "https://cdn.elsewhere.example/s.xml": f"<urlset><url><loc>{ROOT}n/2</loc></url></urlset>",
    }
    found = walk(portal(Auto()), site)
    assert found.urls == [f"{ROOT}n/1"]
    assert any("https://cdn.elsewhere.example/s.xml is on another host" in line for line in found.problems)


@pytest.mark.parametrize(
    ("second", "pattern"),
    [
        ("/politics?page=2", "politics?page={page}"),
        ("/politics/page/2/", "politics/page/{page}/"),
        ("?p=2&amp;x=1", "politics?p={page}&x=1"),
    ],
)
def test_where_nothing_lists_the_site_its_menu_does(second: str, pattern: str) -> None:
    last = pattern.replace("{page}", "2")
    site = {
        ROOT: MENU + headlines(1001, 1002),
        f"{ROOT}politics": MENU + headlines(1002, 1003) + f'<a href="{second}">2</a><a href="/sports?page=2">2</a>',
        f"{ROOT}{last}": headlines(1004, 1005),
    }
    found = walk(portal(Auto()), site)
    assert set(found.urls) == {f"{ROOT}n/{n}" for n in range(1001, 1006)}
    assert found.found == [Section(ROOT), Section(f"{ROOT}politics", page_url=f"{ROOT}{pattern}", max_pages=5)]
    assert "/about" not in "".join(found.asked)
    written = definition_text(portal(), tuple(found.found), notes=())
    assert f'Section("/politics", page_url="/{pattern}", max_pages=5)' in written


def test_a_feed_that_the_portal_names_and_that_breaks_is_told() -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    found = walk(portal(Auto()), {ROOT: head + headlines(1001, 1002), f"{ROOT}rss": 503})
    assert found.problems == [f"feed {ROOT}rss: status 503"]
    assert walk(portal(Auto()), {ROOT: head + headlines(1001, 1002)}).problems == []


def test_a_menu_that_leads_nowhere_is_no_problem() -> None:
    found = walk(portal(Auto()), {ROOT: MENU + headlines(1001, 1002)})
    assert found.found == [Section(ROOT)]
    assert found.problems == []
    assert walk(portal(Auto()), {ROOT: MENU}).links == []
