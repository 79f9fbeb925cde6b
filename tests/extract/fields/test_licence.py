"""The licence that a page states for its own article, wherever it states it, and never one of something else on it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.fields.licence import MAX_CLAIMS
from extract.page import Page
from extract.profile import PortalProfile
from storage.model.records import ArticleText

PROFILE = PortalProfile(name="nakhla", domains=("nakhla.example",), country="EG", timezone="Africa/Cairo")
URL = "https://nakhla.example/news/7"
HEADLINE = "المرفأ يفتح أرصفته"
STORY = "".join(
    f"<p>قال مدير المرفأ إن الرصيف {n} سيستقبل مراكب الصيد الصغيرة ابتداء من الأسبوع المقبل بعد انتهاء الصيانة.</p>"
    for n in ("الأول", "الثاني", "الثالث", "الرابع", "الخامس")
)
BY = "https://creativecommons.org/licenses/by/4.0/"
LINK = f'<a rel="license" href="{BY}deed.ar">المشاع الإبداعي</a>'
TERMS = "https://nakhla.example/terms"


def licence_of(*, head: str = "", within: str = "", below: str = "", link_header: str | None = None) -> str | None:
    html = (
        f"<html lang='ar'><head><title>{HEADLINE}</title>{head}</head><body><div class='page'>"
        f"<article><h1>{HEADLINE}</h1>{STORY}{within}</article>{below}</div></body></html>"
    )
    page = Page(html.encode(), datetime(2024, 12, 2, tzinfo=UTC), URL, "text/html", link_header=link_header)
    article = extract_article(page, PROFILE)
    assert isinstance(article, ArticleText)
    return article.licence


def json_ld(node: str) -> str:
    return f'<script type="application/ld+json">{node}</script>'


@pytest.mark.parametrize(
    ("head", "licence"),
    [
        (f'<link rel="license" href="{BY}">', BY),
        ('<link rel="alternate license" href="//www.creativecommons.org/licenses/by/4.0/legalcode.ar">', BY),
        ('<link rel="LICENSE" href="/terms#use">', TERMS),
        (json_ld(f'{{"@type": "NewsArticle", "headline": "{HEADLINE}", "license": "{BY}"}}'), BY),
        (json_ld(f'{{"@type": "Article", "url": "{URL}", "license": {{"@type": "CreativeWork", "@id": "{BY}"}}}}'), BY),
        (json_ld(f'{{"@type": "NewsArticle", "headline": "{HEADLINE}", "usageInfo": ["", "/terms"]}}'), TERMS),
        (json_ld(f'{{"@type": "WebPage", "@id": "{URL}", "license": "رخصة  الصحيفة"}}'), "رخصة الصحيفة"),
        (f'<meta name="DCTERMS.license" content="{BY}">', BY),
        ('<meta property="dc:rights" content="جميع الحقوق محفوظة ">', "جميع الحقوق محفوظة"),
        ('<meta name="dc.rights" content="كل الحقوق"><link rel="license" href="/terms">', TERMS),
        ('<meta name="license" content="CC BY-NC 4.0">', "CC BY-NC 4.0"),
        # What says nothing, and what is said of others.
        ('<meta name="dc.rights" content="©">', None),
        ('<link rel="license" href="{{ licence }}">', None),
        ('<link rel="license" href="/">', None),
        (f'<link rel="license" href="{URL}">', None),
        ('<link rel="license" href="javascript:show()">', None),
        ('<link rel="license" href="http://[x/">', None),
        ('<meta name="copyright" content="صحيفة النخلة">', None),
        (json_ld(f'{{"@type": "ImageObject", "license": "{BY}"}}'), None),
        (json_ld(f'{{"@type": "NewsArticle", "headline": "سوق بعيدة", "url": "/news/9", "license": "{BY}"}}'), None),
        (json_ld(f'{{"@type": "NewsArticle", "headline": "{HEADLINE}", "image": {{"license": "{BY}"}}}}'), None),
        (json_ld(f'{{"@type": "NewsArticle", "headline": "{HEADLINE}", "license": [[1], 7, null]}}'), None),
    ],
)
def test_the_head_states_a_licence(head: str, licence: str | None) -> None:
    assert licence_of(head=head) == licence


@pytest.mark.parametrize(
    ("header", "licence"),
    [
        (f'<{BY}>; rel="license"', BY),
        ("</style.css>; rel=preload; as=style, </terms>; rel=license", TERMS),
        (f'<{BY}>; rel=license; anchor="/picture.jpg"', None),
        (f"<{BY}>; rel=help", None),
    ],
)
def test_the_link_header_states_a_licence(header: str, licence: str | None) -> None:
    assert licence_of(link_header=header) == licence
    assert licence_of(link_header=header, head='<link rel="license" href="/ours">') == "https://nakhla.example/ours"


@pytest.mark.parametrize(
    "page",
    [
        {"below": f"<footer>{LINK}</footer>"},
        {"below": f"<div class='footer copyright'><p>المحتوى متاح وفق {LINK}</p>{LINK}</div>"},
        {"below": f"<div itemscope itemtype='https://schema.org/WPFooter'>{LINK}</div>"},
        {"within": f"<p>هذا النص منشور برخصة {LINK}.</p>"},
        {"within": f"<div itemscope itemtype='//schema.org/Article'><link itemprop='license' href='{BY}'></div>"},
        {"within": f"<p about='{URL}'><a property='cc:license' href='{BY}'>ر</a></p>"},
    ],
)
def test_a_link_in_the_body_speaks_for_the_page(page: dict[str, str]) -> None:
    assert licence_of(**page) == BY


@pytest.mark.parametrize(
    "page",
    [
        {"below": f"<section class='related-posts'><h3><a href='/news/9'>سوق بعيدة</a></h3>{LINK}</section>"},
        {"below": f"<div><h4><a href='/news/9'>سوق بعيدة تفتح أبوابها</a></h4><p>{LINK}</p></div>"},
        {"below": f"<article><h2>سوق بعيدة</h2><p>{LINK}</p></article>"},
        {"below": f"<div id='comments'><p>رأي قارئ {LINK}</p></div>"},
        {"within": f"<h3>التعليقات</h3><div><b>أبو سالم</b> قبل يومين<p>خبر طيب {LINK}</p></div>"},
        {"within": f"<figure><img src='/a.jpg'><figcaption>{LINK}</figcaption></figure>"},
        {"within": f"<p>الصورة: سامي الغريب، {LINK}</p>"},
        {"within": f"<p>Photo by Sami, {LINK}</p>"},
        {"within": f"<blockquote class='twitter-tweet'>{LINK}</blockquote>"},
        {"within": f"<div itemscope itemtype='https://schema.org/ImageObject'>{LINK}</div>"},
        {"within": f"<p about='/pictures/1.jpg'>{LINK}</p>"},
        {"below": "<aside>" + LINK + "</aside>"},
        # Two that contradict each other.
        {"below": f"<p>{LINK}</p><p><a rel='license' href='/terms'>شروط</a></p>"},
        {"below": "<a rel='license' href='#'>ر</a><a name='license' href='/terms'>ر</a>"},
    ],
)
def test_a_link_in_the_body_speaks_of_something_else(page: dict[str, str]) -> None:
    assert licence_of(**page) is None


def test_of_masses_of_such_links_the_first_are_looked_at() -> None:
    others = f"<aside>{LINK}</aside>" * MAX_CLAIMS
    assert licence_of(below=f"<footer>{LINK}</footer>{others}") == BY
    assert licence_of(below=f"{others}<footer>{LINK}</footer>") is None
