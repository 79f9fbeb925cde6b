"""The DAGs that look after the whole archive. Each is a schedule around one command."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Context, CronDataIntervalTimetable, Param, SkipMixin, task

from storage.errors import UsageError
from warraq_dags.alert_callbacks import end_log, tell_failure, tell_success
from warraq_dags.command_operator import CommandOperator, WrongRequest
from warraq_dags.portal_months import portal_months

_START = pendulum.datetime(2026, 1, 1, tz="UTC")
_MONTH_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"
_DAY_PATTERN = r"^\d{4}-\d{2}-\d{2}$"
_NAMES_PATTERN = r"^[a-z][a-z0-9]{1,39}( [a-z][a-z0-9]{1,39})*$"
_DEFAULTS = {
    "owner": "warraq",
    "retries": 2,
    "retry_delay": timedelta(minutes=10),
    "on_failure_callback": tell_failure,
    "on_retry_callback": end_log,
}
# Not among the defaults: a task that does nothing would be started for it.
_TOLD: dict[str, Any] = {"on_success_callback": tell_success}


class MonthlyRelease(CommandOperator):
    """`warraq release MONTH`: the month of the params, else the one the data interval began in."""

    def command_words(self, context: Context) -> tuple[str, ...]:
        """See CommandOperator."""
        month = context["params"]["month"]
        if not month:
            month = context["dag_run"].data_interval_start.strftime("%Y-%m")
        return ("release", str(month))


class MarkingCommand(CommandOperator, SkipMixin):
    """A command whose findings (exit code 3) show as a skipped next task."""

    def execute(self, context: Context) -> dict[str, Any]:
        """Run it; skip what follows when it found something."""
        report = super().execute(context)
        if report["degraded"]:
            self.log.warning("FINDINGS: %s", report.get("findings"))
            context["ti"].xcom_push(key="return_value", value=report)
            self.skip(context["ti"], self.downstream_list)
        return report


def maintain_archive() -> DAG:
    """Daily: compaction, snapshot expiry, removal of unused files."""
    with _dag(
        "maintain_archive", "Put small files together, forget old snapshots, remove unused files", "30 2 * * *"
    ) as dag:
        CommandOperator(task_id="maintain", words=("maintain",), execution_timeout=timedelta(hours=12), **_TOLD)
    return dag


def release_archive() -> DAG:
    """Monthly, on the fifth, when the month's last windows have been published."""
    month = Param(None, type=["null", "string"], pattern=_MONTH_PATTERN, description="2024-12; empty: the last month")
    with _dag("release_archive", "Freeze the last month as plain Parquet", "0 4 5 * *", params={"month": month}) as dag:
        MonthlyRelease(task_id="release", execution_timeout=timedelta(hours=12), **_TOLD)
    return dag


def check_portals() -> DAG:
    """Daily: which portals are silent, stopped, degraded or drifting."""
    with _dag("check_portals", "Which portals are silent, stopped, degraded or drifting", "0 6 * * *") as dag:
        health = MarkingCommand(task_id="health", words=("health",), execution_timeout=timedelta(hours=1), **_TOLD)
        health >> EmptyOperator(task_id="all_well", doc_md="Skipped (pink): the log of `health` names the portals.")
    return dag


def reextract_archive() -> DAG:
    """By hand: extract published runs again, one task a portal and month; the new rows are promoted on request."""
    params = {
        "portals": Param("", type="string", pattern=_NAMES_PATTERN, description="Names with a space between them"),
        "from": Param("", type="string", pattern=_DAY_PATTERN, description="First day, UTC"),
        "to": Param("", type="string", pattern=_DAY_PATTERN, description="End, UTC, not part of it"),
        "promote": Param(False, type="boolean", description="Make the new rows visible where no gate is shut"),
    }
    with _dag("reextract_archive", "Extract published runs again from the raw archive", None, params=params) as dag:

        @task
        def list_months(params: dict[str, Any]) -> list[list[str]]:
            return _months(params)

        @task
        def list_promotions(params: dict[str, Any]) -> list[list[str]]:
            months = _months(params) if params["promote"] else []
            return [[*words, "--promote"] for words in months]

        limits = {"max_active_tis_per_dag": 2, "execution_timeout": timedelta(hours=24)}
        extracted = CommandOperator.partial(task_id="reextract", **limits).expand(words=list_months())
        promoted = CommandOperator.partial(task_id="promote", **limits).expand(words=list_promotions())
        extracted >> promoted
    return dag


def _months(params: dict[str, Any]) -> list[list[str]]:
    """A wrong range fails at once: tried again it would be as wrong, and runs behind it would wait."""
    try:
        return portal_months(params["portals"], params["from"], params["to"])
    except UsageError as error:
        raise WrongRequest(f"{error.message} — {error.remedy}") from None


def _dag(dag_id: str, description: str, cron: str | None, *, params: dict[str, Param] | None = None) -> DAG:
    return DAG(
        dag_id=dag_id,
        description=description,
        schedule=CronDataIntervalTimetable(cron, timezone="UTC") if cron else None,
        start_date=_START,
        catchup=False,
        max_active_runs=1,
        tags=["care"],
        params=params,
        default_args=_DEFAULTS,
    )
