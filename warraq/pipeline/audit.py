"""The audit between staging and publication: judges a run by its own numbers and by the portal's history. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from spiders.job.crawl_verdict import FAILURES, is_quiet
from storage.model.outcomes import Outcome, Rejection, rejected
from storage.model.records import Run, Verdict

# Below this many, shares say nothing: one bad page of three is not a collapse.
MIN_LINKS_FOR_SHARES = 10
# One link in five failing is more than the churn of removed articles (2 to 5 % on the portals looked at).
MAX_FAILED_SHARE = 0.2
# Sections and sitemaps list galleries and videos too; more than two thirds means that articles are not recognised.
MAX_REJECTED_SHARE = 0.67
# A portal whose pages are mostly no articles is defined wrongly, whatever its history.
MAX_REJECTED_SHARE_EVER = 0.95
# A block page, cookie wall or script shell instead of articles: the portal treats us as a robot.
MAX_WALL_SHARE = 0.2
# News without a date happens (static pages); half a run without is a changed layout.
MAX_UNDATED_SHARE = 0.5
# How far a share may rise above, or a mean fall below, what the portal usually has.
MAX_RISE = 0.3
MIN_SHARE_OF_USUAL = 0.6
# A day with a third of the usual yield is not a holiday: those keep about half.
MIN_YIELD_SHARE = 0.3
# Against a smaller baseline, chance alone leaves an hour empty every few days (Poisson: e^-5 < 1 %).
MIN_BASELINE = 5.0
# Windows needed before they count as a baseline, and how many of the newest are looked at.
MIN_COMPARABLE, MAX_COMPARABLE = 3, 8
# The crawl of a window that ended longer ago is a backfill: what others archived before it is no loss of yield.
LIVE_FOR = timedelta(days=2)

_WALLS = [rejected(reason) for reason in (Rejection.BLOCK_PAGE, Rejection.COOKIE_WALL, Rejection.SCRIPT_BODY)]
_HAD_BEFORE = (Outcome.UNCHANGED, Outcome.SKIPPED_SEEN)
_TOLD_CAUSES = 3


@dataclass(frozen=True)
class TextFacts:
    """What a set of editions looks like; used for the run's and for the portal's usual ones."""

    editions: int
    undated: int
    mean_quality: float
    median_words: float


@dataclass(frozen=True)
class Audit:
    """The verdict, one line a finding, and what the portal yields in such a window (None without history)."""

    verdict: Verdict
    findings: tuple[str, ...]
    baseline_articles: float | None
    remedy: str = ""


def audit_run(run: Run, texts: TextFacts | None, history: Sequence[Run], usual: TextFacts | None) -> Audit:
    """Judge a staged run. `history` are the portal's other published runs, `usual` their texts, if there are any.

    FAILED if there is nothing to publish or the numbers contradict each other; DEGRADED if something is amiss.
    """
    comparable = comparable_runs(run, history)
    baseline = statistics.median(articles_of(each) for each in comparable) if comparable else None
    fatal = _fatal(run, baseline)
    if fatal:
        finding, remedy = fatal
        return Audit(Verdict.FAILED, (*run.findings, finding), baseline, remedy)
    findings = (*run.findings, *_crawl_findings(run, baseline), *_extraction_findings(run, texts, history, usual))
    return Audit(Verdict.DEGRADED if findings else Verdict.OK, tuple(findings), baseline)


def comparable_runs(run: Run, history: Sequence[Run]) -> list[Run]:
    """The newest published runs of windows as long: of the same weekday and hour, else hour, else any.

    Empty if there are too few to be a baseline. Degraded ones count, so that a lasting change becomes the usual.
    """
    length = run.window_end - run.window_start
    alike = [
        other for other in history if other.run_id != run.run_id and other.window_end - other.window_start == length
    ]
    same_hour = [other for other in alike if other.window_start.time() == run.window_start.time()]
    same_day = [other for other in same_hour if other.window_start.weekday() == run.window_start.weekday()]
    for found in (same_day, same_hour, alike):
        if len(found) >= MIN_COMPARABLE:
            return sorted(found, key=lambda other: other.window_start)[-MAX_COMPARABLE:]
    return []


def articles_of(run: Run) -> float:
    """The articles a run reached: for a live window the new texts, for a backfill also what was there before."""
    reached = run.articles_new + run.editions
    is_live = run.started_at - run.window_end < LIVE_FOR
    return reached if is_live else reached + _sum(run, _HAD_BEFORE)


def _fatal(run: Run, baseline: float | None) -> tuple[str, str] | None:
    """The one reason for which nothing may be published, and what to do about it."""
    check = f"`warraq check {run.portal}` probes the portal"
    captured = _captured(run)
    if sum(run.outcomes.values()) != run.links:
        return f"the outcomes add up to {sum(run.outcomes.values())}, not to {run.links} links", "extract the run again"
    if run.links == 0:
        return f"crawl: no source of {run.portal} listed a link in this window", check
    # A quiet hour is no failure; where articles are usual at this hour, the low yield marks it.
    is_quiet_hour = is_quiet(run.outcomes, links=run.links, length=run.window_end - run.window_start)
    if is_quiet_hour or _sum(run, [Outcome.NEW, Outcome.EDITION, *_HAD_BEFORE]):
        return None
    if captured and captured == run.rejected:
        is_wall = _sum(run, _WALLS) >= captured / 2
        stage = "crawl: the portal sent no articles" if is_wall else "extraction: no captured page is an article"
        return f"{stage}; {captured} pages, {_causes(run, 'rejected:')}", (
            check if is_wall else f"look at one with `warraq show`; the layout of {run.portal} may have changed"
        )
    if not captured and _sum(run, [Outcome.OUT_OF_WINDOW]) == run.links and baseline is not None and baseline < 1:
        return None  # the portal is usually silent at this time, and its sources answered
    return f"crawl: none of {run.links} links gave an article in this window ({_causes(run)})", check


def _crawl_findings(run: Run, baseline: float | None) -> Iterable[str]:
    failed = _sum(run, FAILURES)
    asked = run.links - _sum(run, [Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN, Outcome.BUDGET, Outcome.OFF_DOMAIN])
    if asked >= MIN_LINKS_FOR_SHARES and failed / asked > MAX_FAILED_SHARE:
        yield f"crawl: {failed} of {asked} links failed ({_causes(run, *FAILURES)})"
    if unreached := _sum(run, [Outcome.BUDGET, Outcome.INTERRUPTED]):
        yield f"crawl: {unreached} links were not reached within the run's limits"
    walls = _sum(run, _WALLS)
    if asked >= MIN_LINKS_FOR_SHARES and walls / asked > MAX_WALL_SHARE:
        yield f"crawl: {walls} of {asked} pages are walls instead of articles ({_causes(run, *_WALLS)})"
    found = articles_of(run)
    if baseline is not None and baseline >= MIN_BASELINE and found < MIN_YIELD_SHARE * baseline:
        yield f"crawl: {found:.0f} articles where {baseline:.0f} are usual"


def _extraction_findings(
    run: Run, texts: TextFacts | None, history: Sequence[Run], usual: TextFacts | None
) -> Iterable[str]:
    captured = _captured(run)
    if captured >= MIN_LINKS_FOR_SHARES:
        shares = [other.rejected / pages for other in history if (pages := _captured(other))]
        limit = statistics.median(shares) + MAX_RISE if len(shares) >= MIN_COMPARABLE else MAX_REJECTED_SHARE
        if run.rejected / captured > min(limit, MAX_REJECTED_SHARE_EVER):
            yield f"extraction: {run.rejected} of {captured} pages are no articles ({_causes(run, 'rejected:')})"
    if texts is None or texts.editions < MIN_LINKS_FOR_SHARES:
        return
    enough = usual is not None and usual.editions >= MIN_LINKS_FOR_SHARES
    undated = texts.undated / texts.editions
    limit = usual.undated / usual.editions + MAX_RISE if usual and enough else MAX_UNDATED_SHARE
    if undated > limit:
        yield f"extraction: {texts.undated} of {texts.editions} articles have no date"
    if not (usual and enough):
        return
    if texts.mean_quality < MIN_SHARE_OF_USUAL * usual.mean_quality:
        yield f"extraction: quality is {texts.mean_quality:.2f} where {usual.mean_quality:.2f} is usual"
    if texts.median_words < MIN_SHARE_OF_USUAL * usual.median_words:
        yield f"extraction: articles have {texts.median_words:.0f} words where {usual.median_words:.0f} are usual"


def _captured(run: Run) -> int:
    """The links that gave a page, as it was or as it had been."""
    pages = {Outcome.NEW, Outcome.EDITION, Outcome.UNCHANGED}
    return _sum(run, [name for name in run.outcomes if name in pages or name.startswith(f"{Outcome.REJECTED}:")])


def _sum(run: Run, outcomes: Iterable[str]) -> int:
    return sum(run.outcomes.get(str(outcome), 0) for outcome in outcomes)


def _causes(run: Run, *beginnings: str) -> str:
    """The most frequent outcomes that begin so, as `http_5xx 12, timeout 3`."""
    chosen = tuple(str(beginning) for beginning in beginnings) or ("",)
    counts = Counter({name: count for name, count in run.outcomes.items() if name.startswith(chosen)})
    return ", ".join(f"{name} {count}" for name, count in counts.most_common(_TOLD_CAUSES))
