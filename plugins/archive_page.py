"""Airflow's page "Archive": who looks, what that person may see, and which page. Only for people who are signed in."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import get_user
from airflow.configuration import conf
from airflow.models.dag import DagModel
from airflow.models.log import Log
from airflow.plugins_manager import AirflowPlugin
from airflow.utils.session import create_session
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import select

from spiders.registry import load_portals
from storage.errors import UsageError
from storage.model.window import PORTAL_NAME, RunId
from storage.settings import read_settings
from warraq.alerts.action_log import EVENTS, of_airflow
from warraq.monitoring.page.acts import Act, command_of, is_own_request
from warraq.monitoring.page.plan_of_days import plan_of_days
from warraq.monitoring.page.readings import Readings
from warraq.monitoring.page.render import (
    ASSETS,
    FOLDER,
    Viewer,
    article_page,
    capture_page,
    fleet_page,
    inert,
    live_part,
    portal_page,
    run_page,
)
from warraq.monitoring.page.words import words_of

PREFIX = "archive_"  # of the DAGs of portals
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# A page from the web: no script, no form, no request, an origin of its own, and shown by our pages only.
_CAPTURED = {
    **_HEADERS,
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'self'",
    "X-DNS-Prefetch-Control": "off",
    "Referrer-Policy": "no-referrer",
}
LIVE_SECONDS = 10.0
SHOWN_ACTIONS = 20
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
    found = _with_airflow(reading.found or {})
    return _html(fleet_page(_visible(found, seen), viewer, problem=reading.problem))


@app.get("/portal/{name}")
def portal(request: Request, user: User, name: str, lang: str = "") -> HTMLResponse:
    """One portal, and the plan of the days that were chosen."""
    viewer, seen = _viewer(request, user, lang, depth=2)
    definition = load_portals(read_settings()).get(name)
    if definition is None or name not in seen:
        raise HTTPException(404, "no such portal, or none that you may see")
    reading = READINGS.of("overview", name)
    span = (request.query_params.get("from", ""), request.query_params.get("to", ""))
    days = {"zone": definition.timezone, "language": viewer.language}
    plan = plan_of_days(READINGS, name, span, **days) if all(span) else None
    found = _with_airflow(reading.found or {"portal": name, "title_ar": definition.title_ar}, name)
    return _html(portal_page(found, viewer, problem=reading.problem, plan=plan, span=span))


@app.get("/run/{name}/{window}")
def run(request: Request, user: User, name: str, window: str, lang: str = "") -> HTMLResponse:
    """One run and its pages."""
    viewer, run_id = _of_run(request, user, name, window, lang, depth=3)
    reading = READINGS.of("overview", str(run_id))
    found = reading.found or {"portal": name, "run_id": str(run_id)}
    return _html(run_page(found, viewer, portal=name, problem=reading.problem))


@app.get("/page/{name}/{window}/{link}")
def page(request: Request, user: User, name: str, window: str, link: str, *, lang: str = "") -> HTMLResponse:
    """What is known of a captured page, with the page in a frame."""
    viewer, run_id = _of_run(request, user, name, window, lang, depth=4)
    reading = READINGS.of("overview", str(run_id), "--page", _id(link))
    words = {"run_id": str(run_id), "link_id": link, "problem": reading.problem}
    return _html(capture_page(reading.found or {}, viewer, **words))


@app.get("/capture/{name}/{window}/{link}")
def capture(request: Request, user: User, name: str, window: str, link: str) -> HTMLResponse:
    """The page as it was captured, where nothing in it runs."""
    _, run_id = _of_run(request, user, name, window, "", depth=4)
    reading = READINGS.of("overview", str(run_id), "--page", _id(link))
    if not reading.found:
        raise HTTPException(404, reading.problem)
    return HTMLResponse(inert(reading.found["html"]), headers=_CAPTURED)


@app.get("/article/{name}/{wanted}")
def article(request: Request, user: User, name: str, wanted: str, lang: str = "") -> HTMLResponse:
    """One article of a portal that the person may see."""
    viewer, seen = _viewer(request, user, lang, depth=3)
    reading = READINGS.of("overview", _id(wanted)) if name in seen else None
    if reading is None or (reading.found and reading.found["portal"] != name):
        raise HTTPException(404, "no such article, or none that you may see")
    return _html(article_page(reading.found or {}, viewer, portal=name, problem=reading.problem))


@app.get("/live")
def live(request: Request, user: User, lang: str = "") -> HTMLResponse:
    """The crawls under way, of portals that the person may see."""
    viewer, seen = _viewer(request, user, lang, depth=1)
    reading = READINGS.of("overview", "--live", kept_seconds=LIVE_SECONDS)
    return _html(live_part(_visible(reading.found or {}, seen), viewer.language))


class Wanted(BaseModel):
    """What a person presses: of a portal, or of a page that a run captured."""

    what: Literal["silence", "lift", "acknowledge", "accept", "reject"]
    portal: str = ""
    until: str = ""
    reason: str = ""
    run: str = ""
    link: str = ""


@app.post("/act")
def act(request: Request, user: User, wanted: Wanted) -> Response:
    """Do it in the person's name, if the role may trigger the portal's DAG; the commands note it in the action log."""
    if not is_own_request(request.headers, base_url=conf.get("api", "base_url", fallback="")):
        raise HTTPException(403, "only the page itself may ask for that")
    viewer, seen = _viewer(request, user, "", depth=1)
    name = wanted.run.partition("/")[0] or wanted.portal
    if name not in seen or f"{PREFIX}{name}" not in viewer.may_trigger:
        raise HTTPException(403, words_of(viewer.language)["may_not_act"])
    run = str(_run_id(wanted.run)) if wanted.run else ""
    link = _id(wanted.link) if wanted.link else ""
    words = command_of(Act(wanted.what, name, wanted.until, wanted.reason, run, link), by=user.get_name())
    if problem := READINGS.do(*words):
        raise HTTPException(422, problem)
    return Response(status_code=204)


@app.get("/assets/{name}")
def asset(_user: User, name: str) -> Response:
    """The page's style and script."""
    if name not in ASSETS:
        raise HTTPException(404)
    return Response((FOLDER / "assets" / name).read_bytes(), media_type=ASSETS[name], headers=_HEADERS)


def _of_run(request: Request, user: Any, name: str, window: str, lang: str, *, depth: int) -> tuple[Viewer, RunId]:
    """Who looks at which run, if that person may see its portal."""
    viewer, seen = _viewer(request, user, lang, depth=depth)
    if name not in seen:
        raise HTTPException(404, "no such run, or none that you may see")
    return viewer, _run_id(f"{name}/{window}")


def _run_id(text: str) -> RunId:
    try:
        return RunId.parse(text)
    except UsageError as error:
        raise HTTPException(404, error.message) from None


def _id(text: str) -> str:
    """An id of 32 hex digits, so that it cannot be an option."""
    if not re.fullmatch(r"[0-9a-f]{32}", text):
        raise HTTPException(404, "no such page")
    return text


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
        "crawls": [one for one in found.get("crawls", []) if may_see(one["run_id"].partition("/")[0])],
        "actions": [one for one in found.get("actions", []) if may_see(one["subject"])],
    }


def _with_airflow(found: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    """A reading whose action log has also what people did in Airflow: pauses, runs, backfills."""
    wanted = select(Log.dttm, Log.dag_id, Log.event, Log.run_id, Log.owner, Log.extra).where(Log.event.in_(EVENTS))
    with create_session() as session:
        rows = session.execute(wanted.order_by(Log.dttm.desc()).limit(SHOWN_ACTIONS * 5)).all()
    events = [{**row._mapping, "when": row.dttm} for row in rows]
    of_people = [one.as_json() for one in of_airflow(events, subject=name)]
    whole = sorted([*found.get("actions", []), *of_people], key=lambda one: one["at"], reverse=True)
    return {**found, "actions": whole[:SHOWN_ACTIONS]}


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
