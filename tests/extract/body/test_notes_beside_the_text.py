"""What stands in and around a text that sums it up, is its references, or asks its readers for gifts."""

from __future__ import annotations

import pytest

from tests.extract.body.test_stories_beside_the_text import FIRST, OTHER, REST, SAID, STORY, TOLD, body
from tests.extract.boilerplate.test_as_sites_print_it import TEXT, WHOLE, read


def test_points_that_a_program_wrote_above_the_text_are_none_of_it() -> None:
    points = "<ul><li>بئر أولى تغير حياة القرية.</li><li>الفتيات يعدن إلى المدرسة بعد عام.</li></ul>"
    day = '<div class="by"><span>سامي الغندور</span><span>الجمعة 20 فبراير 2026 22:05</span></div>'
    for head in ("<div><h5>✨ أهم النقاط</h5>", '<div class="ai-box"><h4>أبرز النقاط</h4>', "<div><h5>🤖 ملخص</h5>"):
        assert body(WHOLE, above=f"{day}{head}{points}</div>") == list(TEXT)
    assert len(body(WHOLE, above=f"{day}<div><h5>أهم النقاط</h5>{points}</div>")) == len(TEXT) + 2


@pytest.mark.parametrize("heading", ["<b>المراجع</b>", "<h3>قائمة المراجع:</h3>", "<h4>المصادر والمراجع</h4>"])
@pytest.mark.parametrize(
    "listed",
    [
        "<ol><li>دليل رعاية الآبار، نقابة المهندسين، 2021.</li><li>Rural wells, Water Review 2023;44:118.</li></ol>",
        "<p>1. دليل رعاية الآبار في القرى الجبلية، نقابة المهندسين، الطبعة الثالثة، بيروت 2021.</p>",
    ],
)
def test_references_and_what_stands_below_them(heading: str, listed: str) -> None:
    cards = f'<div class="c"><h4>{STORY}</h4>{TOLD}</div><div class="c"><h4>{OTHER}</h4>{SAID}</div>'
    note = "<div>المعلومات لا تغني عن زيارة العيادة، استشر طبيبك دائما.</div>"
    assert body(WHOLE, below=f"<div>{heading}{listed}</div>{note}<div>{cards}</div>") == list(TEXT)


def test_a_part_on_references_amid_the_text_stays() -> None:
    assert body(f"{FIRST}<h3>المراجع</h3>{''.join(REST)}") == [TEXT[0], "المراجع", *TEXT[1:]]


@pytest.mark.parametrize(
    "plea",
    [
        "<h3>ادعم صحافتنا المستقلة</h3><p>نحن فريق صغير، وتبرعك بخمسة يوروهات يبقي هذه الصفحة مفتوحة للجميع.</p>",
        "<p><b>ساهم في استمرار «السدرة»</b></p><p>ثمن قهوتنا يكفي لطباعة عشرين نسخة. تبرعوا عبر البنك.</p>",
        "<p>قراءنا الأعزاء، موقعنا بلا إعلانات وبلا ممول، ويعيش من تبرعاتكم وحدها.</p>",
        "<p>صحافة حرة تحتاج إليك: ادعم استقلاليتنا بمبلغ صغير كل شهر.</p>",
        "<p>إذا أعجبك هذا التقرير فادعمنا بثمن فنجان قهوة.</p>",
        "<p><b>ساند الصحافة المستقلة</b></p><p>اشتراكك السنوي يمول التحقيقات ويبقي موقعنا مجانيا للجميع.</p>",
        "<p>Soutenez un journalisme indépendant : faites un don</p>",
    ],
)
def test_pleas_for_gifts_amid_the_text(plea: str) -> None:
    page = f'<h1>{{}}</h1><div class="t">{FIRST}<div class="dn">{plea}</div>{"".join(REST)}</div>'
    record = read(
        page.format("قرية تحفر بئرها الأولى بعد عقدين"), head='<meta property="og:site_name" content="السدرة">'
    )
    assert getattr(record, "body", "").splitlines() == list(TEXT)


@pytest.mark.parametrize(
    "sentence",
    [
        "وقالت المديرة للمتبرعين إن دعمكم يبقي هذه المدرسة مفتوحة للجميع، ثم شكرت أهل القرية واحدا واحدا.",
        "وتبرع الأهالي بثمن المضخة كلها، وقالوا إن موقعنا البعيد عن المدينة لن يبقينا بلا ماء بعد اليوم.",
        "وارتفع سعر القهوة في المدينة إلى الضعف، فصار أهل القرية يشربون الشاي مع المتبرعين بالبئر.",
    ],
)
def test_what_is_told_of_gifts_stays(sentence: str) -> None:
    assert body(f"{FIRST}<p>{sentence}</p>{''.join(REST)}") == [TEXT[0], sentence, *TEXT[1:]]
