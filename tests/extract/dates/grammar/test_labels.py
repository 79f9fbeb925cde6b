"""What a label calls the day behind it."""

from datetime import UTC, datetime

import pytest

from extract.dates import parse_arabic_date
from extract.dates.records import MODIFIED

CAPTURED = datetime(2024, 12, 25, 9, 30, tzinfo=UTC)


def read(line: str):
    return parse_arabic_date(line, zone=UTC, captured_at=CAPTURED)


@pytest.mark.parametrize(
    "line",
    """تاريخ وفاته: 3 ديسمبر 2024
آخر موعد لتسليم الطلبات 3/12/2024
تنتهي المهلة في 3 ديسمبر 2024
عضوة منذ 3/12/2024
آخر دخول: 3/12/2024
اليوم: الثلاثاء 3 ديسمبر 2024
الدورة من 1 إلى 3 ديسمبر 2024
1 - 3 ديسمبر 2024
يومي 2 و3 ديسمبر 2024
30 نوفمبر - 3 ديسمبر 2024
العرض مستمر حتى الثلاثاء 3 ديسمبر 2024
موعد الحفل 3 ديسمبر 2024
المكان والزمان: 3 ديسمبر 2024
مرسوم رقم 41 بتاريخ 3 ديسمبر 2024
رقم الفتوى: 41 - تاريخ 3/12/2024
انعقدت الجلسة بتاريخ 3 ديسمبر 2024
رقم الفتوى: 41 - تاريخ الثلاثاء 2 جمادى الآخرة 1446 هـ - 3/12/2024
موعد الحفل الثلاثاء 2 جمادى الآخرة 1446 هـ الموافق 3 ديسمبر 2024
التقطت الصورة في 3 ديسمبر 2024
تاريخ الاستحقاق 2024-12-03
بداية الموسم: 3 ديسمبر 2024
Deadline: 3 December 2024""".splitlines(),
)
def test_a_day_of_something_else_is_none(line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize(
    "line",
    """حدّث بتاريخ 3 ديسمبر 2024
آخر تحديث بتاريخ 3 ديسمبر 2024
عُدّل بتاريخ 3 ديسمبر 2024
تاريخ التحديث: 3/12/2024
تمت مراجعته في 3 ديسمبر 2024
راجعته طبيا: د. هناء الوراق في 3 ديسمبر 2024
أعيد النشر في 3 ديسمبر 2024""".splitlines(),
)
def test_a_day_of_a_change_is_one(line: str) -> None:
    parsed = read(line)
    assert parsed is not None
    assert parsed.role == MODIFIED


@pytest.mark.parametrize(
    "line",
    """كتب في 3 ديسمبر 2024
أضيفت يوم الثلاثاء 3/12/2024
الثلاثاء: 3 ديسمبر 2024
بقلم: سامي الغندور - 3 ديسمبر 2024
سامي الغندور 3 ديسمبر 2024
أحمد صالح 3 ديسمبر 2024
محمد ولد الشيخ 3 ديسمبر 2024
توفيق الغندور في 3 ديسمبر 2024
صنعاء: 3 ديسمبر 2024
القسم: محليات | 3 ديسمبر 2024
العدد: 1234 - 3 ديسمبر 2024
الساعة 10:30 - 3 ديسمبر 2024
25 رمضان - 3 ديسمبر 2024
رقم الفتوى: 41 تاريخ النشر: الثلاثاء 2 جمادى الآخرة 1446 هـ - 3-12-2024 م
قرار رقم 41 - نشر في: 2 جمادى الآخرة 1446هـ الموافق 3 ديسمبر 2024
توفيق رجب 3 ديسمبر 2024
تاريخ إضافة الخبر: 3 ديسمبر 2024
صدر بتاريخ 3 ديسمبر 2024
فعاليات 3 ديسمبر 2024
زمن القراءة: 3 دقائق - 3 ديسمبر 2024
نشر أول مرة: 3 ديسمبر 2024
نشر في 3 ديسمبر 2024 | آخر موعد للتقديم: 18 ديسمبر 2024""".splitlines(),
)
def test_a_writer_a_place_and_a_section_are_no_such_labels(line: str) -> None:
    parsed = read(line)
    assert parsed is not None
    assert (parsed.wall.day, parsed.wall.month) == (3, 12)
    assert parsed.role != MODIFIED
