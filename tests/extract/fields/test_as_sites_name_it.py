"""Headlines and writers as sites print them where stated titles and bylines say something else, or nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Rejected

TEXT = (
    "كانت نساء القرية يمشين ساعتين قبل شروق الشمس كي يعدن بصفيحتين من ماء عكر من غدير بعيد.",
    "واختار الأهالي لجنة من خمس نساء لإدارة المضخة، وتدفع كل أسرة ما تقدر عليه لصندوق الصيانة.",
    "وخلال الأشهر الثلاثة الأولى عادت إحدى وعشرون فتاة إلى المدرسة، وهو ما لم يكن في أهداف المشروع.",
)
WHOLE = "".join(f"<p>{line}</p>" for line in TEXT)
LINKS = "".join(f'<h3><a href="/n/{n}">عنوان خبر آخر من أخبار المدينة رقم {n}</a></h3>' for n in range(12))


def read(body: str, *, title: str, head: str = "", url: str = "https://sidra.example/n/71") -> ArticleText | Rejected:
    page = f'<html lang="ar"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'
    return extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url=url))


def article(body: str, *, title: str, head: str = "") -> ArticleText:
    record = read(body, title=title, head=head)
    assert isinstance(record, ArticleText), record
    return record


@pytest.mark.parametrize(
    ("body", "title", "headline"),
    [
        # The writer before the headline in the stated title alone.
        (f"<h1>ترف الانتظار</h1>{WHOLE}", "سلمى الخطاط تكتب: ترف الانتظار", "ترف الانتظار"),
        # Site and section are all that is stated, and the line is called a title; one in a box of its own.
        (f'<div class="bbtitle">هموم بائع الجرائد</div><div>{WHOLE}</div>', "السدرة | قضايا", "هموم بائع الجرائد"),
        (
            f'<div class="nTitle"><div>وزارة الري تنجز تبطين جدول القرية</div></div><div>{WHOLE}</div>',
            "وزارة الري - الأخبار",
            "وزارة الري تنجز تبطين جدول القرية",
        ),
        # The main heading is the site's name, and a lower one the headline's.
        (
            "<h1>أخبار القرية</h1><h6>بريد القراء | 5 مارس 2011</h6>"
            f"<h3>رسالة إلى وزير التربية من قرية بلا مدرسة</h3>{WHOLE}",
            "بريد القراء - أخبار القرية",
            "رسالة إلى وزير التربية من قرية بلا مدرسة",
        ),
        # Written for search engines, and shown otherwise: the element says that it is the headline.
        (
            f'<h1 data-testid="headline">آخر من يحرس المضيق ليلا</h1>{WHOLE}',
            "حراس المنارات في باتاغونيا - السدرة",
            "آخر من يحرس المضيق ليلا",
        ),
        # The subject in an element of its own within the heading.
        (
            f'<h1><span class="a-kicker">تقرير المياه</span> <span>آخر من يحرس المضيق ليلا</span></h1>{WHOLE}',
            "حراس المضيق ليلا: من بقي؟ - السدرة",
            "آخر من يحرس المضيق ليلا",
        ),
        # Nothing is marked but a large font; a line in the margin ends with a colon.
        (
            "<table><tr><td><hr><font size=1>ترسل الرسائل على العنوان التالي:<br>صندوق 114</font></td>"
            f"<td><font size=5>بريد القراء ومفتاح شقة لا يسكنها أحد</font><br>{WHOLE}</td></tr></table>",
            "السدرة",
            "بريد القراء ومفتاح شقة لا يسكنها أحد",
        ),
        # The main heading says what the page is for.
        (
            f"<h1>تفاصيل الخبر</h1><h3>الوزارة توقع أربع اتفاقيات لصيانة الأفلاج</h3>{WHOLE}",
            "تفاصيل الخبر",
            "الوزارة توقع أربع اتفاقيات لصيانة الأفلاج",
        ),
        # Site and section stand before it in the stated title, and the site's name in the main heading.
        (
            f"<h1>شبكة منبر السدرة</h1><div>آخر من يحرس المضيق ليلا</div><div>{WHOLE}</div>",
            "شبكة منبر السدرة الأهلية - قضايا ومقالات - آخر من يحرس المضيق ليلا",
            "آخر من يحرس المضيق ليلا",
        ),
        # One element of the heading is what is stated.
        (
            f"<h1><span>اسأل السدرة</span> <span>من يحرس المضيق ليلا حين ينام الجميع؟</span></h1>{WHOLE}",
            "من يحرس المضيق ليلا حين ينام الجميع؟",
            "من يحرس المضيق ليلا حين ينام الجميع؟",
        ),
        # The copyright line has more of the stated title than the headline has.
        (
            f"<table><tr><td><font size=5><b>حين يغيب المعلم عن مجلس الحي</b></font></td></tr><tr><td>{WHOLE}</td></tr>"
            "<tr><td>Copyright 2020 صحيفة السدرة اليوم. All rights reserved.</td></tr></table>",
            "صحيفة السدرة اليوم - مقالات",
            "حين يغيب المعلم عن مجلس الحي",
        ),
        # The site's name above its menu, and the kind of story behind the line that is called a heading.
        (
            "<div>حزب السدرة الاجتماعي</div><ul>"
            + "".join(f'<li><a href="/{n}">قسم {n}</a></li>' for n in range(6))
            + '</ul><div class="panel-heading"><b>بيان حول قانون المالية</b> <span class="label">بيان</span></div>'
            + f"<div>{WHOLE}</div>",
            "حزب السدرة الاجتماعي | بيانات ومواقف",
            "بيان حول قانون المالية",
        ),
    ],
)
def test_the_headline_that_is_shown(body: str, title: str, headline: str) -> None:
    assert article(body, title=title).title == headline


def test_a_second_heading_right_below_the_first_is_text() -> None:
    title = "انقلاب مركب قبالة السواحل ونجاة 43 مهاجرا"
    said = article(f"<h1>{title}</h1><h2>خفر السواحل: المركب كان يقل 55 شخصا</h2><div>صورة</div>{WHOLE}", title=title)
    assert said.body.splitlines() == ["خفر السواحل: المركب كان يقل 55 شخصا", *TEXT]


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="people">كريم الحيان <em>— ترجمة: سلوى الطاهر</em></p>',
        "<p>كتابة: كريم الحيان</p>",
        "<div><span>كريم الحيان</span><span>9 فبراير 2023</span><span>تصنيف المنشور حسب منهجية فريقنا</span></div>",
        '<div class="from-author"><span>نص:</span><a class="from-author__name">كريم الحيان</a> <a>تابع</a></div>',
        # Beside the outlet, a column's name, an occupation, the words for a picture, another label.
        '<span class="author">منبر السدرة - <a href="/author/71">كريم الحيان</a></span>',
        '<div><span>خارج السرب</span> <a href="/author/71/">كريم الحيان</a></div>',
        '<div class="writer"><a href="/author/71">كريم الحيان</a></div><p class="job">باحث</p>',
        "<p>تصوير وتقرير: كريم الحيان</p>",
        "<p>عدسة ونص: كريم الحيان</p>",
        "<div><span>أجرت اللقاء: كريم الحيان | تصوير: سالم الطوقي</span><span>9 فبراير 2023</span></div>",
        "<div><span>بقلم أ. كريم الحيان</span><span>راجعه: سالم الطوقي</span><span>نُشر في 12/08/2024</span></div>",
        "<div><span>رقم الفتوى: 451</span><span>المجيب: كريم الحيان</span><span>المشاهدات: 18</span></div>",
        '<p>9 فبراير 2023، من <span class="vcard author"><a class="url fn">كريم الحيان</a></span></p>',
    ],
)
def test_writers(byline: str) -> None:
    title = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
    (name,) = article(f"<h1>{title}</h1>{byline}<div>{WHOLE}</div>", title=title).authors
    assert name.removeprefix("أ. ") == "كريم الحيان"


@pytest.mark.parametrize(
    "byline",
    ["<p>*كريم الحيان</p>", f"{'<figure><figcaption>عند البئر</figcaption></figure>' * 6}<p>نص: كريم الحيان</p>"],
)
def test_writers_behind_the_text(byline: str) -> None:
    title = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
    said = article(f"<h1>{title}</h1><div>{WHOLE}{byline}</div>", title=title)
    assert said.authors == ("كريم الحيان",)
    assert said.body.splitlines()[-1] != "*كريم الحيان"


@pytest.mark.parametrize("name", ["محمد الأمين ولد سيدي", "عبد الإله أيت باها"])
def test_names_whose_family_begins_like_a_verb(name: str) -> None:
    title = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
    assert article(f"<h1>{title}</h1><div>{WHOLE}<p><b>{name} – روصو</b></p></div>", title=title).authors == (name,)


def test_how_often_a_page_was_seen_is_nobody() -> None:
    title = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
    row = "<div>الكاتب: Admin بتاريخ: 30-07-2021 | مرات المشاهدة: 5511</div>"
    assert article(f"<h1>{title}</h1>{row}<div>{WHOLE}</div>", title=title).authors == ()


def test_the_writer_in_a_meta_element_of_turkish_sites() -> None:
    title = "Köy yirmi yıl sonra ilk kuyusunu kazdı"
    text = "<p>Köyün kadınları gün doğmadan iki saat yürüyüp iki teneke bulanık suyla dönerdi.</p>" * 3
    head = '<meta name="articleAuthor" content="Elif Demirci">'
    assert article(f"<h1>{title}</h1>{text}", title=title, head=head).authors == ("Elif Demirci",)


def test_a_name_above_the_headline_that_the_title_states_too_is_the_writers() -> None:
    body = f"<h3>كريم الحيان</h3><h2>الواسطة وأختها الفزعة في دواوين المدينة</h2>{WHOLE}"
    head = '<meta property="og:title" content="كريم الحيان - الواسطة وأختها الفزعة في دواوين المدينة">'
    assert article(body, title="صحيفة السدرة", head=head).authors == ("كريم الحيان",)


def test_the_day_in_the_foot_of_the_articles_head() -> None:
    title = "الجامعة تستضيف المؤتمر العلمي الرابع للغة العربية"
    foot = '<div class="footer"><time itemprop="datePublished" datetime="2024-02-29">29 شباط</time></div>'
    published = article(f"<h3>{title}</h3>{foot}{WHOLE}", title=title).published_at
    assert published is not None
    assert published.date().isoformat() == "2024-02-29"


@pytest.mark.parametrize(
    "line",
    [
        # Drupal's own theme.
        '<footer class="node__meta"><p class="node__submitted">حاورها: سفيان | 29 شباط/فبراير 2024</p></footer>',
        # A paper's issue: below the headline it is the one that the article is in.
        "<div>الخميس 19 شعبان 1445هـ - 29 فبراير 2024م - العدد 9921</div>",
        "<div>2024 فبراير 29 07:48</div>",
        "<div><span>29/02/2024</span> <span>LOC : 14:40 LAST UPDATE</span> <span>GMT : 11:40</span></div>",
    ],
)
def test_the_day_of_a_line_below_the_headline(line: str) -> None:
    title = "الجامعة تستضيف المؤتمر العلمي الرابع للغة العربية"
    published = article(f"<article><h1>{title}</h1>{line}{WHOLE}</article>", title=title).published_at
    assert published is not None
    assert published.date().isoformat() == "2024-02-29"


def test_the_day_in_an_address_that_joomla_made() -> None:
    title = "الجامعة تستضيف المؤتمر العلمي الرابع للغة العربية"
    record = read(f"<h1>{title}</h1>{WHOLE}", title=title, url="https://sidra.example/ar/7-2024-02-29-09-24-31")
    assert isinstance(record, ArticleText)
    assert record.published_at is not None
    assert record.published_at.date().isoformat() == "2024-02-29"


@pytest.mark.parametrize("is_shown", [False, True])
def test_day_and_writer_of_a_story_in_the_state_of_a_script(is_shown: bool) -> None:
    title = "الجامعة تستضيف المؤتمر العلمي الرابع للغة العربية"
    story = {"headline": title, "byline": [{"name": "كريم الحيان"}], "published": "2024-02-29T08:00:00+03:00"}
    text, shown = ({}, WHOLE) if is_shown else ({"bodyHtml": WHOLE}, "...")
    state = json.dumps({"props": {"story": story | text, "id": "7" * 500}}, ensure_ascii=False)
    body = f'<h1>{title}</h1><div>{shown}</div><script id="__NEXT_DATA__" type="application/json">{state}</script>'
    said = article(body, title=title)
    assert said.body.splitlines() == list(TEXT)
    assert said.authors == ("كريم الحيان",)
    assert said.published_at is not None
    assert said.published_at.date().isoformat() == "2024-02-29"


def test_a_list_of_prices_divides_no_text() -> None:
    title = "الدولار يواصل الصعود في البنوك"
    rates = "".join(f"<dt>بنك {n}</dt><dd>23.0{n} للشراء</dd>" for n in range(1, 5))
    text = f"<div>{TEXT[0]}</div><div>على النحو التالي:</div><dl>{rates}</dl><div>{TEXT[1]}</div>"
    said = article(f"<h1>{title}</h1><div>{text}</div>{LINKS}", title=title)
    assert said.body.splitlines()[-1] == TEXT[1]
    assert "23.04 للشراء" in said.body


def test_a_question_with_buttons_is_no_text_and_an_answer_that_unfolds_is() -> None:
    title = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
    quiz = "<div><h5>اختبر نفسك</h5><p>هل تشرب ماء البئر؟</p><button>نعم</button><button>لا</button></div>"
    unfolds = f"<div><button>متى؟</button><div>{TEXT[1]}</div><button>وبعد؟</button><div>{TEXT[2]}</div></div>"
    body = f"<h1>{title}</h1><article><p>{TEXT[0]}</p>{quiz}{unfolds}</article>"
    said = article(body, title=title).body
    assert "هل تشرب" not in said
    assert TEXT[2] in said


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (f"<h1>جدول البرامج</h1>{WHOLE}{LINKS}", "جدول البرامج | قناة السدرة"),
        # As content systems state it: an article.
        (
            '<meta property="og:type" content="article"><h1>دليل البرامج</h1>'
            + "".join(f"<p>{n:02}:30 {TEXT[n % 3]}</p>" for n in range(8)),
            "دليل البرامج ليوم الخميس 13 نوفمبر - قناة السدرة",
        ),
        # A thing with its price.
        (
            '<meta property="og:type" content="product"><script type="application/ld+json">'
            '{"@type": "Product", "name": "إبريق", "offers": {"@type": "Offer", "price": "189"}}</script>'
            f"<h1>إبريق نحاسي يدوي سعة ثلاثة لترات</h1>{WHOLE}",
            "إبريق نحاسي يدوي سعة ثلاثة لترات",
        ),
        (
            "<h1>مواقيت الصلاة اليوم في السدرة</h1><table>"
            + "".join(f"<tr><td>حي رقم {n}</td><td>05:0{n}</td><td>12:1{n}</td></tr>" for n in range(9))
            + "</table>",
            "مواقيت الصلاة اليوم في السدرة | قناة السدرة",
        ),
        (f"<h1>نتائج البحث عن «سد»</h1><p>عدد النتائج 1,294 – الصفحة 3 من 65</p>{LINKS}", "نتائج البحث"),
    ],
)
def test_what_is_on_when_what_is_sold_and_what_a_search_found_are_lists(body: str, title: str) -> None:
    record = read(body, title=title, url="https://sidra.example/x")
    assert isinstance(record, Rejected)
    assert record.reason is Rejection.LISTING


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<meta property="og:type" content="article">', "مواعيد برامج رمضان على قناة السدرة هذا العام"),
        ('<meta property="og:type" content="article">', "دليل البرامج"),
        (
            '<script type="application/ld+json">[{"@type": "Product", "name": "إبريق", "offers": {"price": "189"}}, '
            '{"@type": "NewsArticle", "headline": "إبريق نحاسي تحت الاختبار"}]</script>',
            "إبريق نحاسي تحت الاختبار",
        ),
    ],
)
def test_a_story_about_programmes_or_a_thing_is_an_article(head: str, title: str) -> None:
    assert article(f"<h1>{title}</h1>{WHOLE}", title=title, head=head).body.splitlines() == list(TEXT)


def test_a_wall_that_says_all_its_purposes_is_none() -> None:
    purposes = "".join(
        f"<p>الغرض {n}: نقوم نحن وشركاؤنا بتخزين معلومات على الجهاز والوصول إليها لقياس المحتوى.</p>" for n in range(30)
    )
    record = read(
        f"<h1>خصوصيتك تهمنا</h1>{purposes}", title="السدرة - خصوصيتك تهمنا", url="https://sidra.example/n/7123456"
    )
    assert isinstance(record, Rejected)
    assert record.reason is Rejection.COOKIE_WALL
