"""What a process remembers between pages is short, whatever pages have for class names, titles, labels and dates."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page

LONG = 60_000
MOST_BYTES = 60_000  # that four pages leave behind, each of which has seven texts of that length
TEXT = "كانت نساء القرية يمشين ساعتين قبل شروق الشمس كي يعدن بصفيحتين من ماء عكر من غدير بعيد عن بيوتهن."


def hostile(number: int) -> Page:
    long = chr(ord("a") + number) * LONG
    arabic = chr(ord("ب") + number) * LONG
    html = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{arabic} {number} | السدرة</title>'
        f'<meta property="og:title" content="{arabic} {number}">'
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{arabic}"}}</script>'
        f'<meta property="article:published_time" content="{long}"></head><body class="{long}"><h1>عنوان قصير</h1>'
        f'<section id="x" aria-labelledby="{long}"><p>{TEXT}</p><div data-testid="{long}">{arabic}</div>'
        f"<p>{TEXT} {TEXT}</p><div>وسوم: {arabic}</div></section></body></html>"
    )
    return Page(html.encode(), datetime(2026, 11, 20, tzinfo=UTC), url=f"https://sidra.example/n/{number}")


def test_long_texts_are_not_remembered() -> None:
    extract_article(hostile(0))
    tracemalloc.start()
    try:
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for number in range(1, 5):
            extract_article(hostile(number))
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < MOST_BYTES


@pytest.fixture
def collector() -> Iterator[None]:
    """Puts the search for cycles back as it was."""
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()


ARTICLE = (
    f"<html lang='ar'><body><h1>نساء القرية يحفرن بئرهن بأيديهن</h1><p>{TEXT}</p><p>{TEXT} ثم عدن.</p></body></html>"
)
LISTING = (
    "<html><body>"
    + "".join(f"<a href='/{n}'>عنوان خبر رقم {n} من أخبار اليوم</a><br>" for n in range(40))
    + "</body></html>"
)


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("html", [ARTICLE, LISTING, "<div>" * 30_000, "%PDF-1.7 <p>"])
def test_a_page_leaves_no_cycles_and_the_collector_as_it_was(html: str) -> None:
    page = Page(html.encode(), datetime(2026, 11, 20, tzinfo=UTC), url="https://sidra.example/n/1")
    gc.disable()
    extract_article(page)  # what is loaded with the first page has cycles
    gc.collect()
    extract_article(page)
    assert gc.collect() == 0
    assert not gc.isenabled()
    gc.enable()
    extract_article(page)
    assert gc.isenabled()
