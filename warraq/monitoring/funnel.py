"""Why a day has the articles it has: from listed links to articles, against the portal's usual day. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from storage.model.outcomes import Outcome
from storage.model.records import Run
from warraq.findings.causes import NEXT_STEPS, Cause, cause_of
from warraq.findings.dated_links import KEPT, DatedLinks, is_long, middle_day
from warraq.pipeline.audit import articles_of

DAY = timedelta(days=1)
USUAL_DAYS = 56  # eight of each weekday
MIN_USUAL_DAYS = 3
# A day of a longer run tells what is usual where nearly all links of that run have a day.
MAX_UNDATED_SHARE = 0.05
# Links that ended so were of other days or of nobody.
_NOT_OF_DAY = {str(Outcome.OUT_OF_WINDOW), str(Outcome.OFF_DOMAIN)}
_NO_LOSS = {*KEPT, *_NOT_OF_DAY}
_NOT_ASKED = (Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN, Outcome.BUDGET, Outcome.OFF_DOMAIN, Outcome.INTERRUPTED)


@dataclass(frozen=True)
class Step:
    """One width of the funnel, that day and usually (None without usual days).

    `undated` counts what the day's longer runs have beside it, which cannot be told by day.
    """

    name: str
    count: float
    usual: float | None
    undated: float = 0


@dataclass(frozen=True)
class Loss:
    """What cost articles, about how many against the usual, in `days` days, and the prescribed next step.

    `days` is 1 for what was counted on the day itself. More: the run's total over so many days, told as such because
    nothing says which of them it was.
    """

    name: str
    articles: float
    told: str
    next_step: str
    days: int = 1


@dataclass(frozen=True)
class Funnel:
    """A portal's day. `losses` are told the largest first, by their articles a day.

    `outcomes` are the day's links by how they ended; `undated_outcomes` those of runs longer than a day whose day is
    not known, over `undated_days` days.
    """

    portal: str
    day: date
    runs: tuple[str, ...]
    hours: float  # of the day that runs cover
    usual_days: int
    undated_days: int
    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]
    outcomes: dict[str, int]
    undated_outcomes: dict[str, int]
    findings: tuple[str, ...]


@dataclass(frozen=True)
class _Day:
    """What was counted on one day; `undated` and `whole` are of its longer runs, over `days` days."""

    runs: tuple[Run, ...] = ()
    hours: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    articles: float = 0.0
    undated: Counter[str] = field(default_factory=Counter)
    undated_articles: float = 0.0
    whole: Counter[str] = field(default_factory=Counter)
    days: int = 1

    @property
    def links(self) -> int:
        """Links that may be of the day."""
        return _of_day(self.outcomes)

    @property
    def is_told(self) -> bool:
        """Whether nearly all of its runs' links have a day."""
        return _of_day(self.undated) <= MAX_UNDATED_SHARE * _of_day(self.whole)


def funnel(portal: str, day: date, runs: Iterable[Run], dated: Mapping[str, DatedLinks] | None = None) -> Funnel:
    """The day's funnel; `runs` are the portal's of the day and of the weeks before.

    A run of a day or less counts on the day that its window is of. A longer one counts by `dated`, what of it is
    known to be of which day (findings/dated_links.py); the rest of it is told as the run's, not as the day's.
    """
    every = list(runs)
    today = _day(day, every, dated or {})
    usual = _usual(day, today, every, dated or {})
    return Funnel(
        portal=portal,
        day=day,
        runs=tuple(run.run_id for run in today.runs),
        hours=round(today.hours, 2),
        usual_days=len(usual),
        undated_days=today.days,
        steps=tuple(_steps(today, usual)),
        losses=tuple(sorted(_losses(portal, today, usual), key=lambda loss: -loss.articles / loss.days)),
        outcomes=_most_first(today.outcomes),
        undated_outcomes=_most_first(today.undated),
        findings=tuple(dict.fromkeys(finding for run in today.runs for finding in run.findings)),
    )


def _day(day: date, runs: Iterable[Run], dated: Mapping[str, DatedLinks]) -> _Day:
    short = [run for run in runs if not is_long(run) and middle_day(run) == day]
    long = [run for run in runs if is_long(run) and day in _days_of(run)]
    links = {run.run_id: dated.get(run.run_id) or DatedLinks.unknown(run, articles_of(run)) for run in long}
    outcomes = sum((Counter(run.outcomes) for run in short), Counter[str]())
    whole, undated = Counter[str](), Counter[str]()
    for found in links.values():
        outcomes += found.links.get(day, Counter())
        undated += found.links.get(None, Counter())
        whole += sum(found.links.values(), Counter[str]())
    return _Day(
        runs=(*short, *long),
        hours=_hours(day, short, long),
        outcomes=outcomes,
        articles=sum(map(articles_of, short)) + sum(found.articles.get(day, 0) for found in links.values()),
        undated=undated,
        undated_articles=sum(found.articles.get(None, 0) for found in links.values()),
        whole=whole,
        days=len({other for run in long for other in _days_of(run)}) or 1,
    )


def _days_of(run: Run) -> set[date]:
    first = run.window_start.astimezone(UTC).date()
    last = (run.window_end - timedelta(microseconds=1)).astimezone(UTC).date()
    return {first + number * DAY for number in range((last - first).days + 1)}


def _hours(day: date, short: Iterable[Run], long: Iterable[Run]) -> float:
    """Hours of the windows that are of the day, and of the day in longer ones, each minute once."""
    first = datetime.combine(day, datetime.min.time(), UTC)
    spans = [(run.window_start, run.window_end) for run in short]
    spans += [(max(run.window_start, first), min(run.window_end, first + DAY)) for run in long]
    covered: set[int] = set()
    for start, end in spans:
        covered.update(range(*(int((moment - first).total_seconds() // 60) for moment in (start, end))))
    return min(24.0, len(covered) / 60)


def _usual(day: date, today: _Day, runs: Sequence[Run], dated: Mapping[str, DatedLinks]) -> list[_Day]:
    """Days of the weeks before that other runs cover: of the same weekday where there are enough, else all."""
    own = {run.run_id for run in today.runs}
    others = [run for run in runs if run.run_id not in own]
    touched = {other for run in others for other in (_days_of(run) if is_long(run) else (middle_day(run),))}
    whole = {d for run in today.runs for d in (_days_of(run) if is_long(run) else ())}
    before = {
        other: found
        for other in sorted(touched - whole)
        if day - USUAL_DAYS * DAY <= other < day and (found := _day(other, others, dated)).is_told
    }
    same = [found for other, found in before.items() if other.weekday() == day.weekday()]
    chosen = same if len(same) >= MIN_USUAL_DAYS else list(before.values())
    return chosen if len(chosen) >= MIN_USUAL_DAYS else []


def _steps(today: _Day, usual: Sequence[_Day]) -> Iterable[Step]:
    yield Step("hours covered", round(today.hours, 2), _mean(day.hours for day in usual))
    counted: tuple[tuple[str, Callable[[Counter[str]], int]], ...] = (
        ("links listed", Counter.total),
        ("links of the day, asked for", lambda links: links.total() - _count(links, _NOT_ASKED)),
        ("pages received", _pages),
        ("pages that are articles", lambda links: _count(links, (Outcome.NEW, Outcome.EDITION, Outcome.UNCHANGED))),
    )
    for name, count in counted:
        yield Step(name, count(today.outcomes), _mean(count(day.outcomes) for day in usual), count(today.undated))
    articles = _mean(day.articles for day in usual)
    yield Step("articles", round(today.articles, 2), articles, round(today.undated_articles, 2))


def _losses(portal: str, today: _Day, usual: Sequence[_Day]) -> Iterable[Loss]:
    articles, links, hours = (
        _mean(getattr(day, name) for day in usual) or 0.0 for name in ("articles", "links", "hours")
    )
    if articles <= 0:
        return
    if hours and today.hours < hours:
        yield Loss(
            "not archived",
            round(articles * (1 - today.hours / hours), 1),
            f"runs cover {today.hours:g} hours where {hours:g} are usual",
            _next_step(portal, Cause.NOT_RUNNING),
        )
        articles *= today.hours / hours
        links *= today.hours / hours
    # All that has no day may be of this one.
    most = today.links + _of_day(today.undated)
    if links and most < links:
        found = f"{most} links" if most == today.links else f"{today.links} to {most} links"
        yield Loss(
            "fewer links listed",
            round(articles * (1 - most / links), 1),
            f"{found} of the day where {links:g} are usual",
            _next_step(portal, Cause.SOURCES),
        )
    ended = sum((day.outcomes for day in usual), Counter[str]())
    if links and ended:
        yield from _lost_links(portal, today, ended, rate=articles / links)


def _lost_links(portal: str, today: _Day, usual: Counter[str], *, rate: float) -> Iterable[Loss]:
    """Links that ended otherwise than usual; `rate` is how many articles a link of the day usually gives."""
    total = _of_day(usual)
    kept_share = _count(usual, KEPT) / total if total else 0.0
    if not kept_share:
        return
    for name in sorted((today.outcomes.keys() | today.undated.keys()) - _NO_LOSS):
        share, step = usual[name] / total, _next_step(portal, cause_of(name))
        expected, count = today.links * share, today.outcomes[name]
        if count > expected:
            lost = round((count - expected) * rate / kept_share, 1)
            yield Loss(name, lost, f"{count} links ended so where {expected:.1f} are usual", step)
        expected, count = _of_day(today.undated) * share, today.undated[name]
        if count > expected:
            lost = round((count - expected) * rate / kept_share, 1)
            told = f"{count} links ended so in all {today.days} days of its run where {expected:.1f} are usual"
            yield Loss(name, lost, f"{told}; of which day they are, nothing says", step, today.days)


def _next_step(portal: str, cause: Cause) -> str:
    step = NEXT_STEPS[cause]
    return f"{step.advice}: {step.command}".format(portal=portal)


def _of_day(links: Counter[str]) -> int:
    return links.total() - _count(links, _NOT_OF_DAY)


def _pages(links: Counter[str]) -> int:
    received = (Outcome.NEW, Outcome.EDITION, Outcome.UNCHANGED)
    return _count(links, received) + sum(
        count for name, count in links.items() if name.startswith(f"{Outcome.REJECTED}:")
    )


def _count(links: Counter[str], outcomes: Iterable[str]) -> int:
    return sum(links[str(name)] for name in outcomes)


def _most_first(links: Counter[str]) -> dict[str, int]:
    return dict(sorted(links.items(), key=lambda each: (-each[1], each[0])))


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(statistics.fmean(found), 2) if found else None
