"""The one operator: runs the command a person can type, and translates its exit code into Airflow's words."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from collections.abc import MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from airflow.sdk import BaseOperator, Context, RetryDecision, RetryPolicy
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from storage.errors import ExitCode, WarraqError
from storage.model.window import RunId
from warraq.findings.stage_outcome import is_error_line
from warraq.pipeline.archive import stage_words
from warraq.pipeline.child_process import ChildProcess, Ended, die_with_parent, warraq_command
from warraq_dags.run_window import run_window

MAX_RETRY_AFTER = timedelta(hours=6)  # a portal that asks for more gets its next scheduled run instead
MAX_NOTE = 900  # characters; the note holds 1,000


class WrongRequest(AirflowFailException):
    """The run was asked for wrongly (exit code 2): it fails at once. Of a manual run nobody but its typist is told."""


class GivenUp(AirflowFailException):
    """The stage failed for good (exit code 5): no try is left to it."""


class StageRetry(AirflowException):
    """The stage may succeed later: Airflow tries again, after `retry_after_seconds` where the other side said so."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class RetryWhenTold(RetryPolicy):
    """Waits as long as the portal or the store asked for; else the task's own back-off counts."""

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Context | None = None
    ) -> RetryDecision:
        """See RetryPolicy."""
        seconds = getattr(exception, "retry_after_seconds", None)
        if seconds is None:
            return RetryDecision.default()
        delay = min(timedelta(seconds=float(seconds)), MAX_RETRY_AFTER)
        return RetryDecision.retry(delay=delay, reason=f"asked to come back in {seconds:.0f} s")


def _sentence_alone(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: of an expected failure the log gets the cause and the remedy, and no traceback."""
    error = sys.exc_info()[1]
    if event.get("exc_info") and isinstance(error, (WrongRequest, GivenUp, StageRetry)):
        del event["exc_info"]
        event["event"] = str(error)
    return event


def _tell_failures_plainly() -> None:
    """Airflow logs each exception with its traceback, and has no setting for it; this process runs one task."""
    processors = structlog.get_config()["processors"]
    if _sentence_alone not in processors:
        processors.insert(0, _sentence_alone)


class CommandOperator(BaseOperator):
    """Runs `warraq …` as a child process; its log lines become the task's, its JSON report the return value.

    0 is success, 3 success with `degraded` set, 4 a retry, 2 and 5 fail at once. A killed task stops its child.
    """

    ui_color = "#e8f0e4"

    def __init__(self, *, words: Sequence[str] = (), environ: dict[str, str] | None = None, **options: Any) -> None:
        options.setdefault("retry_policy", RetryWhenTold())
        super().__init__(**options)
        self.words = tuple(words)
        self.environ = environ or {}
        self._child: ChildProcess | None = None
        self._is_killed = False

    def command_words(self, context: Context) -> tuple[str, ...]:
        """What is typed after `warraq`; raises WarraqError when the run cannot say it."""
        return self.words

    def execute(self, context: Context) -> dict[str, Any]:
        """Run the command; the report is the return value. What went wrong is the run's note too."""
        _tell_failures_plainly()
        try:
            report = self._report(context)
        except (WrongRequest, GivenUp, StageRetry) as error:
            note(context, str(error))
            raise
        if report["degraded"]:
            note(context, "degraded: " + "; ".join(map(str, report.get("findings") or report.get("reasons") or ())))
        return report

    def _report(self, context: Context) -> dict[str, Any]:
        try:
            words = (*self.command_words(context), "--json")
        except WarraqError as error:
            raise WrongRequest(f"{error.message} — {error.remedy}") from None
        self.log.info("command: warraq %s", shlex.join(words))
        # When Airflow's supervisor of this task is killed, nothing else ends us: the kernel sends SIGTERM, as it would.
        die_with_parent()
        self._child = ChildProcess(
            warraq_command(*words),
            on_line=_line_logger(self.log),
            environ={**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **self.environ},
        )
        if self._is_killed:
            raise StageRetry("stopped before it began")
        ended = self._child.run()
        for line in report_lines(ended.report):
            self.log.info(line)
        return self.judge(ended)

    def judge(self, ended: Ended) -> dict[str, Any]:
        """The report of a command that did its work; raises what makes Airflow retry or fail."""
        if self._is_killed:
            raise StageRetry("the task was stopped from outside; the next try goes on where this one was")
        outcome = ended.outcome
        if outcome.is_done:
            return {**outcome.report, "degraded": outcome.is_degraded}
        if outcome.exit_code == ExitCode.USAGE:
            raise WrongRequest(outcome.cause)
        if outcome.exit_code == ExitCode.FAILED:
            raise GivenUp(outcome.cause)
        if outcome.exit_code == ExitCode.RETRY_LATER:
            raise StageRetry(outcome.cause, retry_after_seconds=outcome.retry_after_seconds)
        raise StageRetry(f"ended unexpectedly with code {outcome.exit_code}: {outcome.cause}")

    def on_kill(self) -> None:
        """Called in a signal handler on the thread that polls the child: sets a flag and sends a signal, no more."""
        self._is_killed = True
        if self._child is not None:
            self._child.stop()


class StageOperator(CommandOperator):
    """One stage of one portal's run; the window comes from the DAG run."""

    def __init__(self, *, portal: str, stage: str, **options: Any) -> None:
        super().__init__(**options)
        self.portal = portal
        self.stage = stage

    def command_words(self, context: Context) -> tuple[str, ...]:
        """`crawl PORTAL --from … --to …`, or `extract RUN`, `publish RUN`."""
        return stage_words(self.stage, run_of(context, self.portal))


def note(context: Context, text: str) -> None:
    """What the listener of plugins/run_note.py makes the run's note of; gone when the task is tried again."""
    if "ti" in context:
        context["ti"].xcom_push(key="note", value=f"{context['ti'].task_id}: {text}"[:MAX_NOTE])


def is_manual(context: Context) -> bool:
    """Whether a person triggered the run."""
    run_type = context["dag_run"].run_type
    return str(getattr(run_type, "value", run_type)) == "manual"


def run_of(context: Context, portal: str) -> RunId:
    """The run a DAG run stands for; raises UsageError."""
    dag_run = context["dag_run"]
    start, end = dag_run.data_interval_start, dag_run.data_interval_end
    window = run_window(
        context["params"],
        is_manual=is_manual(context),
        interval=(start, end) if start and end else None,
        now=datetime.now(UTC),
    )
    return RunId(portal, window)


def report_lines(report: dict[str, Any]) -> list[str]:
    """A report as lines of a log, one a key, so that the log of a task ends with it."""
    return [f"report: {key} = {value}" for key, value in report.items() if value not in (None, [], {})]


def _line_logger(log: logging.Logger) -> Any:
    def pass_on(line: str) -> None:
        if is_error_line(line):  # it becomes the exception, which is logged with its remedy
            return
        level = logging.WARNING if "WARNING" in line else logging.ERROR if "ERROR" in line else logging.INFO
        log.log(level, "%s", line)

    return pass_on
