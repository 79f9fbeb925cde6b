"""Arabic pages made for fitting: lists and front pages of six shapes, and short articles among as much furniture."""

# ruff: noqa: E501 -- markup is wrapped where a reader of markup expects it

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape

from bench.fit.labelled_pages import LabelledPage
from extract.page import Page
from warraq.demo.site.sentences import dice, say

CAPTURED_AT = datetime(2026, 11, 1, tzinfo=UTC)
BASE = "https://akhbar.example"
SECTIONS = ("سياسة", "اقتصاد", "رياضة", "ثقافة", "منوعات", "تقارير", "رأي", "صحة")
# How content systems name the parts of their pages; the empty one names nothing.
NAMES = (
    {
        "card": "post-item",
        "title": "entry-title",
        "excerpt": "entry-summary",
        "list": "posts-list",
        "body": "entry-content",
    },
    {
        "card": "views-row",
        "title": "field-content",
        "excerpt": "field-body",
        "list": "view-content",
        "body": "field-name-body",
    },
    {"card": "news-card", "title": "card-title", "excerpt": "card-text", "list": "row", "body": "article-body"},
    {"card": "", "title": "", "excerpt": "", "list": "", "body": ""},
)


class Maker:
    """One page's furniture and sentences, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.throw: random.Random = dice("fit", seed)
        self.names = NAMES[seed % len(NAMES)]
        self.said = seed * 400

    def say(self, kind: str) -> str:
        self.said += 1
        return say(kind, self.said, seed=self.seed, template=self.throw.randrange(50))

    def css(self, part: str) -> str:
        name = self.names[part]
        return f' class="{name}"' if name else ""

    def link(self, text: str) -> str:
        return f'<a href="/{self.throw.choice(("news", "article", "story"))}/{self.throw.randrange(10**5, 10**6)}">{escape(text)}</a>'

    def sentences(self, count: int) -> str:
        return " ".join(self.say("sentence") for _ in range(count))

    def day(self) -> str:
        return f"<time>{self.throw.randrange(1, 29)} نوفمبر 2026</time>" if self.throw.random() < 0.6 else ""

    def menu(self) -> str:
        items = "".join(f'<li><a href="/section/{n}">{name}</a></li>' for n, name in enumerate(SECTIONS))
        return f"<nav><ul>{items}</ul></nav>"

    def box(self, count: int) -> str:
        items = "".join(f"<li>{self.link(self.say('headline'))}</li>" for _ in range(count))
        return f"<aside><h4>الأكثر قراءة</h4><ul>{items}</ul></aside>"

    def card(self, sentences: int, *, level: str = "h3") -> str:
        head = f"<{level}{self.css('title')}>{self.link(self.say('headline'))}</{level}>"
        text = f"<p{self.css('excerpt')}>{self.sentences(sentences)}</p>" if sentences else ""
        more = '<a href="#">اقرأ المزيد</a>' if self.throw.random() < 0.3 else ""
        return f"<div{self.css('card')}>{head}{self.day()}{text}{more}</div>"

    def page(self, title: str, main: str, *, metas: str = "", body_class: str = "") -> bytes:
        foot = "<footer><p>جميع الحقوق محفوظة لموقع أخبار اليوم 2026</p><a href='/about'>من نحن</a></footer>"
        css = f' class="{body_class}"' if body_class and self.names["card"] else ""
        return (
            f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(title)} | أخبار اليوم</title>'
            f"{metas}</head><body{css}><header><a href='/'>أخبار اليوم</a>{self.menu()}</header>"
            f"<main>{main}</main>{self.box(self.throw.randrange(4, 12))}{foot}</body></html>"
        ).encode()


def _section(make: Maker) -> tuple[str, bytes]:
    name = make.throw.choice(SECTIONS)
    cards = "".join(make.card(make.throw.choice((0, 1, 1, 2))) for _ in range(make.throw.randrange(6, 20)))
    pages = '<div class="pagination"><a href="?page=2">2</a> <a href="?page=3">التالي</a></div>'
    return f"/section/{make.seed}", make.page(
        name, f"<h1>{name}</h1><div{make.css('list')}>{cards}</div>{pages}", body_class="archive category"
    )


def _front(make: Maker) -> tuple[str, bytes]:
    hero = f"<div><h2>{make.link(make.say('headline'))}</h2><p>{make.sentences(make.throw.randrange(1, 4))}</p></div>"
    rows = "".join(
        f"<section><h2>{name}</h2>{''.join(make.card(make.throw.choice((0, 0, 1))) for _ in range(4))}</section>"
        for name in make.throw.sample(SECTIONS, 5)
    )
    return "/", make.page("الرئيسية", hero + rows, body_class="home")


def _school(make: Maker) -> tuple[str, bytes]:
    welcome = "أهلا بكم في مدرسة النور الثانوية، حيث نعد جيلا يحب العلم والعمل ويخدم مجتمعه بإخلاص وأمانة."
    blocks = "".join(
        f"<div><h3>{title}</h3><p>{make.sentences(1)}</p></div>" for title in ("رؤيتنا", "رسالتنا", "كلمة المدير")
    )
    news = "".join(make.card(make.throw.choice((0, 1)), level="h4") for _ in range(make.throw.randrange(3, 8)))
    events = "".join(f"<li>{make.link(make.say('subheading'))}</li>" for _ in range(5))
    return "/", make.page(
        "مدرسة النور الثانوية",
        f"<h1>مدرسة النور</h1><p>{welcome}</p>{blocks}<h2>أخبار المدرسة</h2>{news}<h2>فعاليات</h2><ul>{events}</ul>",
        body_class="home",
    )


def _tag(make: Maker) -> tuple[str, bytes]:
    cards = "".join(make.card(make.throw.randrange(2, 4), level="h2") for _ in range(make.throw.randrange(5, 12)))
    return f"/tag/{make.seed}", make.page("وسم", f"<div{make.css('list')}>{cards}</div>", body_class="tag archive")


def _columns(make: Maker) -> tuple[str, bytes]:
    cards = "".join(
        f"<div{make.css('card')}><b>{make.say('caption')[:24]}</b><h3>{make.link(make.say('headline'))}</h3>"
        f"<p>{make.sentences(1)}</p></div>"
        for _ in range(make.throw.randrange(5, 10))
    )
    return "/opinion", make.page("مقالات الرأي", f"<h1>كتاب ومقالات الرأي اليومية</h1>{cards}")


def _ticker(make: Maker) -> tuple[str, bytes]:
    items = "".join(
        f"<li><span>{make.throw.randrange(0, 24):02d}:{make.throw.randrange(0, 60):02d}</span> {make.link(make.say('headline'))}</li>"
        for _ in range(make.throw.randrange(15, 40))
    )
    return "/latest", make.page("آخر الأخبار", f"<h1>آخر الأخبار</h1><ul{make.css('list')}>{items}</ul>")


Shape = Callable[[Maker], tuple[str, bytes]]
LISTS: tuple[Shape, ...] = (_section, _front, _school, _tag, _columns, _ticker)


def short_article(make: Maker) -> tuple[str, bytes, str]:
    """A path, a page, and the text of a short article among as much furniture as a list has."""
    title = make.say("headline")
    texts = [make.sentences(make.throw.choice((1, 1, 2))) for _ in range(make.throw.randrange(1, 4))]
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in texts)
    ld = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle"}</script>'
    metas = make.throw.choice(("", '<meta property="og:type" content="article">', ld, ""))
    related = "".join(make.card(make.throw.choice((0, 0, 1)), level="h4") for _ in range(make.throw.randrange(0, 7)))
    path = make.throw.choice(
        (f"/news/{make.seed}{make.throw.randrange(10**5)}", f"/?p={make.seed}", f"/{make.seed}/2026/11/01/khabar")
    )
    body = f"<article><h1>{escape(title)}</h1>{make.day()}<div{make.css('body')}>{paragraphs}</div></article><div><h3>أخبار ذات صلة</h3>{related}</div>"
    return (
        path,
        make.page(
            title,
            body,
            metas=f'<meta property="og:title" content="{escape(title)}">{metas}',
            body_class="single single-post",
        ),
        "\n".join(texts),
    )


def arabic_pages(each: int) -> Iterator[LabelledPage]:
    """`each` pages of every shape of list, and four times as many short articles."""
    for number in range(each):
        for kind, shape in enumerate(LISTS):
            make = Maker(1000 + number * len(LISTS) + kind)
            path, body = shape(make)
            page = Page(body, CAPTURED_AT, url=BASE + path, content_type="text/html; charset=utf-8")
            yield LabelledPage(f"{shape.__name__}{number}", "made", f"made{shape.__name__}", page, None)
        for kind in range(4):
            path, body, text = short_article(Maker(5000 + number * 4 + kind))
            page = Page(body, CAPTURED_AT, url=BASE + path, content_type="text/html; charset=utf-8")
            yield LabelledPage(f"short{number}-{kind}", "made", f"made_short{kind}", page, text)
