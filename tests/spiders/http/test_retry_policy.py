"""One table says whether a request is sent again, when, how often, and what a run that reached nothing ends with."""

from __future__ import annotations

from itertools import takewhile

import pytest

from spiders.http.retry_policy import (
    FAILURES,
    MAX_WAIT_WITHIN_RUN_SECONDS,
    PASSING,
    REACHED,
    RULES,
    Group,
    patience,
    wait_before_next_try,
)
from storage.errors import ExitCode
from storage.model.outcomes import Outcome
from tests.fixtures.crawl_records import NOW


def test_every_outcome_has_a_rule() -> None:
    assert set(RULES) == set(Outcome)
    assert {outcome for outcome, rule in RULES.items() if rule.group is Group.REACHED} >= REACHED
    assert PASSING < FAILURES


@pytest.mark.parametrize("outcome", list(Outcome))
def test_waits_double_until_the_tries_are_used_up(outcome: Outcome) -> None:
    waits = list(takewhile(bool, (wait_before_next_try(outcome, tries=tries) for tries in range(1, 9))))
    assert waits == [2.0**tried for tried in range(RULES[outcome].tries - 1)]
    assert sum(filter(None, waits)) < MAX_WAIT_WITHIN_RUN_SECONDS


def test_what_passes_by_itself_is_tried_again_by_a_later_run() -> None:
    for outcome in (Outcome.HTTP_5XX, Outcome.RATE_LIMITED, Outcome.TIMEOUT, Outcome.DNS, Outcome.CONNECTION):
        assert RULES[outcome].is_transient
        assert RULES[outcome].exit_code is ExitCode.RETRY_LATER
    for outcome in (Outcome.HTTP_4XX, Outcome.LEGAL_BLOCK, Outcome.BLOCKED, Outcome.TOO_LARGE):
        assert not RULES[outcome].is_transient
        assert RULES[outcome].exit_code is ExitCode.FAILED


@pytest.mark.parametrize(
    ("status", "text", "seconds"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (503, "Sun, 22 Nov 2026 12:01:00 GMT", 60),
        (429, "", 10),
        (429, "soon", 10),
        (429, "-5", 10),
        (503, "", 0),
        (503, "Sun, 22 Nov 2020 12:01:00 GMT", 0),
        (500, "120", 0),
        (200, "120", 0),
    ],
)
def test_patience_is_given_as_it_is_asked_for(status: int, text: str, seconds: float) -> None:
    assert patience(status, {"retry-after": text}, now=NOW) == seconds
