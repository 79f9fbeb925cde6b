"""Archives, searches, boards of jobs, pages of people and forms to log in are no articles; stories of them stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

OG_ARTICLE = '<meta property="og:type" content="article">'
LINES = (
    "The ferry brought forty crates of lemons to the island and took nobody back, which had not happened before.",
    "Its captain waited an hour at the quay, then blew the horn twice and left for the mainland with empty benches.",
    "On Friday the shop at the harbour sold lemons by the bucket, and the school made a jam that nobody could eat.",
    "The company keeps the line for now, though it earns less each winter since the bridge in the north opened.",
)
STORY = "".join(f"<p>{line}</p>" for line in LINES)


def reason(body: str, *, title: str, head: str = "", path: str = "/n/71", classes: str = "") -> Rejection | None:
    page = (
        f'<html lang="en"><head><meta charset="utf-8"><title>{title} | Coast Post</title>{head}</head>'
        f'<body class="{classes}"><h1>{title}</h1>{body}</body></html>'
    )
    url = f"https://coast.example{path}"
    record = extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url=url))
    return record.reason if isinstance(record, Rejected) else None


def entries(*lines: str, number: int = 5) -> str:
    between = "".join(f"<p>{line}</p>" for line in lines)
    return "".join(
        f'<article><h2><a href="/l/{n}">Harbour Clerk</a></h2>{between}<p>{LINES[n % 4]}</p></article>'
        for n in range(number)
    )


DAYS = "".join(
    f'<h2>{day}. September 2024</h2><ul><li><span>18:20</span> <a href="/{day}">Fischer am Kai holen ihre Netze ein</a>'
    f"<p>{line}</p></li></ul>"
    for day, line in zip((30, 29, 28, 27), LINES, strict=True)
)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Eylül 2024 Haber Arşivi", "/arsiv/2024/09"),
        ("September 2024", "/archiv/2024/09/"),
        ("أخبار أيلول", "/أرشيف/2024-09"),
        ("Archives septembre 2024", "/a/5"),
        ("30. September 2024", "/2024/09/30/"),
        ("All of 2024", "/archive/2024"),
    ],
)
def test_the_archive_of_a_month_is_a_list_whatever_its_theme_states(title: str, path: str) -> None:
    head = OG_ARTICLE if path != "/a/5" else ""
    own = "<p>What we wrote in that month stands below, day by day; older papers are in our library at the port.</p>"
    assert reason(own + DAYS, title=title, head=head, path=path) is Rejection.LISTING


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("The lemons that nobody wanted", "/archive/2024/09/the-lemons-that-nobody-wanted"),
        ("The lemons that nobody wanted", "/2024/09/30"),
        ("2024 in the harbour's archive", "/archive/2024/09"),
    ],
)
def test_an_article_of_the_archive_stays(title: str, path: str) -> None:
    cards = "".join(f'<div><h3><a href="/{n}">A story of the harbour {n}</a></h3></div>' for n in range(4))
    assert reason(STORY + cards, title=title, head=OG_ARTICLE, path=path) is None
    assert reason(STORY + cards, title=title, path=path) is None


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Wyniki dla: „promenada”", "/n/5"),
        ("promenada", "/szukaj?q=promenada&sort=data"),
        ("نتایج جستجو برای دریاچه", "/n/5"),
        ("Ergebnisse für Hafen", "/n/5"),
        ("Hafen", "/suche.html?page=2&query=Hafen"),
    ],
)
def test_what_was_searched_for_is_a_list(title: str, path: str) -> None:
    assert reason(entries("12.02.2025, Marta Fell"), title=title, path=path) is Rejection.LISTING


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Results for the harbour: a winter of losses", "/n/5"),
        ("Search results that nobody sees any more", "/n/5"),
        ("Ergebnisse für das dritte Quartal", "/n/5"),
        ("The lemons", "/search/the-lemons-of-the-ferry"),
    ],
)
def test_an_article_on_results_stays(title: str, path: str) -> None:
    cards = "".join(f'<div><h3><a href="/{n}">A story of the harbour {n}</a></h3></div>' for n in range(4))
    assert reason(STORY + cards, title=title, path=path) is None


@pytest.mark.parametrize(
    "line",
    [
        "Menampilkan 1–6 dari 124 lowongan",
        "Showing 1 to 20 of 1,204 results",
        "1 - 10 von 200 Treffern",
        "عرض 1 - 20 من أصل 340 نتيجة",
        "Affichage de 1 à 10 sur 200",
        "Znaleziono 43 wyniki (0,08 s)",
    ],
)
def test_what_counts_its_entries_is_a_list(line: str) -> None:
    jobs = entries("Sinar Harbour Company", "Quay 4 · 5.2 million")
    own = f"<section><h2>On work at the harbour</h2>{STORY[:240]}</section>"
    assert reason(f"<p>{line}</p>{jobs}{own}", title="Clerks in the harbour town", path="/jobs/clerk?p=1") is (
        Rejection.LISTING
    )


def test_a_story_of_jobs_stays_and_so_does_one_that_counts() -> None:
    offers = entries("Sinar Harbour Company", number=3)
    assert reason(f"<p>3 jobs</p>{STORY}{offers}", title="The harbour looks for clerks, and finds none") is None
    many = entries("Sinar Harbour Company")
    assert reason(STORY + many, title="Five jobs that nobody at the harbour wants", head=OG_ARTICLE) is None


def person(**fields: object) -> str:
    node = {"@type": "Person", "name": "Marleen Hoogeveen", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


WRITE_TO = '<dl><dt>E-mail</dt><dd><a href="mailto:m@coast.example">m@coast.example</a></dd></dl>'
OG_PROFILE = '<meta property="og:type" content="profile">'


@pytest.mark.parametrize(
    ("title", "head", "classes", "above"),
    [
        ("Prof. dr. M.J. (Marleen) Hoogeveen", person(worksFor={"name": "Delta"}), "", ""),
        ("Marleen Hoogeveen, PhD", person(email="m@coast.example"), "", ""),
        ("Marleen Hoogeveen", OG_PROFILE, "", WRITE_TO),
        ("د. ليلى الحداد", "", "path-node page-node-type-person", WRITE_TO),
        ("Dr Ann Fell", "", "wp-child single single-staff", WRITE_TO),
    ],
)
def test_the_page_of_somebody_who_works_there_is_no_article(title: str, head: str, classes: str, above: str) -> None:
    assert reason(above + STORY, title=title, head=head, classes=classes) is Rejection.LISTING


@pytest.mark.parametrize(
    ("title", "head", "above"),
    [
        ("Marleen Hoogeveen", OG_ARTICLE + person(worksFor={"name": "Delta"}), ""),  # a profile in a paper
        ("Marleen Hoogeveen", person(worksFor={"name": "Delta"}), "<p>By Ann Fell, 3 May 2024</p>"),
        ("Marleen Hoogeveen counts the sand", person(worksFor={"name": "Delta"}), ""),
        ("Marleen Hoogeveen", person(birthDate="1974"), ""),  # of whom an encyclopaedia tells
        ("The lemons that nobody on the island wanted", OG_PROFILE, WRITE_TO),  # a theme that calls all pages so
        ("Why sand moves", person(worksFor={"name": "Delta"}), WRITE_TO),  # who wrote it
    ],
)
def test_an_article_on_a_person_stays(title: str, head: str, above: str) -> None:
    assert reason(above + STORY, title=title, head=head) is None


TOLD = "<p>The master of the harbour said on Friday that nobody had asked him for a word, nor for a number.</p>"
FORM = '<form><input type="email"><input type="password"><button>Log in</button></form>'
OFFERS = (
    "<section><h2>Choose your subscription</h2><h3>Digital</h3><p>One pound for four weeks, then twenty-nine pounds a "
    "month, for all that our reporters in twenty-two cities write.</p><h3>Can I cancel at any time?</h3><p>Yes. Cancel "
    "online before the end of your trial and you will not be charged again. You keep access until the period ends.</p>"
    "<h3>Do you offer student rates?</h3><p>Students with a valid university address pay five pounds a month for up to "
    "four years, and so do their teachers, if they send us a photograph of a card that is still valid this year.</p>"
    "<p>Everybody else may share a subscription with four others who live at the same address, and change it monthly."
    "</p></section>"
)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Log in to continue reading", "/2025/02/markets/cocoa"),
        ("Please sign in or register to read this article", "/n/1"),
        ("سجل الدخول لمتابعة القراءة", "/n/1"),
        ("Connectez-vous pour lire la suite", "/connexion?next=/n/1"),
        ("Inicia sesión para seguir leyendo", "/n/1"),
        ("Zaloguj się", "/logowanie"),
        ("Log in", "/user/login?destination=/2025/02/markets/cocoa"),
    ],
)
def test_a_form_in_place_of_a_story_is_a_wall_with_all_its_offers(title: str, path: str) -> None:
    assert reason(FORM + OFFERS, title=title, head=OG_ARTICLE, path=path) is Rejection.PAYWALL


@pytest.mark.parametrize(
    ("title", "path", "above"),
    [
        ("Log in to continue reading: how papers lost their readers", "/n/1", ""),
        ("Why nobody could log in to the harbour's ferries", "/2025/02/login", ""),
        ("Log in to continue reading", "/n/1", "<p>By Ann Fell, 3 May 2024</p>"),
        ("How to log in to the ferry's new system", "/help/log-in-to-the-ferry", ""),
    ],
)
def test_a_story_of_logging_in_stays_beside_the_sites_form(title: str, path: str, above: str) -> None:
    assert reason(above + STORY + TOLD + FORM, title=title, head=OG_ARTICLE, path=path) is None
