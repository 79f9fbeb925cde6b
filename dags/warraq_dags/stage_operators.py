"""The first and the last stage, which decide what comes after them: a dry run ends early, a degraded run is marked."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset, Context, SkipMixin

from warraq_dags.command_operator import StageOperator

_EVENT_KEYS = ("run_id", "rows", "articles_new", "editions", "rejected", "bytes_received", "verdict", "findings")


def articles_asset(portal: str) -> Asset:
    """The portal's rows in `news.articles`; other DAGs can be scheduled on it."""
    # A scheme that begins with x- is ours: for any other Airflow asks all its providers, in each task again.
    return Asset(name=f"articles_{portal}", uri=f"x-warraq://articles/{portal}", group="warraq")


class CrawlOperator(StageOperator, SkipMixin):
    """The crawl stage with the params of the DAG run; after a dry run there is nothing to extract."""

    def __init__(self, *, portal: str, **options: Any) -> None:
        super().__init__(portal=portal, stage="crawl", **options)

    def command_words(self, context: Context) -> tuple[str, ...]:
        """The window, and what the params add; both params are enumerations that Airflow has checked."""
        params = context["params"]
        dry = ("--dry-run",) if params["dry_run"] else ()
        return (*super().command_words(context), "--revisit", str(params["revisit"]), *dry)

    def execute(self, context: Context) -> dict[str, Any]:
        """Crawl; a dry run skips what follows."""
        report = super().execute(context)
        if context["params"]["dry_run"]:
            context["ti"].xcom_push(key="return_value", value=report)
            self.skip(context["ti"], self.downstream_list)
        return report


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
