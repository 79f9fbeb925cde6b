"""The calendar: number to instant and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from warraq.demo.site.calendar import ZONE, Calendar


@pytest.mark.parametrize(("articles", "days"), [(200, 10), (7, 30), (1, 1), (1000, 3), (5000, 2)])
def test_days_share_out_all_articles_in_order_of_time(articles: int, days: int) -> None:
    calendar = Calendar(date(2024, 4, 20), days, articles)
    numbers: list[int] = []
    for offset in range(days):
        day = calendar.first_day + timedelta(days=offset)
        numbers += calendar.numbers(day)
        for number in calendar.numbers(day):
            assert calendar.day_of(number) == day
            assert calendar.published_at(number).astimezone(ZONE).date() == day
    assert numbers == list(range(articles))
    times = [calendar.published_at(number) for number in numbers]
    assert times == sorted(times)
    assert all(moment < calendar.clock and not moment.second for moment in times)


def test_the_first_article_at_an_instant_is_found() -> None:
    calendar = Calendar(date(2024, 12, 1), 10, 200)
    moment = calendar.published_at(57)
    assert calendar.first_at_or_after(moment) == 57
    assert calendar.first_at_or_after(moment + timedelta(seconds=1)) == 58
    assert calendar.first_at_or_after(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert calendar.first_at_or_after(datetime(2030, 1, 1, tzinfo=UTC)) == 200


def test_articles_of_the_early_hours_belong_to_the_day_before_in_utc() -> None:
    calendar = Calendar(date(2024, 12, 1), 2, 400)
    first = calendar.published_at(200)
    assert first.astimezone(ZONE).date() == date(2024, 12, 2)
    assert first.date() == date(2024, 12, 1)


def test_days_outside_have_no_articles() -> None:
    calendar = Calendar(date(2024, 12, 1), 2, 4)
    assert not calendar.numbers(date(2024, 11, 30))
    assert not calendar.numbers(date(2024, 12, 3))
