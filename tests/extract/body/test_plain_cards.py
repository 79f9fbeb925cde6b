"""Other stories behind a text whose headlines are no links, or stand in one line with the excerpt; parts of a text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText
from tests.extract.fields.test_as_sites_name_it import TEXT

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين"
OTHERS = (
    ("حافلة المدرسة تعود إلى خط الجبل", "عادت حافلة المدرسة إلى خط الجبل بعد أن أصلح السائق محركها بمساعدة حداد الحي."),
    (
        "خباز المدينة يوزع أرغفته ليلا",
        "يوزع خباز السوق أرغفته كل ليلة على العائلات التي فقدت بيوتها في الفيضان.",
    ),
    ("متحف صغير لأدوات الصيد القديمة", "افتتح صياد متقاعد متحفا لأدوات الصيد القديمة في مخزن كان يحفظ فيه شباك أبيه."),
    ("مسابقة للخط في قصر الثقافة", "يشارك أربعون خطاطا في مسابقة قصر الثقافة التي تنتهي بمعرض مفتوح يدوم أسبوعين."),
)
PARTS = (
    ("كيف حفرت البئر في الصخر", "استغرق الحفر تسعة أسابيع لأن الصخر كان أصلب مما قدرته اللجنة حين اختارت المكان."),
    ("من يدفع ثمن الوقود والصيانة", "تدفع كل أسرة في القرية مبلغا صغيرا كل شهر، ويكمل الصندوق ما ينقص من تبرعات."),
    ("ماذا تغير في حياة النساء", "صار الماء على بعد دقائق من كل بيت في القرية، وصار للنساء وقت لتعلم القراءة."),
)


def body(behind: str, *, amid: str = "", title: str = TITLE, text: tuple[str, ...] = TEXT) -> list[str]:
    paragraphs = "".join(f"<p>{line}</p>" for line in text)
    page = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{title} - صدى السدرة</title></head><body><div class="w">'
        f'<div class="one"><h1>{title}</h1><div class="t">{paragraphs}{amid}</div></div>{behind}</div></body></html>'
    )
    record = extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url="https://sidra.example/n/71"))
    assert isinstance(record, ArticleText), record
    return record.body.splitlines()


@pytest.mark.parametrize(
    "card",
    [
        '<div class="it"><h3>{0}</h3><p>{1}</p></div>',
        '<div class="it"><span>قبل 9 ساعات</span><h3>{0}</h3><p>{1}</p></div>',
        '<div class="it"><h3>{0}</h3><span>12 مايو 2026</span><p>{1}</p></div>',
        '<div class="it"><h3>{0}</h3><p>{1}</p><span>قبل 9 ساعات</span></div>',
        '<div class="it"><b>{0}</b><p>{1}</p></div>',
        '<div class="it">{0}<p>{1}</p></div>',
        "<div><em>محليات</em><h4>{0}</h4><p>{1}</p></div>",
        "<li><strong>{0}</strong><br>{1}</li>",
    ],
)
@pytest.mark.parametrize("label", ["", "<h3>أخبار الساعة</h3>"])
def test_cards_without_links_behind_the_texts_own_box_are_others(card: str, label: str) -> None:
    cards = "\n".join(card.format(*other) for other in OTHERS)
    assert body(f'<div class="more">{label}{cards}</div>') == list(TEXT)


def test_rows_of_a_table_below_that_of_the_text_are_others() -> None:
    rows = "".join(f"<tr><td><font><b>{a}</b></font><br><font size=2>{b}</font></td></tr>" for a, b in OTHERS)
    assert body(f"<hr><table>{rows}</table>") == list(TEXT)


@pytest.mark.parametrize("around", ['<div class="x1">{}</div>', "{}"])
def test_items_that_begin_with_a_linked_headline_are_others_in_the_texts_own_element_too(around: str) -> None:
    items = "".join(f'<li><a href="/n/{n}">{a}</a> <small>{b}</small></li>' for n, (a, b) in enumerate(OTHERS))
    assert body("", amid=around.format(f"<h3>قصائد أخرى ومقالات</h3><ol>{items}</ol>")) == list(TEXT)


def test_items_that_lead_out_or_whose_link_is_a_name_are_the_texts() -> None:
    lines = [f"{a} {b}" for a, b in OTHERS]
    out = "".join(f'<li><a href="https://books.example/{n}">{a}</a> {b}</li>' for n, (a, b) in enumerate(OTHERS))
    assert body("", amid=f"<ul>{out}</ul>") == [*TEXT, *lines]
    names = "".join(f'<li><a href="/p/{n}">الجبل</a> {b}</li>' for n, (_, b) in enumerate(OTHERS))
    assert body("", amid=f"<ul>{names}</ul>") == [*TEXT, *(f"الجبل {b}" for _, b in OTHERS)]


def boxes(parts: tuple[tuple[str, str], ...], *, number: str = "", hour: str = "") -> str:
    return "".join(
        f'<div class="it"><h3>{number and f"{n}. "}{a}</h3>{hour}<p>{b}</p></div>' for n, (a, b) in enumerate(parts, 1)
    )


def test_parts_that_speak_of_the_story_are_its_own() -> None:
    found = body(f'<div class="parts">{boxes(PARTS)}</div>')
    assert found == [*TEXT, *(line for part in PARTS for line in part)]


@pytest.mark.parametrize(
    "behind",
    [
        boxes(OTHERS, number="1"),  # steps
        boxes(OTHERS, hour="<span>10:30</span>"),  # a live report's entries
        boxes(tuple((f"كيف ترى {a}؟", b) for a, b in OTHERS)),  # questions
    ],
    ids=["steps", "hours", "questions"],
)
def test_steps_hours_and_questions_are_the_texts(behind: str) -> None:
    found = body(f'<div class="parts">{behind}</div>')
    assert [line for line in found if line in {b for _, b in OTHERS}] == [b for _, b in OTHERS]


def test_a_headline_that_counts_its_parts_has_them() -> None:
    found = body(f'<div class="parts">{boxes(OTHERS)}</div>', title="4 قصص صغيرة من بلد بعيد عن البحر")
    assert len(found) == len(TEXT) + 2 * len(OTHERS)


def test_what_stands_in_the_texts_own_element_or_before_its_end_is_the_texts() -> None:
    assert len(body("", amid=f'<div class="parts">{boxes(OTHERS)}</div>')) == len(TEXT) + 2 * len(OTHERS)
    assert len(body("", amid=f'<div class="parts">{boxes(OTHERS)}</div><p>{PARTS[0][1]}</p>')) > 2 * len(OTHERS)
    assert len(body(f'<div class="parts">{boxes(OTHERS)}</div>', text=TEXT[:1])) == 1 + 2 * len(OTHERS)


CALLED = '<div class="{0}"><div class="Card_h"><h3>{1}</h3></div><div class="Card_s">{2}</div></div>'


@pytest.mark.parametrize("name", ["Card_c__01", "summary-block", "story-teaser"])
def test_a_box_called_a_card_amid_the_text_is_another_story(name: str) -> None:
    card = CALLED.format(name, *OTHERS[1])
    assert body("", amid=f'<div class="holder">{card}</div><p>{PARTS[0][1]}</p>') == [*TEXT, PARTS[0][1]]


@pytest.mark.parametrize(
    "card",
    [
        CALLED.format("Card_c__01", *PARTS[2]),  # facts of the story
        CALLED.format("Card_c__01", OTHERS[1][0], f"«{OTHERS[1][1]}»"),
        CALLED.format("box", *OTHERS[1]),
        "".join(CALLED.format("Card_c__01", *other) for other in OTHERS),
    ],
    ids=["facts", "quotation", "no card", "many"],
)
def test_a_box_that_speaks_of_the_story_or_quotes_or_is_one_of_many_is_the_texts(card: str) -> None:
    found = body("", amid=f"{card}<p>{PARTS[0][1]}</p>")
    assert len(found) > len(TEXT) + 1


def test_a_box_called_a_card_around_or_behind_the_text_is_not_judged_by_its_name() -> None:
    card = CALLED.format("Card_c__01", *OTHERS[1])
    assert len(body("", amid=card)) > len(TEXT)
