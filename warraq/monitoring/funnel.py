"""Why a day has the articles it has: from listed links to articles, against the portal's usual day. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from storage.model.outcomes import Outcome
from storage.model.records import Run
from warraq.findings.causes import NEXT_STEPS, Cause, cause_of
from warraq.pipeline.audit import HAD_BEFORE, articles_of

DAY = timedelta(days=1)
USUAL_DAYS = 56  # eight of each weekday
MIN_USUAL_DAYS = 3
_KEPT = (Outcome.NEW, Outcome.EDITION, *HAD_BEFORE)
# Links that ended so were no articles of the window.
_NO_LOSS = {str(name) for name in (*_KEPT, Outcome.OUT_OF_WINDOW, Outcome.OFF_DOMAIN)}
_NOT_ASKED = (Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN, Outcome.BUDGET, Outcome.OFF_DOMAIN, Outcome.INTERRUPTED)


@dataclass(frozen=True)
class Step:
    """One width of the funnel, that day and usually (None without usual days)."""

    name: str
    count: float
    usual: float | None


@dataclass(frozen=True)
class Loss:
    """What cost articles, about how many against the usual day, and the prescribed next step."""

    name: str
    articles: float
    told: str
    next_step: str


@dataclass(frozen=True)
class Funnel:
    """A portal's day. `losses` are told the largest first."""

    portal: str
    day: date
    runs: tuple[str, ...]
    hours: float  # of the day that runs cover
    usual_days: int
    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True)
class _Day:
    runs: tuple[Run, ...]
    hours: float
    outcomes: Counter[str]
    articles: float

    @property
    def links(self) -> int:
        return sum(self.outcomes.values())


def funnel(portal: str, day: date, runs: Iterable[Run]) -> Funnel:
    """The day's funnel; `runs` are the portal's of the day and of the weeks before. Longer ones count by their part."""
    by_day = _days(runs)
    today = by_day.get(day, _Day((), 0.0, Counter(), 0.0))
    usual = _usual(day, by_day)
    return Funnel(
        portal=portal,
        day=day,
        runs=tuple(run.run_id for run in today.runs),
        hours=round(today.hours, 2),
        usual_days=len(usual),
        steps=tuple(_steps(today, usual)),
        losses=tuple(sorted(_losses(portal, today, usual), key=lambda loss: -loss.articles)),
        findings=tuple(dict.fromkeys(finding for run in today.runs for finding in run.findings)),
    )


def _days(runs: Iterable[Run]) -> dict[date, _Day]:
    parts: dict[date, list[tuple[Run, float]]] = {}
    for run in runs:
        length = run.window_end - run.window_start
        start = datetime.combine(run.window_start.astimezone(UTC).date(), datetime.min.time(), UTC)
        while start < run.window_end:
            hours = (min(run.window_end, start + DAY) - max(run.window_start, start)).total_seconds() / 3600
            parts.setdefault(start.date(), []).append((run, hours / max(length.total_seconds() / 3600, 1e-9)))
            start += DAY
    return {day: _day(day, found) for day, found in parts.items()}


def _day(day: date, parts: Sequence[tuple[Run, float]]) -> _Day:
    outcomes: Counter[str] = Counter()
    covered: set[int] = set()
    first = datetime.combine(day, datetime.min.time(), UTC)
    for run, part in parts:
        for name, count in run.outcomes.items():
            outcomes[name] += round(count * part)
        minutes = range(
            int(max(0.0, (run.window_start - first).total_seconds() // 60)),
            int(min(1440.0, (run.window_end - first).total_seconds() // 60)),
        )
        covered.update(minutes)
    articles = sum(articles_of(run) * part for run, part in parts)
    return _Day(tuple(run for run, _ in parts), len(covered) / 60, +outcomes, articles)


def _usual(day: date, by_day: dict[date, _Day]) -> list[_Day]:
    """Days of the weeks before that runs cover: of the same weekday where there are enough, else all."""
    before = {other: found for other, found in by_day.items() if day - USUAL_DAYS * DAY <= other < day}
    same = [found for other, found in before.items() if other.weekday() == day.weekday()]
    chosen = same if len(same) >= MIN_USUAL_DAYS else list(before.values())
    return chosen if len(chosen) >= MIN_USUAL_DAYS else []


def _steps(today: _Day, usual: Sequence[_Day]) -> Iterable[Step]:
    for name, count in (
        ("hours covered", lambda day: day.hours),
        ("links listed", lambda day: day.links),
        ("links of the day, asked for", lambda day: day.links - _count(day, _NOT_ASKED)),
        ("pages received", _pages),
        ("pages that are articles", lambda day: _count(day, (Outcome.NEW, Outcome.EDITION, Outcome.UNCHANGED))),
        ("articles", lambda day: day.articles),
    ):
        yield Step(name, round(count(today), 2), _mean(map(count, usual)))


def _losses(portal: str, today: _Day, usual: Sequence[_Day]) -> Iterable[Loss]:
    if not usual:
        return
    articles, links, hours = (
        _mean(getattr(day, name) for day in usual) or 0.0 for name in ("articles", "links", "hours")
    )
    if articles <= 0:
        return
    if hours and today.hours < hours:
        lost = articles * (1 - today.hours / hours)
        yield Loss(
            "not archived",
            round(lost, 1),
            f"runs cover {today.hours:g} hours where {hours:g} are usual",
            _next_step(portal, Cause.NOT_RUNNING),
        )
        articles *= today.hours / hours
        links *= today.hours / hours
    if links and today.links < links:
        lost = articles * (1 - today.links / links)
        yield Loss(
            "fewer links listed",
            round(lost, 1),
            f"{today.links} links where {links:g} are usual",
            _next_step(portal, Cause.SOURCES),
        )
    yield from _lost_links(portal, today, usual, rate=articles / links if links else 0.0)


def _lost_links(portal: str, today: _Day, usual: Sequence[_Day], *, rate: float) -> Iterable[Loss]:
    """Links that ended otherwise than usual; `rate` is how many articles a listed link usually gives."""
    whole = sum((day.outcomes for day in usual), Counter[str]())
    total = sum(whole.values())
    kept_share = sum(whole[str(name)] for name in _KEPT) / total if total else 0.0
    for name, count in today.outcomes.items():
        if name in _NO_LOSS or not total:
            continue
        expected = today.links * whole[name] / total
        if count > expected and kept_share:
            lost = (count - expected) * rate / kept_share
            yield Loss(
                name,
                round(lost, 1),
                f"{count} links ended so where {expected:.1f} are usual",
                _next_step(portal, cause_of(name)),
            )


def _next_step(portal: str, cause: Cause) -> str:
    step = NEXT_STEPS[cause]
    return f"{step.advice}: {step.command}".format(portal=portal)


def _pages(day: _Day) -> int:
    received = (Outcome.NEW, Outcome.EDITION, Outcome.UNCHANGED)
    return _count(day, received) + sum(
        count for name, count in day.outcomes.items() if name.startswith(f"{Outcome.REJECTED}:")
    )


def _count(day: _Day, outcomes: Iterable[str]) -> int:
    return sum(day.outcomes[str(name)] for name in outcomes)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(statistics.fmean(found), 2) if found else None
