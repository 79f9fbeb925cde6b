"""A portal's DAG, made from its definition."""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, CronDataIntervalTimetable, Param

from spiders.portal.definition import Portal
from warraq_dags.alert_callbacks import tell_failure, tell_retry, tell_success
from warraq_dags.command_operator import StageOperator
from warraq_dags.portal_description import describe
from warraq_dags.run_window import TIME_PATTERN
from warraq_dags.stage_operators import CrawlOperator, PublishOperator

# Far in the past, so that a backfill may ask for any day; catchup stays off.
_START = pendulum.datetime(2000, 1, 1, tz="UTC")
_RETRIES = 4
_RETRY_DELAY = timedelta(minutes=2)  # 2, 4, 8, 16 minutes: a portal that restarts is back by then
_MAX_RETRY_DELAY = timedelta(hours=1)
_EXTRACT_TIMEOUT = timedelta(hours=6)
_PUBLISH_TIMEOUT = timedelta(hours=1)
# One run crawls while the one before is extracted; `max_active_tis_per_dag` keeps each stage to one run at a time,
# backfills included: a pool of one slot a portal would do the same and need a row in the database for each.
_MAX_ACTIVE_RUNS = 3


def portal_dag(portal: Portal) -> DAG:
    """crawl → extract → publish → passed_audit, on the portal's schedule."""
    with DAG(
        dag_id=f"archive_{portal.name}",
        dag_display_name=f"{portal.title_en} · {portal.title_ar}",
        description=f"Archive {portal.title_en} ({portal.host})",
        doc_md=describe(portal),
        # A retired portal keeps its DAG for backfills of what it has published; nothing begins by itself.
        schedule=None if portal.retired else CronDataIntervalTimetable(portal.schedule, timezone=portal.timezone),
        start_date=_START,
        catchup=False,
        max_active_runs=_MAX_ACTIVE_RUNS,
        tags=["archive", f"country:{portal.country}", f"language:{portal.language}"],
        params=_params(),
        default_args={
            "owner": "warraq",
            "retries": _RETRIES,
            "retry_delay": _RETRY_DELAY,
            "retry_exponential_backoff": 2.0,
            "max_retry_delay": _MAX_RETRY_DELAY,
            "max_active_tis_per_dag": 1,
            "on_failure_callback": tell_failure,
            "on_retry_callback": tell_retry,
        },
    ) as dag:
        crawl = CrawlOperator(task_id="crawl", portal=portal.name, execution_timeout=_crawl_timeout(portal))
        extract = StageOperator(
            task_id="extract", portal=portal.name, stage="extract", execution_timeout=_EXTRACT_TIMEOUT
        )
        publish = PublishOperator(
            task_id="publish",
            portal=portal.name,
            execution_timeout=_PUBLISH_TIMEOUT,
            on_success_callback=tell_success,
        )
        passed_audit = EmptyOperator(task_id="passed_audit", doc_md="Skipped (pink): published degraded.")
        crawl >> extract >> publish >> passed_audit
    return dag


def _params() -> dict[str, Param]:
    def time(title: str, description: str) -> Param:
        return Param(None, type=["null", "string"], pattern=TIME_PATTERN, title=title, description=description)

    return {
        "from": time(
            "From",
            "Start of the window, UTC: 2024-12-25 or 2024-12-25T06:00Z. A manual run goes by From and To alone; "
            "the data interval and the logical date of this form say nothing.",
        ),
        "to": time("To", "End of the window, UTC, not part of it. Manual runs need it."),
        "revisit": Param(
            "due",
            enum=["due", "never", "all"],
            title="Revisit",
            description="Which links that are archived already are asked for again, if they changed.",
        ),
        "dry_run": Param(
            False, type="boolean", title="Dry run", description="Ask the sources only; the report says how many pages."
        ),
    }


def _crawl_timeout(portal: Portal) -> timedelta:
    """Twice what the request budget takes at the portal's politeness, and half an hour for slow answers."""
    politeness = portal.politeness
    return timedelta(minutes=30, seconds=2 * politeness.max_requests_per_run * max(politeness.delay_seconds, 0.1))
