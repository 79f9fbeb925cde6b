"""What a crawl's numbers mean: done, to be tried again, or failed. Nothing found is never a success.

Whether a crawl that reached something is degraded is for the audit to say: it alone judges, the crawl counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

from spiders.http.retry_policy import FAILURES, PASSING, REACHED
from storage.errors import ExitCode
from storage.model.outcomes import Outcome
from storage.model.records import CrawlReport, LinkRecord
from storage.model.window import RunId

# Hours without news there are everywhere, even whole nights; a day of which no source has an article is a breakage.
QUIET_FOR_AT_MOST = timedelta(hours=12)
_MAX_LINE = 400


@dataclass(frozen=True)
class CrawlVerdict:
    """The exit code of a crawl, and why in one line each."""

    exit_code: ExitCode
    reasons: tuple[str, ...] = ()
    remedy: str = ""


def grouped_failures(links: Iterable[LinkRecord]) -> tuple[str, ...]:
    """One line for each cause of failure, the most frequent first: how many, and one example."""
    groups: dict[tuple[str, str], list[LinkRecord]] = defaultdict(list)
    for link in links:
        if link.outcome in FAILURES | {Outcome.ROBOTS, Outcome.OPT_OUT, Outcome.BUDGET, Outcome.OFF_DOMAIN}:
            groups[link.outcome, _cause(link)].append(link)
    lines = []
    for (outcome, cause), group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        noun = "link" if len(group) == 1 else "links"
        reason = f" ({cause})" if cause else ""
        lines.append(f"{outcome}: {len(group)} {noun}{reason}, for example {readable(group[0].url)}"[:_MAX_LINE])
    return tuple(lines)


def _cause(link: LinkRecord) -> str:
    """What is the same for many links: the first word of the detail, or a status."""
    detail = link.detail or ""
    return detail.partition(":")[0][:80]


def readable(url: str) -> str:
    """A URL as people read it: Arabic letters instead of percent signs, where that loses nothing."""
    text = unquote(url)
    return text if text.isprintable() and " " not in text else url


def is_quiet(outcomes: Mapping[str, int], *, links: int, length: timedelta) -> bool:
    """Whether the sources answered, and a window of some hours is merely one in which nothing was published."""
    return 0 < links == outcomes.get(Outcome.OUT_OF_WINDOW, 0) and length <= QUIET_FOR_AT_MOST


def verdict_of(report: CrawlReport) -> CrawlVerdict:
    """Whether a finished crawl gave anything to go on with: DONE, RETRY_LATER or FAILED."""
    outcomes = report.outcomes
    reached = sum(outcomes.get(outcome, 0) for outcome in REACHED)
    skipped = outcomes.get(Outcome.SKIPPED_SEEN, 0)
    failed = sum(outcomes.get(outcome, 0) for outcome in FAILURES)
    refused = outcomes.get(Outcome.ROBOTS, 0) + outcomes.get(Outcome.OPT_OUT, 0)
    beside = outcomes.get(Outcome.OUT_OF_WINDOW, 0) + outcomes.get(Outcome.OFF_DOMAIN, 0)
    window = RunId.parse(report.run_id).window
    if not report.findings and is_quiet(outcomes, links=report.links, length=window.end - window.start):
        return CrawlVerdict(ExitCode.DONE)
    if report.links <= beside:
        return CrawlVerdict(
            ExitCode.FAILED,
            (f"{report.run_id}: no source listed a link of this window", *report.problems[:3]),
            remedy="if that host is the portal's own, add it to `domains` in the definition"
            if 0 < report.links == outcomes.get(Outcome.OFF_DOMAIN)
            else f"warraq check {report.run_id.partition('/')[0]} tells which source broke",
        )
    if not reached and not skipped and failed + refused:
        passing = sum(outcomes.get(outcome, 0) for outcome in PASSING)
        is_passing = passing >= max(1, (failed + refused) / 2)
        return CrawlVerdict(
            ExitCode.RETRY_LATER if is_passing else ExitCode.FAILED,
            (f"{report.run_id}: none of {report.links} links could be fetched", *report.problems[:3]),
            remedy="try again later" if is_passing else "see the causes above; `warraq check` probes the portal",
        )
    return CrawlVerdict(ExitCode.DONE)
