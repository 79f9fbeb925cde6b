"""Walls, boards, lists of jobs and films among other films are no articles; stories of such things stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

FREE = (
    ("حافلة المدرسة تعود إلى خط الجبل", "عادت حافلة المدرسة إلى خط الجبل بعد أن أصلح السائق محركها بمساعدة حداد الحي."),
    ("خباز المدينة يوزع أرغفته ليلا", "يوزع خباز السوق أرغفته كل ليلة على العائلات التي فقدت بيوتها في فيضان الربيع."),
    ("متحف صغير لأدوات الصيد القديمة", "افتتح صياد متقاعد متحفا لأدوات الصيد القديمة في مخزن كان يحفظ فيه شباك أبيه."),
    ("مسابقة للخط في قصر الثقافة", "يشارك أربعون خطاطا في مسابقة قصر الثقافة التي تنتهي بمعرض مفتوح يدوم أسبوعين."),
)
STORY = "".join(f"<p>{line} {line}</p>" for _, line in FREE)


def reason(body: str, *, title: str, head: str = "", heading: str | None = None) -> Rejection | None:
    page = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{title} - صدى السدرة</title>{head}</head><body>'
        f"<h1>{heading or title}</h1>{body}</body></html>"
    )
    url = "https://sidra.example/p/12"
    record = extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url=url))
    return record.reason if isinstance(record, Rejected) else None


def closed(**fields: object) -> str:
    node = {"@type": "NewsArticle", "headline": "ملفات المرفأ", "isAccessibleForFree": False, **fields}
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'


@pytest.mark.parametrize(
    "heading",
    [
        "هذا المحتوى للمشتركين",
        "هذا المقال متاح للمشتركين فقط",
        "محتوى حصري للأعضاء",
        "This article is for subscribers only",
        "Contenu réservé aux abonnés",
    ],
)
def test_a_wall_with_free_stories_below_it_is_none(heading: str) -> None:
    cards = "".join(f"<div><h3>{a}</h3><p>{b} {b}</p></div>" for a, b in FREE)
    wall = "<p>اشترك للوصول إلى أكثر من أربعة آلاف مادة خاصة وأرشيف يمتد إلى عام 1994.</p>"
    assert reason(f"{wall}<section>{cards}</section>", title=heading, head=closed()) is Rejection.PAYWALL


def test_a_story_of_subscribers_and_an_open_one_below_a_badge_stay() -> None:
    title = "هذا المحتوى للمشتركين: معركة الصحف مع القراء"
    assert reason(f"<div>15 نوفمبر 2026</div>{STORY}", title=title, head=closed()) is None
    open_one = closed(isAccessibleForFree=True)
    assert reason(STORY, title="حكايات المدينة في شهر", heading="محتوى للمشتركين", head=open_one) is None


ROWS = "".join(f"<tr><td>عملة {name}</td><td>141,{n}50</td><td>142,{n}00</td></tr>" for n, name in enumerate("أبجدهوز"))


def table(intro: str) -> str:
    return f"<p>{intro}</p><table>{ROWS}</table><p>الأسعار استرشادية ولا نتحمل مسؤولية أي صفقة تبنى عليها.</p>"


BOARD = "تعرض هذه اللوحة متوسط أسعار البيع والشراء لدى مكاتب الصيرفة، وتتجدد كل خمس دقائق."


def test_a_table_below_a_line_on_the_board_is_no_article_where_nothing_dates_it() -> None:
    title = "أسعار صرف العملات اليوم في بورصة السدرة"
    updated = "<p>آخر تحديث: الأربعاء 10 حزيران 2026</p>"
    assert reason(updated + table(BOARD), title=title) is Rejection.LISTING
    assert reason(f"<div>10 حزيران 2026</div>{table(BOARD)}", title=title) is None
    assert reason(table(BOARD), title=title, head='<meta property="og:type" content="article">') is None
    told = "ارتفعت أسعار صرف العملات في بورصة السدرة صباح اليوم، وقال صيرفي إن الطلب تضاعف."
    assert reason(updated + table(told), title=title) is None


JOBS = (
    ("معلمة رياض أطفال", "نبحث عن معلمة تحمل دبلوما في الطفولة المبكرة، تجيد سرد القصص وتنظيم الأنشطة."),
    ("فني تكييف وتبريد", "صيانة وحدات التكييف في المدارس والعيادات، مع رخصة قيادة سارية واستعداد للسفر."),
    ("محاسب مخازن", "تسجيل حركة الدخول والخروج يوميا على النظام، وإعداد جرد نصف شهري للمخازن كلها."),
    ("مرشد سياحي", "مرافقة الأفواج داخل القلعة والسوق، والتحدث بالإنجليزية والفرنسية بطلاقة تامة."),
)
ARTICLE = '<meta property="og:type" content="article">'


@pytest.mark.parametrize("offer", ["قدّم الآن", "التقديم للوظيفة", "Apply now", "سجل الآن"])
def test_posts_with_a_link_to_apply_below_each_are_no_article(offer: str) -> None:
    title = "وظائف السدرة: شواغر جديدة هذا الأسبوع"
    posts = "".join(
        f"<div class=job><h3>{a}</h3><p>{b}</p><span>آخر موعد: 30 مايو 2026</span><a href='/j/{n}'>{offer}</a></div>"
        for n, (a, b) in enumerate(JOBS)
    )
    assert reason(posts, title=title, head=ARTICLE) is Rejection.LISTING
    told = "".join(f"<p>{line}</p>" for _, line in FREE)
    assert reason(told + posts, title=title, head=ARTICLE) is None, "a story of jobs"


VIDEO = '<meta property="og:type" content="video.other"><meta property="og:video" content="https://sidra.example/v/1">'
PLAYER = '<div class="player"><video src="/v.mp4"></video></div><div>#السدرة #قطط</div>'


def test_a_film_with_what_viewers_say_is_no_article() -> None:
    title = "شاهد لحظة إنقاذ قطة من بئر"
    said = "".join(f"<div><b>زائر {n}</b><p>{line}</p></div>" for n, (_, line) in enumerate(FREE))
    assert reason(f"{PLAYER}<div class=v-com>{said}</div>", title=title, head=VIDEO) is Rejection.VIDEO


@pytest.mark.parametrize("text", [STORY, f"<div class=text>{STORY}</div>"])
def test_a_story_below_its_film_stays(text: str) -> None:
    assert reason(PLAYER + text, title="شاهد لحظة إنقاذ قطة من بئر", head=VIDEO) is None


MATCHES = "".join(
    f"<h2>{cup}</h2><ul><li><span>{one}</span><b>{how}</b><span>{other}</span><i>لم تبدأ</i></li></ul>"
    for cup, one, how, other in (
        ("كأس السدرة", "نجوم الوادي", "4 - 0", "شباب الجبل"),
        ("دوري القرى", "اتحاد النهر", "20:00", "نسور السهل"),
        ("وديات الأندية", "هلال الساحل", "1 - 1", "وفاق المرفأ"),
    )
)
NOTE = (
    "<p>يلعب النهائي يوم الأحد 13 يوليو على ملعب المدينة، الساعة العاشرة مساء بتوقيت السدرة، وتنقله القناة الثانية.</p>"
)


@pytest.mark.parametrize(
    "title", ["مباريات اليوم", "مباريات اليوم | نتائج مباشرة", "جدول مباريات اليوم", "Live scores"]
)
def test_who_plays_whom_today_with_a_note_is_a_board(title: str) -> None:
    dated = "مباريات اليوم الخميس 10-07-2026"
    assert reason(f"<main>{MATCHES}{NOTE}</main>", title=title, heading=dated) is Rejection.LISTING


def test_a_report_of_todays_matches_is_an_article() -> None:
    told = "<p>وقال مدرب نجوم الوادي إن فريقه لم يلعب مباراة كهذه منذ عامين، وإنه يهدي الفوز إلى الأهالي.</p>"
    dated = "<p>10 يوليو 2026</p>"
    assert reason(f"<main>{dated}{NOTE}{told}{MATCHES}</main>", title="مباريات اليوم") is None
    assert reason(f"<main>{dated}{NOTE}{told}{MATCHES}</main>", title="نتائج مباريات اليوم في كأس السدرة") is None
