"""Parts of one text that stand apart: verses, lists, slides; and what stands amid a text and is no part of it."""

from __future__ import annotations

import pytest

from extract.html.blocks import read_blocks
from extract.html.parsing import parse_html
from storage.model.records import ArticleText
from tests.extract.boilerplate.test_as_sites_print_it import PARAGRAPHS, TEXT, TITLE, WHOLE, article, lines, read

MENU = "".join(f'<div><a href="/n/{n}">الوزير يفتتح المعرض رقم {n} في المدينة</a></div>' for n in range(40))
VERSES = (
    "يا بئر لا تنسي الذين أتوك",
    "من آخر الوادي بلا دلاء",
    "ناموا على كتفيك ثم مضوا",
    "وتركوا لنا الحكاية والنداء",
    "عودي إلينا أيها الماء القديم",
    "فالباب مفتوح لمن عادوا",
    "والخبز فوق الصاج منذ الفجر",
    "والأولاد ما نادوا ولا ناموا",
    "لكنهم كتبوا على الجدران",
    "أسماء من رحلوا عن الدار",
)


@pytest.mark.parametrize("tag", ["div", "p"])
def test_a_poem_of_verses_in_an_element_each_is_an_article(tag: str) -> None:
    poem = "".join(f"<{tag}>{verse}</{tag}>" for verse in VERSES)
    assert lines(f"{MENU}<div><div>{poem}</div></div>") == list(VERSES)


def test_lines_of_two_words_are_running_text_where_breaks_divide_them_and_entries_in_elements_are_none() -> None:
    places = ("المدرسة", "البئر", "الطريق", "السوق", "المستشفى")
    pairs = [f"{place} {kind}" for place in places for kind in ("القديمة", "الجديدة", "المهجورة", "المنسية")]
    broken = read_blocks(parse_html(f"<html><body><div>{'<br>'.join(pairs)}</div></body></html>", None))
    apart = read_blocks(parse_html(f"<html><body>{''.join(f'<p>{pair}</p>' for pair in pairs)}</body></html>", None))
    assert [block.text for block in broken if block.running] == pairs
    assert not any(block.running for block in apart)


def test_who_wrote_a_poem_is_none_of_its_verses() -> None:
    poem = "".join(f"<p>{verse}</p>" for verse in ("شعر: سامي الغندور", *VERSES))
    record = article(f"<div><div>{poem}</div></div>")
    assert record.authors == ("سامي الغندور",)
    assert record.body.splitlines() == list(VERSES)


def test_labels_and_numbers_in_an_element_each_are_no_poem() -> None:
    labels = "".join(f"<div>{word} العامة</div>" for word in ("الإدارة", "الرقابة", "الموازنة", "الصيانة") * 5)
    entries = "".join(f"<div>الدائرة رقم {n} للمدينة القديمة</div>" for n in range(12))
    assert lines(f"<div>{labels}</div><div>{WHOLE}</div><div>{entries}</div>") == list(TEXT)


def test_slides_behind_the_text_with_paragraphs_of_their_own_are_text() -> None:
    slides = "".join(
        f"<figure><img src='/{n}.jpg'><figcaption>صورة البئر</figcaption></figure>{PARAGRAPHS[n]}" for n in (1, 2)
    )
    html = f'<div class="wysiwyg">{PARAGRAPHS[0]}</div><div class="slides">{slides}</div>'
    assert lines(html) == list(TEXT)


BESIDE = tuple(
    f"<p>{line}</p>"
    for line in (
        "تصدر الصحيفة منذ عام 1962 في المدينة القديمة، ويكتب فيها سبعون مراسلا من قرى الوادي ومدنه.",
        "ونالت في العام الماضي جائزة الصحافة المحلية عن سلسلة من التقارير كتبتها عن أسواق السمك.",
    )
)


@pytest.mark.parametrize(
    "behind",
    [
        BESIDE[0],  # of the writer, or of the site
        f"{''.join(BESIDE)}<p><a href='/n/1'>الوزير يفتتح المعرض في المدينة</a></p>",
        f"<h4>سلمى الخطاط</h4>{''.join(BESIDE)}",
    ],
)
def test_other_boxes_behind_the_text_are_none(behind: str) -> None:
    html = f'<div class="wysiwyg">{WHOLE}{WHOLE.replace("القرية", "البلدة")}</div><div class="zz">{behind}</div>'
    assert lines(html) == [*TEXT, *(line.replace("القرية", "البلدة") for line in TEXT if "القرية" in line)]


DOUGH = ("كوبان من البرغل الناعم", "كيلو يقطين مسلوق ومهروس", "نصف كوب طحين", "ملعقة صغيرة من البهارات السبع")
FILLING = ("أربع بصلات مقطعة شرائح", "ربطة سلق مفرومة", "كوب حمص مسلوق", "ثلاث ملاعق كبيرة من دبس الرمان")
INTRODUCTION = (
    "كبة اليقطين من أطباق الخريف الجبلية، خفيفة وخالية من اللحم، وتصلح للصيام كما تصلح لعشاء العائلة. "
    "السر في عصر اليقطين جيداً قبل عجنه مع البرغل."
)
STEPS = (
    "اخلطي البرغل مع اليقطين والطحين، واتركي العجينة ترتاح نصف ساعة.",
    "افردي نصف العجينة في صينية مدهونة، ثم غطيها بالنصف الثاني.",
    "ذبلي البصل بزيت الزيتون ثم أضيفي السلق والحمص ودبس الرمان.",
    "قطعيها معينات واخبزيها في فرن حار حتى يحمر وجهها.",
)


def test_a_list_half_of_which_is_text_is_text_with_its_heading() -> None:
    dough, filling, steps = ("".join(f"<li>{line}</li>" for line in told) for told in (DOUGH, FILLING, STEPS))
    needed = f"<h2>المقادير</h2><ul>{dough}</ul><h3>الحشوة</h3><ul>{filling}</ul>"
    method = f'<div class="steps"><h2>الطريقة</h2><ol>{steps}</ol></div>'
    recipe = f'<div class="intro"><p>{INTRODUCTION}</p></div><div class="ingredients">{needed}</div>{method}'
    expected = [INTRODUCTION, "المقادير", *DOUGH, "الحشوة", *FILLING, "الطريقة", *STEPS]
    record = read(f"<main><div><h1>{TITLE}</h1>{recipe}</div></main>")
    assert isinstance(record, ArticleText)
    assert record.body.splitlines() == expected


def test_a_list_of_links_with_one_line_of_text_is_none() -> None:
    links = "".join(f'<li><a href="/n/{n}">المجلس {n} يبحث ملف المياه</a></li>' for n in range(3))
    box = f'<div class="steps"><h2>المزيد</h2><ul><li>{TEXT[1]}</li>{links}</ul></div>'
    assert "المزيد" not in lines(f'<div><div class="intro">{PARAGRAPHS[0]}</div>{box}</div>')


NOTICES = (
    "الأخبار المنشورة على الصفحة الرسمية هي اختصار لجزء من الأخبار التي تُعرض للمشتركين عبر نظام تدفق الأخبار",
    "يمكنكم مشاركة الصفحة بعد الاشتراك",
)


def test_the_notice_of_an_agency_to_its_subscribers_is_no_text() -> None:
    notices = "".join(f"<p>{notice}</p>" for notice in NOTICES)
    assert lines(f"<div>{WHOLE}{notices}</div>") == list(TEXT)


@pytest.mark.parametrize(
    "box",
    [
        '<section aria-labelledby="podcast-promo"><h2>بودكاست</h2><p>حكايات البئر</p><p>برنامج عن القرى</p></section>',
        '<div class="zz-popover"><p>سلمى الخطاط مراسلة تكتب عن المياه منذ عشرين عاما، وقد نالت جائزتين.</p></div>',
        '<section class="zz-nextread"><h3>المجلس يبحث ملف المياه</h3><p>قال الأعضاء إن الملف صعب.</p></section>',
        '<p class="disclaimer">قد لا تكون دقة هذا النص المكتوب كاملة، وقد يراجع لتصحيح ما فيه من الأخطاء لاحقا.</p>',
    ],
)
def test_boxes_amid_the_text_that_say_what_they_are(box: str) -> None:
    assert lines(f"<div>{PARAGRAPHS[0]}{box}{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>") == list(TEXT)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("السدرة بلدي – سلمى الخطاط | كريم إبراهيم الحيان", ("سلمى الخطاط", "كريم إبراهيم الحيان")),
        ("الخليل 24-7-2023 السدرة- جويد التميمي الحروب", ("جويد التميمي الحروب",)),
        ("<strong>يوآف شتيرنمان</strong>", ("يوآف شتيرنمان",)),
        ('<a href="/author/7">نجوى بن شتيوي العقوري</a> (كاتبة من ليبيا)', ("نجوى بن شتيوي العقوري",)),
        ("قصة: الفاتح ود الأمين", ("الفاتح ود الأمين",)),
    ],
)
def test_writers_in_the_first_line_with_place_outlet_and_day(line: str, authors: tuple[str, ...]) -> None:
    record = article(f'<div class="entry-content"><p>{line}</p>{WHOLE}</div>')
    assert record.authors == authors
    assert record.body.splitlines() == list(TEXT)


def test_a_writer_with_a_title_of_honour_whose_name_is_a_link_is_no_other_story() -> None:
    record = article(f'<h2 class="writer"><a href="/w/7">الشيخ عبدالرحمن بن سعد الوايلي</a></h2><div>{WHOLE}</div>')
    assert record.authors == ("الشيخ عبدالرحمن بن سعد الوايلي",)


LETTER = ("السيد رئيس التحرير المحترم،", "السلام عليكم ورحمة الله وبركاته، وبعد:")


def test_what_a_letter_begins_with_is_text_also_where_it_stands_right_in_a_font() -> None:
    page = f"<table><tr><td><font>{LETTER[0]}<br>{LETTER[1]}{WHOLE}</font></td></tr></table>"
    assert lines(page) == [*LETTER, *TEXT]


def test_a_line_of_strokes_is_no_text() -> None:
    assert lines(f"<div>{WHOLE}<p>ــــــــــــــــ</p></div>") == list(TEXT)


SHORT = "زرعت بلدية السدرة في الموسم الشتوي 31 ألف شتلة محلية في اثني عشر حيا، متجاوزة ما أرادته بثمانية في المئة."
OTHERS = "".join(
    f'<div><a href="/n/{n}">أهالي القرية {n} يطالبون بإنجاز الطريق</a> 11-04-2024</div>' for n in range(20)
)


@pytest.mark.parametrize("href", ["/files/shatlat.pdf", "/files/shatlat.JPG?size=big"])
def test_a_link_to_a_file_between_headline_and_text_is_no_other_story(href: str) -> None:
    button = f'<div><a href="{href}">تحميل الصورة بدقة عالية</a></div>'
    record = read(f"<h1>{TITLE}</h1>{button}<div><p>{SHORT}</p><p>{TEXT[1]}</p></div><h3>المزيد</h3>{OTHERS}")
    assert isinstance(record, ArticleText)
    assert record.body.splitlines() == [SHORT, TEXT[1]]
