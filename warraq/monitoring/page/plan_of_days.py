"""What filling chosen days of a portal would do, for the page and for Airflow's own backfill."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from warraq.monitoring.page.readings import Readings


def plan_of_days(readings: Readings, portal: str, span: tuple[str, str], *, zone: str) -> dict[str, Any]:
    """What `warraq backfill --dry-run` says of the days [first, last) of the portal's zone: lines, number of windows.

    `from_date` and `to_date` are the range as Airflow's backfill wants it. Lines alone tell what is wrong.
    """
    words = ("backfill", portal, "--from", span[0], "--to", span[1], "--only-missing", "--dry-run", "--json")
    reading = readings.of(*words)
    if reading.problem:
        return {"lines": [reading.problem], "windows": 0}
    plan = reading.found["plans"][0]
    try:
        begin, end = (datetime.combine(datetime.fromisoformat(day), time(), ZoneInfo(zone)) for day in span)
    except ValueError:
        return {"lines": ["write the days as 2024-12-25"], "windows": 0}
    return {
        "lines": plan["lines"],
        "windows": len(plan["windows"]),
        "from_date": begin.astimezone(UTC).isoformat(),
        "to_date": (end.astimezone(UTC) - timedelta(seconds=1)).isoformat(),  # Airflow's end is part of the range
    }
