"""What `warraq archive` makes of a stage's end."""

from __future__ import annotations

import pytest

from storage.errors import RetryLater, StageFailed, UsageError
from storage.model.window import RunId
from warraq.findings.stage_outcome import error_line
from warraq.pipeline.archive import stage_words
from warraq.pipeline.child_process import Ended

RUN = RunId.parse("demo/2024-12-25T00Z--2024-12-25T06:00Z")


def ended(exit_code: int, *lines: str) -> Ended:
    return Ended(exit_code=exit_code, output="", last_lines=lines, was_stopped=False)


def test_the_stages_are_the_commands_a_person_types() -> None:
    assert stage_words("crawl", RUN) == ("crawl", "demo", "--from", "2024-12-25", "--to", "2024-12-25T06:00:00Z")
    assert stage_words("publish", RUN) == ("publish", "demo/2024-12-25T00Z--2024-12-25T06Z")


@pytest.mark.parametrize(("code", "kind"), [(2, UsageError), (4, RetryLater), (5, StageFailed), (1, StageFailed)])
def test_a_stages_exit_code_is_the_whole_commands(code: int, kind: type[Exception]) -> None:
    error = ended(code, error_line("busy", "wait", 9)).outcome.failure("crawl")
    assert type(error) is kind
    assert (error.message, error.remedy, error.retry_after_seconds) == ("crawl: busy", "wait", 9)


def test_a_stage_that_ends_without_a_word_is_named_with_its_code() -> None:
    assert ended(-9).outcome.failure("extract").message == "extract: ended with code -9: no word"
