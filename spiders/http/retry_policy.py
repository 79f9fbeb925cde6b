"""May this be tried again, when, how often, and with which exit code: one table for pages, listings and robots.txt.

docs/reference/outcomes.md shows it, with what each outcome means.
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
    Outcome.CAPTURED: Rule(_REACHED, exit_code=ExitCode.DONE),
    Outcome.NEW: Rule(_REACHED, exit_code=ExitCode.DONE),
    Outcome.EDITION: Rule(_REACHED, exit_code=ExitCode.DONE),
    Outcome.UNCHANGED: Rule(_REACHED, exit_code=ExitCode.DONE),
    Outcome.REJECTED: Rule(_REACHED, exit_code=ExitCode.DONE),
    Outcome.GONE: Rule(_REACHED, exit_code=ExitCode.DONE),
    Outcome.ROBOTS: Rule(_REFUSED),
    Outcome.OPT_OUT: Rule(_REFUSED),
    Outcome.HTTP_3XX: Rule(_FAILED),
    Outcome.HTTP_4XX: Rule(_FAILED),
    Outcome.HTTP_5XX: Rule(_FAILED, TRIES, _LATER),
    Outcome.RATE_LIMITED: Rule(_FAILED, TRIES, _LATER),
    Outcome.TIMEOUT: Rule(_FAILED, TRIES, _LATER, is_silence=True),
    Outcome.DNS: Rule(_FAILED, TRIES, _LATER, is_silence=True),
    Outcome.TLS: Rule(_FAILED, exit_code=_LATER, is_silence=True),
    Outcome.CONNECTION: Rule(_FAILED, TRIES, _LATER, is_silence=True),
    Outcome.TOO_LARGE: Rule(_FAILED),
    Outcome.BLOCKED: Rule(_FAILED),
    Outcome.LEGAL_BLOCK: Rule(_FAILED),
    Outcome.OFF_DOMAIN: Rule(_BESIDE),
    Outcome.PRIVATE_ADDRESS: Rule(_FAILED),
    Outcome.REDIRECT_LIMIT: Rule(_FAILED),
    Outcome.OUT_OF_WINDOW: Rule(_BESIDE),
    Outcome.SKIPPED_SEEN: Rule(_BESIDE, exit_code=ExitCode.DONE),
    Outcome.BUDGET: Rule(_LEFT, exit_code=ExitCode.DEGRADED),
    Outcome.INTERRUPTED: Rule(_FAILED, exit_code=_LATER),
    Outcome.BAD_RESPONSE: Rule(_FAILED, TRIES),
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
