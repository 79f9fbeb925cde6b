"""Hijri and Persian days against days that are known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dates.grammar.calendars import hijri_day, jalali_day

NOWRUZ = {1375: 20, 1380: 21, 1391: 20, 1399: 20, 1400: 21, 1403: 20, 1404: 21, 1408: 20, 1409: 21}


@pytest.mark.parametrize("year", NOWRUZ)
def test_the_persian_year_begins_on_the_known_day(year):
    assert jalali_day(year, 1, 1) == date(year + 621, 3, NOWRUZ[year])


def test_the_leap_day_exists_in_leap_years_only():
    assert jalali_day(1399, 12, 30) == date(2021, 3, 20)
    assert jalali_day(1400, 12, 30) is None
    assert jalali_day(1400, 7, 31) is None


@given(st.integers(1300, 1498))
def test_persian_years_follow_one_another_without_gap(year):
    last = jalali_day(year, 12, 30) or jalali_day(year, 12, 29)
    following = jalali_day(year + 1, 1, 1)
    assert last is not None and following is not None
    assert (following - last).days == 1


def test_hijri_days():
    assert hijri_day(1445, 8, 1) == date(2024, 2, 11)
    assert hijri_day(1445, 8, 31) is None
    assert hijri_day(1200, 1, 1) is None
