"""Other stories behind the text without boxes of their own: headline, excerpt, in turn; and parts that look alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText
from tests.extract.fields.test_as_sites_name_it import TEXT

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين"
OTHERS = (
    (
        "توقف الحافلات على خط الجبل يومين كاملين",
        "قالت الشركة إن السائقين يطالبون بعقود دائمة وبأجر عن ساعات الليل التي يقضونها في الطريق.",
    ),
    ("خباز السوق القديم يوزع أرغفته ليلا بلا مقابل", "يوزع الخباز أرغفته على العائلات التي فقدت بيوتها في الفيضان."),
    ("متحف صغير لأدوات الصيد في مخزن مهجور", "افتتح صياد متقاعد متحفا لأدوات الصيد حيث كان يحفظ شباك أبيه."),
    ("اختتام مسابقة الخط العربي في قصر الثقافة", "شارك أربعون خطاطا في المسابقة التي تنتهي بمعرض مفتوح للزوار."),
)


def body(behind: str, *, title: str = TITLE, text: tuple[str, ...] = TEXT, line: str = "<p>{}</p>") -> list[str]:
    paragraphs = "".join(line.format(said) for said in text)
    page = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{title} - صدى السدرة</title></head><body><div class="w">'
        f"<h1>{title}</h1><div>{paragraphs}{behind}</div></div></body></html>"
    )
    record = extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url="https://sidra.example/n/71"))
    assert isinstance(record, ArticleText), record
    return record.body.splitlines()


def cards(look: str, of: tuple[tuple[str, str], ...] = OTHERS) -> str:
    return "\n".join(look.format(*card) for card in of)


LOOKS = (
    "<h3>{0}</h3><p>{1}</p>",
    "<h4>{0}</h4><div>{1}</div>",
    "<h3>{0}</h3><p>{1}</p><p>التفاصيل</p>",
    "<h3>{0}</h3><span>12 مايو 2026</span><p>{1}</p>",
    "<p><b>{0}</b></p><p>{1}</p>",
    "<b>{0}</b><br>{1}<br><br>",
    "<center><b>{0}</b></center><center>{1}</center><br>",
    '<div class="q1">{0}</div><div class="q2">{1}</div>',
    '<h3><a href="/n/8">{0}</a></h3><p>{1}</p>',
)


@pytest.mark.parametrize("look", LOOKS)
def test_headlines_and_excerpts_in_turn_behind_the_text_are_others(look: str) -> None:
    assert body(cards(look)) == list(TEXT)


def test_rows_of_the_texts_own_table_are_others() -> None:
    rows = cards("<tr><td><b>{0}</b><br>{1}</td></tr>")
    lines = "".join(f"<p>{said}</p>" for said in TEXT)
    assert body(f"<table><tr><td>{lines}</td></tr>{rows}</table>", text=()) == list(TEXT)


@pytest.mark.parametrize("label", ["أخبار أخرى", "اقرأ أيضا", "بيانات سابقة", "في هذا العدد"])
@pytest.mark.parametrize("look", ["<h3>{0}</h3><p>{1}</p>", "<p><b>{0}</b></p><p>{1}</p>"])
def test_below_a_heading_of_other_stories_two_are_enough(label: str, look: str) -> None:
    heading = look.split("{0}", maxsplit=1)[0] + label + look.split("{0}")[1].split("<p>{1}", maxsplit=1)[0]
    assert body(heading + cards(look, OTHERS[:2])) == list(TEXT)


@pytest.mark.parametrize("look", LOOKS[:6])
def test_two_without_a_heading_stay(look: str) -> None:
    found = body(cards(look, OTHERS[:2]))
    assert [said for _, said in OTHERS[:2] if said in found] == [said for _, said in OTHERS[:2]]


OWN = {
    "sub-headings": (
        ("كيف حفرت البئر في الصخر الأسود", "استغرق الحفر تسعة أسابيع لأن الصخر كان أصلب مما قدرته اللجنة أول الأمر."),
        (
            "أعباء الوقود تثقل كاهل العائلات الفقيرة",
            "تدفع كل أسرة مبلغا صغيرا كل شهر، ويكمل الصندوق ما ينقص من تبرعات.",
        ),
        (
            "الماء يغير حياة النساء والفتيات هناك",
            "صار الماء على بعد دقائق من كل بيت، وصار للنساء وقت لتعلم القراءة والكتابة.",
        ),
    ),
    "long parts": tuple((title, f"{said} {said} {said} {said}") for title, said in OTHERS),
    "books": (
        ("دخان الحبشة", "رحلة امرأة من هرر إلى عدن تحمل شتلة في كم ثوبها، بترجمة متقنة."),
        ("مقهى بلا باب", "رواية قصيرة تدور كلها في ليلة مطر واحدة في مقهى على الميناء."),
        ("تاريخ الفنجان", "كتاب مصور يتتبع الخزف من إزنيق حتى مصانع ليموج في فرنسا."),
    ),
    "sayings": (
        ("سالم الكثيري، مهندس نفط في حضرموت", "سأعود إلى دكان أبي حتى يجف الحبر على الشهادة ثم أبحث عن عمل."),
        ("فاطمة محمد، ممرضة في مستشفى البلدة", "عندي عقد هنا، ولن أترك قابلتنا العجوز وحدها في هذا الشتاء."),
        ("محمد علي، معلم لغة عربية متقاعد", "أريد أن أجمع أغاني الصيادين قبل أن ينساها آخرهم ويرحل."),
    ),
    "quotes": tuple((title, f"«{said}»") for title, said in OTHERS),
    "time line": tuple((f"{year}: {title}", said) for year, (title, said) in enumerate(OTHERS, 2011)),
    "days": tuple((f"{n} مايو 2026", said) for n, (_, said) in enumerate(OTHERS, 3)),
    "hours": tuple((f"{n}:30", said) for n, (_, said) in enumerate(OTHERS, 10)),
    "questions": tuple((f"هل تصدق أن {title}؟", said) for title, said in OTHERS),
    "answers": tuple((f"كيف جرى {title}", said) for title, said in OTHERS),
    "steps": tuple((f"{n}. {title}", said) for n, (title, said) in enumerate(OTHERS, 1)),
    "steps in words": tuple(
        (f"{n}: {title}", said) for n, (title, said) in zip(["أولا", "ثانيا", "ثالثا", "رابعا"], OTHERS, strict=True)
    ),
    "recipe": (
        ("المقادير", "كوبان من الدقيق، وملعقة من الخميرة، وقليل من الملح والسكر والزيت."),
        ("طريقة تحضير العجين في البيت", "يخلط الدقيق بالخميرة، ثم يضاف الماء الدافئ شيئا فشيئا حتى يلين."),
        ("نصيحة لخبز هش لا يجف", "يغطى العجين بقطعة قماش مبللة ويترك في مكان دافئ ساعة كاملة."),
    ),
    "verses": tuple((title, said.removesuffix(".")[:40]) for title, said in OTHERS),
}


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("look", ["<h3>{0}</h3><p>{1}</p>", "<p><b>{0}</b></p><p>{1}</p>"])
def test_parts_of_the_text_stay(kind: str, look: str) -> None:
    found = "\n".join(body(cards(look, OWN[kind])))
    assert [said for _, said in OWN[kind] if said not in found] == []


@pytest.mark.parametrize(
    "title",
    [
        "أربع حكايات صغيرة من بلد بعيد عن البحر",
        "خمسة مشاهد من شتاء المدينة",
        "أبرز ما كتبته الصحف صباح الخميس",
        "حصاد الأسبوع في محافظات الجنوب",
        "4 مشاريع غيرت وجه الوادي الكبير",
    ],
)
def test_pages_that_are_made_of_short_items_keep_them(title: str) -> None:
    items = (*OTHERS, ("افتتاح جسر المشاة عند مدخل السوق", "استغرق بناء الجسر عامين بسبب نقص الحديد والإسمنت."))
    items = items if "خمسة" in title else items[:4]
    found = body(cards("<h3>{0}</h3><p>{1}</p>", items), title=title)
    assert [said for _, said in items if said not in found] == []


@pytest.mark.parametrize(
    "last",
    ["وفيما يلي ما جرى في البلدة هذا الأسبوع من حوادث صغيرة", "وهذا ما رواه لنا أهل البلدة عن ذلك الأسبوع الطويل:"],
)
def test_a_line_that_leads_to_them_makes_them_the_texts(last: str) -> None:
    found = body(cards("<h3>{0}</h3><p>{1}</p>"), text=(*TEXT, f"{last} {last}" if last[-1] != ":" else last))
    assert [said for _, said in OTHERS if said not in found] == []


def test_what_is_followed_by_text_is_the_texts() -> None:
    found = body(cards("<h3>{0}</h3><p>{1}</p>") + f"<p>{TEXT[2]}</p>", text=TEXT[:2])
    assert [said for _, said in OTHERS if said not in found] == []


def test_behind_one_paragraph_they_are_the_text() -> None:
    found = body(cards("<h3>{0}</h3><p>{1}</p>"), text=TEXT[:1])
    assert [said for _, said in OTHERS if said not in found] == []


def test_the_parts_of_the_text_stay_before_cards_of_their_look() -> None:
    own = OWN["sub-headings"]
    found = body(cards("<h3>{0}</h3><p>{1}</p>", (*own, *OTHERS)))
    assert found == [*TEXT, *(line for part in own for line in part)]
