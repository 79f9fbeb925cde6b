"""What a process remembers between pages is short, whatever pages have for class names, titles, labels and dates."""

from __future__ import annotations

import gc
import tracemalloc
from datetime import UTC, datetime

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
