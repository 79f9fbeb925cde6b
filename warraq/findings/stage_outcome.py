"""How a stage ended, as one typed record with one codec between processes: a command writes it, its parent reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.errors import ExitCode, RetryLater, StageFailed, UsageError, WarraqError

_KINDS: dict[int, type[WarraqError]] = {ExitCode.USAGE: UsageError, ExitCode.RETRY_LATER: RetryLater}


@dataclass(frozen=True)
class StageOutcome:
    """The exit code, and either the report of a stage that did its work or the error of one that did not."""

    exit_code: int
    report: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    remedy: str = ""
    retry_after_seconds: float | None = None

    @classmethod
    def read(cls, exit_code: int, output: str, lines: Sequence[str]) -> StageOutcome:
        """What a command run with --json said: its report on standard output, its error among the last lines."""
        told: dict[str, Any] = next((found for line in reversed(lines) if "error" in (found := _object(line))), {})
        if exit_code in (ExitCode.DONE, ExitCode.DEGRADED):
            return cls(exit_code, _object(output))
        last = lines[-1] if lines else "no word"
        seconds = told.get("retry_after_seconds")
        return cls(
            exit_code,
            _object(output),
            error=str(told.get("error") or f"ended with code {exit_code}: {last}"),
            remedy=str(told.get("remedy") or ""),
            retry_after_seconds=float(seconds) if isinstance(seconds, int | float) else None,
        )

    @property
    def is_done(self) -> bool:
        """Whether the stage did its work, with findings or without."""
        return self.exit_code in (ExitCode.DONE, ExitCode.DEGRADED)

    @property
    def is_degraded(self) -> bool:
        """Whether somebody should look at what it did."""
        return self.exit_code == ExitCode.DEGRADED

    @property
    def cause(self) -> str:
        """The error and what to do, on one line."""
        return " — ".join(filter(None, [self.error, self.remedy]))

    def failure(self, stage: str) -> WarraqError:
        """The failure as the exception that has its exit code."""
        kind = _KINDS.get(self.exit_code, StageFailed)
        return kind(f"{stage}: {self.error}", remedy=self.remedy, retry_after_seconds=self.retry_after_seconds)


def error_line(error: str, remedy: str, retry_after_seconds: float | None) -> str:
    """The other side: how a command run with --json writes its failure on standard error."""
    told: dict[str, str | float] = {"error": error, "remedy": remedy}
    if retry_after_seconds is not None:
        told["retry_after_seconds"] = retry_after_seconds
    return json.dumps(told, ensure_ascii=False)


def is_error_line(line: str) -> bool:
    """Whether a line of a log is such a failure: it is told once, by who reads it."""
    return line.startswith('{"error"')


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
