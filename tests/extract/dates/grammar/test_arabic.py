"""The forms of dates in the Arabic press, each with an example of our own, and what must not be read as a date."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dates.grammar.arabic import LATEST, parse_arabic_date, parse_dates
from extract.dates.records import MODIFIED, PUBLISHED

CAPTURED = datetime(2024, 12, 25, 9, 30, tzinfo=UTC)
CAIRO = ZoneInfo("Africa/Cairo")

DAYS = [
    ("التاريخ: 07 يناير 2021", "2021-01-07"),
    ("14 رمضان 1442هـ - 26 أبريل 2021م", "2021-04-26"),
    ("مارس 9, 2022", "2022-03-09"),
    ("March 9, 2022", "2022-03-09"),
    ("9-Mar-2022", "2022-03-09"),
    ("Κυριακή, 3 Απριλίου 2022", "2022-04-03"),
    ("15 Μαΐου 2023", "2023-05-15"),
    ("27 ноября 2023", "2023-11-27"),
    ("12 października 2024", "2024-10-12"),
    ("Rabu, 4 Desember 2024", "2024-12-04"),
    ("تاريخ النشر: 3rd, March 2022 GMT", "2022-03-03"),
    ("الاثنين 5 فيفري 2024", "2024-02-05"),
    ("السبت 6 جانفي 2024", "2024-01-06"),
    ("الثلاثاء 9 أفريل 2024", "2024-04-09"),
    ("الخميس 9 ماي 2024", "2024-05-09"),
    ("الأحد 9 جوان 2024", "2024-06-09"),
    ("الثلاثاء 9 جويلية 2024", "2024-07-09"),
    ("الجمعة 9 أوت 2024", "2024-08-09"),
    ("9 غشت 2024", "2024-08-09"),
    ("9 يوليوز 2024", "2024-07-09"),
    ("9 شتنبر 2024", "2024-09-09"),
    ("9 نونبر 2024", "2024-11-09"),
    ("9 دجنبر 2024", "2024-12-09"),
    ("9 كانون الثاني 2024", "2024-01-09"),
    ("9 شباط 2024", "2024-02-09"),
    ("9 آذار 2024", "2024-03-09"),
    ("9 نيسان 2024", "2024-04-09"),
    ("9 أيّار 2024", "2024-05-09"),
    ("9 حزيران 2024", "2024-06-09"),
    ("9 تمّوز 2024", "2024-07-09"),
    ("9 آب 2024", "2024-08-09"),
    ("9 أيلول 2024", "2024-09-09"),
    ("9 تشرين الأول 2024", "2024-10-09"),
    ("9 تشرين الثاني 2024", "2024-11-09"),
    ("9 كانون الأول 2024", "2024-12-09"),
    ("9 يونيه 2024", "2024-06-09"),
    ("9 ك2 2024", "2024-01-09"),
    ("9 ت1 2024", "2024-10-09"),
    ("9 تشرين 2 2024", "2024-11-09"),
    ("9 أغشت 2024", "2024-08-09"),
    ("Sept. 9, 2024", "2024-09-09"),
    ("9 كانون الثاني/يناير 2024", "2024-01-09"),
    ("9 يناير (كانون الثاني) 2024", "2024-01-09"),
    ("9 تشرين1/أكتوير 2024", "2024-10-09"),  # misspelt, as a content system's translation has it
    ("9 تشرين الأول (أكتوبير) 2024", "2024-10-09"),
    ("عدد 2024/02/11", "2024-02-11"),
    ("11.02.2024", "2024-02-11"),
    ("2024-02-11 - الأحد", "2024-02-11"),
    ("الثلاثاء-2019-11-05", "2019-11-05"),
    ("الأحد-11/02/2024", "2024-02-11"),
    ("870 | 11 فبراير 2024", "2024-02-11"),
    ("date 2024-02-11 16 حجم الخط", "2024-02-11"),
    ("الأحد  ١١فبراير ٢٠٢٤م  ١ -شعبان  14٤٥هـ  ٣ -أمشير  - 174٠", "2024-02-11"),
    ("الأحد 11 فبراير - 2024 1 شعبان 1445هـ", "2024-02-11"),
    ("ﺍﻷﺣﺪ ١١ ﻓﺒﺮﺍﻳﺮ ٢٠٢٤", "2024-02-11"),
    ("الأحد 11 من فبراير سنة 2024", "2024-02-11"),
    ("Dimanche 11 février 2024", "2024-02-11"),
    ("۲۲ بهمن ۱۴۰۲", "2024-02-11"),
    ("۱۴۰۲/۱۱/۲۲", "2024-02-11"),
    ("2024-02-11T00:00:00+02:00", "2024-02-11"),
]

INSTANTS = [  # in UTC; where the text has no zone it is read in Cairo (+2 in winter)
    ("الأحد، 11 فبراير 2024 09:23 ص", "2024-02-11T07:23"),
    ("الأحد، 11 فبراير 2024 - 12:09 م", "2024-02-11T10:09"),
    ("الأحد، 11 فبراير 2024 - 12:09 ص", "2024-02-10T22:09"),
    ("11 فبراير 2024 | 2:01 ص", "2024-02-11T00:01"),
    ("2024/02/11 - 1:59 صباحًا", "2024-02-10T23:59"),
    ("11/02/2024 - 02:07 صباحا", "2024-02-11T00:07"),
    ("تم نشره الأحد 11 شباط / فبراير 2024 09:22 مساءً", "2024-02-11T19:22"),
    ("الأحد 11 فبراير 2024 01:15 ظهراً", "2024-02-11T11:15"),
    ("الأحد 11 فبراير 2024 11:15 ليلاً", "2024-02-11T21:15"),
    ("الأحد 11 فبراير 2024 12:30 بعد منتصف الليل", "2024-02-10T22:30"),
    ("الأحد 11 فبراير 2024 1:30 بعد منتصف الليل", "2024-02-10T23:30"),
    ("الأحد 11 فبراير 2024 12:00 منتصف الليل", "2024-02-10T22:00"),
    ("الأحد 11 فبراير 2024 11:30 قبل منتصف الليل", "2024-02-11T21:30"),
    ("الأحد 11 فبراير 2024 1:15 الظهر", "2024-02-11T11:15"),
    ("الأحد 11 فبراير 2024 1:15 بعد الزوال", "2024-02-11T11:15"),
    ("الأحد 11 فبراير 2024 3:15 بعد العصر", "2024-02-11T13:15"),
    ("الأحد 11 فبراير 2024 الساعة 8 في المساء", "2024-02-11T18:00"),
    ("الأحد 11 فبراير 2024 8:15 من مساء اليوم", "2024-02-11T18:15"),
    ("الأحد 11 فبراير 2024 10:20 المساء", "2024-02-11T08:20"),  # the paper's name beside the time
    ("الأحد 11 فبراير 2024 10:20 في المغرب", "2024-02-11T08:20"),
    ("الأحد 11 فبراير 2024 الساعة 3 مساءً", "2024-02-11T13:00"),
    ("الأحد 11 شباط 2024 الساعة 17:05", "2024-02-11T15:05"),
    ("الأحد 11 فبراير 2024 02:51 مـ 1 شعبان 1445 هـ", "2024-02-11T12:51"),
    ("الأحد , 11 شباط , 2024 :: 1:46 م", "2024-02-11T11:46"),
    ("18 شباط 2024 م", "2024-02-18T00:00"),
    ("٠٢:٠٠ الأحد  ١١ / ٢ / ٢٠٢٤", "2024-02-11T00:00"),
    ("الاحد 11 / 02 / 2024 21:29", "2024-02-11T19:29"),
    ("11-02-2024 06:37 AM", "2024-02-11T04:37"),
    ("11-02-2024 | 18:37", "2024-02-11T16:37"),
    ("2024-02-11 | 12:18", "2024-02-11T10:18"),
    ("2024/02/11 19:16 PM", "2024-02-11T17:16"),
    ("11-2-2024_15_17_23", "2024-02-11T13:17:23"),
    ("17:55 GMT 11 فبراير/ شباط 2024", "2024-02-11T17:55"),
    ("GMT 17:27 11.02.2024", "2024-02-11T17:27"),
    ("الأحد 11 فبراير 2024، 14:00 (GMT+0400)", "2024-02-11T10:00"),
    ("الأحد 11 فبراير 2024 14:00 بتوقيت مكة المكرمة", "2024-02-11T11:00"),
    ("الأحد 1/8/1445 هـ - الموافق 11/2/2024 م الساعة 16:25 (مكة المكرمة)، 13:25 (غرينتش)", "2024-02-11T13:25"),
    ("الأحد 1445/8/1 هـ - الموافق 11/2/2024 م الساعة 16:25 (مكة المكرمة)، 13:25 (غرينتش)", "2024-02-11T13:25"),
    ("٢٠٢٤-٠٢-١١T١٤:٣٠:٠٠+٠٣:٠٠", "2024-02-11T11:30"),
    ("2024-02-11T00:55:00.000+0400", "2024-02-10T20:55"),
    ("2024-02-11T03:01+0400", "2024-02-10T23:01"),
    ("2024-02-11 02:00:05", "2024-02-11T00:00:05"),
    ("2024-02-11 09:10:22 +03:00", "2024-02-11T06:10:22"),
    ("2024-02-11 T 07:20:50 +0330", "2024-02-11T03:50:50"),
    ("2024-02-11 20:18:45 GST", "2024-02-11T16:18:45"),
    ("2024-02-11T10:00:00-05:00", "2024-02-11T15:00"),
    ("2024-02-11T17:27:41Z", "2024-02-11T17:27:41"),
    ("Sun, 11 Feb 2024 10:00:07 GMT", "2024-02-11T10:00:07"),
    ("1707645607", "2024-02-11T10:00:07"),
    ("1707645607000", "2024-02-11T10:00:07"),
    ("22 بهمن 1402 - 12:09:08 ب.ظ", "2024-02-11T10:09:08"),
]

RELATIVE = [
    ("قبل 12 دقيقة", "2024-12-25T09:18"),
    ("منذ دقيقتين", "2024-12-25T09:28"),
    ("قبل 10 ساعات", "2024-12-25T00:00"),
    ("منذ 17 ساعة", "2024-12-24T00:00"),
    ("منذ ساعة", "2024-12-25T00:00"),
    ("قبل يومين", "2024-12-23T00:00"),
    ("منذ 3 أيام", "2024-12-22T00:00"),
    ("أمس", "2024-12-24T00:00"),
    ("أمس 14:30", "2024-12-24T12:30"),
    ("اليوم 09:05", "2024-12-25T07:05"),
    ("5 minutes ago", "2024-12-25T09:25"),
]

NO_DATES = [
    "",
    "1 غشت",
    "16 يوليوز",
    "DD-MM-YYYY | HH:MM",
    "نشرت منذ 5 أشهرفي بواسطة",
    "منذ أسبوع واحد",
    "قبل 3 سنوات",
    "اليوم",
    "31 فبراير 2024",
    "45/13/2024",
    "9 آذار/أبريل 2024",
    "7/10/2023 9:14:00 PM",
    "0001-01-01T00:00:00",
    "1970-01-01T00:00:00Z",
    "2024-12-28",
    "11 فبراير 2031",
    "24/08/20",
    "هاتف 0224-1999-123",
    "العدد 20241",
    "99999999999",
]


def read(text, zone=CAIRO, captured_at=CAPTURED):
    return parse_arabic_date(text, zone=zone, captured_at=captured_at)


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_is_read_and_stays_the_day_in_utc(text, day):
    parsed = read(text)
    assert parsed is not None, f"no date in {text}"
    assert (parsed.instant, parsed.precision) == (instant(day), "day")


@pytest.mark.parametrize(("text", "expected"), INSTANTS)
def test_a_moment_is_read_in_the_portals_zone_unless_it_says_its_own(text, expected):
    parsed = read(text)
    assert parsed is not None, f"no date in {text}"
    assert parsed.instant == instant(expected)


@pytest.mark.parametrize(("text", "expected"), RELATIVE)
def test_relative_forms_are_counted_back_from_the_capture(text, expected):
    parsed = read(text)
    assert parsed is not None, f"no date in {text}"
    assert parsed.instant == instant(expected)
    assert parsed.is_relative


@pytest.mark.parametrize("text", NO_DATES)
def test_what_names_no_day_yields_no_date(text):
    assert read(text) is None


def test_day_comes_before_month_unless_weekday_or_capture_say_otherwise():
    assert read("7 / 10 / 2024").instant == instant("2024-10-07")
    assert read("الأربعاء 7 / 10 / 2020").instant == instant("2020-10-07")
    assert read("الأربعاء 7 / 10 / 2024").instant == instant("2024-07-10")
    doubtful = read("الجمعة 7 / 10 / 2024")
    assert (doubtful.instant, doubtful.flags) == (instant("2024-10-07"), ("weekday_mismatch",))
    in_march = datetime(2024, 3, 6, tzinfo=UTC)
    swapped = read("03/05/2024", captured_at=in_march)
    assert (swapped.instant, swapped.flags) == (instant("2024-03-05"), ("day_month_swapped",))


def test_hijri_is_checked_against_gregorian():
    assert read("1 شعبان 1445هـ - 11 فبراير 2024م").flags == ()
    assert read("20 شعبان 1445هـ - 11 فبراير 2024م").flags == ("hijri_mismatch",)
    alone = read("1 شعبان 1445 هـ")
    assert (alone.instant, alone.flags) == (instant("2024-02-11"), ("hijri_only",))


def test_a_time_without_any_zone_is_marked():
    assert read("11 فبراير 2024 09:23", zone=None).flags == ("zone_assumed",)
    assert read("11 فبراير 2024 09:23 GMT", zone=None).flags == ()


def test_labels_tell_publication_from_update():
    assert read("آخر تحديث: 11 فبراير 2024 10:00").role == MODIFIED
    assert read("(محدثة GMT 17:49 11.02.2024)").role == MODIFIED
    assert read("الأحد، 11 شباط/فبراير 2024، آخر تحديث 14:00 (GMT+0400)").role == MODIFIED
    both = "آخر تحديث: 12 فبراير 2024 10:00 - نشر في: 11 فبراير 2024 09:00"
    assert [parsed.role for parsed in parse_dates(both, zone=CAIRO, captured_at=CAPTURED)] == [MODIFIED, PUBLISHED]
    assert read(both).instant == instant("2024-02-11T07:00")
    pair = parse_dates("GMT 17:27 11.02.2024 (محدثة GMT 17:49 11.02.2024)", zone=None, captured_at=CAPTURED)
    assert [(parsed.instant.minute, parsed.role) for parsed in pair] == [(27, None), (49, MODIFIED)]


PIECES = "11 فبراير شباط 2024 1445 هـ م مـ 10:30 ص GMT منذ 3 ساعات آخر تحديث / - | ( )"


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet="0123456789٠١٢٣۴/:-. صمقبل منذيوساعة,TZ+", max_size=60),
        st.lists(st.sampled_from(PIECES.split())).map(" ".join),
    ),
    st.sampled_from([None, CAIRO]),
)
def test_no_input_raises_and_no_date_is_later_than_a_day_after_the_capture(text, zone):
    for parsed in parse_dates(text, zone=zone, captured_at=CAPTURED):
        assert parsed.instant <= CAPTURED + LATEST
        assert parsed.instant.tzinfo is UTC
