"""The three stages of one run in order, each as the command a person can type; used by `archive` and `backfill`."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.errors import ExitCode
from storage.model.window import RunId, Window, spell_time
from warraq.findings.stage_outcome import is_error_line
from warraq.pipeline.child_process import ChildProcess, warraq_command

STAGES = ("crawl", "extract", "publish")
# A person who presses Ctrl-C gets the chunk being written into the archive, which takes seconds, not minutes.
STOP_GRACE_SECONDS = 30.0


@dataclass
class ArchiveResult:
    """What the stages of a run reported; `exit_code` is DONE or DEGRADED, everything else is raised."""

    run: RunId
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    exit_code: ExitCode = ExitCode.DONE

    def as_json(self) -> dict[str, Any]:
        """For programs: the reports of the stages under their names."""
        rounded = {stage: round(seconds, 2) for stage, seconds in self.seconds.items()}
        return {
            "run_id": str(self.run),
            "degraded": self.exit_code == ExitCode.DEGRADED,
            "seconds": rounded,
            **self.reports,
        }


def archive_run(
    run: RunId, *, say: Callable[[str, str], None], environ: Mapping[str, str] | None = None
) -> ArchiveResult:
    """Crawl, extract, publish. `say` gets a stage's name and a line of its log.

    Raises the WarraqError a stage ended with; the same call goes on where this one was.
    """
    result = ArchiveResult(run)
    for stage in STAGES:
        started = time.monotonic()
        child = ChildProcess(
            warraq_command(*stage_words(stage, run), "--json"),
            on_line=functools.partial(_pass_on, say, stage),
            environ={**(os.environ if environ is None else environ), "PYTHONUNBUFFERED": "1"},
            grace_seconds=STOP_GRACE_SECONDS,
        )
        ended = child.run()
        result.seconds[stage] = time.monotonic() - started
        outcome = ended.outcome
        if not outcome.is_done:
            raise outcome.failure(stage)
        result.reports[stage] = outcome.report
        if outcome.is_degraded:
            result.exit_code = ExitCode.DEGRADED
    return result


def _pass_on(say: Callable[[str, str], None], stage: str, line: str) -> None:
    # A stage's error in JSON is raised, and then told once, by whoever catches it.
    if not is_error_line(line):
        say(stage, line)


def stage_words(stage: str, run: RunId) -> tuple[str, ...]:
    """What is typed after `warraq` for a stage of a run."""
    if stage == "crawl":
        return ("crawl", run.portal, *window_words(run.window))
    return (stage, str(run))


def window_words(window: Window) -> tuple[str, ...]:
    """A window as the options --from and --to."""
    return ("--from", _typed(window.start), "--to", _typed(window.end))


def _typed(instant: datetime) -> str:
    # As parse_time reads it; a midnight is spelled as the day.
    form = "%Y-%m-%d" if spell_time(instant).endswith("T00Z") else "%Y-%m-%dT%H:%M:%SZ"
    return instant.strftime(form)
