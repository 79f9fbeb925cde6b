"""Dates that stand alone are read to their end, in all the spellings of programs and of the press, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dates.grammar.arabic import parse_arabic_date
from extract.dates.grammar.whole import parse_whole_date
from extract.dates.records import ParsedDate
from storage.model.records import Precision

RIYADH = ZoneInfo("Asia/Riyadh")
CAPTURED = datetime(2025, 3, 9, 12, tzinfo=UTC)
# One moment, 8 March 2025, 17:45 in Riyadh.
MOMENT = datetime(2025, 3, 8, 14, 45, tzinfo=UTC)
SPELLINGS = [
    "Sat, 08 Mar 2025 17:45:00 +0300",
    "Sat, 08 Mar 2025 14:45:00 GMT",
    "Sat, 08 Mar 2025 14:45 UT",
    "Sat, 8 Mar 25 14:45:00 Z",
    "Sat, 08 Mar 2025 14:45:00 -0000",
    "Sat, 08 Mar 2025 09:45:00 -0500",
    "Sat, 08 Mar 2025 09:45:00 EST",
    "Sat, 08 Mar 2025 17:45:00 AST",
    "Sat, 08 Mar 2025 16:45:00 EET",
    "Sat, 08 Mar 2025 17:45:00 EEST",
    "Sat, 08 Mar 2025 15:45:00 CET",
    "Sat, 08 Mar 2025 16:45:00 CEST",
    "Sat, 08 Mar 2025 16:45:00 MEST",
    "Sat, 08 Mar 2025 18:45:00 GST",
    "Sat, 08 Mar 2025 05:45:00 PM",
    "Sat, 08 Mar 2025 05:45:00 PM +0300",
    "Sat Mar  8 17:45:00 2025",
    "Sat Mar 08 17:45:00 AST 2025",
    "Sat Mar 08 2025 17:45:00 GMT+0300 (Arabian Standard Time)",
    "2025-03-08T14:45:00Z",
    "2025-03-08t14:45:00z",
    "2025-03-08T14:45:00+00",
    "Sat, 08 Mar 2025 14:45:00 +00",
    "8 Mar 2025 17:45 +3",
    "2025-03-08 17:45:00+03",
    "2025-03-08T17:45:00+0300",
    "2025-03-08T17:45+03:00",
    "2025-03-08T17:45+03:00[Asia/Riyadh]",
    "2025-03-08T17:45:00,250+03:00",
    "2025-03-08T17:45:00.123456789+03:00",
    "2025-03-08 17:45",
    "2025-03-08 05:45:00 PM",
    "2025-03-08 05:45 م",
    "2025/03/08 5:45 مساءً",
    "08/03/2025 05:45 م",
    "٢٠٢٥-٠٣-٠٨ ٠٥:٤٥ م",
    "20250308T144500Z",
    "20250308T174500+0300",
    "20250308T1445Z",
    "20250308174500",
    "2025-03-08T144500Z",
    "1741445100",
    "1741445100000",
    "السبت 8 آذار/مارس 2025 - 17:45",
    "8 مارس 2025 الساعة 05:45 مساء بتوقيت مكة المكرمة",
    "نشر في: 8 مارس 2025 17:45",
    "8 رمضان 1446 هـ الموافق 8 مارس 2025 17:45",
    "mar. 8 mars 2025 17:45",
    "samedi 8 mars 2025 17:45",
]


def read(text: str) -> ParsedDate | None:
    return parse_whole_date(text, zone=RIYADH, captured_at=CAPTURED)


@pytest.mark.parametrize("text", SPELLINGS)
def test_one_moment_in_many_spellings(text: str) -> None:
    parsed = read(text)
    assert parsed is not None
    assert parsed.instant.replace(second=0, microsecond=0) == MOMENT


@pytest.mark.parametrize(
    "text",
    ["2025-03-08", "20250308", "8 مارس 2025", "2025-03-08T00:00:00Z", "8 رمضان 1446 هـ الموافق 8 مارس 2025 م"],
)
def test_a_day_stays_a_day(text: str) -> None:
    parsed = read(text)
    assert parsed is not None
    assert (parsed.wall.date(), parsed.precision) == (date(2025, 3, 8), Precision.DAY)


def test_the_end_of_a_day_is_the_next_one() -> None:
    parsed = read("2025-03-07T24:00:00")
    assert parsed is not None
    assert parsed.wall.isoformat() == "2025-03-08T00:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025",
        "2025-03",
        "2025-03-08 محدث مرتين",
        "2025-03-08 17:45 something",
        "Sat, 08 Mar 2025 17:45:00 XYZ",
        "2025-03-08T17:45:00+99:00",
        "2025-03-08T25:45:00Z",
        "2025-03-0817:45",
        "2025-02-30T10:00:00Z",
        "2025-03-08 10:00 - 12:00",
        "2025-03-07 / 2025-03-08",
        "3/2/2025 9:14:00 PM",
        "الخبر رقم 5 بتاريخ 8 مارس 2025",
        "1970-01-01T00:00:00Z",
        "2031-03-08T17:45:00Z",
        "2025-03-08T17:45:00Z" + " " * 20 + "x" * 200,
    ],
)
def test_what_is_not_read_to_its_end_is_no_date(text: str) -> None:
    assert read(text) is None


def test_a_publication_wins_over_an_update() -> None:
    parsed = read("نشر في: 8 مارس 2025 17:45 | آخر تحديث: 9 مارس 2025 08:00")
    assert parsed is not None
    assert parsed.instant == MOMENT


def test_relative_forms_are_counted_from_the_capture_and_read_to_their_end() -> None:
    parsed = read("قبل 12 دقيقة")
    assert parsed is not None
    assert parsed.instant == datetime(2025, 3, 9, 11, 48, tzinfo=UTC)
    assert read("قبل 12 دقيقة من الاجتماع") is None


@given(
    st.integers(0, 950_000_000).map(lambda seconds: datetime(1995, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.sampled_from(["", "Z", "+00:00", "+0300", "-04:30", "+05:45"]),
    st.sampled_from(["T", " "]),
)
def test_the_short_way_of_iso_dates_says_what_the_grammar_says(at: datetime, zone: str, between: str) -> None:
    text = at.replace(tzinfo=None).isoformat(between, "seconds") + zone
    by_grammar = parse_arabic_date(text, zone=RIYADH, captured_at=CAPTURED)
    parsed = read(text)
    assert parsed is not None
    assert by_grammar is not None
    assert (parsed.instant, parsed.wall, parsed.precision) == (
        by_grammar.instant,
        by_grammar.wall,
        by_grammar.precision,
    )


@given(st.one_of(st.text(max_size=160), st.text(alphabet="0123456789-:/TZ+ صم,.()[]marPMzGM", max_size=60)))
def test_no_text_raises(text: str) -> None:
    parsed = read(text)
    assert parsed is None or parsed.instant.tzinfo is UTC
