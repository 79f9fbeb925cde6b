"""The canonical address that a page or its server states: believed where it is one, and never the end of an article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from extract.profile import PortalProfile
from storage.model.records import ArticleText

PROFILE = PortalProfile(name="nakhla", domains=("nakhla.example",), country="EG", timezone="Africa/Cairo")
URL = "https://nakhla.example/news/7"
STORY = "".join(
    f"<p>قال مدير المرفأ إن الرصيف {n} سيستقبل مراكب الصيد الصغيرة ابتداء من الأسبوع المقبل بعد انتهاء الصيانة.</p>"
    for n in ("الأول", "الثاني", "الثالث", "الرابع", "الخامس")
)


def canonical_of(head: str, *, link_header: str | None = None) -> str | None:
    headline = "المرفأ يفتح أرصفته"
    html = f"<html lang='ar'><head><title>{headline}</title>{head}</head><body><h1>{headline}</h1>{STORY}</body></html>"
    page = Page(html.encode(), datetime(2024, 12, 2, tzinfo=UTC), URL, "text/html", link_header=link_header)
    article = extract_article(page, PROFILE)
    assert isinstance(article, ArticleText)
    return article.canonical_url


@pytest.mark.parametrize(
    "address",
    [
        "http://[site_url]/7",
        "http://nakhla.example:port/7",
        "http://[::1",
        "//[x]/",
        "http://",
        "{{canonical}}[",
        "https://[/",
    ],
)
def test_an_address_that_is_none_costs_no_article(address: str) -> None:
    head = f'<link rel="canonical" href="{address}">'
    head += "".join(f'<meta property="og:{name}" content="{address}">' for name in ("url", "image"))
    assert (canonical_of(head) or "").startswith("https://nakhla.example/")


@pytest.mark.parametrize(
    "address", ["{{ url }}", "/{slug}", "undefined", "https://nakhla.example/null", "%%canonical%%", "[permalink]"]
)
def test_what_a_template_left_is_no_address(address: str) -> None:
    assert canonical_of(f'<link rel="canonical" href="{address}">') == URL


def test_an_address_without_its_scheme_and_one_in_raw_letters_are_read() -> None:
    assert canonical_of('<link rel="canonical" href="nakhla.example/news/8">') == "https://nakhla.example/news/8"
    sent = "</خبر/8>; rel=canonical".encode().decode("latin-1")
    assert canonical_of("", link_header=sent) == "https://nakhla.example/%D8%AE%D8%A8%D8%B1/8"


@pytest.mark.parametrize(
    "header",
    [
        '<https://nakhla.example/news/seven>; rel="canonical"',
        '</style.css>; rel=preload; as=style, </news/seven>; title="x"; rel=canonical',
        '<https://nakhla.example/news/seven>; rel="shortlink canonical"',
    ],
)
def test_a_link_header_names_the_canonical_address(header: str) -> None:
    assert canonical_of("", link_header=header) == "https://nakhla.example/news/seven"
    said = '<link rel="canonical" href="/news/page-says">'
    assert canonical_of(said, link_header=header) == "https://nakhla.example/news/page-says"


@pytest.mark.parametrize(
    "header", ["", "<>; rel=canonical", "</news/seven>", "</x>; rel=prev", "rel=canonical", "<" * 9000]
)
def test_other_link_headers_name_none(header: str) -> None:
    assert canonical_of("", link_header=header) == URL


@pytest.mark.parametrize(
    ("url", "stated"),
    [
        ("https://nakhla.example/News.aspx?id=7", "https://nakhla.example/News.aspx"),
        ("https://nakhla.example/b/news/7", "https://nakhla.example/b/news/"),
        ("https://nakhla.example/c/7", "https://nakhla.example/ar"),
        ("https://nakhla.example/d/7", "https://nakhla.example/index.php"),
    ],
)
def test_the_address_of_a_section_or_of_the_first_page_is_no_storys(url: str, stated: str) -> None:
    for head in (f'<link rel="canonical" href="{stated}">', f'<meta property="og:url" content="{stated}">'):
        article = article_at(url, head)
        assert (article.canonical_url, article.flags) == (url, ("canonical_of_section", "date_missing"))


@pytest.mark.parametrize("stated", ["https://theme-demo.example/post/hello", "https://127.0.0.1/news/7"])
def test_an_address_of_another_site_is_told_and_not_believed(stated: str) -> None:
    for head in (f'<link rel="canonical" href="{stated}">', f'<meta property="og:url" content="{stated}">'):
        article = article_at(URL, head)
        assert (article.canonical_url, article.flags) == (URL, ("canonical_elsewhere", "date_missing"))


@pytest.mark.parametrize(
    ("url", "stated"),
    [
        ("https://nakhla.example/harbour/amp", "https://nakhla.example/harbour"),
        ("https://nakhla.example/old-harbour-opens/2", "https://nakhla.example/old-harbour-opens"),
        ("https://nakhla.example/n/7/old-harbour", "https://nakhla.example/n/7"),
        ("https://nakhla.example/?p=7", "https://nakhla.example/harbour"),
    ],
)
def test_the_address_of_the_story_above_one_of_its_forms_is_believed(url: str, stated: str) -> None:
    article = article_at(url, f'<link rel="canonical" href="{stated}">')
    assert article.canonical_url == stated
    assert "canonical_of_section" not in article.flags


def article_at(url: str, head: str) -> ArticleText:
    headline = "المرفأ يفتح أرصفته"
    html = f"<html lang='ar'><head><title>{headline}</title>{head}</head><body><h1>{headline}</h1>{STORY}</body></html>"
    article = extract_article(Page(html.encode(), datetime(2024, 12, 2, tzinfo=UTC), url, "text/html"), PROFILE)
    assert isinstance(article, ArticleText)
    return article
