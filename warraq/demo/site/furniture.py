"""Everything around an article on a page; whatever it prints that a body must not hold is noted as boilerplate."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from warraq.demo.site import phrases, words
from warraq.demo.site.calendar import ZONE
from warraq.demo.site.truth import Card
from warraq.demo.site.written_times import egyptian_line, page_clock, short_day

_PAGES = ("من نحن", "هيئة التحرير", "اتصل بنا", "سياسة الخصوصية", "أعلن معنا", "الأرشيف")
_SCRIPT = (
    "(function(w,d){w.mizan=w.mizan||{};w.mizan.q=[];function log(e){w.mizan.q.push([e.type,Date.now()])}"
    "['load','scroll','click'].forEach(function(n){w.addEventListener(n,log,{passive:true})});"
    "var slots=['top','side','inline','foot'];slots.forEach(function(s){var b=d.getElementById('ad-'+s);"
    "if(b){b.dataset.ready='1';b.innerHTML='<span>إعلان</span>'}});})(window,document);"
)
_STYLE = "".join(
    f".c{n}{{margin:{n % 7}px;padding:{n % 5}px;font:{12 + n % 6}px/1.{n % 9} Tahoma;width:{n * 5}px}}"
    for n in range(60)
)


@dataclass
class Surroundings:
    """The page furniture of one article. `address` makes a path absolute on the site."""

    base_url: str
    clock: datetime
    related_cards: Sequence[tuple[str, Card]]  # (path, card) of other articles, different for each article
    popular_cards: Sequence[tuple[str, Card]]  # the same on all pages
    throw: random.Random  # chooses among phrases that mean the same
    boilerplate: list[str] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)

    def address(self, path: str) -> str:
        return self.base_url + path

    def note(self, text: str) -> str:
        """Escape a text that is not the article, and remember it."""
        if text not in self.boilerplate:
            self.boilerplate.append(text)
        return escape(text)

    def may(self, text: str) -> str:
        """Escape a text that a body may hold or not, for example a caption."""
        self.optional.append(text)
        return escape(text)

    def head(self, *, title: str, metas: str = "", charset: str = "utf-8") -> str:
        """A document's head; `metas` comes ready as markup."""
        return (
            f'<head><meta charset="{charset}"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)}</title>{metas}"
            f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{self.address("/feed/")}">'
            f"<style>{_STYLE}</style><script>{_SCRIPT}</script></head>"
        )

    def menu(self, *, tag: str = "nav", css: str = "main-menu") -> str:
        links = "".join(f'<li><a href="/section/{key}">{name}</a></li>' for key, name in words.SECTIONS.items())
        return f'<{tag} class="{css}"><ul><li><a href="/">الرئيسية</a></li>{links}</ul></{tag}>'

    def header_clock(self) -> str:
        return self.note(page_clock(self.clock.astimezone(ZONE)))

    def ticker(self) -> str:
        """The running line of headlines."""
        links = " ".join(f'<a href="{path}">{self.note(card.title)}</a>' for path, card in self.popular_cards[:5])
        return f"<span>عاجل</span> {links}"

    def popular(self, *, item: str = "li") -> str:
        """Most read, with the dates of those other articles."""
        items = "".join(
            f'<{item}><a href="{path}">{self.note(card.title)}</a> <small>{short_day(card.local_time)}</small></{item}>'
            for path, card in self.popular_cards
        )
        return f"<h4>{self.throw.choice(phrases.POPULAR)}</h4>{items}"

    def related(self, *, item: str = "li", count: int = 4) -> str:
        """Links to other articles, without their heading."""
        return "".join(
            f'<{item}><a href="{path}">{self.note(card.title)}</a></{item}>'
            for path, card in self.related_cards[:count]
        )

    def related_with_times(self) -> str:
        """Cards with machine-readable times that belong to other articles."""
        return "".join(
            f'<div class="card"><a href="{path}"><h3>{self.note(card.title)}</h3></a>'
            f'<time datetime="{card.local_time.isoformat()}">{egyptian_line(card.local_time)}</time></div>'
            for path, card in self.related_cards[4:7]
        )

    def related_heading(self) -> str:
        """What stands above such links."""
        return self.throw.choice(phrases.RELATED)

    def read_also(self) -> str:
        """An invitation between paragraphs: lead-in and headline in one line; empty on a site of few articles."""
        lead = escape(self.throw.choice(phrases.READ_ALSO))
        return "".join(f'{lead} <a href="{path}">{self.note(card.title)}</a>' for path, card in self.related_cards[7:8])

    def follow(self) -> str:
        """An invitation to follow the portal elsewhere."""
        return self.note(self.throw.choice(phrases.FOLLOW))

    def byline(self, author: str) -> str:
        """The line that names the author."""
        return self.note(phrases.byline(author, self.throw.choice(phrases.BYLINES)))

    def slogan(self, index: int) -> str:
        return self.note(words.SLOGANS[index])

    def share(self) -> str:
        names = ("فيسبوك", "تويتر", "واتساب", "تليجرام")
        links = "".join(
            f'<a href="https://share.example/{n}" rel="nofollow">{name}</a>' for n, name in enumerate(names)
        )
        return f'<span>{self.note(self.throw.choice(phrases.SHARE))}</span>{links}<a href="#print">طباعة</a>'

    def comments(self) -> str:
        return (
            f"<h4>{self.note(self.throw.choice(phrases.COMMENTS))}</h4><form action='/comment' method='post'>"
            f"<label>{self.note('لن يتم نشر عنوان بريدك الإلكتروني')}</label><textarea name='text'></textarea></form>"
        )

    def footer(self) -> str:
        pages = "".join(f'<a href="/page/{n}">{name}</a> ' for n, name in enumerate(_PAGES))
        rights = f"جميع الحقوق محفوظة © {self.clock.year} {words.SITE_NAME}"
        return f"{pages}<p>{self.note(rights)}</p><p>{self.slogan(0)}</p>"


def paragraphs(texts: Sequence[str], *, tag: str = "p") -> list[str]:
    """Each text escaped in an element of its own."""
    return [f"<{tag}>{escape(text)}</{tag}>" for text in texts]
