"""Which portals are well: arithmetic over their latest runs."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.records import Run, Verdict
from warraq.coverage import THIN_SHARE

RECENT_RUNS = 3  # a single thin window is a quiet night; three in a row are a change
STOPPED_HOURS = 48.0  # no run published for so long: the schedule is off, or every run fails


class Health(enum.StrEnum):
    """How a portal is, best first."""

    WELL = "well"
    DEGRADED = "degraded"
    DRIFTING = "drifting"
    SILENT = "silent"
    STOPPED = "stopped"
    NEVER = "never archived"


@dataclass(frozen=True)
class PortalHealth:
    """One portal; `quiet_hours` since the end of the last window that brought a new article."""

    portal: str
    health: Health
    last_window_end: datetime | None
    quiet_hours: float | None
    articles_lately: int
    expected_lately: float | None
    findings: tuple[str, ...] = ()


def portal_health(portal: str, runs: Sequence[Run], *, now: datetime, silent_hours: float) -> PortalHealth:
    """Judge a portal by its runs, oldest first; the worst that is true counts."""
    published = [run for run in runs if run.verdict != Verdict.FAILED]
    if not published:
        return PortalHealth(portal, Health.NEVER, None, None, 0, None)
    last = published[-1]
    lately = published[-RECENT_RUNS:]
    with_articles = [run.window_end for run in published if run.articles_new]
    quiet = (now - (max(with_articles) if with_articles else published[0].window_start)) / timedelta(hours=1)
    baselines = [run.baseline_articles for run in lately if run.baseline_articles is not None]
    expected = sum(baselines) if len(baselines) == RECENT_RUNS else None
    articles = sum(run.articles_new for run in lately)
    if now - last.window_end > timedelta(hours=STOPPED_HOURS):
        health = Health.STOPPED
    elif quiet > silent_hours:
        health = Health.SILENT
    elif expected is not None and articles < THIN_SHARE * expected:
        health = Health.DRIFTING
    elif last.verdict == Verdict.DEGRADED:
        health = Health.DEGRADED
    else:
        health = Health.WELL
    return PortalHealth(portal, health, last.window_end, round(quiet, 1), articles, expected, last.findings)
