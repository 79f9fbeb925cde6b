"""What filling chosen days of a portal would do, for the page and for Airflow's own backfill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from warraq.monitoring.page.readings import Readings

SHOWN_OVERLAPS = 3


def plan_of_days(
    readings: Readings, portal: str, span: tuple[str, str], *, zone: str, language: str = "en"
) -> dict[str, Any]:
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
        "lines": arabic_lines(plan) if language == "ar" else plan["lines"],
        "windows": len(plan["windows"]),
        "from_date": begin.astimezone(UTC).isoformat(),
        "to_date": (end.astimezone(UTC) - timedelta(seconds=1)).isoformat(),  # Airflow's end is part of the range
    }


def arabic_lines(plan: Mapping[str, Any]) -> list[str]:
    """A portal's plan, as `--json` has it, in Arabic: what its `lines` say in English."""
    lines = [f"لا تغطيها نافذة: {hole}؛ ابدأ المدى قبل ذلك بنافذة" for hole in plan["not_covered"]]
    if not plan["windows"]:
        return [*lines, f"لا شيء يلزم: النوافذ المؤرشفة من قبل {plan['already_archived']}"]
    first, last = (plan["windows"][place]["run_id"].partition("/")[2] for place in (0, -1))
    lines += [
        f"النوافذ: {len(plan['windows'])}، أولاها {first} وأخراها {last}",
        f"نوافذ المدى المؤرشفة من قبل: {plan['already_archived']}",
        f"المصادر التي تسرد الماضي: {'، '.join(plan['sources_of_the_past']) or 'لا شيء، فستبقى النوافذ القديمة فارغة'}",
    ]
    if plan["requests"] is None:
        lines.append(f"الكلفة غير معروفة إذ لا تشغيلة للبوابة بعد؛ والطلبات {plan['most_requests']:,} على الأكثر")
    else:
        low, high = plan["requests_low"], plan["requests_high"]
        lines.append(
            f"نحو {plan['requests']:,} طلب (من {low:,} إلى {high:,})، {plan['bytes'] / 1e6:,.1f} م.بايت، "
            f"في {timedelta(seconds=round(plan['seconds']))}، قياسًا على ما كلّفته النوافذ من قبل"
        )
    overlaps = sorted({name for window in plan["windows"] for name in window["overlaps"]})
    if overlaps:
        more = len(overlaps) - SHOWN_OVERLAPS
        lines.append(
            f"تتداخل مع تشغيلات نوافذ أخرى: {'، '.join(overlaps[:SHOWN_OVERLAPS])}" + f" و{more} غيرها" * (more > 0)
        )
    return lines
