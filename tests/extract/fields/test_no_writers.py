"""What stands where writers stand and is none (words for voices, contacts, sentences behind labels), and who is one."""

from __future__ import annotations

import pytest

from tests.extract.fields.test_as_sites_name_it import TEXT, WHOLE, article

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
NAME = '<a href="/author/w" class="author-name">كريم الحيان</a>'


def authors(line: str, *, below: str = "") -> tuple[str, ...]:
    return article(f"<div><h1>{TITLE}</h1>{line}<div>{WHOLE}{below}</div></div>", title=TITLE).authors


@pytest.mark.parametrize(
    "beside",
    [
        '<a href="mailto:w@x" class="author-email"><span class="screen-reader-text">أرسل بريدا إلكترونيا</span></a>',
        '<a class="author-x"><span class="screen-reader-text">متابعة على X</span></a>',
        '<a class="author-follow" href="/f"><span class="sr-only">كل ما كتب هنا</span></a>',
        '<a class="author-follow" href="/f">تابعني على تويتر</a>',
        ' | <a class="author-link" href="/m">راسل الكاتب</a>',
    ],
)
def test_a_contact_beside_the_name_is_no_writer(beside: str) -> None:
    assert authors(f'<div class="post-meta"><span class="meta-author">{NAME}{beside}</span></div>') == ("كريم الحيان",)


@pytest.mark.parametrize(
    "line",
    [
        "مراسلنا في السدرة: لم يتوقف العمل طوال الليل.",
        "مراسلتنا: الحفر متواصل",
        "تقرير: ثلث القرى تحت خط العطش",
        "تقرير: المياه تنفد",
        "حوار: الأهالي والبلدية",
        "تحقيق: كيف حفرت البئر",
        "باسم الشعب",
        "باسم الله الرحمن الرحيم",
        "سامي الغندور: البئر لن تجف",
        "كاتبة ومستشارة في شؤون المياه",
    ],
)
def test_a_sentence_behind_a_label_is_no_writer(line: str) -> None:
    assert authors(f"<p>{line}</p>") == ()
    assert authors("", below=f"<p>{line}</p>") == ()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("نشر بواسطة كريم الحيان في 5 ديسمبر 2023", "كريم الحيان"),
        ("تم النشر بواسطة: كريم الحيان", "كريم الحيان"),
        ("أضيف من قبل كريم الحيان بتاريخ 5/12/2023", "كريم الحيان"),
        ("كريم الحيان - مراسل الوادي في السدرة", "كريم الحيان"),
        ("كريم الحيان، موفد «الوادي» إلى السدرة", "كريم الحيان"),
        ("بقلم كريم الحيان - تواصل مع الكاتب", "كريم الحيان"),
        ("مراسل الوادي في السدرة: خلدون شاهين", "خلدون شاهين"),
        ("تقرير: خلدون شاهين", "خلدون شاهين"),
        ("كتبت: كلثوم شاهين.", "كلثوم شاهين"),
        ("بقلم: كريم الكاتب", "كريم الكاتب"),
        ("باسم الحيان", "باسم الحيان"),
    ],
)
def test_the_writer_of_a_line(line: str, name: str) -> None:
    assert authors(f"<p>{line}</p>") == (name,)


@pytest.mark.parametrize("line", ["نشر بواسطة فريق التحرير في 5 ديسمبر 2023", "نشر بواسطة: admin في 5 ديسمبر 2023"])
def test_a_desk_that_published_is_nobody(line: str) -> None:
    assert authors(f"<p>{line}</p>") == ()


def test_a_footnote_on_the_writer_names_her() -> None:
    assert authors("", below="<p>* سلمى الخطاط: كاتبة وصحافية من تونس</p>") == ("سلمى الخطاط",)


def test_a_name_in_the_row_below_the_texts_is_the_writer() -> None:
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in (f"<b>{TITLE}</b>", "<br><br>".join(TEXT), "كريم الحيان"))
    assert article(f"<table>{rows}</table>", title=TITLE).authors == ("كريم الحيان",)


BIOGRAPHIES = (
    "أستاذة علم الاجتماع في جامعة الوادي، ولها مؤلفات في الأسرة والشباب",
    "صحافية مقيمة في برلين، حائزة جائزة المدينة",
    "روائي من السودان، صدر له «ماء القرية»",
    "عميد كلية الآداب، عمل في صحف كثيرة",
    "ولدت في حلب عام 1970، درست الطب",
    "عضو مجلس الشورى، سابقا",
    "مستشارة قانونية وشاعرة",
    "Author of two books, lives in Aleppo",
)


@pytest.mark.parametrize("said", [*BIOGRAPHIES, "طبيبة أسنان، أم لطفلين", "مديرة المختبر، رفيقة الطلاب"])
def test_what_is_told_of_the_writer_in_his_box_is_no_other_writer(said: str) -> None:
    box = '<div class="writer-card"><h5><a href="/writers/w">د. كريم الحيان</a></h5><p>{}</p></div>'
    assert authors(box.format(said)) == ("د. كريم الحيان",)


@pytest.mark.parametrize("said", BIOGRAPHIES)
def test_what_is_told_of_a_writer_whom_nothing_names_is_nobody(said: str) -> None:
    assert authors(f'<div class="writer-card"><p>{said}</p></div>') == ()


@pytest.mark.parametrize(
    ("box", "names"),
    [
        ("<p>كريم الحيان</p><p>لوجين بريما</p>", ("كريم الحيان", "لوجين بريما")),
        ("<p>كريم الحيان، محام وشاعر</p>", ("كريم الحيان",)),
        ("<p>كاتب وباحث - كريم الحيان</p>", ("كريم الحيان",)),
        ("<p>كاتب ياسين</p>", ("كاتب ياسين",)),
    ],
)
def test_names_in_a_box_of_writers_are_writers(box: str, names: tuple[str, ...]) -> None:
    assert authors(f'<div class="writers">{box}</div>') == names
