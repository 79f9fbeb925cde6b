"""Which portals are well: the state of each, since when, why, and what to do."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from spiders.portal.definition import Portal, Thresholds
from storage.model.window import spell_time
from warraq.findings.causes import NEXT_STEPS, Cause, cause_of, cause_of_all
from warraq.findings.drift import Drift, drift, split
from warraq.findings.last_failure import LastFailure
from warraq.findings.rhythm import HOUR, fit
from warraq.monitoring.run_columns import EMPTY, RunColumns

STOPPED_HOURS = 48.0
DEAD_HOURS = 14 * 24.0  # the site is gone, or nobody looks: no retry will bring it back
# A window's run begins when the window ends and takes its time; a missed one is missed this long after.
GRACE = timedelta(minutes=30)
# Silent means: time enough has passed for so many articles, as often as the portal usually has them, and none came.
MISSED_ARTICLES = 10  # by chance alone that happens once in 22,000 times
# A night and a holiday morning are no silence, and of the window that runs now nothing can be known yet.
CALM_HOURS = 12.0
MAX_SILENT_HOURS = 7 * 24.0  # a site of three articles a month is looked at every week
DEFAULT_SILENT_HOURS = 36.0  # as long as less than a week of a portal is known: a day, and half of the next
KNOWN_HOURS = 7 * 24.0  # a week: the weekend is in it


class Health(enum.StrEnum):
    """How a portal is, best first. RETIRED is no trouble: its definition says so."""

    WELL = "well"
    RETIRED = "retired"
    DEGRADED = "degraded"
    DRIFTING = "drifting"
    LATE = "late"
    SILENT = "silent"
    STOPPED = "stopped"
    NEVER = "never archived"
    DEAD = "dead"
    DEFINITION = "bad definition"


@dataclass(frozen=True)
class PortalHealth:
    """One portal; `quiet_hours` since the end of the last window that brought a new article, silent above the other."""

    portal: str
    health: Health
    last_window_end: datetime | None = None
    since: datetime | None = None
    cause: Cause | None = None
    detail: str = ""
    detail_ar: str = ""  # of what we say ourselves; errors and findings are in English only
    quiet_hours: float | None = None
    silent_after_hours: float | None = None
    articles_lately: int = 0  # of the last 24 hours
    expected_lately: float | None = None
    findings: tuple[str, ...] = field(default=())

    @property
    def is_sick(self) -> bool:
        """Whether somebody should look."""
        return self.health not in (Health.WELL, Health.RETIRED)

    @property
    def advice(self) -> str:
        """What to do, in words."""
        return NEXT_STEPS[self.cause].advice.format(portal=self.portal) if self.cause else ""

    @property
    def command(self) -> str:
        """The command that begins it."""
        return NEXT_STEPS[self.cause].command.format(portal=self.portal) if self.cause else ""

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "portal": self.portal,
            "health": str(self.health),
            "since": spell_time(self.since) if self.since else None,
            "cause": str(self.cause) if self.cause else None,
            "meaning": NEXT_STEPS[self.cause].meaning if self.cause else "",
            "meaning_ar": NEXT_STEPS[self.cause].meaning_ar if self.cause else "",
            "detail": self.detail,
            "detail_ar": self.detail_ar,
            "advice": self.advice,
            "advice_ar": NEXT_STEPS[self.cause].advice_ar.format(portal=self.portal) if self.cause else "",
            "command": self.command,
            "last_window_end": spell_time(self.last_window_end) if self.last_window_end else None,
            "quiet_hours": self.quiet_hours,
            "silent_after_hours": self.silent_after_hours,
            "articles_lately": self.articles_lately,
            "expected_lately": self.expected_lately,
            "findings": list(self.findings),
        }


@dataclass(frozen=True)
class PortalFacts:
    """What a portal is judged by. `findings` are those of its newest run."""

    name: str
    portal: Portal | None
    runs: RunColumns = EMPTY
    findings: tuple[str, ...] = ()
    failure: LastFailure | None = None


def usual_silence(runs: RunColumns) -> float:
    """Hours without an article after which a portal is silent, from its own runs up to the last that brought one."""
    with_articles = runs.new > 0
    if not with_articles.any():
        return DEFAULT_SILENT_HOURS
    known = runs.end <= runs.end[with_articles].max()
    hours = (runs.end[known] - runs.start[known]) / HOUR
    if hours.sum() < KNOWN_HOURS:
        return DEFAULT_SILENT_HOURS
    expected = MISSED_ARTICLES * hours.sum() / runs.new[known].sum()
    return round(float(min(max(expected, CALM_HOURS + np.median(hours)), MAX_SILENT_HOURS)), 1)


def portal_health(facts: PortalFacts, *, now: datetime, silent_hours: float | None = None) -> PortalHealth:
    """Judge a portal; the worst that is true counts. `silent_hours`: instead of its own rhythm."""
    portal, runs = facts.portal, facts.runs
    last = _instant(int(runs.end.max())) if len(runs) else None
    if portal is not None and portal.retired is not None:
        since = datetime.fromisoformat(portal.retired.since).replace(tzinfo=UTC)
        return PortalHealth(facts.name, Health.RETIRED, last, since, detail=portal.retired.reason)
    if last is None:
        failure = facts.failure
        return PortalHealth(
            facts.name,
            Health.NEVER,
            since=failure.at if failure else None,
            cause=cause_of(failure.error) if failure else Cause.NOT_RUNNING,
            detail=f"{failure.stage}: {failure.error}" if failure else "",
        )
    return _judged(facts, runs, last, now=now, silent_hours=silent_hours)


def _judged(
    facts: PortalFacts, runs: RunColumns, last: datetime, *, now: datetime, silent_hours: float | None
) -> PortalHealth:
    with_articles = runs.end[runs.new > 0]
    quiet_since = _instant(int(with_articles.max() if len(with_articles) else runs.start.min()))
    quiet = round((now - quiet_since) / timedelta(hours=1), 1)
    own = facts.portal.thresholds if facts.portal else Thresholds()
    silent_after = own.silent_hours or silent_hours or usual_silence(runs)
    change = _drift(facts, runs, now)
    lately = runs.start >= now.timestamp() - 24 * HOUR
    found = PortalHealth(
        portal=facts.name,
        health=Health.WELL,
        last_window_end=last,
        quiet_hours=quiet,
        silent_after_hours=silent_after,
        articles_lately=int(runs.new[lately].sum()),
        expected_lately=_usual_day(facts, runs, now),
        findings=facts.findings,
    )
    age, is_late = now - last, missed_windows(facts.portal, runs, last, now=now) >= own.late_windows
    if is_late:
        hours = age / timedelta(hours=1)
        state = Health.DEAD if hours > DEAD_HOURS else Health.STOPPED if hours > STOPPED_HOURS else Health.LATE
        return _because_of_failure(found, state, facts.failure, last)
    # Silence is what runs heard: hours that no run covered are late, not silent.
    if (last - quiet_since) / timedelta(hours=1) > silent_after:
        return _with(found, Health.SILENT, quiet_since, cause_of_all(facts.findings), default=Cause.SOURCES)
    if change and change.is_certain and change.since is not None:
        told = f"{change.found:.0f} articles where {change.expected:.0f} are usual"
        since, cause = _instant(int(change.since)), cause_of_all(facts.findings)
        found = replace(found, detail_ar=f"{change.found:.0f} خبرًا حيث المعتاد {change.expected:.0f}")
        return _with(found, Health.DRIFTING, since, cause, default=Cause.FEWER, detail=told)
    if runs.degraded[-1]:
        sound = runs.end[~runs.degraded]
        since = _instant(int(sound.max() if len(sound) else runs.start.min()))
        return _with(found, Health.DEGRADED, since, cause_of_all(facts.findings), detail="; ".join(facts.findings))
    return found


def missed_windows(portal: Portal | None, runs: RunColumns, last: datetime, *, now: datetime) -> int:
    """How many windows of its schedule have ended since the last that was published, up to the number that is late."""
    if portal is None:  # without a definition: windows as long as its own
        length = int(np.median(runs.end - runs.start))
        return int((now - GRACE - last).total_seconds() // length)
    from croniter import croniter  # noqa: PLC0415 - what Airflow reads schedules with; slow to import

    times: Any = croniter(portal.schedule, last.astimezone(ZoneInfo(portal.timezone)))
    count = 0
    while count < portal.thresholds.late_windows and times.get_next(datetime) <= now - GRACE:
        count += 1
    return count


def _because_of_failure(
    found: PortalHealth, state: Health, failure: LastFailure | None, last: datetime
) -> PortalHealth:
    if failure is None or failure.at < last:
        found = replace(found, detail_ar="لم تخفق مرحلة منذ ذلك الحين، فلم تبدأ أي منها")
        return _with(found, state, last, Cause.NOT_RUNNING, detail="no stage has failed since, so none was begun")
    return _with(found, state, last, cause_of(failure.error), detail=f"{failure.stage}: {failure.error}")


def _with(
    found: PortalHealth,
    state: Health,
    since: datetime,
    cause: Cause,
    *,
    default: Cause = Cause.UNKNOWN,
    detail: str = "",
) -> PortalHealth:
    known = cause if cause is not Cause.UNKNOWN else default
    return replace(found, health=state, since=since, cause=known, detail=detail)


def _drift(facts: PortalFacts, runs: RunColumns, now: datetime) -> Drift | None:
    windows = runs.chosen(runs.is_live).windows
    past, judged = split(windows, now=now.timestamp())
    rhythm = fit(past, _zone(facts.portal))
    return drift(judged, rhythm) if rhythm and len(judged) else None


def _usual_day(facts: PortalFacts, runs: RunColumns, now: datetime) -> float | None:
    """Articles of the last 24 hours' windows, as the four weeks before had them."""
    windows = runs.chosen(runs.is_live).windows
    before = windows.between(now.timestamp() - 29 * 24 * HOUR, now.timestamp() - 24 * HOUR)
    rhythm = fit(before, _zone(facts.portal))
    lately = windows.between(now.timestamp() - 24 * HOUR, now.timestamp())
    return round(float(rhythm.expected(lately).sum()), 1) if rhythm and len(lately) else None


def _zone(portal: Portal | None) -> ZoneInfo:
    return ZoneInfo(portal.timezone if portal else "UTC")


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
