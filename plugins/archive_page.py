"""Airflow's page "Archive": coverage and health, also as a tab of each DAG. Only for people who are signed in."""

from __future__ import annotations

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

from airflow.api_fastapi.core_api.security import get_user
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse

from spiders.registry import load_portals
from storage.model.window import PORTAL_NAME
from storage.settings import read_settings
from warraq.monitoring.coverage_page import archive_page
from warraq.pipeline.child_process import ChildProcess, warraq_command

# No request of a person starts a second reading of the archive within this time.
KEPT_SECONDS = 60.0
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}
_kept: dict[tuple[str, ...], tuple[float, Any, str]] = {}
log = logging.getLogger(__name__)

app = FastAPI(title="archive", docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/")
def page(_user: Annotated[object, Depends(get_user)], dag_id: str = "") -> HTMLResponse:
    """All portals, or the one whose DAG is looked at."""
    portal = dag_id.removeprefix("archive_")
    titles = {name: portal.title_ar for name, portal in load_portals(read_settings()).items()}
    only = (portal,) if PORTAL_NAME.fullmatch(portal) and portal in titles else ()
    with ThreadPoolExecutor(2) as both:
        coverage, judged = both.submit(_told, "coverage", *only), both.submit(_told, "health", *only)
    (days, problem), (health, _) = coverage.result(), judged.result()
    html = archive_page(days or [], (health or {}).get("portals", []), titles=titles, problem=problem)
    return HTMLResponse(html, headers=_HEADERS)


def _told(*words: str) -> tuple[Any, str]:
    """What a command says with --json, or why it failed; its own process keeps pyarrow out of Airflow's."""
    now = time.monotonic()
    if words in _kept and now - _kept[words][0] < KEPT_SECONDS:
        return _kept[words][1:]
    ended = ChildProcess(warraq_command(*words, "--json"), on_line=lambda line: log.info("%s", line)).run()
    try:
        found = json.loads(ended.output) if ended.exit_code in (0, 3) else None
    except ValueError:
        found = None
    problem = "" if found is not None else str(ended.error.get("error", "the archive cannot be read"))
    _kept[words] = (now, found, problem)
    return found, problem


class ArchivePlugin(AirflowPlugin):
    """The page and its places in the user interface."""

    name = "warraq_archive"
    fastapi_apps = [{"app": app, "url_prefix": "/archive", "name": "Archive"}]  # noqa: RUF012 - Airflow's own form
    external_views = [  # noqa: RUF012 - Airflow's own form
        {"name": "Archive", "href": "/archive/", "destination": "nav", "category": "browse", "url_route": "archive"},
        {"name": "Coverage", "href": "/archive/?dag_id={DAG_ID}", "destination": "dag", "url_route": "coverage"},
    ]
