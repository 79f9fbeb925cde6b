"""Section pages and dated archives: article links, paging, and where paging ends."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest

from spiders.portal.definition import DatedArchive, Section
from spiders.sources.reading.article_links import article_links
from storage.identity.urls import canonical_url
from storage.model.window import Window
from tests.fixtures.site_walk import MARCH_FIFTH, ROOT, portal, walk

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
HEADLINES = ("افتتاح جسر جديد يربط ضفتي النهر في المدينة", "وزارة الزراعة تعلن نتائج موسم القمح لهذا العام")


def page(*links: tuple[str, str], menu: str = "") -> str:
    card = '<div><a href="{0}"><img src="x.jpg"></a><h3><a href="{0}">{1}</a></h3></div>'
    anchors = "".join(card.format(url, text) for url, text in links)
    return f"<!doctype html><html><head><meta charset=utf-8></head><body><nav>{menu}</nav>{anchors}</body></html>"


def listing(first: int, count: int = 10) -> str:
    return page(*((f"/news/{n}", f"{HEADLINES[n % 2]} رقم {n}") for n in range(first, first + count)))


def test_headlines_are_taken_and_menus_tags_and_shares_are_not() -> None:
    menu = "".join(
        f'<a href="{url}">{text}</a>'
        for url, text in [
            ("/", "الرئيسية"),
            ("/section/politics", "سياسة"),
            ("/section/economy", "اقتصاد"),
            ("/section/sport", "رياضة"),
            ("/tag/خبر-عاجل-من-مصر-اليوم", "خبر عاجل من مصر اليوم"),
            ("/about-us", "من نحن وكيف نعمل في هذه الصحيفة"),
            ("https://facebook.example/share?u=1", "شارك هذا الخبر مع أصدقائك الآن"),
            ("/uploads/2024/03/paper.pdf", "العدد الورقي كاملا بصيغة قابلة للطباعة"),
            ("mailto:desk@news.example", "راسلنا على هذا العنوان في كل وقت"),
        ]
    )
    links = (("/news/11001", HEADLINES[0]), ("/news/11002", HEADLINES[1]), ("/news/11003", "وفاة الأديب"))
    found = walk(portal(Section("/")), {ROOT: page(*links, menu=menu)})
    assert found.urls == [f"{ROOT}news/11001", f"{ROOT}news/11002", f"{ROOT}news/11003"]
    assert found.links[0].title == HEADLINES[0]


def test_with_article_url_even_a_link_without_text_is_taken() -> None:
    text = page(("/news/7", ""), ("/section/7", HEADLINES[0]))
    assert walk(portal(Section("/"), article_url=r"/news/\d+$"), {ROOT: text}).urls == [f"{ROOT}news/7"]


def test_an_area_narrows_the_page_down_and_a_lost_area_does_not_blind() -> None:
    text = page(("/news/1001", HEADLINES[0])).replace("<div>", '<div class="main">')
    text = text.replace("</body>", f'<a href="/news/2002">{HEADLINES[1]}</a></body>')
    assert walk(portal(Section("/", links="div.main")), {ROOT: text}).urls == [f"{ROOT}news/1001"]
    assert len(walk(portal(Section("/", links="div.gone")), {ROOT: text}).urls) == 2


def test_a_windows_1256_page_without_declaration_gives_readable_titles() -> None:
    text = page(("/news/1001", HEADLINES[0]), ("/news/1002", HEADLINES[1])).replace("<meta charset=utf-8>", "")
    found = walk(portal(Section("/")), {ROOT: text.encode("cp1256")})
    assert [link.title for link in found.links] == list(HEADLINES)


def test_paging_goes_on_to_the_bound_and_stops_at_what_is_known_or_repeated() -> None:
    site = {f"{ROOT}s": listing(1000), f"{ROOT}s?p=2": listing(1010), f"{ROOT}s?p=3": listing(1020)}
    section = Section("/s", page_url="/s?p={page}", max_pages=3)
    assert len(walk(portal(section), site).links) == 30
    known = walk(portal(section), site, is_known=lambda url: int(url.rsplit("/", 1)[1]) >= 1010)
    assert known.asked == [f"{ROOT}s", f"{ROOT}s?p=2"]
    endless = walk(portal(Section("/s", page_url="/s?p={page}", max_pages=99)), dict.fromkeys(site, listing(1000)))
    assert endless.asked == [f"{ROOT}s", f"{ROOT}s?p=2"]


def test_the_end_of_paging_is_no_problem_but_an_empty_first_page_is() -> None:
    section = Section("/s", page_url="/s?p={page}", max_pages=9)
    assert walk(portal(section), {f"{ROOT}s": listing(1000)}).problems == []
    assert "no article links" in walk(portal(section), {f"{ROOT}s": page()}).problems[0]
    assert "status 503" in walk(portal(section), {f"{ROOT}s": 503}).problems[0]


def test_a_dated_archive_is_asked_for_the_days_of_the_portals_calendar() -> None:
    archive = DatedArchive("/archive?y={yyyy}&m={mm}&d={d}&page={page}")
    # 23:00 UTC on the fifth is 01:00 on the sixth in Cairo.
    window = Window(datetime(2024, 3, 5, 20, tzinfo=UTC), datetime(2024, 3, 5, 23, tzinfo=UTC))
    day = f"{ROOT}archive?y=2024&m=03&d="
    site = {f"{day}5&page=1": listing(1000), f"{day}5&page=2": listing(1010, 3), f"{day}6&page=1": listing(2000, 1)}
    found = walk(portal(archive), site, window)
    assert len(found.links) == 14
    assert {link.listed_day for link in found.links} == {date(2024, 3, 5), date(2024, 3, 6)}
    assert found.problems == []


def test_a_sitemap_a_day_is_read_as_a_sitemap() -> None:
    archive = DatedArchive("/sitemap/{yyyy}/{m}/{d}")
    text = f"<urlset><url><loc>{ROOT}1</loc></url></urlset>"
    found = walk(portal(archive), {f"{ROOT}sitemap/2024/3/5": text, f"{ROOT}sitemap/2024/3/6": text}, MARCH_FIFTH)
    assert set(found.urls) == {f"{ROOT}1"}


def test_an_archive_by_month_is_asked_once() -> None:
    archive = DatedArchive("/sitemap-{yyyy}{mm}.xml")
    window = Window(datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 3, 25, tzinfo=UTC))
    text = f"<urlset><url><loc>{ROOT}1</loc><lastmod>2024-03-06</lastmod></url></urlset>"
    found = walk(portal(archive), {f"{ROOT}sitemap-202403.xml": text}, window)
    assert (len(found.asked), found.urls) == (1, [f"{ROOT}1"])


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real pages is not here")
def test_real_listing_pages_give_their_article_links() -> None:
    addresses = {row["file"]: row for row in map(json.loads, (CORPUS / "manifest.jsonl").read_text().splitlines())}
    recalls, precisions = [], []
    for row in map(json.loads, (CORPUS / "listing_gold.jsonl").read_text().splitlines()):
        if not row["file"].endswith(".html"):
            continue
        place = addresses[row["file"]]
        url = place["url"] or f"https://www.{place['site']}/"
        found = article_links((CORPUS / row["file"]).read_bytes(), url, portal(start_url=url))
        wanted = {canonical_url(urljoin(url, link["href"])) for link in row["links"]}
        hits = wanted & {canonical_url(address) for address in found}
        recalls.append(len(hits) / len(wanted))
        precisions.append(len(hits) / max(1, len(found)))
    # One page's gold names its main boxes only; its other headlines are articles too.
    assert min(recalls) == 1.0, f"article links were missed: {recalls}"
    assert sorted(precisions)[1] >= 0.95, f"other links were taken for articles: {precisions}"
