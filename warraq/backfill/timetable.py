"""Where a portal's data intervals end, as Airflow's CronDataIntervalTimetable has it over changes of clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def interval_end(start: datetime, *, schedule: str, zone: str) -> datetime:
    """When the data interval that starts then ends: the schedule's next time on the portal's clock, in UTC.

    Airflow reads the schedule on the clock's face and takes the time it means; a schedule of every hour goes on in
    hours that pass. So a day with a change of clocks has 23 or 25 hours, and an hour always one.
    """
    from croniter import croniter  # noqa: PLC0415 - what Airflow reads schedules with; slow to import

    local = ZoneInfo(zone)
    on_the_clock = start.astimezone(local).replace(tzinfo=None)
    following: datetime = croniter(schedule, on_the_clock).get_next(datetime)  # type: ignore[no-untyped-call]
    if croniter.expand(schedule)[0][1] == ["*"]:
        return start.astimezone(UTC) + (following - on_the_clock)
    # What the clock shows twice is the second time, what it skips is the moment of the skip.
    return max(following.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1))
