"""Writers whom an element within a line names, a label of an interview or a reader's letter, a line below the lead."""

from __future__ import annotations

import pytest

from tests.extract.fields.test_as_sites_name_it import LINKS, WHOLE, article
from tests.extract.fields.test_other_scripts import article as latin_article

NAMES = (("كريم الحيان",), ("شهبندر الحيان",))  # the second is in no list of given names: its element tells
TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"


@pytest.mark.parametrize(
    "byline",
    [
        '<div><span>12:24</span> <span>تحديث: <i itemprop="author">شهبندر الحيان</i></span></div>',
        '<div class="node__submitted"><b class="field--name-uid">شهبندر الحيان</b> <i>31 جويلية 2024</i></div>',
        "<div>السدرة - من مراسلنا كريم الحيان:</div>",
        "<div><span>إعداد: كريم الحيان</span> <span>تصوير: سالم الطوقي</span></div>",
        "<div>تجيب عنه: <a href='/d/1'>كريم الحيان</a>، اختصاصي طب الأطفال <time>28 أيار 2026</time></div>",
        "<div><span>حاورها: كريم الحيان</span> · <time>29 مارس 2026</time> · <span>تقرأ في 6 دقائق</span></div>",
        '<div><a href="/muhabir/kareem" class="muhabir">شهبندر الحيان</a><span>11.05.2026</span></div>',
        # Beside how long it takes to read, and the outlet, whose name ends in a number.
        "<div><span>desk7</span> <i>6 مايو 2026</i> <i>0 3٬118 أقل من دقيقة</i></div><p>كتب: كريم الحيان</p>",
        '<div class="writer"><b>السدرة برس 24 - كريم الحيان</b> <i>30 أبريل 2026</i></div>',
    ],
)
def test_writers(byline: str) -> None:
    assert article(f"<h1>{TITLE}</h1>{byline}<div>{WHOLE}</div>", title=TITLE).authors in NAMES


def test_the_writer_of_a_letter_with_what_she_does() -> None:
    foot = "<div>بعث بها <span itemprop='author'>وداد الشامسي، معلمة متقاعدة</span> في 9:30 ص</div>"
    assert article(f"<h1>{TITLE}</h1><div>{WHOLE}</div>{foot}", title=TITLE).authors == ("وداد الشامسي",)


def test_a_line_of_writers_between_the_lead_and_the_text() -> None:
    lead = "<p>ثلاثون امرأة وبئر واحدة وموسم كاد يضيع في الوادي: حكاية قرية نجت من العطش بعمل نسائها.</p>"
    names = '<div><a href="/authors/rita">ريتا معلوف</a><a href="/authors/jad">جاد شاهين</a></div>'
    record = article(f"<main><h1>{TITLE}</h1>{lead}{names}<div>{WHOLE}</div></main>", title=TITLE)
    assert record.authors == ("ريتا معلوف", "جاد شاهين")


def test_a_line_of_an_interview_below_its_lead_is_no_text() -> None:
    lead = "<p>أمضت ثلاثين سنة على أرضيات القدماء، ورممت منها أكثر من ألفي متر. في هذا الحوار تحكي عنها.</p>"
    line = "<div>حاورتها: إيمان العياري · <time>29 مارس 2026</time> · تقرأ في 6 دقائق</div>"
    record = article(f"<main><h1>{TITLE}</h1>{lead}{line}<div>{WHOLE}</div></main>", title=TITLE)
    assert record.authors == ("إيمان العياري",)
    assert "تقرأ في" not in record.body


def test_a_story_that_is_called_a_translation_names_nobody() -> None:
    listed = '<p><a href="/t/3">ترجمة: ثلاث قصائد من اليابان</a></p>'
    assert article(f"<h5>في هذا العدد</h5>{listed}<h1>{TITLE}</h1><div>{WHOLE}</div>", title=TITLE).authors == ()


@pytest.mark.parametrize(
    "line", ["بغداد - كتب قديمة نادرة", "حارب الفساد", "اليسار الفرنسي", "أرسلها إلى صديق", "بطيء الخطى"]
)
def test_lines_that_name_nobody(line: str) -> None:
    assert article(f"<h1>{TITLE}</h1><div>{line}</div><div>{WHOLE}</div>", title=TITLE).authors == ()


def test_writers_of_other_columns_are_not_this_storys() -> None:
    story = '<div><a href="/n/9">مصرع عاملين في انهيار</a></div>'
    column = f'<div class="writer-item"><a href="/w/3">هند الخالدي</a>{story}</div>'
    assert article(f"{column * 3}<h1>{TITLE}</h1><div>{WHOLE}</div>{LINKS}", title=TITLE).authors == ()


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (
            '<div data-testid="byline-new"><span>Imogen Tarrant</span><span>Science correspondent, South West</span>'
            " and <span>Rhys Pell</span><span>Reporter</span></div>",
            ("Imogen Tarrant", "Rhys Pell"),
        ),
        (
            '<div><span>Le Courrier du Large</span> <span class="auteur">Maëlle <span>Kervarec</span></span>'
            " <span>Publié le 18/03/2026</span></div>",
            ("Maëlle Kervarec",),
        ),
        (
            '<p>2 December 2025<span class="authors">, as told to <span class="vcard author">'
            '<a class="url fn">Samuel Abergel</a></span></span></p>',
            ("Samuel Abergel",),
        ),
        (
            '<div class="firma-opinion"><span class="nombre">Amparo Zubiri</span><span>Escritora</span>'
            "<span>28/09/2025 · 08:00</span></div>",
            ("Amparo Zubiri",),
        ),
    ],
)
def test_writers_in_letters_that_have_capitals(byline: str, names: tuple[str, ...]) -> None:
    assert latin_article(byline=byline).authors == names


def test_beside_the_one_writer_that_metadata_state_those_count_that_lead_to_a_writers_page() -> None:
    head = '<meta name="parsely-author" content="Wietske Terpstra">'
    names = ("Wietske Terpstra", "Jelmer van der Zwaag")
    two = "".join(f'<li><a href="/auteur/{name.split()[0]}">{name}</a></li>' for name in names)
    assert latin_article(head=head, byline=f"<ul>{two}</ul>").authors == names
    badge = '<p class="author"><span>Wietske Terpstra</span> <span>Master Gardener</span></p>'
    assert latin_article(head=head, byline=badge).authors == ("Wietske Terpstra",)


def test_the_name_that_heads_a_box_of_a_writers_other_columns() -> None:
    box = (
        "<div class='writer-card'><h2>كريم الحيان</h2><p>كاتب وباحث</p><h5>مقالات أخرى للكاتب</h5><ul>"
        "<li><a href='/o/1'>رائحة الدكان</a> <i>28 أبريل 2026</i></li>"
        "<li><a href='/o/3'>من سرق القيلولة؟</a> <i>14 أبريل 2026</i></li></ul><a>أرشيف الكاتب</a></div>"
    )
    record = article(f"{box}<div><h3>{TITLE}</h3><i>5 مايو 2026</i><div>{WHOLE}</div></div>", title=TITLE)
    assert record.authors == ("كريم الحيان",)


@pytest.mark.parametrize(
    "byline",
    [
        # As long as a paragraph, with all that the portal knows of the story.
        '<div class="m"><span>كريم الحيان (السدرة)</span> <span>الثلاثاء 14 ربيع الأول 1446هـ - 17 سبتمبر 2024م</span> '
        "<span>المشاهدات: 1,873</span></div>",
        "<table><tr><td><img src='/a.jpg'><br><b>الوادي - كريم الحيان:</b></td></tr></table>",
        "<div><b>كريم الحيان / السدرة</b><br><img src='/a.jpg'></div>",
        "<h2>كريم الحيان</h2>",
    ],
)
def test_writers_below_the_headline(byline: str) -> None:
    record = article(f"<h1>{TITLE}</h1>{byline}<div>{WHOLE}</div>", title=TITLE)
    assert record.authors == ("كريم الحيان",)
    assert "الحيان" not in record.body


def test_who_covers_what_until_when_is_nobody() -> None:
    foot = "<p>تغطية حيّة تنتهي عند منتصف الليل</p>"
    assert article(f"<h1>{TITLE}</h1><div>{WHOLE}</div>{foot}", title=TITLE).authors == ()


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("<div>28 May 2026 | Fatema Sultana and Jonas Ruud</div>", ("Fatema Sultana", "Jonas Ruud")),
        ("<div><i>Gareth Pugh</i> at the harbour | Saturday 18 April 2026 17.22 BST</div>", ("Gareth Pugh",)),
        (
            '<div><span class="n_7hUe2">Theo Vanterpool</span> <span>·</span> <span>May 20, 2026</span> '
            "<span>5 min read</span></div>",
            ("Theo Vanterpool",),
        ),
        (
            '<ul><li><span data-hook="user-name">Friederike Löns</span></li><li>19. Aug. 2026</li></ul>',
            ("Friederike Löns",),
        ),
        (
            '<div class="rep__signature">Texte : <a href="/a/mk">Maud Kerbrat</a> — Photos : Jo Bihan</div>',
            ("Maud Kerbrat",),
        ),
        # A section, a place, what kind of text it is.
        ("<div>28 May 2026 | Press Release</div>", ()),
        ("<div>Climate Change · May 20, 2026</div>", ()),
        ("<div>Middle East | 20 May 2026</div>", ()),
        ("<div>28 May 2026 | Read more stories</div>", ()),
    ],
)
def test_names_beside_a_day_in_letters_with_capitals(line: str, authors: tuple[str, ...]) -> None:
    assert latin_article(byline=line).authors == authors
