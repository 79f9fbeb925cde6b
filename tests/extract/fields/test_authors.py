"""Authors are persons; desks, outlets, places and agencies are not."""

from __future__ import annotations

import pytest

from extract.fields.agency import agency_of, dateline_agency
from extract.fields.person_names import person_names
from extract.lexicon.given_names import read_as_names
from storage.identity.arabic_folding import text_norm

OUTLETS = {"الميزان", "صدي الوادي"}


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("كتب: سامي الغندور", ["سامي الغندور"]),
        ("كتبت ريهام الصاوي", ["ريهام الصاوي"]),
        ("كتب - نادر المصري ورانيا الصاوي:", ["نادر المصري", "رانيا الصاوي"]),
        ("كتب وائل وجيه الغندور", ["وائل وجيه الغندور"]),
        ("admin 12 مارس، 2024 آخر تحديث: 12 مارس، 2024", []),
        ("كتب - نادر المصري وسلمى", ["نادر المصري وسلمى"]),
        ("بقلم: د. هناء الوراق", ["د. هناء الوراق"]),
        ("نادر المصري - القاهرة", ["نادر المصري"]),
        ("سامي الغندور، هناء الوراق", ["سامي الغندور", "هناء الوراق"]),
        ("«الميزان» (جدة) @mizan_online", []),
        ("سلمى الخطاط (بيت لحم) @salma", ["سلمى الخطاط"]),
        ("فريق التحرير", []),
        ("مراسل الميزان لشؤون الوسائد", []),
        ("admin", []),
        ("محرر الموقع", []),
        ("رويترز", []),
        ("صدى الوادي", []),
        ("مي الصباغ - أبلود", ["مي الصباغ"]),
        ("كتب سامي الغندور الأحد 1 ديسمبر 2024 09:23 م | ثقافة وفن", ["سامي الغندور"]),
        ("سامي الغندور | 1 ديسمبر 2024 | ثقافة وفن", ["سامي الغندور"]),
        ("مراسل المرفأ في حلب سامي الغندور", ["سامي الغندور"]),
        ("كتب مراسل المرفأ سامي الغندور", ["سامي الغندور"]),
        ("مراسلة قناة الأفق في القدس المحتلة هناء محاميد 10 مارس 2024", ["هناء محاميد"]),
        ("مراسلنا في دير الزور خالد العلي", ["خالد العلي"]),
        ("مراسل المرفأ في حلب", []),
        ("مرسلة بواسطة سامي الغندور في", ["سامي الغندور"]),
        ("هناء الوراق كاتبة وباحثة", ["هناء الوراق"]),
        ("كاتب ياسين", ["كاتب ياسين"]),
        ("الميزان- سامي الغندور", ["سامي الغندور"]),
        ("نص: هناء الوراق، صور: رامي الحسن", ["هناء الوراق"]),
        ("تصوير: رامي الحسن، نص: هناء الوراق", ["هناء الوراق"]),
        ("By Kathryn Ellis Mar 12, 2024", ["Kathryn Ellis"]),
        ("By Kathryn Ellis and Nora Lindqvist", ["Kathryn Ellis", "Nora Lindqvist"]),
    ],
)
def test_persons_are_read_from_a_byline(byline: str, names: list[str]) -> None:
    found = person_names(byline, OUTLETS)
    if names:
        assert found[: len(names)] == names
    else:
        assert not [name for name in found if len(name.split()) < 4]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("تأليف جوناثان ميلر ترجمة: هالة صبري", ["جوناثان ميلر"]),
        ("بقلم: سامي الغندور، ترجمة: هالة صبري", ["سامي الغندور"]),
        ("ترجمة: هالة صبري", ["هالة صبري"]),
        ("إعداد وترجمة: هالة صبري", ["هالة صبري"]),
        ("18 ربيع الآخر 1446", []),
        ("جمادى الأولى 1446هـ", []),
        ("ربيع الغندور", ["ربيع الغندور"]),
        ("جويل حبيقة - Joelle Hobeika", ["جويل حبيقة"]),  # once more in Latin letters
    ],
)
def test_who_translated_a_text_of_somebody_else_and_a_month_wrote_nothing(byline: str, names: list[str]) -> None:
    assert person_names(byline, OUTLETS) == names


@pytest.mark.parametrize(
    ("text", "agency"),
    [("أ ش أ", "أ ش أ"), ("القاهرة - رويترز", "رويترز"), ("وكالة الأناضول", "الأناضول"), ("سلمى الخطاط", None)],
)
def test_agencies_are_named_by_one_spelling(text: str, agency: str | None) -> None:
    assert agency_of([text]) == agency


@pytest.mark.parametrize(
    ("body", "agency"),
    [
        ("القاهرة - أ ش أ: قال الوزير إن العمل يبدأ غدا.", "أ ش أ"),
        ("دمشق، سوريا (CNN) -- أكدت مصادر محلية الخبر.", "CNN"),
        ("قال الوزير إن العمل يبدأ غدا.\n--(بترا)", "بترا"),
        ("المنيا / واس / أعلنت البلدية موعد الافتتاح.", "واس"),
        ("المنيا – وكالات – أعلنت البلدية موعد الافتتاح.", "وكالات"),
        ("المنيا ـ أ ف ب: أعلنت البلدية موعد الافتتاح.", "أ ف ب"),
        ("المنيا - سبوتنيك. أعلنت البلدية موعد الافتتاح.", "سبوتنيك"),
        ("قال الوزير إن العمل يبدأ غدا. / وام /", "وام"),
        ("قال الوزير إن العمل يبدأ غدا. «وكالات»", "وكالات"),
        ("نقلت رويترز عن مصدر قوله إن الاتفاق جاهز - وهو ما نفاه المتحدث.", None),
    ],
)
def test_an_agency_in_dateline_or_signature_counts_and_in_the_text_does_not(body: str, agency: str | None) -> None:
    assert dateline_agency(body) == agency


@pytest.mark.parametrize(
    ("line", "is_name"),
    [
        ("سامي عبد الحميد الغندور", True),
        ("سلمى بن عمر وياسين الفرجاني", True),
        ("نجوى بن شتيوي العقوري", True),
        ("الفاتح ود الأمين", True),
        ("نجوى شتيوي العقوري", False),
        ("سامي يعود غدا", False),
        ("سامي الغندور ووعود لم تتحقق", False),
    ],
)
def test_a_line_is_read_as_one_name_or_two(line: str, *, is_name: bool) -> None:
    assert read_as_names(text_norm(line)) is is_name
