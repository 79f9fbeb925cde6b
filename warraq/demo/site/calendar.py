"""When each article appeared: pure arithmetic from number to instant and back, so that no table is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Africa/Cairo")
# Between 01:05 and 22:55: Egypt changes its clocks around midnight, and no time here is skipped or doubled.
FIRST_SECOND = 65 * 60
LAST_SECOND = (22 * 60 + 55) * 60


@dataclass(frozen=True)
class Calendar:
    """`articles` articles, numbered from 0 in order of time, spread evenly over `days` local days."""

    first_day: date
    days: int
    articles: int

    def __post_init__(self) -> None:
        if self.days < 1 or self.articles < 0:
            raise ValueError("a calendar needs at least one day and no negative number of articles")

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=self.days - 1)

    @cached_property
    def clock(self) -> datetime:
        """The instant the site pretends it is: 23:40 of the last day, after its last article."""
        return datetime.combine(self.last_day, time(23, 40), ZONE).astimezone(UTC)

    def numbers(self, day: date) -> range:
        """Numbers of the articles of a local day; empty outside of the calendar."""
        index = (day - self.first_day).days
        if not 0 <= index < self.days:
            return range(0)
        return range(-(-index * self.articles // self.days), -(-(index + 1) * self.articles // self.days))

    def day_of(self, number: int) -> date:
        """The local day an article appeared on."""
        return self.first_day + timedelta(days=number * self.days // self.articles)

    def published_at(self, number: int) -> datetime:
        """UTC instant of an article, in whole minutes; never decreases with the number."""
        day = self.day_of(number)
        numbers = self.numbers(day)
        share = (number - numbers.start + 0.5) / len(numbers)
        minute = int(FIRST_SECOND + share * (LAST_SECOND - FIRST_SECOND)) // 60
        return datetime.combine(day, time(minute // 60, minute % 60), ZONE).astimezone(UTC)

    def first_at_or_after(self, instant: datetime) -> int:
        """The first number published at or after an instant; `articles` if there is none."""
        low, high = 0, self.articles
        while low < high:
            middle = (low + high) // 2
            if self.published_at(middle) < instant:
                low = middle + 1
            else:
                high = middle
        return low
