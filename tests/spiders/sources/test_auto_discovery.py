"""Which sources a window asks, and what auto discovery finds where nothing is known of a portal."""

from __future__ import annotations

from spiders.portal.definition import (
    Auto,
    DatedArchive,
    Feed,
    NewsSitemap,
    Section,
    Sitemap,
    Source,
    WebArchive,
    WordPress,
)
from spiders.sources import discovery
from spiders.sources.records import Discovery, ListedLink, stands_outside
from tests.fixtures.site_walk import MARCH_FIFTH, NOW, ROOT, TODAY, portal, walk

FEED = f"<rss version='2.0'><channel><item><title>خبر</title><link>{ROOT}f/1</link></item></channel></rss>"
SITEMAP = f"<urlset><url><loc>{ROOT}s/1</loc><lastmod>2026-11-21</lastmod></url></urlset>"
OLD_SITEMAP = SITEMAP.replace("2026-11-21", "2024-03-05")
FRONT = "".join(f'<h2><a href="/n/100{n}">عنوان طويل لخبر من أخبار المدينة رقم {n}</a></h2>' for n in range(5))


def chosen(window_of: Discovery) -> list[str]:
    return [source.kind for source in discovery.choose_sources(window_of)[0]]


def task(*sources: Source, window: object = TODAY, remembered: tuple[Source, ...] = ()) -> Discovery:
    return Discovery(portal(*sources), window, NOW, remembered)  # type: ignore[arg-type]


ALL = (Feed("/f"), NewsSitemap("/n"), Section("/s"), WordPress(), DatedArchive("/{yyyy}"), WebArchive("x/"))


def test_the_present_is_asked_of_recent_sources_and_the_past_of_those_that_list_it() -> None:
    assert chosen(task(*ALL)) == ["feed", "news_sitemap", "section", "wordpress", "dated_archive"]
    assert chosen(task(*ALL, window=MARCH_FIFTH)) == ["wordpress", "dated_archive", "web_archive"]


def test_a_portal_that_cannot_list_the_past_says_so() -> None:
    listing = discovery.begin(task(Feed("/f"), window=MARCH_FIFTH))
    assert listing.requests == ()
    assert "no source of example lists the past" in listing.problems[0]


def test_what_was_found_once_takes_the_place_of_the_search() -> None:
    remembered = (Feed(f"{ROOT}feed"),)
    assert chosen(task(Auto(), remembered=remembered)) == ["feed"]
    assert chosen(task(Auto(), window=MARCH_FIFTH, remembered=remembered)) == ["auto"]
    assert chosen(task(Feed("/own"), remembered=remembered)) == ["feed"]


def test_when_nothing_was_listed_the_search_starts_afresh_and_the_front_page_helps_out() -> None:
    listing = discovery.ask_again(task(Auto(), remembered=(Feed(f"{ROOT}dead"),)))
    assert [request.kind for request in listing.requests] == ["auto", "section"]
    assert discovery.ask_again(task(Feed("/dead"))).requests == listing.requests, "also where nobody declared it"
    assert discovery.ask_again(task(Feed("/f"), window=MARCH_FIFTH)).requests == (), (
        "none of its sources lists the past"
    )
    assert discovery.ask_again(task(WebArchive("www.example.com/"))).requests == (), "nor for a portal that is gone"


def test_sitemaps_of_robots_txt_and_feeds_of_the_head_are_followed_and_found() -> None:
    head = '<head><link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" '
    head += 'type="application/rss+xml" href="/comments/feed"></head>'
    site = {
        f"{ROOT}robots.txt": "User-agent: *\nDisallow:\nsitemap: /map.xml\nSitemap: /dead.xml",
        ROOT: f"<html>{head}<body>{FRONT}</body></html>",
        f"{ROOT}map.xml": SITEMAP,
        f"{ROOT}rss": FEED,
    }
    found = walk(portal(Auto()), site)
    assert set(found.urls) == {f"{ROOT}s/1", f"{ROOT}f/1"}
    assert found.found == [Sitemap(f"{ROOT}map.xml"), Feed(f"{ROOT}rss")]
    assert f"{ROOT}comments/feed" not in found.asked
    assert found.problems == []


def test_usual_addresses_are_tried_until_one_answers() -> None:
    site = {ROOT: FRONT, f"{ROOT}sitemap_index.xml": SITEMAP, f"{ROOT}feed/": FEED}
    found = walk(portal(Auto()), site)
    assert found.found == [Sitemap(f"{ROOT}sitemap_index.xml")]
    assert f"{ROOT}s/1" in found.urls
    assert f"{ROOT}feed/" not in found.asked


def test_a_soft_404_is_no_sitemap_and_no_api() -> None:
    found = walk(portal(Auto()), lambda url: FRONT if url == ROOT else "<html><body>الصفحة غير موجودة</body></html>")
    assert found.found == [Section(ROOT)]
    assert len(found.urls) == 5


def test_the_front_page_is_listed_where_nothing_else_is() -> None:
    found = walk(portal(Auto()), {ROOT: FRONT})
    assert found.urls == [f"{ROOT}n/100{n}" for n in range(5)]
    assert found.problems == []


def test_the_past_is_not_asked_of_feeds_and_front_pages() -> None:
    site = {ROOT: FRONT, f"{ROOT}feed/": FEED, f"{ROOT}sitemap.xml": OLD_SITEMAP}
    found = walk(portal(Auto()), site, MARCH_FIFTH)
    assert found.urls == [f"{ROOT}s/1"]
    nothing = walk(portal(Auto()), {ROOT: FRONT, f"{ROOT}feed/": FEED}, MARCH_FIFTH)
    assert nothing.links == []
    assert "list the past" in nothing.problems[0]


def test_the_api_is_found_where_there_is_no_sitemap() -> None:
    posts = f'[{{"link": "{ROOT}w/1", "date_gmt": "2024-03-05T10:00:00"}}]'
    found = walk(portal(Auto()), lambda url: posts if "wp-json" in url else FRONT if url == ROOT else 404, MARCH_FIFTH)
    assert found.urls == [f"{ROOT}w/1"]
    assert found.found == [WordPress()]


def test_a_portal_where_nothing_answers_is_reported() -> None:
    found = walk(portal(Auto()), {})
    assert found.links == []
    assert any("front page" in problem for problem in found.problems)
    assert any("lists articles" in problem for problem in found.problems)


def test_dates_of_a_source_tell_what_stands_outside() -> None:
    def link(**dates: object) -> ListedLink:
        return ListedLink(f"{ROOT}1", "feed", ROOT, **dates)  # type: ignore[arg-type]

    assert stands_outside(link(listed_at=MARCH_FIFTH.end), MARCH_FIFTH)
    assert not stands_outside(link(listed_at=MARCH_FIFTH.start), MARCH_FIFTH)
    assert not stands_outside(link(listed_day=MARCH_FIFTH.end.date()), MARCH_FIFTH)
    assert stands_outside(link(lastmod=MARCH_FIFTH.start.replace(month=2)), MARCH_FIFTH)
    assert not stands_outside(link(lastmod=NOW), MARCH_FIFTH)
    assert not stands_outside(link(), MARCH_FIFTH)
