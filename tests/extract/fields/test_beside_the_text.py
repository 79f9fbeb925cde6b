"""Headlines right above their day, and writers whose names or initials stand where no label calls them so."""

from __future__ import annotations

import pytest

from tests.extract.fields.test_as_sites_name_it import TEXT, WHOLE, article

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
PLAIN = "الجيران الذين لا نعرف أسماءهم"
WRITER = '<div class="writer-box"><h2><a href="/writers/9">{}</a></h2><p>كاتبة تكتب كل أربعاء عن المدن.</p></div>'


def title_of(body: str, *, stated: str = "صدى السدرة - كتاب", above: str = "") -> str:
    return article(f"{above}<div>{body}<div>{WHOLE}</div></div>", title=stated).title


@pytest.mark.parametrize("stated", ["صدى السدرة - كتاب", "صدى السدرة :: عرض خبر", "صدى السدرة"])
@pytest.mark.parametrize("day", ["8 / 4 / 2026", "الأربعاء 8 أبريل 2026", "قبل 3 ساعات"])
def test_the_line_right_above_its_day_is_the_headline_where_site_and_section_are_stated(stated: str, day: str) -> None:
    assert title_of(f"<div>{PLAIN}</div><div>{day}</div>", stated=stated) == PLAIN


@pytest.mark.parametrize(
    "lines",
    [
        f"<p>{PLAIN}.</p><div>8 / 4 / 2026</div>",  # a sentence
        f"<div>{PLAIN}</div><div><a href='/s'>محليات</a></div><div>8 / 4 / 2026</div>",
        f"<div>{PLAIN}</div><div>صورة من الأرشيف</div>",
        f"<h3>{TITLE}</h3><p>محليات وأخبار</p><div>{PLAIN}</div><div>8 / 4 / 2026</div>",  # a heading is the headline
    ],
)
def test_other_lines_above_a_text_are_none(lines: str) -> None:
    assert title_of(lines) != PLAIN


def test_a_slogan_above_the_menu_is_none() -> None:
    head = "<div><div>يومية سياسية مستقلة جامعة</div><div>8 / 4 / 2026</div></div>"
    menu = '<ul><li><a href="/1">محليات</a></li><li><a href="/2">رياضة</a></li></ul>'
    assert article(f"{head}{menu}<div>{WHOLE}</div>", title="صدى السدرة").title != "يومية سياسية مستقلة جامعة"


def test_a_section_and_a_page_beside_the_sites_name_are_no_title() -> None:
    rows = f"<tr><td><h2>{TITLE}</h2></td></tr><tr><td>20 / 5 / 2026</td></tr><tr><td>{'<br>'.join(TEXT)}</td></tr>"
    assert article(f"<table>{rows}</table>", title="السدرة الآن :: عرض خبر").title == TITLE


def authors(line: str = "", *, below: str = "", above: str = "") -> tuple[str, ...]:
    return article(f"<div>{above}<h1>{TITLE}</h1>{line}<div>{WHOLE}{below}</div></div>", title=TITLE).authors


def test_the_writer_in_the_box_above_a_plain_headline() -> None:
    body = f"{WRITER.format('د. نورة بنت فهد الحميد')}<div><div>{PLAIN}</div><div>8 / 4 / 2026</div>{WHOLE}</div>"
    found = article(body, title="صدى السدرة - كتاب")
    assert (found.title, found.authors) == (PLAIN, ("د. نورة بنت فهد الحميد",))


@pytest.mark.parametrize("sign", ["-", "–"])
@pytest.mark.parametrize("place", ["غدامس", "دير الزور"])
def test_place_and_writer_right_behind_the_text(place: str, sign: str) -> None:
    found = article(
        f"<div><h1>{TITLE}</h1><div>{WHOLE}<div align=left>{place} {sign} سالم القمودي</div></div></div>", title=TITLE
    )
    assert found.authors == ("سالم القمودي",)
    assert found.body.splitlines() == list(TEXT)


@pytest.mark.parametrize(
    "line", ["المصدر - رويترز", "غدامس - مهرجان القمودي", "الفائز الأول في السباق - سالم القمودي", "سالم - غدامس"]
)
def test_other_lines_with_a_dash_behind_the_text_name_nobody(line: str) -> None:
    assert authors(below=f"<div>{line}</div>") == ()


@pytest.mark.parametrize("letters", ["م. ب. س", "م.ب.س", "ع.ب", "(م. ق)", "ر. ط."])
def test_initials_right_behind_the_text_are_the_writers(letters: str) -> None:
    found = authors(below=f'<p style="text-align:left"><strong>{letters}</strong></p>')
    assert found == (letters.strip("()."),)


@pytest.mark.parametrize("letters", ["أ.ف.ب", "(د.ب.أ)", "و.ا.ج", "أ.ش.أ", "أ.ب", "ع ق/ ن ح", "م", "ص"])
def test_initials_of_agencies_and_of_editors_are_nobodys(letters: str) -> None:
    assert authors(below=f"<p>{letters}</p>") == ()


def test_initials_do_not_replace_a_writer() -> None:
    assert authors("<p>كتبت: ريهام الصاوي</p>", below="<p>م. ب. س</p>") == ("ريهام الصاوي",)


@pytest.mark.parametrize(
    "line",
    [
        "الأزرق - لانا العبادي - تصوير: نادر داود",
        "الأزرق - لانا العبادي - تصوير نادر داود",
        "لانا العبادي | عدسة: نادر داود",
        "لانا العبادي - مراجعة: نادر داود، سالم القمودي",
    ],
)
def test_who_took_the_pictures_is_no_writer_beside_one(line: str) -> None:
    assert authors(f"<p>{line}</p>") == ("لانا العبادي",)


def test_a_name_beside_its_day_in_what_is_called_the_writers_box_below_the_headline() -> None:
    box = '<div class="bio"><span>عمر الزعابي</span><time>2 مارس 2026</time><span>عدل 5 مارس</span></div>'
    assert authors(box) == ("عمر الزعابي",)
