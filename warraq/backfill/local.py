"""A backfill without Airflow: the windows one after the other, in this process's children."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from storage.errors import WarraqError
from storage.model.window import RunId
from warraq.backfill.journal import Journal
from warraq.backfill.outcomes import WindowOutcome, same_cause
from warraq.pipeline.archive import archive_run

# When so many windows in a row fail for one cause the rest would too: asking on is impolite.
GIVE_UP_AFTER = 3


def run_locally(
    runs: Sequence[RunId], *, journal: Journal, tell: Callable[[WindowOutcome], None], say: Callable[[str, str], None]
) -> list[WindowOutcome]:
    """Archive each run, go on after a failure, give up when failures repeat; `tell` gets each outcome as it comes."""
    outcomes: list[WindowOutcome] = []
    for run in runs:
        try:
            result = archive_run(run, say=say)
            outcome = WindowOutcome(run, result.exit_code, report=result.reports["publish"])
        except WarraqError as error:
            outcome = WindowOutcome(run, error.exit_code, cause=error.message)
        outcomes.append(outcome)
        if not outcome.has_failed:
            journal.add(run)
        tell(outcome)
        if _is_hopeless(outcomes):
            break
    return outcomes


def _is_hopeless(outcomes: Sequence[WindowOutcome]) -> bool:
    last = outcomes[-GIVE_UP_AFTER:]
    return (
        len(last) == GIVE_UP_AFTER
        and all(outcome.has_failed for outcome in last)
        and len({same_cause(outcome.cause) for outcome in last}) == 1
    )
