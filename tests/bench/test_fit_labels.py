"""Labels that archives hold for nothing: the text that a page states of itself, where it is the one it shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.fit.archived_pages import archived_pages
from storage.identity.ids import article_id
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.raw_runs import RUN, exchange, write_round
from tests.fixtures.rows import edition, fetch, run_row

PARAGRAPHS = [
    f"قال رئيس مجلس المدينة في الجلسة {name} إن أعمال تجديد شبكة المياه في الأحياء الشمالية ستبدأ قريبًا، "
    "وإن السكان سيبلغون بمواعيد الانقطاع قبل يومين على الأقل عبر اللجان المحلية والمساجد والمدارس."
    for name in ("الأولى", "الثانية", "الثالثة", "الرابعة")
]


def page(*stated: str, shown: list[str] = PARAGRAPHS) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in shown)
    node = {"@type": "NewsArticle", "headline": "تجديد شبكة المياه", "articleBody": "\n".join(stated)}
    return (
        f'<html lang="ar"><head><title>تجديد شبكة المياه</title><script type="application/ld+json">'
        f"{json.dumps(node, ensure_ascii=False)}</script></head><body><h1>تجديد شبكة المياه</h1>"
        f'<article><div class="entry-content">{body}</div></article></body></html>'
    ).encode()


PAGES = {
    "whole": page(*PARAGRAPHS),
    "cut": page(*PARAGRAPHS[:2]),
    "a summary": page("تبدأ أعمال تجديد شبكة المياه قريبًا."),
    "another text": page(*PARAGRAPHS, shown=[f"{line} غير ذلك كله" for line in ("نص آخر " * 40, "وثالث " * 40)]),
    "none": page(),
}


def test_a_page_that_states_the_text_it_shows_is_a_label_and_no_other(
    local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    urls = [f"http://127.0.0.1:18800/news/{number}" for number in range(len(PAGES))]
    exchanges = [exchange(url, body) for url, body in zip(urls, PAGES.values(), strict=True)]
    report = write_round(open_store(settings), exchanges, spool=tmp_path)
    entries = RawRun(open_store(settings), RUN).index(report.chunks[0])
    rows = []
    for number, (url, entry) in enumerate(zip(urls, entries, strict=True)):
        place = replace(entry.place, key=report.chunks[0].key)
        rows.append(replace(edition(RUN, number), url=url, article_id=article_id("demo", url), place=place))
    fetches = [fetch(row) for row in rows]
    open_tables(settings).replace_run(RUN, RecordRows(RUN, rows, fetches, run_row(RUN, fetches)))

    (found,) = archived_pages(settings.archive)
    assert found.publisher == "demo"
    assert found.text is not None
    assert found.text.split() == "\n".join(PARAGRAPHS).split()
    assert found.page.body == PAGES["whole"]
