"""Labels that archives hold for nothing: the text that a page or a feed states, where it is the one the page shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench.fit.archived_pages import archived_pages
from storage.identity.ids import article_id
from storage.model.records import Role
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.raw_runs import RUN, exchange, write_round
from tests.fixtures.rows import edition, fetch, run_row

SITE = "http://127.0.0.1:18800"
PARAGRAPHS = [
    f"قال رئيس مجلس المدينة في الجلسة {name} إن أعمال تجديد شبكة المياه في الأحياء الشمالية ستبدأ قريبًا، "
    "وإن السكان سيبلغون بمواعيد الانقطاع قبل يومين على الأقل عبر اللجان المحلية والمساجد والمدارس."
    for name in ("الأولى", "الثانية", "الثالثة", "الرابعة")
]


def address(number: int) -> str:
    return f"{SITE}/news/{number}"


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


def feed(*items: tuple[str, str]) -> bytes:
    entries = "".join(
        f"<item><title>تجديد شبكة المياه</title><link>{link}?utm_source=rss</link>"
        f'<media:content url="http://127.0.0.1:18800/a.jpg"/><content:encoded><![CDATA[{text}]]></content:encoded></item>'
        for link, text in items
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:media="http://search.yahoo.com/mrss/"><channel>{entries}</channel></rss>'
    ).encode()


@pytest.fixture
def archive(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Makes an archive of pages and of the feeds that were read, and says where it is."""
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()

    def make(pages: Sequence[bytes], *feeds: bytes) -> str:
        exchanges = [exchange(address(number), body) for number, body in enumerate(pages)]
        lists = [exchange(f"{SITE}/feed/{number}", body, Content_Type="text/xml") for number, body in enumerate(feeds)]
        report = write_round(open_store(settings), exchanges, sources=lists, spool=tmp_path)
        entries = [each for each in RawRun(open_store(settings), RUN).index(report.chunks[0]) if each.role == Role.PAGE]
        rows = []
        for number, entry in enumerate(entries):
            url, place = address(number), replace(entry.place, key=report.chunks[0].key)
            rows.append(replace(edition(RUN, number), url=url, article_id=article_id("demo", url), place=place))
        fetches = [fetch(row) for row in rows]
        open_tables(settings).replace_run(RUN, RecordRows(RUN, rows, fetches, run_row(RUN, fetches)))
        return settings.archive

    return make


def test_a_page_that_states_the_text_it_shows_is_a_label_and_no_other(archive: Callable[..., str]) -> None:
    (found,) = archived_pages(archive(list(PAGES.values())))
    assert found.publisher == "demo"
    assert found.text is not None
    assert found.text.split() == "\n".join(PARAGRAPHS).split()
    assert found.page.body == PAGES["whole"]


def test_a_text_in_a_feed_is_the_label_of_its_page(archive: Callable[..., str]) -> None:
    """As WordPress writes it; a summary, a text with more than the page, a list that breaks off are none."""
    whole = "".join(f"<p>{line}</p>\n" for line in PARAGRAPHS).replace("وإن", "&nbsp;<b>وإن</b>")
    footer = f'<p>ظهرت المقالة <a href="{address(0)}">تجديد شبكة المياه</a> أولاً على <a href="{SITE}">الميزان</a>.</p>'
    texts = [whole + footer, f"<p>{PARAGRAPHS[0]}</p>", whole + "<p>غير ذلك</p>" * 40]
    feeds = feed(*((address(number), text) for number, text in enumerate(texts))), b"<urlset><url><loc>x", b"{}"
    (found,) = archived_pages(archive([page()] * len(texts), *feeds))
    assert found.page.url == address(0)
    assert found.text is not None
    assert found.text.split() == "\n".join(PARAGRAPHS).split()
