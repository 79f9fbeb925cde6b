"""How the operator translates a command's end into Airflow's words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from airflow.sdk import RetryAction
from airflow.sdk.exceptions import AirflowFailException
from warraq_dags.command_operator import MAX_RETRY_AFTER, CommandOperator, RetryWhenTold, StageRetry, report_lines

from warraq.pipeline.child_process import Ended


def ended(exit_code: int, *, output: str = "", line: str = "") -> Ended:
    return Ended(exit_code=exit_code, output=output, last_lines=(line,), was_stopped=False)


@pytest.fixture
def operator() -> CommandOperator:
    return CommandOperator(task_id="crawl", words=("portals",))


def test_done_returns_the_report(operator: CommandOperator) -> None:
    assert operator.judge(ended(0, output='{"rows": 2}')) == {"rows": 2, "degraded": False}


def test_degraded_is_a_success_with_a_mark(operator: CommandOperator) -> None:
    assert operator.judge(ended(3, output='{"rows": 2}')) == {"rows": 2, "degraded": True}


@pytest.mark.parametrize("code", [2, 5])
def test_usage_and_failure_end_at_once_with_the_cause_and_the_remedy(operator: CommandOperator, code: int) -> None:
    with pytest.raises(AirflowFailException, match="no portal — see the list"):
        operator.judge(ended(code, line='{"error": "no portal", "remedy": "see the list"}'))


def test_retry_later_waits_as_long_as_the_portal_asked_for(operator: CommandOperator) -> None:
    with pytest.raises(StageRetry) as caught:
        operator.judge(ended(4, line='{"error": "429", "remedy": "", "retry_after_seconds": 90}'))
    decision = RetryWhenTold().evaluate(caught.value, 1, 4)
    assert (decision.action, decision.retry_delay) == (RetryAction.RETRY, timedelta(seconds=90))


def test_without_a_waiting_time_the_tasks_own_back_off_counts(operator: CommandOperator) -> None:
    with pytest.raises(StageRetry) as caught:
        operator.judge(ended(4, line='{"error": "503", "remedy": ""}'))
    assert RetryWhenTold().evaluate(caught.value, 1, 4).action is RetryAction.DEFAULT


def test_an_absurd_waiting_time_is_capped() -> None:
    decision = RetryWhenTold().evaluate(StageRetry("429", retry_after_seconds=1e8), 1, 4)
    assert decision.retry_delay == MAX_RETRY_AFTER


@pytest.mark.parametrize("code", [1, -9, 137])
def test_an_unexpected_end_is_tried_again(operator: CommandOperator, code: int) -> None:
    with pytest.raises(StageRetry, match=f"unexpectedly with code {code}"):
        operator.judge(ended(code))


def test_a_killed_task_is_no_success_even_when_the_command_ended_well(operator: CommandOperator) -> None:
    operator.on_kill()
    with pytest.raises(StageRetry, match="stopped from outside"):
        operator.judge(ended(0, output="{}"))


def test_a_command_that_refuses_its_words_fails_for_good_and_says_why() -> None:
    operator = CommandOperator(task_id="crawl", words=("no-such-command",))
    with pytest.raises(AirflowFailException, match="no command is named 'no-such-command'"):
        operator.execute({})  # type: ignore[typeddict-item]


def test_the_log_ends_with_the_report_one_key_a_line() -> None:
    assert report_lines({"rows": 3, "findings": [], "verdict": "ok"}) == ["report: rows = 3", "report: verdict = ok"]
