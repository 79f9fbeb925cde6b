"""Titles and writers on pages that are not in Arabic: what is stated for machines counts where our words end."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.fields.stated_names import is_plausible
from extract.page import Page
from storage.model.records import ArticleText

TITLE = "Harbour council votes to rebuild the old lighthouse"
LATIN = (
    "The harbour council voted on Sunday evening to rebuild the old lighthouse that a storm had brought down in March.",
    "Its chair said that the money would come from the town and from the ferry companies, which had promised a share.",
    "Work is to begin in the spring, when the sea is calm enough for the barges that bring the stone from the north.",
)
ARABIC_TITLE = "المجلس البلدي يقر خطة لترميم السوق القديم"
ARABIC = (
    "أقر المجلس البلدي في جلسة مساء الأحد خطة لترميم السوق القديم تمتد ثلاثة أعوام وتشمل السقوف والأرصفة.",
    "وقال رئيس المجلس إن التمويل سيأتي من صندوق المدينة ومن تبرعات التجار الذين وعدوا بالمساهمة في العمل.",
    "ورحب أصحاب المحال بالخطة وطلبوا أن يجري العمل ليلا حتى لا تتوقف حركة البيع في موسم الأعياد المقبل.",
)


def article(
    node: object = None,
    *,
    head: str = "",
    byline: str = "",
    title: str = TITLE,
    heading: str | None = None,
    text: tuple[str, ...] = LATIN,
) -> ArticleText:
    ld = "" if node is None else f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in text)
    html = (
        f'<html><head><meta charset="utf-8"><title>{title} | Gull Coast Post</title>{head}{ld}</head><body><main>'
        f"<article><h1>{heading or title}</h1>{byline}<div>{paragraphs}</div></article></main></body></html>"
    )
    page = Page(body=html.encode(), url="https://gullcoast.example/n/8", captured_at=datetime(2024, 12, 3, tzinfo=UTC))
    record = extract_article(page)
    assert isinstance(record, ArticleText)
    return record


def by(author: object, **fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": TITLE, "author": author, **fields}


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Person", "name": "Nora Lindqvist"}, ("Nora Lindqvist",)),
        ("Nora Lindqvist", ("Nora Lindqvist",)),
        ({"@type": "Person", "name": "GCN"}, ()),  # an agency's letters
        ([{"@type": "Person", "givenName": "Nora", "familyName": "Lindqvist"}], ("Nora Lindqvist",)),
        ({"@type": "Person", "name": "Nora &amp; Ida"}, ("Nora & Ida",)),
        ({"@type": "Person", "name": "Nora"}, ("Nora",)),
        ({"@type": "Person", "name": "大渡 美咲"}, ("大渡 美咲",)),
        ({"@type": "Organization", "name": "Gull Coast Post"}, ()),
        ({"@type": "Person", "name": "admin"}, ()),
        ({"@type": "Person", "name": "https://gullcoast.example/nora"}, ()),
    ],
)
def test_a_writer_whom_only_metadata_state_is_kept(author: object, names: tuple[str, ...]) -> None:
    assert article(by(author)).authors == names


def test_meta_elements_name_writers_too() -> None:
    assert article(head='<meta name="author" content="Nora Lindqvist">').authors == ("Nora Lindqvist",)
    assert article(head='<meta name="parsely-author" content="Nora Lindqvist, Per Dahl">').authors == (
        "Nora Lindqvist",
        "Per Dahl",
    )


def test_a_photographer_beside_the_headline_is_not_the_writer_who_is_stated() -> None:
    byline = '<div class="author-picture"><span class="author">Tom Aske</span></div>'
    assert article(by({"@type": "Person", "name": "Nora Lindqvist"}), byline=byline).authors == ("Nora Lindqvist",)


def test_a_paragraph_below_the_headline_that_is_a_name_is_the_writer() -> None:
    assert article(byline="<p>Nora Lindqvist/Per Dahl</p>").authors == ("Nora Lindqvist", "Per Dahl")
    assert article(byline="<p>The council met on Sunday</p>").authors == ()
    assert article(by("Ida Holm"), byline="<p>Nora Lindqvist</p>").authors == ("Ida Holm",)


def test_words_of_a_byline_are_no_names() -> None:
    byline = '<div class="author">Last Updated</div><div class="byline">Fact Checked</div>'
    assert article(byline=byline).authors == ()
    assert [is_plausible(name) for name in ("Nora van der Berg", "min read", "Published on", "of the article")] == [
        True,
        False,
        False,
        False,
    ]


def test_a_name_in_latin_letters_on_an_arabic_page_is_an_account() -> None:
    node = {"@type": "NewsArticle", "headline": ARABIC_TITLE, "author": {"@type": "Person", "name": "Nora Lindqvist"}}
    assert article(node, title=ARABIC_TITLE, text=ARABIC).authors == ()
    node["author"] = {"@type": "Person", "name": "سلمى الخطاط"}
    assert article(node, title=ARABIC_TITLE, text=ARABIC).authors == ("سلمى الخطاط",)


def test_a_headline_that_a_news_page_states_twice_is_the_title() -> None:
    fuller = f"Storm damage: {TITLE}"
    social = f'<meta property="og:title" content="{fuller}">'
    assert article(by("Nora Lindqvist", headline=fuller), head=social).title == fuller
    assert article(by("Nora Lindqvist"), head=social).title == TITLE


def test_a_shown_kicker_that_the_stated_title_leaves_out_is_no_part_of_it() -> None:
    social = f'<meta property="og:title" content="{TITLE}">'
    assert article(by("Nora Lindqvist"), head=social, heading=f"<span>Storm damage:</span> {TITLE}").title == TITLE


def test_the_only_main_heading_is_the_title_where_the_stated_one_was_written_for_search_engines() -> None:
    social = '<meta property="og:title" content="Lighthouse rebuild explained, costs and dates">'
    heading = "Why the lighthouse will stand again"
    record = article(head=social, title="Lighthouse rebuild explained, costs and dates", heading=heading)
    assert record.title == heading


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE} | Gull Coast Post | by Nora Lindqvist",
        f"{TITLE} * Gull Coast Post * by Nora Lindqvist",
        f"{TITLE} - News - Gull Coast Post",
    ],
)
def test_the_sites_name_ends_a_title_where_writer_or_section_stand_beside_it(title: str) -> None:
    site = '<meta property="og:site_name" content="Gull Coast Post">'
    head = f'{site}<meta property="og:title" content="{title}">'
    assert article(head=head, title=title, heading=TITLE).title == TITLE


@pytest.mark.parametrize("said", ["»Wir haben die Blumen verkauft«", "Pflegeheime: »Wir haben die Blumen verkauft«"])
def test_quotation_marks_that_german_sets_outwards_are_no_separators(said: str) -> None:
    head = '<meta property="og:site_name" content="Gull Coast Post">'
    assert article(head=head, title=f"{said} - Gull Coast Post", heading=said).title == said


def test_a_login_is_nobody_and_the_first_line_says_who_reports_from_where() -> None:
    login = by({"@type": "Person", "name": "webdesk2"})
    assert article(login, byline="<div>By <a href='/author/webdesk2'>webdesk2</a></div>").authors == ()
    assert article(login, text=("From Chinedu Okafor, Makurdi", *LATIN)).authors == ("Chinedu Okafor",)
    assert article(text=("From Norway to Makurdi, people asked for the same thing.", *LATIN)).authors == ()


def test_a_writer_in_letters_with_vowel_marks() -> None:
    hindi = (
        "मध्य प्रदेश के सीधी जिले में सोन नदी के किनारे घड़ियालों के 38 नए बच्चे देखे गए हैं।",
        "वन विभाग के अधिकारियों ने बताया कि बारह साल बाद यहां इतने बच्चे एक साथ दिखे हैं।",
        "गांव की सरपंच ने कहा कि मछुआरों को जाल न डालने के बदले दो महीने का भत्ता दिया गया।",
    )
    head = '<meta name="author" content="राकेश पटेल">'
    assert article(head=head, title="सोन नदी में गूंजी किलकारी", text=hindi).authors == ("राकेश पटेल",)


def test_two_writers_with_outlet_and_town() -> None:
    byline = "<p>Por <b>Renata Sobral</b> e <b>Caio Wiggers</b>, Gull Coast Post — Blumenau</p>"
    assert article(byline=byline).authors == ("Renata Sobral", "Caio Wiggers")


@pytest.mark.parametrize(
    "byline",
    [
        "Pubblicato da Nora Lindqvist alle 18:44",
        "Publicado por Nora Lindqvist",
        "Geschrieben von Nora Lindqvist",
        "Geschreven door Nora Lindqvist",
        "Skriven av Nora Lindqvist",
    ],
)
def test_a_label_in_another_language_is_no_part_of_the_name(byline: str) -> None:
    assert article(byline=f'<div class="post-author">{byline}</div>').authors == ("Nora Lindqvist",)
