"""May this be tried again, when, how often, and with which exit code: one table for pages, listings and robots.txt.

`python -m spiders.http.retry_policy` prints it as docs/reference/outcomes.md.
"""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from storage.errors import ExitCode
from storage.model.outcomes import Outcome

TRIES = 3  # in all; a portal that fails three times within seconds fails for longer than a run should wait
FIRST_WAIT_SECONDS = 1.0  # before the second try; doubled with each
# A portal that asks for more patience than this gets it, from a later run.
MAX_WAIT_WITHIN_RUN_SECONDS = 600.0
UNSTATED_WAIT_SECONDS = 10.0  # after a 429 that does not say how long
_ASKS_FOR_PATIENCE = frozenset({429, 503})
# So many links in a row without any answer: the portal is down, and the rest need not be tried.
UNREACHABLE_AFTER = 20


class Group(Enum):
    """What an outcome says of the run, by which its verdict is counted."""

    REACHED = "reached"  # the archive knows the link now; it is asked for again when it is due
    FAILED = "failed"  # the link was wanted and something prevented it
    REFUSED = "refused"  # the portal does not want it asked for, or kept
    BESIDE = "beside"  # not this run's business
    LEFT = "left"  # the run's own end came first


@dataclass(frozen=True)
class Rule:
    """What follows from one outcome.

    `exit_code` is that of a run in which nothing was reached and most links ended so. `is_silence`: nobody answered.
    """

    group: Group
    meaning: str
    tries: int = 1
    exit_code: ExitCode = ExitCode.FAILED
    is_silence: bool = False

    @property
    def is_transient(self) -> bool:
        """Whether it is worth another try, within the run or by its next attempt."""
        return self.tries > 1


_LATER = ExitCode.RETRY_LATER
_REACHED, _FAILED, _REFUSED, _BESIDE, _LEFT = Group
RULES: Mapping[Outcome, Rule] = {
    Outcome.CAPTURED: Rule(
        _REACHED, "between crawl and extraction: the page is in the raw archive", exit_code=ExitCode.DONE
    ),
    Outcome.NEW: Rule(_REACHED, "first text of an article", exit_code=ExitCode.DONE),
    Outcome.EDITION: Rule(_REACHED, "another text of an article the archive has", exit_code=ExitCode.DONE),
    Outcome.UNCHANGED: Rule(_REACHED, "304, or the same text", exit_code=ExitCode.DONE),
    Outcome.REJECTED: Rule(_REACHED, "captured, and no article: `rejected:<reason>`", exit_code=ExitCode.DONE),
    Outcome.GONE: Rule(_REACHED, "404 or 410 for a page the archive has; nothing is deleted", exit_code=ExitCode.DONE),
    Outcome.ROBOTS: Rule(_REFUSED, "robots.txt forbids it, or gave no clear answer"),
    Outcome.OPT_OUT: Rule(_REFUSED, "the page or the portal reserves text and data mining, and that is obeyed"),
    Outcome.HTTP_3XX: Rule(_FAILED, "a redirect that says nowhere, or to another link of the run"),
    Outcome.HTTP_4XX: Rule(_FAILED, "refused or missing"),
    Outcome.HTTP_5XX: Rule(_FAILED, "the portal failed", TRIES, _LATER),
    Outcome.RATE_LIMITED: Rule(_FAILED, "429: too many requests", TRIES, _LATER),
    Outcome.TIMEOUT: Rule(_FAILED, "no whole answer in time", TRIES, _LATER, is_silence=True),
    Outcome.DNS: Rule(_FAILED, "the host's name has no address", TRIES, _LATER, is_silence=True),
    Outcome.TLS: Rule(_FAILED, "no trusted connection", exit_code=_LATER, is_silence=True),
    Outcome.CONNECTION: Rule(_FAILED, "refused, reset or lost", TRIES, _LATER, is_silence=True),
    Outcome.TOO_LARGE: Rule(_FAILED, "more than a page may have, also unpacked"),
    Outcome.BLOCKED: Rule(_FAILED, "a bot protection stood in between"),
    Outcome.LEGAL_BLOCK: Rule(_FAILED, "451: withheld for legal reasons"),
    Outcome.OFF_DOMAIN: Rule(_BESIDE, "not the portal's, or redirected away from it"),
    Outcome.PRIVATE_ADDRESS: Rule(_FAILED, "the host leads into a private network"),
    Outcome.REDIRECT_LIMIT: Rule(_FAILED, "too many redirects, or a circle"),
    Outcome.OUT_OF_WINDOW: Rule(_BESIDE, "its source dates it outside the window"),
    Outcome.SKIPPED_SEEN: Rule(_BESIDE, "the archive has it, and it is not due", exit_code=ExitCode.DONE),
    Outcome.BUDGET: Rule(_LEFT, "the run's limits came first", exit_code=ExitCode.DEGRADED),
    Outcome.INTERRUPTED: Rule(_FAILED, "the crawl ended before the link did", exit_code=_LATER),
    Outcome.BAD_RESPONSE: Rule(_FAILED, "not HTTP as it should be, or cut off", TRIES),
}
FAILURES = frozenset(outcome for outcome, rule in RULES.items() if rule.group is Group.FAILED)
# What a crawl itself can reach; the rest of that group is told apart by extraction.
REACHED = frozenset({Outcome.CAPTURED, Outcome.UNCHANGED, Outcome.GONE})
PASSING = frozenset(outcome for outcome in FAILURES if RULES[outcome].exit_code is ExitCode.RETRY_LATER)


def wait_before_next_try(outcome: Outcome, *, tries: int) -> float | None:
    """Seconds until a request that was sent `tries` times and ended so is sent again; None if it is not."""
    return FIRST_WAIT_SECONDS * 2 ** (tries - 1) if tries < RULES[outcome].tries else None


def patience(status: int, headers: Mapping[str, str], *, now: datetime) -> float:
    """Seconds in which nobody asks the portal again after this answer. `headers` has lower-case names."""
    if status not in _ASKS_FOR_PATIENCE:
        return 0.0
    stated = _stated_wait(headers.get("retry-after", ""), now=now)
    return (UNSTATED_WAIT_SECONDS if status == 429 else 0.0) if stated is None else stated


def _stated_wait(retry_after: str, *, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110: seconds or a date); None where it says nothing readable."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


def as_markdown() -> str:
    """The table for readers."""
    waits = ", ".join(f"{FIRST_WAIT_SECONDS * 2**tried:g} s" for tried in range(TRIES - 1))
    lines = [
        "# Outcomes",
        "",
        "Written by `make docs` from `spiders/http/retry_policy.py`; a test compares.",
        "",
        "Every link ends in exactly one; the crawl checks the sum and fails if it does not add up. Pages, listings and",
        f"robots.txt are tried again alike, after {waits}. 429, and 503 with Retry-After, silence all requests to the",
        f"portal for as long as is asked ({UNSTATED_WAIT_SECONDS:g} s after a 429 that does not say). More than",
        f"{MAX_WAIT_WITHIN_RUN_SECONDS:g} s, {UNREACHABLE_AFTER} links in a row without any answer, or a robots.txt",
        "without one, end the run with exit code 4. The last column is the exit code of a run that reached nothing",
        "because most of its links ended so.",
        "",
        "| outcome | meaning | counts as | tries | exit code |",
        "| --- | --- | --- | --- | --- |",
    ]
    for outcome in Outcome:
        rule = RULES[outcome]
        lines.append(f"| `{outcome}` | {rule.meaning} | {rule.group.value} | {rule.tries} | {rule.exit_code:d} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201 - the reference is printed
