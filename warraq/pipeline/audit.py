"""The audit between staging and publication: judges a run by its own numbers and by the portal's history. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from spiders.http.retry_policy import FAILURES
from spiders.job.crawl_verdict import is_quiet
from storage.model.outcomes import HAD_BEFORE, Outcome, Rejection, rejected
from storage.model.records import CrawlReport, Run, Verdict
from warraq.findings.chance import chance_of_so_few

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
# So few articles that chance alone would do it less than once or twice in a year of hourly windows …
MAX_CHANCE = 2e-4
# … and a slow Friday or a holiday, which is no chance either, still has more than this share.
MIN_YIELD_SHARE = 0.6
# That every page asked for is bad, going by how many of the portal's pages usually are.
MAX_BARREN_CHANCE = 1e-3
# Counts of a few windows say little about their dispersion: as if so many had been Poisson's.
PRIOR_WINDOWS = 7
# Windows needed before they count as a baseline, and how many of the newest are looked at.
MIN_COMPARABLE, MAX_COMPARABLE = 3, 8
# The crawl of a window that ended longer ago is a backfill: what others archived before it is no loss of yield.
LIVE_FOR = timedelta(days=2)

WALLS = [rejected(reason) for reason in (Rejection.BLOCK_PAGE, Rejection.COOKIE_WALL, Rejection.SCRIPT_BODY)]
_GONE = (Outcome.GONE, Outcome.LEGAL_BLOCK, rejected(Rejection.SOFT_404))
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
    yields = Yields.of(comparable_runs(run, history))
    fatal = _fatal(run, yields, history)
    if fatal:
        finding, remedy = fatal
        return Audit(Verdict.FAILED, (*run.findings, finding), yields.mean, remedy)
    findings = (*run.findings, *_crawl_findings(run, yields), *_extraction_findings(run, texts, history, usual))
    return Audit(Verdict.DEGRADED if findings else Verdict.OK, tuple(findings), yields.mean)


@dataclass(frozen=True)
class Yields:
    """What windows like the run's own brought: how many windows, articles in all, variance over mean."""

    windows: int
    articles: float
    dispersion: float

    @classmethod
    def of(cls, comparable: Sequence[Run]) -> Yields:
        """The yields of some runs."""
        counts = [articles_of(run) for run in comparable]
        mean = statistics.fmean(counts) if counts else 0.0
        squares = sum((count - mean) ** 2 for count in counts) / mean if mean else 0.0
        dispersion = (squares + PRIOR_WINDOWS) / (max(len(counts) - 1, 0) + PRIOR_WINDOWS)
        return cls(len(counts), sum(counts), max(1.0, dispersion))

    @property
    def mean(self) -> float | None:
        """Articles a window; None without enough windows."""
        return round(self.articles / self.windows, 2) if self.windows else None

    def are_far_above(self, found: float) -> bool:
        """Whether chance would not bring so few: too few by share and by odds."""
        if not self.windows or found >= MIN_YIELD_SHARE * self.articles / self.windows:
            return False
        chance = chance_of_so_few(found, usual=self.articles, windows=self.windows, dispersion=self.dispersion)
        return chance < MAX_CHANCE


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
    """The articles of its window that a run reached: new ones, and those that runs of overlapping windows had.

    So a window counts the same whether it was archived first, again, or over days that others had archived in part.
    """
    if run.articles_known is not None:
        return run.articles_new + run.articles_known
    # Rows of before 2 did not say: what a backfill found known was mostly of its window, a live run's mostly not.
    is_live = run.started_at - run.window_end < LIVE_FOR
    return run.articles_new if is_live else run.articles_new + run.editions + count_of(run, HAD_BEFORE)


def _fatal(run: Run, yields: Yields, history: Sequence[Run]) -> tuple[str, str] | None:
    """The one reason for which nothing may be published, and what to do about it."""
    if sum(run.outcomes.values()) != run.links:
        return f"the outcomes add up to {sum(run.outcomes.values())}, not to {run.links} links", "extract the run again"
    if run.links == 0:
        return f"crawl: no source of {run.portal} listed a link in this window", _check(run)
    if not _has_nothing(run, yields, history):
        return None
    usual = f", where {yields.mean:.0f} are usual" if yields.mean else ""
    captured = captured_pages(run)
    if captured and captured == run.rejected:
        is_wall = count_of(run, WALLS) >= captured / 2
        stage = "crawl: the portal sent no articles" if is_wall else "extraction: no captured page is an article"
        return f"{stage}{usual}; {captured} pages, {_causes(run, 'rejected:')}", (
            _check(run) if is_wall else f"look at one with `warraq show`; the layout of {run.portal} may have changed"
        )
    return f"crawl: none of {run.links} links gave an article in this window{usual} ({_causes(run)})", _check(run)


def _has_nothing(run: Run, yields: Yields, history: Sequence[Run]) -> bool:
    """Whether the run archived nothing of its window, and that is neither a quiet time nor chance."""
    if count_of(run, [Outcome.NEW, Outcome.EDITION]) or articles_of(run):
        return False
    if run.requests == 0 and count_of(run, _GONE):  # nobody asked for its window: an import may only tell of removals
        return False
    # A quiet hour is no failure: the sources answered, and there was nothing to archive. Where articles are usual at
    # this hour the low yield marks it, and a portal that stays so is silent.
    if is_quiet(run.outcomes, links=run.links, length=run.window_end - run.window_start):
        return False
    if count_of(run, HAD_BEFORE):
        return yields.are_far_above(0) or _is_barren(run, history)
    is_beside = count_of(run, [Outcome.OUT_OF_WINDOW]) == run.links
    return not (is_beside and yields.mean is not None and yields.mean < 1)  # usually silent, and its sources answered


def _check(run: Run) -> str:
    return f"`warraq check {run.portal}` probes the portal"


def _is_barren(run: Run, history: Sequence[Run]) -> bool:
    """Whether all pages the run asked for are bad, and by the portal's history that is no chance."""
    asked, bad = _asked_pages(run)
    if not asked or bad < asked or not any(articles_of(other) for other in history):
        return False
    pages = [_asked_pages(other) for other in history]
    seen, were_bad = sum(all_ for all_, _ in pages), sum(bad_ for _, bad_ in pages)
    chance = 1.0
    for number in range(asked):
        chance *= (were_bad + 1 + number) / (seen + 2 + number)
        if chance < MAX_BARREN_CHANCE:
            return True
    return False


def _asked_pages(run: Run) -> tuple[int, int]:
    """Pages that were asked for, and those of them that failed or are no articles."""
    failed = count_of(run, FAILURES)
    return captured_pages(run) + failed, run.rejected + failed


def link_findings(run: Run | CrawlReport) -> Iterable[str]:
    """What is amiss with how a crawl's links ended: the one answer, for `warraq crawl` and for the run's audit."""
    failed, asked = count_of(run, FAILURES), _asked_links(run)
    if asked >= MIN_LINKS_FOR_SHARES and failed / asked > MAX_FAILED_SHARE:
        yield f"crawl: {failed} of {asked} links failed ({_causes(run, *FAILURES)})"
    if unreached := count_of(run, [Outcome.BUDGET, Outcome.INTERRUPTED]):
        yield f"crawl: {unreached} links were not reached within the run's limits"
    refused = count_of(run, [Outcome.ROBOTS, Outcome.OPT_OUT])
    if refused and refused >= asked - failed - refused + count_of(run, [Outcome.SKIPPED_SEEN]):
        yield f"crawl: {refused} links are forbidden by robots.txt or an opt-out"


def _asked_links(run: Run | CrawlReport) -> int:
    beside = [Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN, Outcome.BUDGET, Outcome.OFF_DOMAIN]
    return run.links - count_of(run, beside)


def _crawl_findings(run: Run, yields: Yields) -> Iterable[str]:
    yield from link_findings(run)
    asked = _asked_links(run)
    walls = count_of(run, WALLS)
    if asked >= MIN_LINKS_FOR_SHARES and walls / asked > MAX_WALL_SHARE:
        yield f"crawl: {walls} of {asked} pages are walls instead of articles ({_causes(run, *WALLS)})"
    if yields.are_far_above(articles_of(run)):
        yield f"crawl: {articles_of(run):.0f} articles where {yields.mean:.0f} are usual"


def _extraction_findings(
    run: Run, texts: TextFacts | None, history: Sequence[Run], usual: TextFacts | None
) -> Iterable[str]:
    captured = captured_pages(run)
    if captured >= MIN_LINKS_FOR_SHARES:
        shares = [other.rejected / pages for other in history if (pages := captured_pages(other))]
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


def captured_pages(run: Run) -> int:
    """The links that gave a page, as it was or as it had been."""
    pages = {Outcome.NEW, Outcome.EDITION, Outcome.UNCHANGED}
    return count_of(run, [name for name in run.outcomes if name in pages or name.startswith(f"{Outcome.REJECTED}:")])


def count_of(run: Run | CrawlReport, outcomes: Iterable[str]) -> int:
    return sum(run.outcomes.get(str(outcome), 0) for outcome in outcomes)


def _causes(run: Run | CrawlReport, *beginnings: str) -> str:
    """The most frequent outcomes that begin so, as `http_5xx 12, timeout 3`."""
    chosen = tuple(str(beginning) for beginning in beginnings) or ("",)
    counts = Counter({name: count for name, count in run.outcomes.items() if name.startswith(chosen)})
    return ", ".join(f"{name} {count}" for name, count in counts.most_common(_TOLD_CAUSES))
