"""Sitemaps: which links and which child sitemaps a window needs, and what hostile files may not do."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime

import pytest

from spiders.portal.definition import NewsSitemap, Sitemap
from spiders.sources.reading import documents
from spiders.sources.reading.sitemap_links import MAX_UNDATED_LINKS
from tests.fixtures.site_walk import MARCH_FIFTH, ROOT, portal, walk

SITEMAP = f"{ROOT}sitemap.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*entries: tuple[str, str | None]) -> str:
    rows = (f"<url><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for url, day in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACE}>{"".join(rows)}</urlset>'


def index(*entries: tuple[str, str | None]) -> str:
    return (
        urlset(*entries).replace("urlset", "sitemapindex").replace("<url>", "<sitemap>").replace("</url>", "</sitemap>")
    )


def test_a_news_sitemap_gives_titles_and_publication_instants() -> None:
    text = f"""<urlset {NAMESPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{ROOT}1</loc>
    <news:news><news:publication><news:name>مثال</news:name></news:publication>
    <news:publication_date>2026-11-21T09:00:00+02:00</news:publication_date><news:title>خبر اليوم</news:title>
    </news:news></url></urlset>"""
    (link,) = walk(portal(NewsSitemap("/sitemap.xml")), {SITEMAP: text}).links
    assert (link.title, link.listed_at) == ("خبر اليوم", datetime(2026, 11, 21, 7, tzinfo=UTC))
    assert link.source == "news_sitemap"


def test_lastmod_chooses_the_links_of_a_past_window() -> None:
    text = urlset(
        (f"{ROOT}before", "2024-03-04T23:00:00Z"),
        (f"{ROOT}on-the-day", "2024-03-05"),
        (f"{ROOT}edited-soon-after", "2024-03-08T10:00:00Z"),
        (f"{ROOT}long-after", "2024-06-01T10:00:00Z"),
    )
    found = walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: text}, MARCH_FIFTH)
    assert found.urls == [f"{ROOT}on-the-day", f"{ROOT}edited-soon-after"]
    assert found.left_out == 2


def test_the_day_in_a_url_chooses_too() -> None:
    text = urlset((f"{ROOT}2024/03/05/a", None), (f"{ROOT}2024/04/05/b", None), (f"{ROOT}2023-03-05-c", None))
    assert walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: text}, MARCH_FIFTH).urls == [f"{ROOT}2024/03/05/a"]


def test_a_day_in_the_address_counts_more_than_a_late_edit() -> None:
    text = urlset((f"{ROOT}2024/03/05/a", "2026-01-01T00:00:00Z"), (f"{ROOT}2024/03/b", "2026-01-01T00:00:00Z"))
    assert walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: text}, MARCH_FIFTH).urls == [f"{ROOT}2024/03/05/a"]


def test_equal_lastmods_of_a_whole_file_say_nothing() -> None:
    text = urlset(*((f"{ROOT}story-{n}", "2026-11-20T00:00:00Z") for n in range(60)))
    found = walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: text}, MARCH_FIFTH)
    assert len(found.links) == 60
    assert {link.lastmod for link in found.links} == {None}


def test_of_an_index_only_children_that_may_hold_the_window_are_read() -> None:
    site = {
        SITEMAP: index(
            (f"{ROOT}sitemap-2024-02.xml", None),
            (f"{ROOT}sitemap-2024-03.xml", None),
            (f"{ROOT}old.xml", "2024-03-01"),
            (f"{ROOT}category-sitemap.xml", "2026-11-21"),
        ),
        f"{ROOT}sitemap-2024-03.xml": gzip.compress(urlset((f"{ROOT}1", "2024-03-05T08:00:00Z")).encode()),
    }
    found = walk(portal(Sitemap("/sitemap.xml")), site, MARCH_FIFTH)
    assert found.asked == [SITEMAP, f"{ROOT}sitemap-2024-03.xml"]
    assert found.urls == [f"{ROOT}1"]


def test_an_index_within_an_index_is_followed_but_not_endlessly() -> None:
    site = {SITEMAP: index((f"{ROOT}0", "2026-11-22"))}
    site |= {f"{ROOT}{n}": index((f"{ROOT}{n + 1}", "2026-11-22")) for n in range(10)}
    found = walk(portal(Sitemap("/sitemap.xml")), site)
    assert found.asked == [SITEMAP, f"{ROOT}0", f"{ROOT}1"]
    assert "levels deep" in found.problems[0]


def test_of_many_undated_children_a_run_about_the_present_reads_the_ends() -> None:
    children = [f"{ROOT}posts-{n}.xml" for n in range(1, 41)]
    found = walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: index(*((url, None) for url in children))})
    assert found.asked[1:] == [children[0], children[1], children[38], children[39]]
    assert any("only 2 at either end" in problem for problem in found.problems)


def test_many_undated_links_are_cut_and_it_is_said() -> None:
    text = urlset(*((f"{ROOT}story/{n}", None) for n in range(MAX_UNDATED_LINKS + 5)))
    found = walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: text})
    assert len(found.links) == MAX_UNDATED_LINKS
    assert {f"{ROOT}story/0", f"{ROOT}story/{MAX_UNDATED_LINKS + 4}"} <= set(found.urls), "from both ends"
    assert "without dates" in found.problems[0]


def test_article_url_chooses_and_a_pattern_that_matches_nothing_is_reported() -> None:
    text = urlset(*((f"{ROOT}news/{n}", "2026-11-21T10:00:00Z") for n in range(30)), (f"{ROOT}tag/x", "2026-11-21"))
    site = {SITEMAP: text}
    assert len(walk(portal(Sitemap("/sitemap.xml"), article_url=r"/news/\d+$"), site).links) == 30
    found = walk(portal(Sitemap("/sitemap.xml"), article_url=r"/story/\d+$"), site)
    assert found.links == []
    assert "matches none of 31" in found.problems[0]


def test_text_sitemaps_and_feeds_in_place_of_sitemaps_are_read() -> None:
    feed = f"<rss version='2.0'><channel><item><title>خبر</title><link>{ROOT}f</link></item></channel></rss>"
    assert walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: f"{ROOT}1\n{ROOT}2\n"}).urls == [f"{ROOT}1", f"{ROOT}2"]
    assert walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: feed}).urls == [f"{ROOT}f"]


def test_a_broken_file_gives_what_stands_before_the_break() -> None:
    text = urlset((f"{ROOT}1", "2026-11-21T10:00:00Z"), (f"{ROOT}2?a=1&amp;b=2", "2026-11-21T10:00:00Z"))
    assert f"{ROOT}1" in walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: text[:-60]}).urls


def test_entities_files_and_network_stay_off() -> None:
    text = f'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>{urlset((f"{ROOT}&x;", None))}'
    found = walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: text})
    assert found.links == []
    assert "entities" in found.problems[0]
    wide = text.replace("<!DOCTYPE", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE').encode("utf-16")
    assert walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: wide}).links == []


def test_a_gzip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_STREAMED_BYTES", 1_000_000)
    text = urlset((f"{ROOT}1", "2026-11-21T10:00:00Z")).replace("</urlset>", "")
    found = walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: zlib.compress(text.encode() + b" " * 50_000_000, wbits=31)})
    assert found.urls == [f"{ROOT}1"], "what stands before the bound counts"
    assert "larger than 1000000 bytes" in found.losses[0]


@pytest.mark.parametrize("content", [404, "<html><body>لا يوجد</body></html>", "", urlset()])
def test_what_is_no_sitemap_is_a_problem(content: str | int) -> None:
    found = walk(portal(Sitemap("/sitemap.xml")), {SITEMAP: content})
    assert found.links == []
    assert len(found.problems) == 1
    assert SITEMAP in found.problems[0]
