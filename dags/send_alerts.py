"""The Airflow DAG that tells operators what is wrong with portals: a look at the archive every quarter of an hour."""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG, CronDataIntervalTimetable
from warraq_dags.alert_callbacks import AlertOperator

with DAG(
    dag_id="send_alerts",
    description="Tell what is wrong with portals, once, and when it is over",
    doc_md="Runs `warraq alert`. Where to: the connection `warraq_alerts`. See docs/how_to/operate/alerts.md.",
    schedule=CronDataIntervalTimetable("*/15 * * * *", timezone="UTC"),
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    # On from the start: it asks no portal, and an alarm that somebody has to switch on is off when it is needed.
    is_paused_upon_creation=False,
    tags=["care"],
    # No retries: the next look is the retry.
    default_args={"owner": "warraq", "retries": 0},
) as dag:
    AlertOperator(task_id="look", words=("alert",), execution_timeout=timedelta(minutes=10))
