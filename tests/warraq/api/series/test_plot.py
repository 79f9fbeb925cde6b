"""The picture of a series: grey lies over all days of the periods that are not archived, however long they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from matplotlib.dates import date2num, num2date
from matplotlib.patches import Rectangle

from warraq.api.series.plot import NOT_ARCHIVED_GREY, PARTIAL_GREY, figure_of
from warraq.api.series.series import Series
from warraq.api.series.states import ARCHIVED, NOT_ARCHIVED, PARTIAL

# By length of a period: some of them in order, and how many days each has.
PERIODS = {
    "day": (["2024-12-04", "2024-12-05", "2024-12-06"], [1, 1, 1]),
    "week": (["2024-12-16", "2024-12-23", "2024-12-30"], [7, 7, 7]),
    "month": (["2024-01-01", "2024-02-01", "2024-03-01"], [31, 29, 31]),
    "quarter": (["2024-07-01", "2024-10-01", "2025-01-01"], [92, 92, 90]),
    "year": (["2023-01-01", "2024-01-01", "2025-01-01"], [365, 366, 365]),
}


def drawn(by: str, rows: list[tuple[str, str, str]], group: str | None = None) -> Any:
    table = [
        {
            "period": datetime.fromisoformat(period).date(),
            "term": "سد",
            "portal": portal,
            "articles": None if state == NOT_ARCHIVED else 1,
            "state": state,
        }
        for period, portal, state in rows
    ]
    return figure_of(Series(pa.Table.from_pylist(table), by, group), title=None).axes[0]


def shaded(axes: Any) -> list[tuple[str, float, str]]:
    """From which day, over how many days, and how grey."""
    greys = {float(grey): grey for grey in (NOT_ARCHIVED_GREY, PARTIAL_GREY)}
    return [
        (f"{num2date(patch.get_x()):%Y-%m-%d}", patch.get_width(), greys[patch.get_facecolor()[0]])
        for patch in axes.patches
        if isinstance(patch, Rectangle)
    ]


@pytest.mark.parametrize("by", PERIODS)
@pytest.mark.parametrize(("state", "grey"), [(NOT_ARCHIVED, NOT_ARCHIVED_GREY), (PARTIAL, PARTIAL_GREY)])
def test_grey_lies_over_all_days_of_a_period_and_no_others(by: str, state: str, grey: str) -> None:
    periods, days = PERIODS[by]
    for place in range(len(periods)):  # the first, one amid others, the last
        states = [state if place == at else ARCHIVED for at in range(len(periods))]
        axes = drawn(by, [(period, "raya", told) for period, told in zip(periods, states, strict=True)])
        assert shaded(axes) == [(periods[place], days[place], grey)]
        first, last = axes.get_xlim()
        assert first <= axes.patches[0].get_x()
        assert axes.patches[0].get_x() + axes.patches[0].get_width() <= last
    alone = drawn(by, [(periods[0], "raya", state)])
    assert shaded(alone) == [(periods[0], days[0], grey)]
    assert alone.get_xlim() == (date2num(datetime.fromisoformat(periods[0])), date2num(_end(periods[0], days[0])))


def test_a_point_stands_over_the_days_it_counts() -> None:
    axes = drawn("week", [("2024-12-16", "raya", ARCHIVED), ("2024-12-23", "raya", NOT_ARCHIVED)])
    (line,) = axes.lines
    assert date2num(line.get_xdata()[0]) - date2num(datetime.fromisoformat("2024-12-16")) == 3.5


def test_periods_are_shaded_whichever_of_the_groups_were_not_archived() -> None:
    axes = drawn(
        "day",
        [
            ("2024-12-04", "raya", NOT_ARCHIVED),
            ("2024-12-04", "almasaa", NOT_ARCHIVED),
            ("2024-12-05", "raya", ARCHIVED),
            ("2024-12-05", "almasaa", ARCHIVED),
            ("2024-12-06", "raya", ARCHIVED),
            ("2024-12-06", "almasaa", NOT_ARCHIVED),
        ],
        group="portal",
    )
    assert shaded(axes) == [("2024-12-04", 1, NOT_ARCHIVED_GREY), ("2024-12-06", 1, PARTIAL_GREY)]
    assert len(axes.get_legend_handles_labels()[0]) == 4


def test_the_last_days_that_have_a_date_are_drawn() -> None:
    assert shaded(drawn("day", [("9999-12-30", "raya", PARTIAL)])) == [("9999-12-30", 1, PARTIAL_GREY)]
    assert shaded(drawn("year", [("9999-01-01", "raya", PARTIAL)])) == [("9999-01-01", 364, PARTIAL_GREY)]


def _end(period: str, days: int) -> datetime:
    return datetime.fromordinal(datetime.fromisoformat(period).toordinal() + days)
