"""Errors, policies, services and lists that look like articles are none; stories of the same look stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import Rejected

MENU = '<nav><a href="/">الرئيسية</a> <a href="/s/1">محليات</a></nav>'
TODAY = "<div>الجمعة 20 نوفمبر 2026</div>"
DAY = "<div>الأحد 15 نوفمبر 2026</div>"


def is_article(title: str, body: str, *, day: str = "", above: str = "", head: str = "") -> bool:
    page = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{title} - صدى السدرة</title>{head}</head><body>{above}'
        f"{MENU}<h1>{title}</h1>{day}{body}</body></html>"
    )
    url = "https://sidra.example/p/12"
    return not isinstance(extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url=url)), Rejected)


def paragraphs(*lines: str) -> str:
    return "<div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"


@pytest.mark.parametrize("above", ["", TODAY], ids=["no day", "today above the menu"])
@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("خطأ", ("حدث خطأ غير متوقع أثناء معالجة طلبك، يرجى المحاولة مرة أخرى بعد قليل.",)),
        ("عذرا", ("واجهنا مشكلة في عرض ما أردت، وفريقنا يعمل على حلها، نرجو إعادة المحاولة لاحقا.",)),
        ("رسالة إدارية", ("أنت لست مسجلا في المنتدى أو لا تملك صلاحية لدخول هذه الصفحة لأن حسابك غير مفعل.",)),
        ("رسالة الموقع", ("لم يتم تحديد خبر، إذا تتبعت رابطا صحيحا فيرجى إخطار الإدارة بذلك.",)),
        ("تنبيه", ("هذا المقطع مخصص للبالغين ولا يناسب الصغار، هل أنت فوق 18 عاما؟",)),
        ("انتهى التصويت", ("شكرا لمشاركتكم في استطلاعات الرأي، وتنشر النتائج في الأسبوع المقبل.",)),
        ("البث المباشر", ("تابعوا البث الحي لقناة السدرة على مدار الساعة وبجودة عالية عبر موقعنا.",)),
        ("راديو السدرة مباشر", ("استمعوا إلى راديو السدرة على التردد 98.5 ويمكنكم تنزيل التطبيق للهاتف المحمول.",)),
        ("حاسبة الزكاة", ("أدخل قيمة المال المدخر لمعرفة مقدار الزكاة الواجبة فيه بحسابات هذا اليوم.",)),
    ],
)
def test_words_to_a_visitor_are_no_story(title: str, lines: tuple[str, ...], above: str) -> None:
    assert not is_article(title, paragraphs(*lines), above=above)


ON_ITSELF = (
    "صدى السدرة صحيفة إلكترونية مستقلة تأسست عام 2012 على يد مجموعة من صحفيي المدينة وكتابها.",
    "تلتزم الصحيفة بالدقة، ولا تنشر إلا ما تحقق منه محرروها من مصدرين مستقلين على الأقل.",
)
ITS_TITLES = [
    "تعريف بصدى السدرة",
    "نبذة عن صدى السدرة",
    "شروط النشر في صدى السدرة",
    "شروط النشر",
    "قواعد التعليقات",
    "السياسة التحريرية",
    "ميثاق الشرف الصحفي",
    "اتفاقية الاستخدام وسياسة الخصوصية",
    "سياسة الخصوصية وملفات تعريف الارتباط",
]


@pytest.mark.parametrize("above", ["", TODAY], ids=["no day", "today above the menu"])
@pytest.mark.parametrize("title", ITS_TITLES)
def test_what_a_site_says_of_itself_under_other_titles(title: str, above: str) -> None:
    assert not is_article(title, paragraphs(*ON_ITSELF), above=above)
    assert is_article(title, paragraphs(*ON_ITSELF), day=DAY, above=above)


def test_a_page_on_the_site_that_its_theme_states_as_an_article_of_nobody() -> None:
    stated = (
        '<script type="application/ld+json">{"@type": "Article", "headline": "من نحن", "datePublished": "2019-08-01"'
    )
    head = f'{stated}, "author": {{"@type": "Person", "name": "admin"}}}}</script>'
    assert not is_article("من نحن", paragraphs(*ON_ITSELF), head=head)
    column = paragraphs(
        "سألني صديق قديم ونحن نعبر الجسر عن سؤال قديم، ولم أجد جوابا سهلا يحمله سطر واحد في هذا المساء.",
        "نحن أبناء مدينة تعبت من الأسئلة، ومع ذلك لا تكف عن طرحها كل صباح في المقاهي وعلى الأرصفة.",
    )
    assert is_article("من نحن", column, head=head)


ROWS = "".join(f"<tr><td>{n}</td><td>الفريق {name}</td><td>{30 - n}</td></tr>" for n, name in enumerate("أبتثجح", 1))


@pytest.mark.parametrize("title", ["ترتيب الدوري", "الطقس في السدرة", "جدول المعدلات"])
def test_a_table_alone_is_a_board_and_beside_a_report_it_is_an_article(title: str) -> None:
    table = f"<table>{ROWS}</table>"
    assert not is_article(title, table, above=TODAY)
    report = paragraphs(
        "تصدر الفيصلي الترتيب بعد فوزه على الوحدات بهدفين في الجولة العاشرة التي اختتمت مساء السبت.",
        "وحل الحسين ثانيا بفارق نقطة واحدة عنه.",
    )
    assert is_article(title, report + table)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("الطقس في السدرة", ("تتوقع الأرصاد أن يكون الطقس غائما مع أمطار خفيفة في الشمال وعلى الجبال العالية.",)),
        ("تهنئة", ("تتقدم أسرة صدى السدرة بالتهنئة إلى الزميل عمر بمناسبة زفافه وتتمنى له حياة سعيدة.",)),
        ("البث المباشر", ("قال رئيس القناة إن البث المباشر لجلسات البرلمان يعود الأسبوع المقبل بعد توقف شهر.",)),
        ("عودة رحلة إلى المطار", ("حدث خطأ ما في محرك الطائرة بعد الإقلاع، فعاد الطيار إلى المطار بركابه سالمين.",)),
        (
            "خلاف على المعابر",
            ("قالت الحكومة إن الإقليم لا يملك الأمر، وإن بغداد لا تملك الصلاحية لإغلاق هذه المعابر.",),
        ),
        ("انتهت مدة التصويت في النقابة", ("انتهت مدة التصويت في انتخابات النقابة مساء السبت وبدأ فرز الأصوات.",)),
    ],
)
def test_a_short_story_that_begins_like_a_service_or_an_error(title: str, lines: tuple[str, ...]) -> None:
    assert is_article(title, paragraphs(*lines), day=DAY)


STORIES = [
    f"{what} {where} بعد عامين من التأخير"
    for what in ("افتتاح سد", "إصلاح طريق", "بناء مدرسة")
    for where in ("قبا", "سلا")
]


def excerpt(title: str) -> str:
    return f"{title} بحسب ما أعلنته الجهات المعنية في مؤتمر صحفي عقد مساء السبت بحضور عدد من أهالي المدينة."


def test_headlines_that_are_links_each_with_a_line_behind_it_are_a_list() -> None:
    rows = "<br><br>".join(f'<a href="/n/{n}">{title}</a><br>{excerpt(title)}' for n, title in enumerate(STORIES))
    page = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>محليات</title></head><body>{MENU}<div>{rows}</div></body>'
    )
    assert isinstance(
        extract_article(
            Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url="https://s.example/list.asp?sec=1")
        ),
        Rejected,
    )


@pytest.mark.parametrize(
    ("does", "expected"), [("go({0})", False), ("location='/n/{0}'", False), ("unfold(this)", True)]
)
def test_boxes_that_a_script_opens_are_a_list_unless_they_unfold(does: str, expected: bool) -> None:
    boxes = "".join(
        f'<div class="post" onclick="{does.format(n)}"><h3>{title}</h3><p>{excerpt(title)}</p></div>'
        for n, title in enumerate(STORIES)
    )
    assert is_article("محليات", boxes) is expected
