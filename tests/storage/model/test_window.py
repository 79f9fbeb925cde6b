"""Windows people type: whole, in order, and over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import RetryLater, UsageError
from storage.model.window import Window, parse_time

NOW = datetime(2024, 12, 25, 18, 30, tzinfo=UTC)


def test_a_window_that_is_over_is_read() -> None:
    window = Window.parse("2024-12-24", "2024-12-25T18:30Z", now=NOW)
    assert window.end == NOW


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2024-12-25", "2024-12-26", "ends in the future: 2024-12-26T00Z"),
        ("2024-12-25", "2062-11-26", "ends in the future"),
        ("2024-12-25", "9999-12-31", "ends in the future"),
        ("2094-12-03", "2094-12-04", "begins in the future"),
    ],
)
def test_hours_that_have_not_passed_are_refused(start: str, end: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Window.parse(start, end, now=NOW)


@pytest.mark.parametrize("end", ["2024-12-25T19:00Z", "2062-11-26", "9999-12-31"])
def test_a_person_gets_the_hours_that_have_passed_and_is_told(end: str) -> None:
    window, told = Window.until_now("2024-12-24", end, now=NOW + timedelta(seconds=12))
    assert window == Window.typed("2024-12-24", "2024-12-25T18:30Z")
    assert told == f"--to {end} has not come yet: the window ends now, at 2024-12-25T1830Z"


def test_a_window_that_is_over_is_not_cut() -> None:
    assert Window.until_now("2024-12-24", "2024-12-25", now=NOW) == (Window.typed("2024-12-24", "2024-12-25"), "")


def test_a_window_of_which_no_hour_has_passed_is_refused() -> None:
    with pytest.raises(UsageError, match="begins in the future"):
        Window.until_now("2094-12-03", "2094-12-04", now=NOW)


def test_a_window_that_another_clock_calls_over_is_tried_again() -> None:
    with pytest.raises(RetryLater) as caught:
        Window.parse("2024-12-25T17Z", "2024-12-25T18:30Z", now=NOW - timedelta(seconds=40))
    assert caught.value.retry_after_seconds == 40


def test_a_span_to_look_at_may_reach_into_the_future() -> None:
    assert Window.typed("2024-12-25", "2030-01-01").end.year == 2030


@pytest.mark.parametrize("typed", ["٢٠٢٤-١٢-٢٥T٠٦:٣٠Z", "۲۰۲۴-۱۲-۲۵ ۰۶:۳۰", "2024-12-25T٠٦:30Z"])
def test_arabic_digits_are_read_as_any(typed: str) -> None:
    assert parse_time(typed) == datetime(2024, 12, 25, 6, 30, tzinfo=UTC)
