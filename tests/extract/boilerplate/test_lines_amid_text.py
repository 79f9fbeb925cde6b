"""Lines between and behind paragraphs that are no text: invitations, tags, credits, comments; and lists that are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText

TITLE = "المجلس البلدي يقر خطة لترميم السوق القديم"
PARAGRAPHS = (
    "أقر المجلس البلدي في جلسة مساء الأحد خطة لترميم السوق القديم تمتد ثلاثة أعوام وتشمل السقوف والأرصفة.",
    "وقال رئيس المجلس إن التمويل سيأتي من صندوق المدينة ومن تبرعات التجار الذين وعدوا بالمساهمة في العمل.",
    "ورحب أصحاب المحال بالخطة وطلبوا أن يجري العمل ليلا حتى لا تتوقف حركة البيع في موسم الأعياد المقبل.",
)


def article(*, middle: str = "", trailing: str = "", leading: str = "") -> ArticleText:
    first, *others = [f"<p>{text}</p>" for text in PARAGRAPHS]
    html = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{TITLE} | جريدة المرفأ</title></head><body>'
        f'<h1>{TITLE}</h1><div class="entry">{leading or first}{middle}{"".join(others)}{trailing}</div></body></html>'
    )
    record = extract_article(Page(html.encode(), datetime(2024, 12, 20, tzinfo=UTC), url="https://marfa.example/n/8"))
    assert isinstance(record, ArticleText), record
    return record


def added(record: ArticleText) -> list[str]:
    return [line for line in record.body.splitlines() if line not in PARAGRAPHS]


@pytest.mark.parametrize(
    "line",
    [
        "للمزيد من الأخبار تابعنا على واتساب.",
        "يمكنكم متابعة جريدة المرفأ عبر حسابها في منصة إكس.",
        "تابع جريدة المرفأ على جوجل نيوز.",
        "حمّل تطبيق جريدة المرفأ الآن لتصلك الأخبار أولا بأول.",
        "كلمات دلالية: السوق القديم، ترميم، البلدية.",
        "الوسوم: السوق، الترميم",
        "هاشتاغ: #السوق #ترميم",
        "#السوق_القديم #ترميم #البلدية",
        "#السوق_القديم",
    ],
)
@pytest.mark.parametrize("place", ["middle", "trailing"])
def test_invitations_and_tags_go_with_or_without_a_full_stop(place: str, line: str) -> None:
    assert added(article(**{place: f"<p>{line}</p>"})) == []


def test_tags_below_their_heading_go() -> None:
    assert added(article(trailing="<p>كلمات دلالية</p><p>السوق القديم</p><p>ترميم</p>")) == []


@pytest.mark.parametrize(
    "line",
    [
        "تابع مراسل جريدة المرفأ جلسة المجلس على قناة السويس ثم نقل ما قاله الوزير لأصحاب السفن.",
        "تابعنا على تويتر خلال الأيام الماضية حملة واسعة شارك فيها شباب من المدينة ومن القرى المجاورة.",
        "وتصدر وسم #السوق_القديم قائمة الأكثر تداولا في المدينة خلال ساعات.",
    ],
)
def test_reports_that_speak_of_the_same_things_stay(line: str) -> None:
    assert added(article(middle=f"<p>{line}</p>")) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "كتب سامي الغريب",
        "تقرير وتصوير سامي الغريب",
        "تصوير سامي نزار",
        "غرفة الأخبار",
        "خاص المرفأ",
        "المصدر رويترز",
    ],
)
def test_a_credit_without_a_colon_behind_the_text_goes(line: str) -> None:
    assert added(article(trailing=f"<p>{line}</p>")) == []


def test_who_wrote_and_took_the_pictures_is_the_person_alone() -> None:
    assert article(trailing="<p>تقرير وتصوير سامي الغريب</p>").authors == ("سامي الغريب",)


@pytest.mark.parametrize("heading", ["<h3>التعليقات</h3>", "<p>التعليقات (2)</p>", "<h4>تعليقات القراء</h4>"])
@pytest.mark.parametrize(
    "comments",
    [
        (
            "أحمد سالم",
            "خبر مفرح جدا نتمنى أن يكتمل العمل في موعده.",
            "منى الحاج",
            "أتمنى أن يشمل بقية الأسواق في المدينة.",
        ),
        ("أحمد سالم: خبر مفرح جدا نتمنى أن يكتمل العمل في موعده.", "منى الحاج: أتمنى أن يشمل بقية الأسواق في المدينة."),
        ("1 - أحمد سالم 12:30", "خبر مفرح جدا نتمنى أن يكتمل العمل في موعده."),
        ("أحمد سالم قبل 3 ساعات", "خبر مفرح جدا نتمنى أن يكتمل العمل في موعده."),
    ],
)
def test_comments_in_the_texts_own_paragraphs_go_where_a_heading_and_a_name_open_them(
    heading: str, comments: tuple[str, ...]
) -> None:
    assert added(article(trailing=heading + "".join(f"<p>{line}</p>" for line in comments))) == []


@pytest.mark.parametrize("sign", ["- ", "• ", "1. "])
def test_a_list_of_short_lines_at_the_very_end_stays_whole(sign: str) -> None:
    items = [f"{sign}تأهيل السقوف الخشبية", f"{sign}رصف الممرات بالحجر", f"{sign}إنارة المداخل"]
    assert added(article(trailing="".join(f"<div>{item}</div>" for item in items))) == items


def test_the_first_line_of_a_paragraph_that_a_break_divides_stays() -> None:
    rest = "البلدي في جلسة مساء الأحد خطة لترميم السوق القديم تمتد ثلاثة أعوام وتشمل السقوف والأرصفة."
    assert added(article(leading=f"<p>أقر المجلس<br>{rest}</p>")) == ["أقر المجلس", rest]


FORMS = [
    "<form><p>ما رأيك في خطة ترميم السوق القديم؟</p><label><input type=radio> أؤيدها تماما</label>"
    "<label><input type=radio> أرى أن تؤجل إلى العام المقبل</label><input type=submit value=صوت></form>",
    "<form action=/news><p>اشترك في النشرة البريدية للمرفأ كل صباح.</p><input type=email>"
    "<label><input type=checkbox> أوافق على أن يحتفظ الموقع ببريدي.</label><button>أرسل</button></form>",
    "<form id=report><div>هل وجدت خطأ في هذا الخبر؟ اكتب لنا ما هو الصواب.</div><textarea></textarea></form>",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["middle", "trailing"])
def test_what_a_form_asks_readers_goes(form: str, place: str) -> None:
    assert added(article(**{place: form})) == []


@pytest.mark.parametrize(
    "opening", ["<form id=aspnetForm><input type=hidden>", "<form><input name=q> <button>بحث</button>"]
)
@pytest.mark.parametrize("place", ["leading", "middle"])
def test_text_in_a_form_that_nobody_closed_stays(opening: str, place: str) -> None:
    leading = f"<p>{PARAGRAPHS[0]}</p>"
    record = article(leading=f"{opening}{leading}") if place == "leading" else article(middle=opening)
    assert record.body.splitlines() == [*PARAGRAPHS]


@pytest.mark.parametrize("names", ["pullquote", "wp-block-pullquote", "pull-quote d-none d-md-block"])
def test_a_pull_quote_that_repeats_a_paragraph_goes_and_one_with_words_of_its_own_stays(names: str) -> None:
    shortened = "خطة للترميم تمتد ثلاثة أعوام وتشمل السقوف والأرصفة"
    own = "لا يمكن أن نتركه يسقط حجرا بعد حجر ونحن ننظر إليه"
    quotes = "".join(f'<blockquote class="{names}">{line}</blockquote>' for line in (shortened, own))
    assert added(article(middle=quotes)) == [own]


@pytest.mark.parametrize("names", ["pullquote", "aside pull"])
def test_a_pull_quote_may_turn_the_words_of_a_paragraph_around(names: str) -> None:
    turned = "للسقوف والأرصفة خطة ترميم تمتد ثلاثة أعوام"
    assert added(article(middle=f'<blockquote class="{names}">{turned}</blockquote>')) == []


def test_a_column_that_is_pulled_to_a_side_is_no_quotation() -> None:
    last = "وتشمل الخطة السقوف والأرصفة، وتمتد ثلاثة أعوام."
    assert added(article(middle=f'<div class="col pull-right"><p>{last}</p></div>')) == [last]
