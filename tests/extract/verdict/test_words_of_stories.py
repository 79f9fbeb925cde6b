"""Words of errors, walls and boards in a story reject no story; said of the page itself, they still do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

DAY = "<div>الأحد 15 نوفمبر 2026</div>"
STATED = (
    '<meta property="og:type" content="article"><script type="application/ld+json">{"@type": "NewsArticle", '
    '"headline": "TITLE", "datePublished": "2026-11-15T10:00:00+03:00"}</script>'
)


def reason(title: str, *lines: str, day: str = DAY, head: str = "", above: str = "") -> Rejection | None:
    text = "".join(f"<p>{line}</p>" for line in lines)
    page = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{title} | السدرة</title>{head.replace("TITLE", title)}'
        f"</head><body>{above}<h1>{title}</h1>{day}<div>{text}</div></body></html>"
    )
    url = "https://sidra.example/news/48213"
    result = extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url=url))
    return result.reason if isinstance(result, Rejected) else None


STORIES = [
    ("العثور على صندوق الطائرة", "عثر الغواصون على أحد الصندوقين، ولم يتم العثور على الصندوق الثاني بعد."),
    ("حذف صفحة الناطق باسم الجيش", "تم حذف صفحة الناطق باسم الجيش على فيسبوك بعد بلاغات كثيرة مساء السبت."),
    ("صحيفة تسحب مقال رئيسها", "تم حذف المقال الذي نشره رئيس التحرير السابق بعد ساعة واحدة من نشره."),
    ("ندوة عن التضخم في صلالة", "قال الباحث إن الرابط بين الأجور والأسعار غير موجود في هذه السنوات الثلاث."),
    ("حجب موقع إخباري في الجزائر", "تم حظر الوصول إلى تطبيق للمراسلة في البلاد منذ صباح الأحد بقرار قضائي."),
    ("نتائج نقابة المحامين", "بلغ إجمالي الأصوات 3120 صوتا، ونال المرشح الأول ألفا وثمانمئة صوت منها."),
    ("تحذير من صفحات مزيفة", "حذر المصرف من صفحة تعرض عبارة «أثبت أنك لست روبوتا» ثم تسرق ما يكتبه الزائر."),
    ("انقطاع الخدمة في سنار", "الموقع الرسمي للوزارة غير متاح منذ مساء السبت، ويعمل الفنيون على إعادته."),
    ("معرض الطيور في الدوحة", "يفتتح المعرض صباح الخميس، ويكون يوم الجمعة للأعضاء فقط كما جرت العادة."),
    ("قراؤنا الكرام", "قالت الجريدة في عدد أمس: عذرا لقرائنا عن الخبر الذي نشر حول وفاة الفنان."),
    ("دعوة إلى مؤتمر المناخ", "سجل الآن لتتمكن من حضور المؤتمر، هكذا دعت الجامعة طلابها في رسالة قصيرة."),
]


@pytest.mark.parametrize(("day", "head"), [(DAY, ""), ("", STATED)], ids=["dated", "stated"])
@pytest.mark.parametrize(("title", "line"), STORIES)
def test_a_phrase_of_errors_and_walls_in_a_short_story_rejects_it_not(
    title: str, line: str, day: str, head: str
) -> None:
    assert reason(title, line, day=day, head=head) is None


def test_words_of_a_wall_in_a_longer_story_that_is_short_of_a_free_one() -> None:
    told = "وأوضح رئيس النادي أن العروض تستمر أسبوعين، وأن بطاقات الحفل الأخير تباع في المكتبة العامة وحدها. "
    line = "يعرض النادي فيلمه الأول مساء الثلاثاء للأعضاء فقط في قاعة المركز الثقافي."
    assert reason("نادي السينما يعود", line, told * 2, told * 2, head=STATED) is None


HEADLINES = [
    "الصحة: 404 إصابات جديدة بالكوليرا",
    "مقتل 404 مدنيين في الفاشر منذ بداية الشهر",
    "ارتفاع حصيلة زلزال المغرب إلى 410",
    "404 جثث في مقبرة بترهونة",
    "الصفحة غير موجودة.. رواية جديدة",
    "Access Denied: هاكرز يعطلون موقع البرلمان",
    "مواقيت الصلاة اليوم في عمان",
    "أسعار الذهب لحظة بلحظة",
]
PROSE = (
    "قالت الجهة المسؤولة في بيان مساء الأحد إن فرقها تتابع ما جرى في المحافظات كلها.",
    "وأضاف البيان أن ما أعلن أمس يبقى قائما حتى نهاية الأسبوع من غير تغيير.",
)


@pytest.mark.parametrize("title", HEADLINES)
def test_a_headline_with_the_number_or_words_of_an_error_or_board_stands_above_a_story(title: str) -> None:
    assert reason(title, *PROSE) is None


SAID_OF_THE_PAGE = [
    ("عفوا", "الخبر الذي طلبته غير متاح أو تم نقله إلى الأرشيف.", Rejection.SOFT_404),
    ("404", "لم نعثر على ما تبحث عنه، وربما تغير عنوانه.", Rejection.SOFT_404),
    ("تم حذف الخبر", "تم حذف هذا الخبر من قبل إدارة الموقع بعد نشره بيوم.", Rejection.SOFT_404),
    ("تنبيه", "تم حظر الوصول إلى هذا الموقع بقرار من هيئة تنظيم الاتصالات.", Rejection.BLOCK_PAGE),
    ("هل تؤيد الدوام الصيفي؟", "عدد المصوتين: 4,210 من القراء", Rejection.NO_TEXT),
]


@pytest.mark.parametrize("above", ["", "<div>الجمعة 20 نوفمبر 2026</div>"], ids=["no day", "day of the masthead"])
@pytest.mark.parametrize(("title", "line", "said"), SAID_OF_THE_PAGE)
def test_what_is_said_of_the_page_itself_rejects_it_below_a_day_too(
    title: str, line: str, said: Rejection, above: str
) -> None:
    assert reason(title, line, day="", above=above) is said


@pytest.mark.parametrize("line", ["هذا المقال متاح للمشتركين فقط.", "باقي المقال للمشتركين فقط.", "للأعضاء فقط"])
def test_a_wall_behind_the_first_lines_of_a_stated_story_is_a_wall(line: str) -> None:
    assert reason("مجلس السدرة يقر خطة للمياه", STORIES[0][1], line, head=STATED) is Rejection.PAYWALL


def test_a_board_with_a_day_that_speaks_to_its_reader_is_a_board() -> None:
    lines = ("تابعوا معنا على موقعنا أسعار الذهب في كل ساعة من ساعات النهار.", "نعرض لكم أسعار السبائك والجنيهات.")
    assert reason("أسعار الذهب لحظة بلحظة", *lines) is Rejection.LISTING
