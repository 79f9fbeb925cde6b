"""Airflow's page "Archive": who looks, what that person may see, and which page. Only for people who are signed in."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import get_user
from airflow.configuration import conf
from airflow.models.dag import DagModel
from airflow.plugins_manager import AirflowPlugin
from airflow.utils.session import create_session
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from spiders.registry import load_portals
from storage.model.window import PORTAL_NAME
from storage.settings import read_settings
from warraq.monitoring.page.readings import Readings
from warraq.monitoring.page.render import ASSETS, FOLDER, Viewer, fleet_page, portal_page

PREFIX = "archive_"  # of the DAGs of portals
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
READINGS = Readings()
User = Annotated[Any, Depends(get_user)]

app = FastAPI(title="archive", docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/", response_model=None)
def fleet(request: Request, user: User, dag_id: str = "", lang: str = "") -> Response:
    """All portals that the person may see; a DAG's tab leads to its portal."""
    if dag_id.startswith(PREFIX) and PORTAL_NAME.fullmatch(dag_id.removeprefix(PREFIX)):
        return RedirectResponse(f"portal/{dag_id.removeprefix(PREFIX)}?lang={_language(request, lang)}")
    viewer, seen = _viewer(request, user, lang, depth=1)
    reading = READINGS.of("overview")
    return _html(fleet_page(_visible(reading.found or {}, seen), viewer, problem=reading.problem))


@app.get("/portal/{name}")
def portal(request: Request, user: User, name: str, lang: str = "") -> HTMLResponse:
    """One portal, and the plan of the days that were chosen."""
    viewer, seen = _viewer(request, user, lang, depth=2)
    definition = load_portals(read_settings()).get(name)
    if definition is None or name not in seen:
        raise HTTPException(404, "no such portal, or none that you may see")
    reading = READINGS.of("overview", name)
    span = (request.query_params.get("from", ""), request.query_params.get("to", ""))
    plan = _plan(name, span, definition.timezone) if all(span) else None
    found = reading.found or {"portal": name, "title_ar": definition.title_ar}
    return _html(portal_page(found, viewer, problem=reading.problem, plan=plan, span=span))


@app.get("/assets/{name}")
def asset(_user: User, name: str) -> Response:
    """The page's style and script."""
    if name not in ASSETS:
        raise HTTPException(404)
    return Response((FOLDER / "assets" / name).read_bytes(), media_type=ASSETS[name], headers=_HEADERS)


def _viewer(request: Request, user: Any, lang: str, *, depth: int) -> tuple[Viewer, set[str]]:
    """Who looks, and the portals whose DAGs that person may read."""
    manager = get_auth_manager()
    with create_session() as session:
        rows = session.execute(
            select(DagModel.dag_id, DagModel.is_paused).where(DagModel.dag_id.startswith(PREFIX, autoescape=True))
        ).all()
    readable = manager.filter_authorized_dag_ids(dag_ids={row.dag_id for row in rows}, user=user)
    may = {
        dag_id
        for dag_id in readable
        if manager.is_authorized_dag(
            method="POST", access_entity=DagAccessEntity.RUN, details=DagDetails(id=dag_id), user=user
        )
    }
    viewer = Viewer(
        language=_language(request, lang),
        root="../" * depth,
        may_trigger=frozenset(may),
        paused=frozenset(row.dag_id for row in rows if row.is_paused),
    )
    return viewer, {dag_id.removeprefix(PREFIX) for dag_id in readable}


def _language(request: Request, lang: str) -> str:
    if lang in ("ar", "en"):
        return lang
    return "ar" if request.headers.get("Accept-Language", "").lower().startswith("ar") else "en"


def _visible(found: dict[str, Any], seen: set[str]) -> dict[str, Any]:
    """A reading without what the person may not see; a definition that gives no DAG is told to who sees all others."""
    defined = load_portals(read_settings()).keys()

    def may_see(name: str) -> bool:
        return name in seen or (name not in defined and seen >= defined - {name})

    return {
        **found,
        "portals": [row for row in found.get("portals", []) if may_see(row["portal"])],
        "incidents": [one for one in found.get("incidents", []) if may_see(one["subject"])],
        "silences": [one for one in found.get("silences", []) if may_see(one["subject"])],
    }


def _plan(name: str, span: tuple[str, str], zone: str) -> dict[str, Any]:
    """What `warraq backfill --dry-run` says of the days, and the range as Airflow's backfill wants it."""
    reading = READINGS.of("backfill", name, "--from", span[0], "--to", span[1], "--only-missing", "--dry-run", "--json")
    if reading.problem:
        return {"lines": [reading.problem], "windows": 0}
    plan = reading.found["plans"][0]
    try:
        begin, end = (datetime.combine(datetime.fromisoformat(day), time(), ZoneInfo(zone)) for day in span)
    except ValueError:
        return {"lines": ["write the days as 2024-12-25"], "windows": 0}
    return {
        "lines": plan["lines"],
        "windows": len(plan["windows"]),
        "from_date": begin.astimezone(UTC).isoformat(),
        "to_date": (end.astimezone(UTC) - timedelta(seconds=1)).isoformat(),  # Airflow's end is part of the range
    }


def _html(text: str) -> HTMLResponse:
    return HTMLResponse(text, headers=_HEADERS)


def _below() -> str:
    """The path below which Airflow is served: a proxy's sub-path, or nothing."""
    return urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/")


class ArchivePlugin(AirflowPlugin):
    """The page and its places in the user interface."""

    name = "warraq_archive"
    fastapi_apps = [{"app": app, "url_prefix": "/archive", "name": "Archive"}]  # noqa: RUF012 - Airflow's own form
    external_views = [  # noqa: RUF012 - Airflow's own form
        {
            "name": "Archive",
            "href": f"{_below()}/archive/",
            "destination": "nav",
            "category": "browse",
            "url_route": "archive",
        },
        {
            "name": "Coverage",
            "href": f"{_below()}/archive/?dag_id={{DAG_ID}}",
            "destination": "dag",
            "url_route": "coverage",
        },
    ]
