"""Facts that a page states of other stories are never taken for its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.html.own_story import address_key, own_story
from extract.page import Page
from storage.model.records import ArticleText

URL = "https://www.almizan.example/news/71"
TITLE = "المجلس البلدي يقر خطة لترميم السوق القديم"
OTHER_TITLE = "فريق الصقور يتأهل إلى نهائي كأس الجبال"
OWN = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2024-12-02T10:00:00+03:00",
    "author": {"@type": "Person", "name": "سلمى الخطاط"},
    "articleSection": "محليات",
    "keywords": "ترميم,سوق",
}
OTHER = {
    "@type": "NewsArticle",
    "headline": OTHER_TITLE,
    "datePublished": "2019-03-03T08:00:00+03:00",
    "dateModified": "2019-03-04T08:00:00+03:00",
    "author": {"@type": "Person", "name": "نادر المصري"},
    "articleSection": "رياضة",
    "keywords": "كأس,صقور",
    "description": "تأهل فريق الصقور إلى النهائي بعد مباراة طويلة في ملعب الجبل",
}
TEXT = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "أقر المجلس البلدي في جلسة مساء الأحد خطة لترميم السوق القديم تمتد ثلاثة أعوام وتشمل السقوف والأرصفة.",
        "وقال رئيس المجلس إن التمويل سيأتي من صندوق المدينة ومن تبرعات التجار الذين وعدوا بالمساهمة في العمل.",
        "ورحب أصحاب المحال بالخطة وطلبوا أن يجري العمل ليلا حتى لا تتوقف حركة البيع في موسم الأعياد المقبل.",
    )
)


def article(*scripts: object, head: str = "", box: str = "", above: str = "", title: str = TITLE) -> ArticleText:
    ld = "".join(f'<script type="application/ld+json">{json.dumps(s, ensure_ascii=False)}</script>' for s in scripts)
    html = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{title} - صحيفة الميزان</title>'
        f'<meta property="og:title" content="{title}">{head}{ld}</head><body><main><article><h1>{title}</h1>'
        f"{above}<div class='article-body'>{TEXT}</div></article>{box}</main></body></html>"
    )
    record = extract_article(Page(body=html.encode(), url=URL, captured_at=datetime(2024, 12, 3, tzinfo=UTC)))
    assert isinstance(record, ArticleText)
    return record


def listing(*items: object) -> dict[str, object]:
    return {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": item} for item in items]}


@pytest.mark.parametrize(
    "scripts",
    [
        ({"@graph": [OTHER, OWN]},),
        (listing(OTHER), OWN),
        (OWN, OTHER),
        ({**OTHER, "mainEntityOfPage": {"@id": "https://www.almizan.example/news/9"}}, {**OWN, "url": URL}),
        (
            {**OTHER, "url": "/news/9"},
            {**OWN, "headline": "ترميم السوق كاملا", "mainEntityOfPage": f"{URL}#top"},
        ),
        ({**OWN, "hasPart": [OTHER]},),
    ],
)
def test_of_several_nodes_the_one_with_the_pages_headline_or_address_counts(scripts: tuple[object, ...]) -> None:
    record = article(*scripts)
    assert record.published_at == datetime(2024, 12, 2, 7, tzinfo=UTC)
    assert (record.section, record.tags, record.authors) == ("محليات", ("ترميم", "سوق"), ("سلمى الخطاط",))
    assert (record.modified_at, record.description) == (None, None)


@pytest.mark.parametrize("script", [listing(OTHER), OTHER, {"@graph": [{"@type": "WebSite"}, OTHER]}])
def test_a_node_of_another_story_alone_gives_nothing(script: object) -> None:
    record = article(script)
    assert (record.published_at, record.modified_at) == (None, None)
    assert (record.section, record.tags, record.authors, record.description) == (None, (), (), None)


def test_the_pages_own_node_without_a_date_takes_none_from_another() -> None:
    own = {key: value for key, value in OWN.items() if key != "datePublished"}
    record = article(own, OTHER)
    assert (record.section, record.published_at) == ("محليات", None)


def test_a_node_that_says_neither_headline_nor_address_is_the_pages_where_it_stands_alone() -> None:
    assert article({"@type": "NewsArticle", "datePublished": "2024-12-02"}).published_at == datetime(
        2024, 12, 2, tzinfo=UTC
    )


def test_a_film_of_another_name_gives_no_date() -> None:
    film = {"@type": "VideoObject", "name": OTHER_TITLE, "uploadDate": "2019-03-03"}
    assert article(film).published_at is None
    assert article({**film, "name": TITLE}).published_at is not None


def test_microdata_of_another_story_in_a_box_gives_nothing() -> None:
    box = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><a href="/news/9" itemprop="url">'
        f'<span itemprop="headline">{OTHER_TITLE}</span></a><meta itemprop="datePublished" content="2019-03-03">'
        '<meta property="article:section" content="رياضة"><time datetime="2019-03-03">3 مارس 2019</time></div>'
    )
    for record in (article(box=box), article(above=box)):
        assert (record.published_at, record.section) == (None, None)
        assert OTHER_TITLE not in record.body


def test_open_graph_of_another_story_than_title_and_heading_name_gives_nothing() -> None:
    shared = {"og:title": OTHER_TITLE, "og:url": f"{URL}9", "article:section": "رياضة"}
    shared["article:published_time"] = OTHER["datePublished"]
    head = "".join(f'<meta property="{name}" content="{content}">' for name, content in shared.items())
    html = f"<html><head><title>{TITLE} - الميزان</title>{head}</head><body><h1>{TITLE}</h1>{TEXT}</body></html>"
    record = extract_article(Page(body=html.encode(), url=URL, captured_at=datetime(2024, 12, 3, tzinfo=UTC)))
    assert isinstance(record, ArticleText)
    assert (record.title, record.published_at, record.section) == (TITLE, None, None)


def test_meta_elements_in_a_box_of_related_stories_give_nothing() -> None:
    box = '<div class="related-news"><meta property="article:published_time" content="2019-03-03T08:00:00Z"></div>'
    assert article(box=box).published_at is None


@pytest.mark.parametrize("names", ["related-wrap has-sidebar", "share-bar", "post-header"])
def test_meta_elements_in_bars_and_wrappers_of_the_story_count(names: str) -> None:
    stated = '<meta itemprop="datePublished" content="2024-12-02T10:00:00+03:00">'
    assert article(above=f'<div class="{names}"><h1>{TITLE}</h1>{stated}</div>').published_at is not None
    assert article(above=f'<header class="post-header">{stated}</header>').published_at is not None


def test_microdata_around_the_pages_own_text_count() -> None:
    above = '<meta itemprop="datePublished" content="2024-12-02T10:00:00+03:00">'
    assert article(above=above).published_at == datetime(2024, 12, 2, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://www.almizan.example/news/71/", "/news/71"),
        ("http://m.almizan.example/news/71/amp#top", "/news/71"),
        ("/News.aspx?id=7", "/news.aspx?id=7"),
        ("https://almizan.example/", ""),
        ("http://[broken", ""),
    ],
)
def test_addresses_are_compared_without_scheme_host_and_fragment(address: str, key: str) -> None:
    assert address_key(address) == key


def test_headlines_in_other_words_are_similar_and_those_of_other_stories_speak_against() -> None:
    story = own_story([TITLE], [URL])
    assert story.points(headlines=["خطة المجلس البلدي لترميم السوق"], addresses=[]) > 0
    assert story.points(headlines=[OTHER_TITLE], addresses=[]) < 0
    assert story.points(headlines=[OTHER_TITLE], addresses=[URL]) > 0
    assert story.points(headlines=[TITLE], addresses=["https://almizan.example/news/9"]) > 0
    assert story.points(headlines=[], addresses=[]) == 0


@pytest.mark.parametrize("kind", ["NewsArticle", "MedicalWebPage", "WebPage"])
def test_the_only_node_that_says_the_headline_in_other_words_is_the_pages(kind: str) -> None:
    own = {"@type": kind, "headline": "أسئلة القراء وأجوبة الخبراء عن الحي القديم وأهله", "datePublished": "2024-12-02"}
    assert article(own).published_at == datetime(2024, 12, 2, tzinfo=UTC)
    assert article({**own, "url": "/news/9"}).published_at is None, "the address is another story's"
    assert article(own, OTHER).published_at is None, "not the only one"
    assert article({**own, "headline": "أسئلة القراء وأجوبة الخبراء عن الكأس وأهلها"}).published_at is None, (
        "no word is shared"
    )
