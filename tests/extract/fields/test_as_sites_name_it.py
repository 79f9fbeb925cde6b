"""Headlines and writers as sites print them where stated titles and bylines say something else, or nothing."""

from __future__ import annotations

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
    ],
)
def test_writers(byline: str) -> None:
    title = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
    assert article(f"<h1>{title}</h1>{byline}<div>{WHOLE}</div>", title=title).authors == ("كريم الحيان",)


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
        (f"<h1>نتائج البحث عن «سد»</h1><p>عدد النتائج 1,294 – الصفحة 3 من 65</p>{LINKS}", "نتائج البحث"),
    ],
)
def test_what_is_on_when_and_what_a_search_found_are_lists(body: str, title: str) -> None:
    record = read(body, title=title, url="https://sidra.example/x")
    assert isinstance(record, Rejected)
    assert record.reason is Rejection.LISTING


def test_a_wall_that_says_all_its_purposes_is_none() -> None:
    purposes = "".join(
        f"<p>الغرض {n}: نقوم نحن وشركاؤنا بتخزين معلومات على الجهاز والوصول إليها لقياس المحتوى.</p>" for n in range(30)
    )
    record = read(
        f"<h1>خصوصيتك تهمنا</h1>{purposes}", title="السدرة - خصوصيتك تهمنا", url="https://sidra.example/n/7123456"
    )
    assert isinstance(record, Rejected)
    assert record.reason is Rejection.COOKIE_WALL
