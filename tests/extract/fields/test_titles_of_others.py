"""Headlines that a page shows and states nowhere, where what it states are others' for networks and search engines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText

SHOWN = "Seven neighbours of a bird on the dike"
SEARCHED = "Why starlings do not collide"
SHARED = "This is how flocks keep their order in the air"
TEXT = "".join(
    f"<p>{line}</p>"
    for line in (
        "Every autumn black clouds of birds come down over the dikes, and nobody saw two of them touch each other.",
        "A physicist in Rome counted their distances from a roof and found that each watches seven others, not more.",
        "Her count took three winters, two cameras and a great deal of bread, which the cook of the museum gave her.",
    )
)


def read(body: str, *, title: str, og: str | None = None, url: str = "https://dike.example/n/12") -> ArticleText:
    head = f'<meta property="og:title" content="{og}">' if og else ""
    page = f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'
    record = extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url=url))
    assert isinstance(record, ArticleText), record
    return record


def test_the_only_main_heading_right_above_the_text_is_the_title_where_those_stated_are_two() -> None:
    body = f"<div><h1>{SHOWN}</h1><div>By Ann Fell</div>{TEXT}</div>"
    assert read(body, title=f"{SEARCHED} | The Dike", og=SHARED).title == SHOWN


@pytest.mark.parametrize(
    ("above", "og"),
    [
        (f"<h1>{SHOWN}</h1>", SEARCHED),  # stated twice: the heading is that of something else
        (f"<h1>{SHOWN}</h1><h2>{SEARCHED}</h2>", SHARED),
        ("<h1>Nature and birds</h1>", SHARED),  # the section
        (f'<h1>{SHOWN}</h1><a href="/n/2">Another story of the dike and its pumps</a>', SHARED),
    ],
)
def test_a_heading_of_something_else_is_no_title(above: str, og: str) -> None:
    assert read(f"<div>{above}<div>By Ann Fell</div>{TEXT}</div>", title=f"{SEARCHED} | The Dike", og=og).title != SHOWN


def test_a_headline_among_the_latest_is_not_the_pages_own_though_it_is_stated() -> None:
    own = "Three starlings stop a cable car for two hours"
    other = "Dike: starlings stop a car"
    entries = "".join(
        f'<dt>17:{n}</dt><dd><a href="/n/{n}">A story of the dike number {n}</a></dd>' for n in range(10, 14)
    )
    body = f"<dl>{entries}<dt>16:08</dt><dd>{other}</dd></dl><h1>{own}</h1><div>2 March 2025</div>{TEXT}"
    assert read(body, title=f"{other} | The Dike", og="Starlings stop a car on the dike of the harbour").title == own


@pytest.mark.parametrize("name", ["post-title", "pw-post-title gz", "article__title", "story-title"])
def test_of_several_main_headings_the_first_is_the_title_where_it_alone_is_called_the_storys(name: str) -> None:
    parts = TEXT.replace("<p>A physicist", "<h1>What the physicist saw</h1><p>A physicist", 1)
    body = f'<div>Letters from the Dike</div><h1 class="{name}">{SHOWN}</h1>{parts}'
    title = f"{SEARCHED} | by Ann Fell | Letters from the Dike | The Dike"
    assert read(body, title=title, og=SEARCHED).title == SHOWN
    plain = body.replace(f' class="{name}"', "")
    assert read(plain, title=title, og=SEARCHED).title != SHOWN


def test_a_title_that_stands_in_the_line_of_rights_is_the_sites() -> None:
    own = "Ο φάρος ξαναφωτίζει ύστερα από έντεκα χρόνια"
    text = (
        "Στις 7 και 40 το βράδυ της Παρασκευής, μπροστά σε διακόσιους ανθρώπους, άναψε ξανά ο φάρος στο "
        "ακρωτήριο.<br><br>Η επισκευή κόστισε 86.000 ευρώ, και τα μισά έδωσε η Υπηρεσία Φάρων, όπως "
        "ανακοίνωσε ο δήμαρχος στους κατοίκους."
    )
    body = (
        '<table><tr><td><a href="a.php">Νέα</a> | <a href="b.php">Απόψεις</a></td></tr><tr><td><table>'
        f'<tr><td>Κυριακή, 3 Απριλίου 2022</td></tr><tr><td class="titlos"><font size="4"><b>{own}</b></font></td></tr>'
        f"<tr><td>{text}</td></tr></table></td></tr></table><p>© 2003-2022 Η Φωνή του Νησιού - Κατασκευή: NetIonio</p>"
    )
    record = read(body, title="Η Φωνή του Νησιού - Εβδομαδιαία εφημερίδα", url="http://fonia.example/nea.php?id=7")
    assert record.title == own
    assert record.published_at is not None
    assert (record.published_at.month, record.published_at.day) == (4, 3)
    # A headline that no line of rights has stays one, and so does what stands in the line and is a sentence.
    other = "Η Φωνή του Νησιού γιορτάζει - Εβδομήντα χρόνια εφημερίδα"
    assert read(f"<p>{text}</p><p>© 2022 Η Φωνή του Νησιού</p>", title=other).title == other
