"""A backfill through Airflow: Airflow's own backfills are created, and followed until their runs have ended."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.errors import ExitCode, RetryLater, UsageError
from storage.model.window import RunId, Window
from warraq.airflow.rest_client import ENDED_STATES, AirflowRest, iso
from warraq.backfill.outcomes import WindowOutcome
from warraq.backfill.timetable import interval_end

POLL_SECONDS = 2.0
CREATE_TRIES = 10
# Two runs at once: one crawls while the other is extracted. The DAG crawls a portal once at a time anyhow.
MAX_ACTIVE_RUNS = 2
SECOND = timedelta(seconds=1)
NO_RUN = "Airflow names no run for it, as its clocks change there: --via local archives it"
_DATES = ("from_date", "to_date")
_EXCEPTION_MARKS = ("AirflowFailException: ", "StageRetry: ")


@dataclass(frozen=True)
class AirflowBackfill:
    """A portal's backfill in one Airflow."""

    airflow: AirflowRest
    portal: str

    @property
    def dag_id(self) -> str:
        """The portal's DAG."""
        return f"archive_{self.portal}"

    def run(
        self,
        runs: Sequence[RunId],
        *,
        newest_first: bool,
        tell: Callable[[WindowOutcome], None],
        say: Callable[[str], None],
    ) -> None:
        """Have these runs made and follow them; interrupted, Airflow goes on, and `say` tells so. No runs, no request.

        Raises UsageError for a paused DAG, and for one that has another backfill.
        """
        if not runs:
            return
        self.check()
        groups = contiguous(runs)
        for group in reversed(groups) if newest_first else groups:
            span = Window(group[0].window.start, group[-1].window.end)
            named = set(self.starts(span))
            followed = [run for run in group if run.window.start in named]
            for run in group:
                if run.window.start not in named:
                    tell(WindowOutcome(run, ExitCode.FAILED, cause=NO_RUN))
            if not followed:
                continue
            self.create(span, newest_first=newest_first)
            try:
                self.follow(followed, tell=tell)
            except KeyboardInterrupt:
                say(f"Airflow goes on with {self.dag_id}; the same command follows it again")
                raise

    def starts(self, asked: Window) -> list[datetime]:
        """Where the runs begin that Airflow names for a range; at its start it skips one whose end no clock shows."""
        answer = self.airflow.call("POST", "backfills/dry_run", json=self._body(asked, newest_first=False))
        return sorted(datetime.fromisoformat(found["logical_date"]) for found in answer["backfills"])

    def windows(self, asked: Window, *, schedule: str, zone: str) -> list[Window]:
        """The data intervals whose starts lie in the range, as Airflow will make them: it tells their starts only."""
        starts = self.starts(asked)
        windows = []
        for start, following in itertools.zip_longest(starts, starts[1:]):
            end = interval_end(start, schedule=schedule, zone=zone)
            # A DAG that is older than the definition has another schedule, and is right about its own runs.
            windows.append(Window(start, min(end, following) if following else end))
        return windows

    def check(self) -> None:
        """Raises UsageError when runs would wait for ever."""
        dag = self.airflow.call("GET", f"dags/{self.dag_id}")
        if dag["is_paused"]:
            raise UsageError(
                f"{self.dag_id} is paused, and a backfill of a paused DAG waits for ever",
                remedy="switch the DAG on in Airflow (its schedule runs then too), or use --via local",
            )

    def active(self) -> dict[str, Any] | None:
        """The DAG's backfill that is not completed; Airflow allows one at a time."""
        found = self.airflow.call("GET", "backfills", params={"dag_id": self.dag_id, "order_by": "-id"})["backfills"]
        return next((backfill for backfill in found if not backfill["completed_at"]), None)

    def create(self, asked: Window, *, newest_first: bool = False, reprocess: str = "completed") -> None:
        """Create it, or find the one of the same range that an interrupted command left; UsageError for another's.

        `reprocess` is Airflow's word for which runs that exist are done again; what needs none is not in the range.
        """
        active = self.active()
        body = {**self._body(asked, newest_first=newest_first), "reprocess_behavior": reprocess}
        if active is None:
            self._post(body)
        elif any(datetime.fromisoformat(active[key]) != datetime.fromisoformat(body[key]) for key in _DATES):
            raise UsageError(
                f"{self.dag_id} has a backfill already: {active['from_date']} to {active['to_date']}",
                remedy="Airflow runs one at a time for a DAG; wait for it or cancel it there",
            )

    def _post(self, body: dict[str, Any]) -> None:
        """Airflow on SQLite refuses a backfill while its scheduler writes, cleans up, and means: ask again."""
        for _ in range(CREATE_TRIES - 1):
            try:
                self.airflow.call("POST", "backfills", json=body)
            except RetryLater:
                time.sleep(POLL_SECONDS)
            else:
                return
        self.airflow.call("POST", "backfills", json=body)

    def follow(self, runs: Sequence[RunId], *, tell: Callable[[WindowOutcome], None]) -> list[WindowOutcome]:
        """Wait until each run has ended; `tell` gets each outcome as it comes. Interrupting it stops nothing."""
        waiting = {run.window.start: run for run in runs}
        asked = {"logical_date_gte": iso(min(waiting)), "logical_date_lte": iso(max(waiting))}
        outcomes: list[WindowOutcome] = []
        while waiting:
            for found in self.airflow.runs(self.dag_id, run_type="backfill", **asked):
                start = datetime.fromisoformat(found["logical_date"])
                if found["state"] in ENDED_STATES and start in waiting:
                    outcome = self._outcome(waiting.pop(start), found)
                    outcomes.append(outcome)
                    tell(outcome)
            time.sleep(POLL_SECONDS if waiting else 0)
        return outcomes

    def _outcome(self, run: RunId, found: dict[str, Any]) -> WindowOutcome:
        run_id = found["dag_run_id"]
        if found["state"] == "success":
            report = self.airflow.report(self.dag_id, run_id, "publish")
            return WindowOutcome(run, ExitCode.DEGRADED if report.get("degraded") else ExitCode.DONE, report=report)
        for task in self.airflow.tasks(self.dag_id, run_id):
            if task["state"] == "failed":
                lines = self.airflow.log_lines(self.dag_id, run_id, task["task_id"], try_number=task["try_number"])
                return WindowOutcome(run, ExitCode.FAILED, cause=f"{task['task_id']}: {_cause(lines)}")
        return WindowOutcome(run, ExitCode.FAILED, cause="no task failed, and the run did")

    def _body(self, asked: Window, *, newest_first: bool) -> dict[str, Any]:
        return {
            "dag_id": self.dag_id,
            "from_date": iso(asked.start),
            "to_date": iso(asked.end - SECOND),  # Airflow's end is part of the range
            "run_backwards": newest_first,
            "reprocess_behavior": "completed",
            "max_active_runs": MAX_ACTIVE_RUNS,
        }


def contiguous(runs: Sequence[RunId]) -> list[list[RunId]]:
    """Runs in groups without a gap between their windows; each group is one backfill of Airflow."""
    groups: list[list[RunId]] = []
    for run in sorted(runs):
        if groups and groups[-1][-1].window.end == run.window.start:
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _cause(lines: Sequence[str]) -> str:
    for line in reversed(lines):
        for mark in _EXCEPTION_MARKS:
            if mark in line:
                return line.partition(mark)[2]
    return lines[-1] if lines else "no log"
