"""How the windows of a backfill ended, and whether failures share a cause."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.errors import ExitCode
from storage.model.window import RunId

_GAINS = {
    "articles_new": "articles new",
    "editions": "new editions",
    "articles_known": "articles known before",
    "rejected": "pages rejected",
}
_VARIABLE_PARTS = re.compile(r"\d[\d:.T+Z-]*|[0-9a-f]{16,}|https?://\S+")


@dataclass(frozen=True)
class WindowOutcome:
    """One window: its exit code, the cause when it failed, and what `publish` reported when it did not."""

    run: RunId
    exit_code: int
    cause: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_failed(self) -> bool:
        """Whether nothing was published."""
        return self.exit_code not in (ExitCode.DONE, ExitCode.DEGRADED)


def gain(outcomes: Sequence[WindowOutcome]) -> str:
    """What the windows brought: articles new, known before, pages rejected."""
    sums = {key: sum(counts(one)[key] for one in outcomes) for key in _GAINS}
    return ", ".join(f"{sums[key]:,} {words}" for key, words in _GAINS.items())


def counts(outcome: WindowOutcome) -> dict[str, int]:
    """The same of one window, for programs."""
    return {key: int(outcome.report.get(key) or 0) for key in _GAINS}


def same_cause(cause: str) -> str:
    """A cause without its numbers, times and addresses, so that the same one is told once."""
    return " ".join(_VARIABLE_PARTS.sub("…", cause).split())


def failure_message(outcomes: Sequence[WindowOutcome]) -> str:
    """One message about all failures, the commonest cause first, with one example each; empty without failures."""
    groups: dict[str, list[WindowOutcome]] = {}
    for outcome in outcomes:
        if outcome.has_failed:
            groups.setdefault(same_cause(outcome.cause), []).append(outcome)
    if not groups:
        return ""
    failed = sum(len(group) for group in groups.values())
    shared = "all for the same cause" if len(groups) == 1 else f"for {len(groups)} causes"
    lines = [f"{failed} of {len(outcomes)} windows failed, {shared}:" if failed > 1 else "1 window failed:"]
    for group in sorted(groups.values(), key=len, reverse=True):
        lines.append(f"  {len(group)} × {group[0].cause}  (first: {group[0].run})")
    return "\n".join(lines)


def exit_code(outcomes: Sequence[WindowOutcome]) -> ExitCode:
    """The whole backfill's: failed for good before retry later before degraded before done."""
    codes = {outcome.exit_code for outcome in outcomes}
    if codes - {ExitCode.DONE, ExitCode.DEGRADED, ExitCode.RETRY_LATER}:
        return ExitCode.FAILED
    for code in (ExitCode.RETRY_LATER, ExitCode.DEGRADED):
        if code in codes:
            return code
    return ExitCode.DONE
