"""Each decision of the extractor comes with the evidence that it was made from."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText, Rejected
from tests.extract.expected import CAPTURED_AT, PAGES
from warraq.lookup.explain_page import explain_page

TITLE = "بدء العمل في الطريق الجديد صباح الأحد"
TEXT = (
    "<p>قال رئيس المجلس المحلي إن العمل في الطريق الجديد يبدأ صباح الأحد، بعد تأخير دام ثلاثة أشهر كاملة.</p>"
    "<p>وأضاف أن الشركة المنفذة التزمت بتسليم المرحلة الأولى قبل حلول الشتاء، وفق جدول اتفق عليه الطرفان.</p>"
    "<p>تابعوا آخر الأخبار عبر قناة الميزان على تلغرام.</p>"
)


def page(head: str = "", above: str = "") -> Page:
    html = (
        f'<html><head><title>{TITLE}</title><meta property="og:title" content="{TITLE}">{head}</head>'
        f"<body><h1>{TITLE}</h1>{above}<div class='entry-content'>{TEXT}</div></body></html>"
    )
    return Page(html.encode(), datetime(2024, 12, 25, tzinfo=UTC))


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html"))[::6], ids=lambda path: path.stem)
def test_an_explained_page_gives_the_record_that_extraction_gives(path) -> None:  # type: ignore[no-untyped-def]
    saved = Page(path.read_bytes(), CAPTURED_AT)
    assert explain_page(saved).result == extract_article(saved)


def test_each_witness_of_a_date_stands_with_its_weight_and_what_it_was_read_as() -> None:
    line = '<div class="date">نشر في 20 ديسمبر 2024</div>'
    head = '<meta property="article:published_time" content="2024-12-20T10:00:00+02:00">'
    date = explain_page(page(head, line)).date
    assert date is not None
    assert [(piece.name, piece.weight > 0, piece.where) for piece in date.evidence] == [
        ("meta:article:published_time", True, "2024-12-20T10:00:00+02:00 → 2024-12-20T08:00:00Z"),
        ("visible_text:near_headline", True, "نشر في 20 ديسمبر 2024 → 2024-12-20"),
    ]
    assert date.score == pytest.approx(0.99)


def test_what_contradicts_a_date_and_what_lowers_it_is_told() -> None:
    line = '<div class="date">نشر في 2 ديسمبر 2024</div>'
    head = '<meta property="article:published_time" content="2024-12-20T10:00:00+02:00">'
    date = explain_page(page(head, line)).date
    assert date is not None
    assert date.value is None
    told = {piece.name: piece.weight for piece in date.evidence}
    assert told["meta:article:published_time"] > 0 > told["visible_text:near_headline"]
    assert told["dates_disagree"] < 0


def test_a_refused_date_is_told_with_the_reason() -> None:
    date = explain_page(page('<meta property="article:published_time" content="1970-01-01T00:00:00Z">')).date
    assert date is not None
    assert [(piece.name, piece.weight, piece.where) for piece in date.evidence] == [
        ("date_too_early", 0.0, "meta:article:published_time: 1970-01-01T00:00:00Z")
    ]


def test_titles_and_writers_stand_with_where_they_were_found() -> None:
    found = explain_page(page('<meta name="author" content="admin">', "<div class='byline'>كتب: سامي الغندور</div>"))
    assert found.title is not None
    assert found.authors is not None
    assert [(piece.name, piece.weight) for piece in found.title.evidence] == [
        ("meta:og:title", 3.0),
        ("title element", 3.0),
        ("heading h1", pytest.approx(5.6, abs=0.2)),
    ]
    assert [(piece.name, piece.weight, piece.where) for piece in found.authors.evidence] == [
        ("byline", 1.0, "سامي الغندور"),
        ("meta:author", 0.0, "admin"),
    ]


def test_each_line_of_the_text_stands_with_its_rule_and_features() -> None:
    lines = explain_page(page()).body
    assert [(line.rule, line.words > 5, line.link_share) for line in lines] == [
        (None, True, 0.0),
        (None, True, 0.0),
        ("promo.follow_place", True, 0.0),
    ]
    assert all(line.tag.endswith("div.entry-content > p") for line in lines)
    assert lines[0].place < lines[1].place < lines[2].place


def test_each_line_stands_with_its_score_and_the_features_that_weigh_most() -> None:
    for line in explain_page(page()).body:
        assert line.source == "page"
        assert line.score is not None
        assert 1 < len(line.evidence) <= 6
        weights = [abs(piece.weight) for piece in line.evidence]
        assert weights == sorted(weights, reverse=True)


STATED = [
    "قال رئيس المجلس المحلي إن العمل في الطريق الجديد يبدأ صباح الأحد، بعد تأخير دام ثلاثة أشهر كاملة.",
    "وأضاف أن الشركة المنفذة التزمت بتسليم المرحلة الأولى قبل حلول الشتاء، وفق جدول اتفق عليه الطرفان.",
    "ويشكو سكان الحي من الحفر المفتوحة منذ أشهر، ويطالبون بإنارة الشارع قبل عودة الطلاب إلى مدارسهم.",
    "وقال مهندس البلدية سامي الخطيب إن الأعمال ستجري ليلا حتى لا تتعطل حركة السير، وإن الحافلات ستسلك طريقا آخر.",
]


@pytest.mark.parametrize(("kind", "source"), [("application/ld+json", "json_ld"), ("application/json", "script")])
def test_lines_that_the_page_states_and_does_not_show_are_told(kind: str, source: str) -> None:
    node: dict[str, object] = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(STATED)}
    if source == "script":
        body = "".join(f"<p>{line}</p>" for line in STATED)
        node = {"props": {"article": {"title": TITLE, "body": body}}}
    name = "" if source == "json_ld" else ' id="__NEXT_DATA__"'
    html = (
        f'<html><head><title>{TITLE}</title><meta property="og:type" content="article">'
        f'<script{name} type="{kind}">{json.dumps(node, ensure_ascii=False)}</script></head>'
        f"<body><h1>{TITLE}</h1><div id=app></div></body></html>"
    )
    found = explain_page(Page(html.encode(), datetime(2024, 12, 25, tzinfo=UTC)))
    assert isinstance(found.result, ArticleText)
    assert [(line.text, line.rule, line.source) for line in found.body] == [(line, None, source) for line in STATED]


def test_the_lines_of_a_rejected_list_are_told() -> None:
    titles = [f"عنوان خبر رقم {number} عن الاقتصاد المحلي والزراعة" for number in range(20)]
    links = "".join(f'<h3><a href="/s/{number}">{title}</a></h3>' for number, title in enumerate(titles))
    html = f"<html><head><title>أخبار</title></head><body><h1>أخبار</h1><main>{links}</main></body></html>"
    found = explain_page(Page(html.encode(), datetime(2024, 12, 25, tzinfo=UTC)))
    assert isinstance(found.result, Rejected)
    assert {line.text for line in found.body} >= set(titles)
    assert all(line.rule for line in found.body)


def test_what_speaks_for_an_article_stands_with_its_place() -> None:
    head = '<meta property="og:type" content="article">'
    places = {piece.name: piece.where for piece in explain_page(page(head)).kind.evidence}
    assert places["og_article"] == "meta og:type: article"
    assert "h1" in str(places["headline_long"])
    assert str(places["texts_beside"]).startswith("2 of the page's 3 paragraphs")
    assert all(where for name, where in places.items() if name != "bias")


def test_a_page_that_trafilatura_does_not_read_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert explain_page(page()).unread is None
    with monkeypatch.context() as patch:
        patch.setattr("extract.body.trafilatura_text.MAX_READ_ELEMENTS", 1)
        found = explain_page(page())
        assert isinstance(found.result, ArticleText)
        assert "trafilatura_silent" in found.result.flags
        assert found.unread == "it is not asked about more than 1 pieces of text; here are 2"
    with monkeypatch.context() as patch:
        patch.setattr("extract.body.trafilatura_text.MAX_READ_DEPTH", 1)
        assert "deep" in str(explain_page(page()).unread)
    with monkeypatch.context() as patch:
        patch.setattr("extract.body.trafilatura_text._answer", lambda *_: [])
        assert explain_page(page()).unread == "it was asked and found no text"
    with monkeypatch.context() as patch:
        patch.setattr("extract.body.trafilatura_text._answer", lambda *_: ["."])
        assert "0 of" in str(explain_page(page()).unread)


def test_a_page_that_is_no_article_says_what_decided() -> None:
    found = explain_page(Page((PAGES / "reject_gallery.html").read_bytes(), CAPTURED_AT))
    assert isinstance(found.result, Rejected)
    assert (found.kind.value, found.kind.evidence[0].name, found.kind.evidence[0].weight) == (
        False,
        "gallery",
        -math.inf,
    )
    assert found.date is None
    kind = explain_page(page()).kind
    assert kind.value
    assert kind.score == pytest.approx(sum(piece.weight for piece in kind.evidence), abs=0.05)
    empty = explain_page(replace(page(), body=b""))
    assert empty.kind.evidence[0].name == "empty"
    assert isinstance(explain_page(page()).result, ArticleText)
