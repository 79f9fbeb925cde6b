"""Which window a DAG run is responsible for. Pure: what Airflow knows comes as arguments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from storage.errors import UsageError
from storage.model.window import TIME_FORMS, Window

# The same forms as storage.model.window reads, so that the trigger form refuses a typing error before a run exists.
TIME_PATTERN = r"^\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?(Z|[+-]\d{2}:\d{2})?)?$"


def run_window(
    params: Mapping[str, Any],
    *,
    is_manual: bool,
    interval: tuple[datetime, datetime] | None,
    now: datetime,
) -> Window:
    """The window of a run: `from` and `to` of a manual run, the data interval of any other.

    A manual run's data interval is never used: with the same logical date it covers another day than a scheduled run.
    Raises UsageError.
    """
    start, end = params.get("from"), params.get("to")
    if is_manual:
        if not (start and end):
            raise UsageError(
                "a manual run needs its window: `from` and `to` are not both set",
                remedy=f"trigger it with both, each as {TIME_FORMS}",
            )
        return Window.parse(str(start), str(end), now=now)
    if start or end:
        raise UsageError(
            "`from` and `to` are for manual runs; this run has its data interval",
            remedy="leave them empty, also in a backfill's configuration: the backfill's dates say the windows",
        )
    if interval is None:
        raise UsageError("this run has no data interval", remedy="trigger it by hand with `from` and `to`")
    return Window(*(instant.astimezone(UTC).replace(microsecond=0) for instant in interval))
