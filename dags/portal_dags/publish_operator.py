"""The publish stage, which tells the rest of Airflow what came of the run: an asset event and a visible mark."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset, Context, SkipMixin

from portal_dags.stage_operator import StageOperator

_EVENT_KEYS = ("run_id", "rows", "articles_new", "editions", "rejected", "bytes_received", "verdict", "findings")


def articles_asset(portal: str) -> Asset:
    """The portal's rows in `news.articles`; other DAGs can be scheduled on it."""
    return Asset(name=f"articles_{portal}", uri=f"warraq://articles/{portal}", group="warraq")


class PublishOperator(StageOperator, SkipMixin):
    """Publishes a run. A degraded one is a success whose next task, `passed_audit`, is shown as skipped."""

    def __init__(self, *, portal: str, **options: Any) -> None:
        super().__init__(portal=portal, stage="publish", outlets=[articles_asset(portal)], **options)

    def execute(self, context: Context) -> dict[str, Any]:
        """Publish, describe the asset event, mark a degraded run."""
        report = super().execute(context)
        event = context["outlet_events"][articles_asset(self.portal)]
        event.extra = {key: report[key] for key in _EVENT_KEYS if key in report}
        if report["degraded"]:
            self.log.warning("DEGRADED: published, and somebody should look: %s", report.get("findings"))
            # The skip ends this method, so the report is kept by hand.
            context["ti"].xcom_push(key="return_value", value=report)
            self.skip(context["ti"], self.downstream_list)
        return report
