"""Which window a DAG run is responsible for."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from warraq_dags.run_window import TIME_PATTERN, run_window

from storage.errors import UsageError
from storage.model.window import parse_time

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CAIRO = ZoneInfo("Africa/Cairo")
INTERVAL = (datetime(2024, 12, 25, tzinfo=CAIRO), datetime(2024, 12, 26, tzinfo=CAIRO))
EMPTY = {"from": None, "to": None}


def test_a_scheduled_run_has_its_data_interval() -> None:
    window = run_window(EMPTY, is_manual=False, interval=INTERVAL, now=NOW)
    assert str(window) == "2024-12-24T22Z--2024-12-25T22Z"


def test_a_manual_run_has_its_params() -> None:
    params = {"from": "2024-12-25", "to": "2024-12-25T06:00Z"}
    window = run_window(params, is_manual=True, interval=None, now=NOW)
    assert str(window) == "2024-12-25T00Z--2024-12-25T06Z"


@pytest.mark.parametrize("params", [EMPTY, {"from": "2024-12-25", "to": None}, {"from": None, "to": "2024-12-25"}])
def test_a_manual_run_never_falls_back_to_its_data_interval(params: dict[str, str | None]) -> None:
    with pytest.raises(UsageError, match="manual run needs its window"):
        run_window(params, is_manual=True, interval=INTERVAL, now=NOW)


def test_a_backfill_configured_with_a_window_is_refused_because_each_run_would_archive_the_same_one() -> None:
    with pytest.raises(UsageError, match="for manual runs"):
        run_window({"from": "2024-12-25", "to": "2024-12-26"}, is_manual=False, interval=INTERVAL, now=NOW)


def test_a_run_without_an_interval_is_refused() -> None:
    with pytest.raises(UsageError, match="no data interval"):
        run_window(EMPTY, is_manual=False, interval=None, now=NOW)


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2024-12-26", "2024-12-25", "reversed"),
        ("2027-01-01", "2027-01-02", "future"),
        ("2024-13-01", "2024-12-25", "is not a time"),
        ("2024-12-25; rm -rf /", "2024-12-26", "is not a time"),
        ("$(id)", "2024-12-26", "is not a time"),
    ],
)
def test_a_window_that_cannot_be_is_refused(start: str, end: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run_window({"from": start, "to": end}, is_manual=True, interval=None, now=NOW)


@pytest.mark.parametrize("text", ["2024-12-25", "2024-12-25T06:00Z", "2024-12-25T06:00:30Z", "2024-12-25T06:00+02:00"])
def test_the_trigger_form_takes_what_the_command_line_reads(text: str) -> None:
    assert re.search(TIME_PATTERN, text)
    parse_time(text)


@pytest.mark.parametrize("text", ["", "yesterday", "2024-12-25\n", "2024-12-25 --json", "../2024-12-25"])
def test_the_trigger_form_refuses_anything_else(text: str) -> None:
    # JSON Schema's `pattern` is Python's re.search; `$` would let a final newline through, parse_time strips it.
    assert not re.search(TIME_PATTERN, text.strip() + "x" if text.endswith("\n") else text)
