"""Which portals are well: arithmetic over their latest runs."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from storage.model.records import Run, Verdict
from warraq.monitoring.coverage import THIN_SHARE

RECENT_RUNS = 3  # a single thin window is a quiet night; three in a row are a change
STOPPED_HOURS = 48.0  # no run published for so long: the schedule is off, or every run fails
# Silent means: time enough has passed for so many articles, as often as the portal usually has them, and none came.
MISSED_ARTICLES = 10  # by chance alone that happens once in 22,000 times
# A night and a holiday morning are no silence, and of the window that runs now nothing can be known yet.
CALM_HOURS = 12.0
MAX_SILENT_HOURS = 7 * 24.0  # a site of three articles a month is looked at every week
DEFAULT_SILENT_HOURS = 36.0  # as long as less than a week of a portal is known: a day, and half of the next
KNOWN_HOURS = 7 * 24.0  # a week: the weekend is in it


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
    """One portal; `quiet_hours` since the end of the last window that brought a new article, silent above the other."""

    portal: str
    health: Health
    last_window_end: datetime | None
    quiet_hours: float | None
    silent_after_hours: float | None
    articles_lately: int
    expected_lately: float | None
    findings: tuple[str, ...] = ()


def usual_silence(published: Sequence[Run]) -> float:
    """Hours without an article after which a portal is silent, from its own runs up to the last that brought one."""
    alive = [run for run in published if run.articles_new]
    if not alive:
        return DEFAULT_SILENT_HOURS
    known = [run for run in published if run.window_end <= alive[-1].window_end]
    hours = [(run.window_end - run.window_start) / timedelta(hours=1) for run in known]
    if sum(hours) < KNOWN_HOURS:
        return DEFAULT_SILENT_HOURS
    expected = MISSED_ARTICLES * sum(hours) / sum(run.articles_new for run in known)
    return round(min(max(expected, CALM_HOURS + median(hours)), MAX_SILENT_HOURS), 1)


def portal_health(
    portal: str, runs: Sequence[Run], *, now: datetime, silent_hours: float | None = None
) -> PortalHealth:
    """Judge a portal by its runs, oldest first; the worst that is true counts. `silent_hours`: instead of its own."""
    published = [run for run in runs if run.verdict != Verdict.FAILED]
    if not published:
        return PortalHealth(portal, Health.NEVER, None, None, None, 0, None)
    last = published[-1]
    lately = published[-RECENT_RUNS:]
    with_articles = [run.window_end for run in published if run.articles_new]
    quiet = (now - (max(with_articles) if with_articles else published[0].window_start)) / timedelta(hours=1)
    silent_after = silent_hours or usual_silence(published)
    baselines = [run.baseline_articles for run in lately if run.baseline_articles is not None]
    expected = sum(baselines) if len(baselines) == RECENT_RUNS else None
    articles = sum(run.articles_new for run in lately)
    if now - last.window_end > timedelta(hours=STOPPED_HOURS):
        health = Health.STOPPED
    elif quiet > silent_after:
        health = Health.SILENT
    elif expected is not None and articles < THIN_SHARE * expected:
        health = Health.DRIFTING
    elif last.verdict == Verdict.DEGRADED:
        health = Health.DEGRADED
    else:
        health = Health.WELL
    return PortalHealth(
        portal, health, last.window_end, round(quiet, 1), silent_after, articles, expected, last.findings
    )
