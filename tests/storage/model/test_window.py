"""Windows people type: whole, in order, and over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import RetryLater, UsageError
from storage.model.window import Window

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


def test_a_window_that_another_clock_calls_over_is_tried_again() -> None:
    with pytest.raises(RetryLater) as caught:
        Window.parse("2024-12-25T17Z", "2024-12-25T18:30Z", now=NOW - timedelta(seconds=40))
    assert caught.value.retry_after_seconds == 40


def test_a_span_to_look_at_may_reach_into_the_future() -> None:
    assert Window.typed("2024-12-25", "2030-01-01").end.year == 2030
