"""Lines and boxes as content systems print them: what is the text's and what is not, who wrote it, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Rejected

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
TEXT = (
    "كانت نساء القرية يمشين ساعتين قبل شروق الشمس كي يعدن بصفيحتين من ماء عكر من غدير بعيد.",
    "واختار الأهالي لجنة من خمس نساء لإدارة المضخة، وتدفع كل أسرة ما تقدر عليه لصندوق الصيانة.",
    "وخلال الأشهر الثلاثة الأولى عادت إحدى وعشرون فتاة إلى المدرسة، وهو ما لم يكن في أهداف المشروع.",
)
PARAGRAPHS = tuple(f"<p>{line}</p>" for line in TEXT)
WHOLE = "".join(PARAGRAPHS)


def read(body: str, *, head: str = "", title: str = TITLE) -> ArticleText | Rejected:
    page = f'<html lang="ar"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'
    return extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url="https://sidra.example/n/71"))


def article(body: str, *, head: str = "") -> ArticleText:
    record = read(f"<h1>{TITLE}</h1>{body}", head=head)
    assert isinstance(record, ArticleText), record
    return record


def lines(body: str) -> list[str]:
    return article(body).body.splitlines()


def test_parts_of_a_text_with_a_call_to_give_between_them_are_one_text() -> None:
    part = '<div class="item"><div class="paragraph--text"><div class="field">{}</div></div></div>'
    give = '<div class="item"><div class="paragraph--cta"><h3>خمسة دنانير</h3><a href="/g">تبرع</a></div></div>'
    parts = (
        part.format(PARAGRAPHS[0]),
        give,
        part.format(f"<h2>من يملك المفتاح؟</h2>{PARAGRAPHS[1]}"),
        part.format(PARAGRAPHS[2]),
    )
    assert lines(f"<main><div>{''.join(parts)}</div></main>") == [TEXT[0], "من يملك المفتاح؟", *TEXT[1:]]


def test_the_last_caption_of_a_gallery_and_a_question_that_unfolds_stay() -> None:
    captions = [
        "ليلى، تسعة أعوام، تملأ جرتها الأولى من البئر.",
        "شقيقتان تحملان الماء إلى المدرسة.",
        "المضخة عند غروب الشمس.",
    ]
    slides = "".join(
        f'<div class="slide"><i>{n}/3</i><div class="cap">{text}</div></div>' for n, text in enumerate(captions, 1)
    )
    assert lines(f'<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}<div class="slider">{slides}</div></div>') == [
        *TEXT[:2],
        *captions,
    ]
    asked = {"هل تكفي البئر؟": "نعم، حتى في أشد شهور الصيف.", "متى تقفل؟": "عند الغروب، وتفتح مع أذان الفجر."}
    answers = "".join(f"<details><summary>{q}</summary><p>{told}</p></details>" for q, told in asked.items())
    unfolding = f"<article><div>{PARAGRAPHS[0]}<h2>أسئلة شائعة</h2><div class='faq'>{answers}</div></div></article>"
    assert set(asked) <= set(lines(unfolding))


def test_a_day_that_is_a_heading_amid_the_text_and_a_price_are_no_date_lines() -> None:
    years = f"{PARAGRAPHS[0]}<h3>5 جويلية 1962</h3>{PARAGRAPHS[1]}{PARAGRAPHS[2]}"
    assert lines(f"<div>{years}</div>") == [TEXT[0], "5 جويلية 1962", *TEXT[1:]]
    prices = "<p><b>بغداد</b></p><p>158,500</p><p><b>أربيل</b></p><p>157,750</p><p>(الأسعار لكل مئة دولار)</p>"
    assert {"158,500", "157,750"} <= set(lines(f"<div>{WHOLE}{prices}</div>"))
    assert "29 نوفمبر 2025" not in lines(
        f"<div>{PARAGRAPHS[0]}<div>29 نوفمبر 2025</div>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>"
    )


def test_a_heading_over_a_list_of_sentences_at_the_end_stays() -> None:
    items = ["أذب ملعقة ملح في كوب ماء دافئ.", "اترك الكوب على الشباك أسبوعا."]
    steps = "".join(f"<li><p>{item}</p></li>" for item in items)
    assert lines(f"<div>{WHOLE}<h3>جرب بنفسك</h3><ol>{steps}</ol></div>") == [*TEXT, "جرب بنفسك", *items]


def test_a_letter_begins_with_whom_it_speaks_to() -> None:
    assert lines(f"<div><p>السيد مدير المياه،</p>{WHOLE}</div>") == ["السيد مدير المياه،", *TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "<p>salma.k@mail.example</p>",
        "<p>@salma_kh</p>",
        "<p>Instagram @salma.kh</p>",
        "<p>سلمى الخطاط - الدانة</p>",
        "<p>د. سلمى الخطاط</p>",
        "<p>0117</p>",
        "<p>شاهدتم حدثا؟ راسلونا على واتساب: 90000000</p>",
        "<address>Salma Khattat, Danah. Mail me at salma (at) sidra.example.</address>",
        '<div class="mc4wp-box"><h4>اشترك في نشرتنا</h4><p>كل أخبار الماء في بريدك مرة في الأسبوع.</p></div>',
        '<div class="donate"><strong>السدرة مستقلة بفضل قرائها</strong><p>ادعمنا بقيمة فنجان قهوة في الشهر.</p></div>',
        '<div class="team_member"><h4>سلمى الخطاط</h4><p>كتبت عن الماء والريف، ونالت جائزة المدينة عام 2019.</p></div>',
        '<div class="writer-card"><p>كتبت عن الماء والريف، ونالت جائزة المدينة عام 2019.</p></div>',
        '<div class="cta"><p>أعجبك ما قرأت؟ ادعم غرفة أخبار مستقلة بدينار واحد كل شهر.</p></div>',
    ],
)
def test_addresses_signatures_codes_and_calls_behind_the_text_go(line: str) -> None:
    assert lines(f"<article>{WHOLE}{line}</article>") == [*TEXT]


def test_an_agencys_line_of_place_and_day_goes_and_its_day_counts_in_both_calendars() -> None:
    line = "الرياض 21 جمادى الأولى 1445 هـ الموافق 05 ديسمبر 2023 م واس"
    record = article(f'<span class="t">1445/05/21 14:08</span><div>{line}<br>{"<br>".join(TEXT)}</div>')
    assert record.body.splitlines() == [*TEXT]
    assert record.published_at is not None
    assert record.published_at.date().isoformat() == "2023-12-05"


@pytest.mark.parametrize(
    "line",
    [
        "الدانة 05 جمادى الأولى 1446 هـ الموافق 07 نوفمبر 2024 م و.د.أ",
        "القاهرة في 7 نوفمبر 2024 /أ ش أ/",
        "بغداد 7 تشرين الثاني 2024 (و.ع.ا)",
        "مقديشو - 7 نوفمبر 2024 - و ص ا",
        "Lyon, 7 nov 2024 (AFP)",
    ],
)
def test_place_day_and_the_letters_of_an_agency_are_no_paragraph(line: str) -> None:
    assert lines(f"<article><p>{line}</p>{WHOLE}</article>") == [*TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "القاهرة 7 أكتوبر 1973 يوم لم ينسه أحد في الحي",
        "الفوج الأول 7 نوفمبر 2024 في القاعة أ",
        "سفينة الميناء أبحرت 7 نوفمبر 2024 باسم ب ج",
    ],
)
def test_a_place_and_a_day_in_what_is_told_stay(line: str) -> None:
    assert line in lines(f"<article>{PARAGRAPHS[0]}<p>{line}</p>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</article>")


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        (
            "<p class=m><span><a>فريق التحرير</a></span><span>ديسمبر 31, 2022</span><i>أبراج</i></p>",
            "2022-12-31",
        ),
        ('<div><span title="06/11/2021 20:15">منذ سنتين</span></div>', "2021-11-06"),
        ('<div><span class="when" data-time="1636453800000">منذ فترة</span></div>', "2021-11-09"),
        ("<div>Veröffentlicht am 6. Dezember 2020</div>", "2020-12-06"),
        ("<div>Publicado el 19 de septiembre de 2023</div>", "2023-09-19"),
        ("<div>12 Ağustos 2022</div>", "2022-08-12"),
        ("<p>بتاريخ <i>31 أكتوبر 2025</i> <span>آخر تحيين: 02 نوفمبر 2025</span></p>", "2025-10-31"),
        ('<div><span data-date="2021-11-06">منذ سنتين</span></div>', "2021-11-06"),
    ],
)
def test_a_day_counts_between_words_without_blanks_and_behind_a_relative_one(shown: str, day: str) -> None:
    record = article(f"{shown}<div>{WHOLE}</div>")
    assert record.published_at is not None
    assert record.published_at.date().isoformat() == day


def test_the_day_of_printing_or_joining_is_not_the_articles() -> None:
    body = f"<p>تاريخ الطباعة: 02/09/2021</p><h1>{TITLE}</h1><p>الثلاثاء 14 آذار 2017</p><div>{WHOLE}</div>"
    record = read(f"<p>Joined: Jan 2, 2016</p>{body}")
    assert isinstance(record, ArticleText)
    assert record.published_at is not None
    assert record.published_at.date().isoformat() == "2017-03-14"


@pytest.mark.parametrize(
    ("above", "behind", "names"),
    [
        ("<div><a href=/c>ماء</a> <time>1 مايو 2024</time> <a>بقلم سلمى الخطاط</a></div>", "", ("سلمى الخطاط",)),
        ('<div class="author">كتبت <a href="/authors/s">سلمى الخطاط</a> <i>محررة</i></div>', "", ("سلمى الخطاط",)),
        ('<div class="author">كتبت <a href="/authors/s">سلمى الخطاط</a> محررة الأرياف</div>', "", ("سلمى الخطاط",)),
        ("<div class=Article_by__7d><div>مبارك الهاجري</div><div>m@sidra.example</div></div>", "", ("مبارك الهاجري",)),
        ("<div>Written by سلمى الخطاط</div>", "", ("سلمى الخطاط",)),
        ("<ul><li><span class=user-name>سلمى الخطاط</span></li></ul>", "", ("سلمى الخطاط",)),
        ("", "<p><b>خديجة منت الشيخ - روصو</b></p>", ("خديجة منت الشيخ",)),
        ("", "<aside class=x></aside><div><img><b>ليلى عيتاني</b><p>صحافية بيئية</p></div>", ("ليلى عيتاني",)),
        ("", "<div><b>ربيع فران</b><i>إعداد</i></div>", ("ربيع فران",)),
        ("", "<p>#ديما_معاك</p>", ()),
        ("<div><a>طارق بوعزيزي الحامدي</a><span>كاتب تونسي</span></div>", "", ("طارق بوعزيزي الحامدي",)),
        ("<div><a>التقرير</a><a>الصور</a><a>الأسعار</a></div>", "", ()),
    ],
)  # fmt: skip
def test_who_wrote_it_is_read_where_sites_print_it(above: str, behind: str, names: tuple[str, ...]) -> None:
    assert article(f"{above}<div class=t>{WHOLE}{behind}</div>").authors == names


def test_the_headline_of_an_old_page_is_the_large_line_above_the_text_not_the_first_of_its_data() -> None:
    font = '<font size="5"><p>الكتاب: المتوسط قبل الدول<br>عدد الصفحات: 412</p>' + WHOLE + "</font>"
    top = '<font size="6"><b>سفينة بلا ربان: قراءة في كتاب عن البحر</b></font><br><i>كمال بن صالح</i><br>العدد 43<hr>'
    record = read(f"<table><tr><td>{top}{font}</td></tr></table>", title="مجلة فكر")
    assert isinstance(record, ArticleText)
    assert record.title == "سفينة بلا ربان: قراءة في كتاب عن البحر"


def test_found_pages_privacy_and_consent_are_no_articles() -> None:
    card = (
        "<div><h3><a>امتلاء سد {0}</a></h3><time>1 مايو 2024</time>"
        "<div>أعلنت إدارة السد أن الخزين المائي في {0} بلغ ستة ملايين متر مكعب، وأن العمل مستمر...</div></div>"
    )
    found = read(
        f"<h1>السد - نتائج البحث</h1>{card.format('الموصل')}{card.format('دوكان')}", title="نتائج البحث عن: السد"
    )
    policy = "<p>آخر تحديث: 12 يناير 2023</p><p>نحترم خصوصية زوارنا ونلتزم حماية بياناتكم في موقعنا.</p>"
    privacy = read(f"<h1>سياسة الخصوصية</h1>{policy}", title="سياسة الخصوصية - المسيرة")
    uses = "<p>نستخدم نحن وشركاؤنا تقنيات مثل ملفات تعريف الارتباط لتخزين معلومات على جهازك وقياس الإعلانات.</p>"
    items = "<ul><li>تخزين المعلومات على الجهاز</li><li>الإعلانات المخصصة</li><li>قياس المحتوى</li></ul>"
    consent = read(
        f"<h1>قبل أن تتابع إلى رقيب</h1>{uses}{items}<button>قبول الكل</button>", title="قبل أن تتابع إلى رقيب"
    )
    words = (
        "<p>عذرا، لم نعثر على أي نتيجة مطابقة لبحثك.</p><p>تأكد من كتابة الكلمات، أو جرب كلمات أخرى أكثر عمومية.</p>"
    )
    nothing = read(f"<h1>نتائج البحث عن: مهرجان</h1>{words}", title="نتائج البحث عن: مهرجان")
    reasons = [result.reason for result in (found, privacy, consent, nothing) if isinstance(result, Rejected)]
    assert reasons == [Rejection.LISTING, Rejection.FRONT_PAGE, Rejection.COOKIE_WALL, Rejection.SOFT_404]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("الفجر الوطني | قرية السدرة تحفر بئرها", f'<h2 class="titre">{TITLE}</h2>'),
        ("السدرة", f'<span class="bigtitle">{TITLE}</span><br>'),
        ("اخبار: بئر السدرة بعد عقدين", f"<h3>{TITLE}</h3>"),
    ],
)
def test_a_page_without_a_main_heading_shows_its_headline_above_the_text(title: str, shown: str) -> None:
    record = read(f"<div>{shown}<div>{WHOLE}</div></div>", title=title)
    assert isinstance(record, ArticleText)
    assert record.title == TITLE


@pytest.mark.parametrize("line", ["15 جانفي 2023 <span>3412 مشاهدة</span>", "09 ديسمبر 2023 + الخط -"])
def test_a_day_with_a_counter_or_a_button_above_the_text_goes(line: str) -> None:
    assert lines(f'<div class="d">{line}</div><p class="chapo">{TEXT[0]}</p><div>{"".join(PARAGRAPHS[1:])}</div>') == [
        *TEXT
    ]


def test_points_of_an_article_between_headline_and_writer_stay() -> None:
    points = "<ul class=Article_points__z><li>البئر بعمق مئة متر</li><li>ألف أسرة تشرب منها</li></ul>"
    by = "<div class=Article_by__7d><div>مبارك الهاجري</div></div>"
    assert lines(f"{points}{by}<div class=Article_body__1>{WHOLE}</div>") == [
        "البئر بعمق مئة متر",
        "ألف أسرة تشرب منها",
        *TEXT,
    ]


def test_a_writer_whom_only_a_meta_element_names_counts_if_it_is_a_name() -> None:
    for stated, authors in (("لمى صافي", ("لمى صافي",)), ("admin", ()), ("صحيفة السدرة", ())):
        assert article(f"<div>{WHOLE}</div>", head=f'<meta name="author" content="{stated}">').authors == authors


@pytest.mark.parametrize("mark", ["-انتهى-", "ENDS"])
def test_what_stands_behind_the_end_of_a_release_is_no_part_of_it(mark: str) -> None:
    behind = "<p>نبذة عن الشركة:</p><p>تأسست الشركة عام 2014، وتعمل في حفر الآبار.</p><p>للاستفسارات الإعلامية:</p>"
    assert lines(f"<div>{WHOLE}<p>{mark}</p>{behind}</div>") == [*TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "نشر في 12 ماي 2026 بواسطة كريم بناني",
        "كتبه كريم بناني يوم 12 ماي 2026",
        "المراسل كريم بناني",
        "Écrit par كريم بناني, le 12 mai 2026",
    ],
)
def test_a_writer_and_a_day_in_one_line(line: str) -> None:
    assert article(f"<div>{line}</div><div>{WHOLE}</div>").authors == ("كريم بناني",)


@pytest.mark.parametrize(
    "line",
    ["تعليق الصورة: مضخة القرية (أرشيف)", "شارك برأيك في التعليقات", "شاركونا رأيكم في التعليقات"],
)
def test_a_last_line_that_is_no_text(line: str) -> None:
    assert lines(f"<div>{WHOLE}<p>{line}</p></div>") == list(TEXT)


def test_a_last_line_that_says_who_did_what_is_text() -> None:
    assert lines(f"<div>{WHOLE}<p>الحكم: سامي الغندور</p></div>")[-1] == "الحكم: سامي الغندور"


@pytest.mark.parametrize(
    "box",
    [
        '<div class="yt-box"><iframe src="https://video.example/7"></iframe><p>شاهد ملخص الحفر كاملا</p></div>',
        '<div class="embed"><div class="jwplayer"></div><span>فيديو: وصول المضخة إلى القرية</span></div>',
        '<div class="wp-block"><h4>كل خميس: ملخص القرى</h4><input><button>سجلني</button></div>',
        "<div><div>شارك هذا التحديث</div></div>",
        '<amp-img src="/1.jpg"></amp-img><p>المضخة بعد تركيبها في الساحة - السدرة</p>',
        "<div>تغطية: كريم الحيان وسالم الطوقي <span>23 أيلول 2025 | 15:00</span></div>",
        "<p><b>اقرأ في هذا الباب أيضا:</b></p>",
        "<div><span>حجم الخط</span> <span>تصغير حجم الخط</span> <span>تكبير حجم الخط</span></div>",
    ],
)
def test_boxes_amid_the_text_are_not_the_texts(box: str) -> None:
    assert lines(f"<div>{PARAGRAPHS[0]}{box}{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>") == list(TEXT)


VERSES = (
    "خذي من الريح ما أبقت على سفني",
    "وعلقي الملح قنديلا على زمني",
    "أنا ابن هذي السواحل.. كل نافذة",
    "فتحتها كان فيها البحر يسألني",
    "صنعت من طين جدي مركبا، ومضى",
    "يسير بي نحو أمي لا إلى المدن",
    "قالت: تأخرت، قلت: الموج علمني",
    "أن الوصول إلى عينيك لا يني",
)


def test_a_poem_is_text() -> None:
    poem = f'<div class="post-body"><b>شعر: كريم الحيان</b><br><br><div>{"<br>".join(VERSES)}</div></div>'
    record = read(f"<h3>مراكب الطين</h3>{poem}", title="السدرة: مراكب الطين")
    assert isinstance(record, ArticleText), record
    assert record.body.splitlines()[-len(VERSES) :] == list(VERSES)


def test_an_address_in_lines_is_none() -> None:
    address = "<br>".join(("مكتب السدرة الرئيسي في العاصمة", *(f"شارع الاستقلال، بناية رقم {n}" for n in range(8))))
    assert lines(f"<div>{WHOLE}</div><div>{address}</div>") == list(TEXT)
