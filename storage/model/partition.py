"""The parts that the tables' files are laid out by: a portal's month or, where it is small, its year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

MONTHS, YEARS = 0, 1  # ids of the tables' partition specs
FOLDERS = ("month", "year")  # by spec; what its second field is called


class Partition(NamedTuple):
    """A portal and a month or year of window starts (UTC). A year's rows may lie in files of its months too."""

    portal: str
    number: int  # months or years since 1970, as Iceberg counts them
    spec: int = MONTHS

    @classmethod
    def month_of(cls, portal: str, instant: datetime) -> Partition:
        """The portal's month an instant is in."""
        return cls(portal, (instant.year - 1970) * 12 + instant.month - 1)

    @property
    def year(self) -> Partition:
        """The year it is, or is in."""
        return self if self.spec == YEARS else Partition(self.portal, self.number // 12, YEARS)

    @property
    def months(self) -> range:
        """Its months since 1970."""
        size = 12 if self.spec == YEARS else 1
        return range(self.number * size, (self.number + 1) * size)

    @property
    def start(self) -> datetime:
        """The first instant of it."""
        return _first_day(self.months.start)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return _first_day(self.months.stop)

    @property
    def name(self) -> str:
        """As people write it: 2024-12 or 2024."""
        return f"{self.start:%Y}" if self.spec == YEARS else f"{self.start:%Y-%m}"


def _first_day(months: int) -> datetime:
    return datetime(1970 + months // 12, 1 + months % 12, 1, tzinfo=UTC)
