"""What is taken from around and between the paragraphs, and sentences that only look like it and stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText

BEFORE = (
    "<p>قال رئيس المجلس المحلي إن العمل في الطريق الجديد يبدأ صباح الأحد، بعد تأخير دام ثلاثة أشهر كاملة.</p>"
    "<p>وأضاف أن الشركة المنفذة التزمت بتسليم المرحلة الأولى قبل حلول الشتاء، وفق جدول اتفق عليه الطرفان.</p>"
)
AFTER = "<p>وختم حديثه بالقول إن الأهالي شركاء في المتابعة، وإن أبواب المجلس مفتوحة لكل من لديه ملاحظة.</p>"


def article(
    *, leading: str = "", middle: str = "", trailing: str = "", beside: str = "", site: str = ""
) -> ArticleText:
    html = (
        f"<html><head><title>بدء العمل في الطريق الجديد صباح الأحد{site and f' - {site}'}</title></head><body>"
        "<h1>بدء العمل في الطريق الجديد صباح الأحد</h1>"
        f"<div class='entry-content'>{leading}{BEFORE}{middle}{AFTER}{trailing}</div>{beside}</body></html>"
    )
    result = extract_article(Page(html.encode(), datetime(2024, 12, 25, tzinfo=UTC)))
    assert isinstance(result, ArticleText), result
    return result


def added(record: ArticleText) -> list[str]:
    """The lines that are not the article's own three."""
    own = article().body.splitlines()
    assert all(line in record.body.splitlines() for line in own), "a line of the article was lost"
    return [line for line in record.body.splitlines() if line not in own]


@pytest.mark.parametrize("place", ["leading", "trailing"])
@pytest.mark.parametrize(
    "sentence",
    [
        "تابع المهندس سامي الغندور رئيس هيئة قناة الري أعمال تطوير المجرى الجنوبي خلال جولة ميدانية صباح اليوم.",
        "تابع وزير الزراعة عبر تطبيق الاجتماعات جلسات اللجنة وخطة تطهير الترع في قرى الشمال",
        "سجل سعر القمح ارتفاعا طفيفا في ختام تعاملات أمس، وفق تطبيق اتحاد التجار.",
        "تابع المشجعون المباراة الأخيرة على قناة محلية قبل أن ينقطع التيار عن المدينة بأكملها بسبب العاصفة.",
        "سجل اللاعب هدفه الأول على قناة مفتوحة في مباراة ودية.",
        "انضم اللاعب إلى صفوف النادي، وفق حساب النادي على تويتر.",
        "اشترك في تطبيق الخطة ثلاثون مهندسا من ثلاث شركات وطنية.",
        "وأرسلت الشكوى بالبريد الإلكتروني إلى مجلس الإدارة يوم الخميس.",
        "وتابع أن الشركة ستطرح التطبيق على متجر جوجل بلاي في الربيع.",
        "انضم إلى الفريق ثلاثة لاعبين جدد وقعوا عقودهم أمام صفحة النادي الأولى منذ تأسيسه قبل أعوام.",
    ],
)
def test_a_first_or_last_paragraph_that_begins_like_an_invitation_stays(place: str, sentence: str) -> None:
    assert added(article(**{place: f"<p>{sentence}</p>"})) == [sentence]


@pytest.mark.parametrize(
    "line",
    [
        "تابعوا آخر الأخبار عبر قناة الميزان على تلغرام.",
        "تابع أحدث الأخبار عبر تطبيق الميزان",
        "للمزيد تابع صفحة الميزان على فيسبوك.",
        "لمتابعة كل جديد حملوا تطبيق الميزان.",
        "انضموا إلى قناتنا على واتساب ليصلكم كل جديد",
        "مواضيع ذات صلة: وزير النقل يتفقد أعمال تطوير الطريق الدائري",
        "أخبار متعلقة : الأرصاد تحذر من أمطار غزيرة على الساحل",
    ],
)
def test_an_invitation_or_a_related_line_behind_the_text_goes(line: str) -> None:
    assert added(article(trailing=f"<p>{line}</p>")) == []


@pytest.mark.parametrize(
    "row",
    [
        "<div>طباعة Email فيسبوك تويتر واتساب</div>",
        "<div><span>طباعة</span><span>Email</span><span>فيسبوك</span><span>لينكدإن</span><span>تيليجرام</span></div>",
        "<div>مشاركة فيسبوك X بينتيريست Reddit VKontakte طباعة بريد</div>",
        "<div>نسخ الرابط | واتساب | تلغرام</div>",
        "<p>شارك المقال عبر: Facebook Twitter WhatsApp</p>",
        "<div>انشر على فيسبوك انشر على تويتر</div>",
        "<div>Share on Facebook Share on X</div>",
    ],
)
def test_a_row_of_share_buttons_goes_wherever_it_stands(row: str) -> None:
    for record in (article(leading=row), article(middle=row), article(trailing=row)):
        assert added(record) == []
        assert "share" in record.removed_blocks[0].rule or "shape" in record.removed_blocks[0].rule


HEADINGS = (
    "التعليقات",
    "التعليقات (3)",
    "التعليقات (٣)",
    "3 تعليقات",
    "عدد التعليقات: 3",
    "آراء القراء",
    "تعليقات القراء",
    "ردود الزوار (2)",
    "أضف تعليقك",
    "آراء وتعليقات",
    "تعليقات فيسبوك",
    "تعليق واحد",
    "3 Comments",
)


@pytest.mark.parametrize("heading", HEADINGS)
def test_comments_below_any_of_their_headings_are_no_text(heading: str) -> None:
    said = ("نتمنى أن نرى مثله في قريتنا قريبا إن شاء الله", "لماذا لم يتحدث أحد عن كلفة الصيانة السنوية للطريق؟")
    comments = "".join(f"<div><b>زائر</b><div>{text}</div><a href='#r'>رد</a></div>" for text in said)
    assert added(article(trailing=f"<div><h3>{heading}</h3>{comments}</div>")) == []


@pytest.mark.parametrize(
    "card",
    [
        "<div><a href='/players/9'>سامي الغندور</a></div>",
        "<div><a href='/teams/4'><img src='/t.png'></a><a href='/teams/4'>نادي الوادي</a></div>",
        "<div><span>نادي الوادي</span><a href='/n/8'>الوادي يهزم الجبل في مباراة القمة بهدفين</a><i>منذ ساعة</i></div>",
        "<div><div><a href='/players/9'>سامي الغندور</a></div><div>مهاجم الوادي</div></div>",
        "<div><span>نادي الوادي</span><h4><a href='/n/8'>الوادي يهزم الجبل في مباراة القمة بهدفين</a></h4>"
        "<span>سامي الغندور</span></div>",
    ],
)
def test_a_card_with_a_name_between_paragraphs_goes(card: str) -> None:
    assert added(article(middle=card)) == []


def test_a_linked_name_in_a_list_or_paragraph_of_the_text_stays() -> None:
    names = "<p>والفائزون هم:</p><ul><li><a href='/t/1'>سامي الغندور</a></li><li>ريهام الصاوي</li></ul>"
    assert added(article(middle=names)) == ["والفائزون هم:", "سامي الغندور", "ريهام الصاوي"]


ITEMS = ("القمح", "الأرز الهندي", "طباعة", "السبت 12 ديسمبر", "تعليقات")


def test_numbers_to_call_are_no_date() -> None:
    numbers = ["01001234567", "01111234567"]
    assert added(article(middle="".join(f"<p>{number}</p>" for number in numbers))) == numbers


@pytest.mark.parametrize("place", ["middle", "trailing"])
@pytest.mark.parametrize("form", ["<ul>{}</ul>", "<ol>{}</ol>"])
@pytest.mark.parametrize("item", ["<li>{}</li>", "<li><p>{}</p></li>", "<li><strong>{}</strong></li>"])
def test_a_list_that_a_line_of_the_text_opens_is_text_whatever_its_items_say(place: str, form: str, item: str) -> None:
    items = form.format("".join(item.format(text) for text in ITEMS))
    assert added(article(**{place: f"<p>وشملت القائمة:</p>{items}"})) == ["وشملت القائمة:", *ITEMS]


@pytest.mark.parametrize(
    "lines",
    [
        "<p>وشملت القائمة:</p><p>القمح</p><p>الأرز</p>",
        "<p>وشملت القائمة:<br>القمح<br>الأرز</p>",
    ],
)
def test_short_lines_behind_a_colon_are_a_list(lines: str) -> None:
    assert added(article(trailing=lines)) == ["وشملت القائمة:", "القمح", "الأرز"]


def test_a_box_whose_label_ends_with_a_colon_opens_no_list() -> None:
    for label in ("مواضيع ذات صلة:", "تابعونا على:", "شارك الخبر:", "الوسوم:"):
        items = "<ul><li><a href='/1'>فيسبوك</a></li><li><a href='/2'>تويتر</a></li></ul>"
        assert added(article(trailing=f"<p>{label}</p>{items}")) == []


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (
            "<p>ويمكن للراغبين التقديم عبر الرابط https://majlis.example/apply</p>",
            ["ويمكن للراغبين التقديم عبر الرابط https://majlis.example/apply"],
        ),
        (
            "<p>ويمكن التقديم عبر الرابط التالي: <a href='https://majlis.example/a'>https://majlis.example/a</a></p>",
            ["ويمكن التقديم عبر الرابط التالي: https://majlis.example/a"],
        ),
        (
            "<p>ويمكن للراغبين التقديم عبر الرابط التالي:</p><p>https://majlis.example/apply</p>",
            ["ويمكن للراغبين التقديم عبر الرابط التالي:", "https://majlis.example/apply"],
        ),
        ("<p>https://majlis.example/apply</p>", []),
        ("<p>لمشاهدة الحلقة كاملة عبر الرابط التالي</p>", []),
    ],
)
def test_an_address_that_the_text_tells_stays_and_one_alone_goes(html: str, lines: list[str]) -> None:
    assert added(article(trailing=html)) == lines


@pytest.mark.parametrize(
    ("where", "html", "agency"),
    [
        ("trailing", "<p>المصدر: رويترز</p>", "رويترز"),
        ("trailing", "<p>المصدر : الميزان + وكالات</p>", "وكالات"),
        ("trailing", "<div>المصدر:</div><div>وكالة الأناضول</div>", "الأناضول"),
        ("trailing", "<p>نقلاً عن: د ب أ</p>", "د ب أ"),
        ("beside", "<div class='source'><span>المصدر</span> <span>رويترز</span></div>", "رويترز"),
        ("beside", "<div class='tags'><a href='/t'>طرق</a></div><div>المصدر: رويترز</div>", "رويترز"),
        ("leading", "<div class='source'>المصدر: رويترز</div>", "رويترز"),
        (
            "beside",
            "<h3>أخبار</h3><a href='/1'>وزير النقل يتفقد أعمال الطريق الجديد</a><p>المصدر: رويترز</p>",
            "رويترز",
        ),
        ("trailing", "<p>وأكد المجلس أن العمل مستمر حتى نهاية العام. المصدر: رويترز</p>", "رويترز"),
        ("trailing", "<p>(رويترز) - المنيا</p>", "رويترز"),
        ("trailing", "<p>وكالة الأنباء القطرية «قنا»</p>", "قنا"),
        ("trailing", "<p>عن «رويترز»</p>", "رويترز"),
        ("leading", "<div><span>ق.م / رويترز</span> <span>الأحد 15 فيفري 2026 - 19:30</span></div>", "رويترز"),
        ("leading", "<div><b>واس</b> <i>الدمام</i> <i>25 شوال 1447هـ الموافق 13 إبريل 2026م</i></div>", "واس"),
        ("trailing", "<p>المصدر: صحيفة الميزان</p>", None),
        ("trailing", "<p>المصدر: صحيفة الوطنية اليومية</p>", None),
        ("middle", "<p>وقالت رويترز إن المصدر الذي نقلت عنه الخبر طلب ألا يذكر اسمه في أي تقرير.</p>", None),
    ],
)
def test_a_line_of_source_names_the_agency(where: str, html: str, agency: str | None) -> None:
    assert article(**{where: html}).agency == agency


@pytest.mark.parametrize(
    ("site", "line", "agency"),
    [
        ("وكالة وفا", "عن وفا", None),
        ("وكالة وفا", "المصدر: وفا", None),
        ("صحيفة الوطنية", "عن الوطنية", None),
        ("صحيفة الوطنية", "عن صحيفة الوطنية", None),
        ("صحيفة الوطنية", "عن وفا", "وفا"),
        ("وكالة وفا", "عن رويترز", "رويترز"),
        ("صدى الميناء", "عن صدى الميناء", None),
        ("صدى الميناء", "عن صحيفة النهر اليومية", None),
    ],
)
def test_a_line_that_names_the_site_itself_or_a_newspaper_is_no_agencys_and_no_text(
    site: str, line: str, agency: str | None
) -> None:
    record = article(trailing=f"<p>{line}</p>", site=site)
    assert (record.agency, record.authors, added(record)) == (agency, (), [])


def test_words_that_elements_split_stay_whole_in_the_text_and_apart_in_rows() -> None:
    split = (
        "<p>أعلنت <span>ال</span><span>بلدية</span> أن <b>الم</b><a href='/t'>توقع</a> وصول ألف زائر.</p>"
        "<div><span>وقالت ال</span><span>جمعية إن العمل مستمر</span><span>.</span></div>"
    )
    assert added(article(middle=split)) == ["أعلنت البلدية أن المتوقع وصول ألف زائر.", "وقالت الجمعية إن العمل مستمر."]
    short = "<ul><li><span>ال</span><span>بلدية</span></li><li><span>وال</span><b>جمعية</b></li></ul>"
    assert added(article(middle=short)) == ["البلدية", "والجمعية"]
    row = "<div class='row-a'><span>كتب:</span><span>سامي الغندور</span><span>10 ديسمبر 2024</span></div>"
    assert article(leading=row).authors == ("سامي الغندور",)


def test_text_below_the_depth_of_the_parser_is_told() -> None:
    deep = "<div>" * 2_100 + "<p>نص في العمق لا يصل إليه أحد.</p>"
    record = article(trailing=deep)
    assert "cut_at_depth" in record.flags
    assert record.quality < article().quality
    assert "cut_at_depth" not in article(trailing="<div>" * 200).flags


COMMENTS = [
    ("أم يوسف", "قبل ساعتين", "عمل يستحق الشكر، لكن متى يصل الإسفلت إلى الحارة الغربية التي تنتظر منذ سنين طويلة؟"),
    ("زائر 22", "26 ديسمبر 2024", "كلام جميل نسمعه كل عام قبل الشتاء ثم لا نرى إلا الحفر في كل مكان من البلدة."),
]


def thread(heading: str, *, reply: str, tag: str = "div") -> str:
    entries = "".join(
        f"<{tag}><b>{name}</b> <i>{when}</i><div>{text}</div>{reply}</{tag}>" for name, when, text in COMMENTS
    )
    return f"<section>{heading}<{'ul' if tag == 'li' else 'div'}>{entries}</{'ul' if tag == 'li' else 'div'}></section>"


@pytest.mark.parametrize(
    "heading",
    ["الآراء", "النقاش", "النقاش (2)", "آراء حول الموضوع", "٢ مداخلات", "المناقشات", "شاركنا النقاش", "مشاركات القراء"],
)
@pytest.mark.parametrize("markup", ["<h3>{}</h3>", "<div><strong>{}</strong></div>", "<p>{}</p>"])
def test_comments_below_a_heading_of_opinions_go(heading: str, markup: str) -> None:
    assert added(article(trailing=thread(markup.format(heading), reply=""))) == []


@pytest.mark.parametrize(
    "reply", ["<a href='#r'>رد</a>", "<span>أعجبني 4</span> <a href='#r'>الرد</a>", "<p>إبلاغ</p>"]
)
@pytest.mark.parametrize("tag", ["div", "li"])
def test_comments_go_under_any_heading_where_each_can_be_answered(reply: str, tag: str) -> None:
    for heading in ("<h3>صدى القرية</h3>", ""):
        assert added(article(trailing=thread(heading, reply=reply, tag=tag))) == []


@pytest.mark.parametrize("who", ["{} — {}", "{} ({})", "{} | {} 14:05"])
@pytest.mark.parametrize("reply", ["<p>رد</p>", "<p>رد 2</p>"])
def test_comments_that_are_paragraphs_without_a_heading_go_where_each_can_be_answered(who: str, reply: str) -> None:
    lines = "".join(f"<p>{who.format(name, when)}</p><p>{text}</p>{reply}" for name, when, text in COMMENTS)
    assert added(article(trailing=lines)) == []


def test_comments_that_are_paragraphs_go_where_each_begins_with_a_name_and_an_hour() -> None:
    entries = [("أم يوسف", "12/12/2024 14:05", COMMENTS[0][2]), ("زائر 22", "13/12/2024 - 09:40", "أين الرقابة؟")]
    assert added(article(trailing="".join(f"<p>{who} {when}</p><p>{text}</p>" for who, when, text in entries))) == []


def test_entries_of_a_live_report_stay() -> None:
    entries = [("14:05 — مجلس القرية", COMMENTS[0][2]), ("13:40 — مجلس القرية", COMMENTS[1][2])]
    kept = added(article(trailing="".join(f"<p>{who}</p><p>{text}</p>" for who, text in entries)))
    assert [line for line in kept if len(line) > 40] == [text for _, text in entries]


def test_a_chronology_of_days_stays() -> None:
    days = [("12 ديسمبر 2024 في الميناء", COMMENTS[0][2]), ("13 ديسمبر 2024 في الوادي", COMMENTS[1][2])]
    lines = [line for pair in days for line in pair]
    assert [line for line in added(article(middle="".join(f"<p>{line}</p>" for line in lines))) if len(line) > 40] == [
        text for _, text in days
    ]


def test_a_section_of_opinions_in_the_text_stays() -> None:
    said = "<p>ورأى مهندس الطرق أن المسار الجنوبي أقصر، وأن كلفته أقل من كلفة المسار الذي اعتمده المجلس.</p>"
    for word in ("الآراء", "النقاش", "آراء"):
        kept = added(article(middle=f"<h3>{word}</h3>{said}"))
        assert kept[-1].startswith("ورأى مهندس")
        assert kept[0] == word


def test_a_line_of_buttons_and_counters_goes_and_one_with_other_words_stays() -> None:
    buttons = "<span>تمت القراءة 66 مرة</span><a href='#p'>طباعة</a> <a href='#m'>أرسل لصديق</a>"
    assert added(article(trailing=f"<div>{buttons}</div>")) == []
    told = "<p><b>طباعة</b> الكتاب <i>مشاركة</i> بين البلديتين في هذا العام.</p>"
    assert added(article(trailing=told)) == ["طباعة الكتاب مشاركة بين البلديتين في هذا العام."]


def test_headings_over_short_sentences_stay_behind_the_running_text() -> None:
    items = "<h2>السوق القديم</h2><p>يفتح كل صباح وتباع فيه الغلال.</p><h2>2- الميناء</h2><p>بني من الحجر.</p>"
    assert added(article(trailing=items))[-4::2] == ["السوق القديم", "2- الميناء"]
    assert added(article(trailing="<h2>1- السوق القديم</h2>")) == []
    assert added(article(beside="<h2>السوق القديم</h2><p>يفتح كل صباح.</p>")) == [], "another box"


def test_the_head_of_a_table_stays_with_its_rows_and_readers_lines_in_a_table_go() -> None:
    rows = "<tr><td>البناء</td><td>69 ألف دينار</td></tr><tr><td>الإنارة</td><td>12 ألف دينار</td></tr>"
    table = f"<table><tr><th>البند</th><th>الكلفة</th></tr>{rows}</table>"
    assert added(article(trailing=table)) == ["البند | الكلفة", "البناء | 69 ألف دينار", "الإنارة | 12 ألف دينار"]
    said = "<tr><td>أبو سالم - عمان</td></tr><tr><td>خبر طيب ونتمنى أن نرى مثله في بلدتنا قريبا إن شاء الله</td></tr>"
    assert added(article(trailing=f"<table><tr><td>تعليقاتكم</td></tr>{said}</table>")) == []


def test_a_table_without_a_head_behind_the_text_stays() -> None:
    rows = [("لبنان", "4", "8"), ("الأردن", "3", "7"), ("العراق", "0", "4")]
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    html = f"<div><table>{table}</table></div>"
    title = "خسارة منتخب السلة أمام لبنان"
    text = f"<article><h1>{title}</h1>{BEFORE}{html}</article>"
    page = f"<html><head><title>{title}</title></head><body>{text}</body></html>"
    record = extract_article(Page(page.encode(), datetime(2024, 12, 25, tzinfo=UTC)))
    assert isinstance(record, ArticleText)
    assert record.body.splitlines()[2:] == [" | ".join(row) for row in rows]


SECOND = "<p>توفي في المدينة المخرج الشاب بعد صراع مع المرض، وشيع جثمانه بحضور عدد من الفنانين.</p>"


@pytest.mark.parametrize(("day", "stays"), [("<div>2 أيلول 2026، 20:10</div>", False), ("", True)])
def test_an_article_in_an_element_like_the_headlines_with_a_day_of_its_own_is_another(day: str, stays: bool) -> None:
    """Sections of one article have headings too, but no days."""
    boxes = [
        f"<h1>بدء العمل في الطريق الجديد</h1><div>3 أيلول 2026</div>{BEFORE}",
        f"<h2>وفاة مخرج شاب</h2>{day}{SECOND}",
    ]
    html = "".join(f"<div class='wrap'>{box}</div>" for box in boxes)
    page = f"<html><head><title>بدء العمل في الطريق الجديد</title></head><body>{html}</body></html>"
    record = extract_article(Page(page.encode(), datetime(2026, 12, 25, tzinfo=UTC)))
    assert isinstance(record, ArticleText)
    assert ("توفي في المدينة" in record.body) == stays


def test_a_caption_that_begins_with_from_names_no_writer() -> None:
    captions = "".join(
        f"<figure><img src='{n}.jpg'><figcaption>من أعمال المعرض {n}</figcaption></figure>" for n in "12"
    )
    assert article(leading=captions).authors == ()


@pytest.mark.parametrize(("line", "stays"), [("[ad_2]", False), ("[form id=7]", False), ("[تصفيق في القاعة]", True)])
def test_codes_that_no_plugin_replaced_are_no_text(line: str, stays: bool) -> None:
    assert added(article(middle=f"<p>{line}</p>")) == [line] * stays


def test_a_writer_with_a_title_of_honour_beside_section_and_day_is_the_writer() -> None:
    record = article(leading="<div>صحتك | د. هناء الوراق | 30-03-2024</div>")
    assert (record.authors, added(record)) == (("د. هناء الوراق",), [])
