"""What a triggered run may be given: bounded before Airflow stores it, and mended where it was stored all the same.

Airflow 3.3.2's processes end for good on a stored configuration that is nested deeper than Python's stack bears.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from spiders.registry import find_portal
from storage.errors import WarraqError
from storage.model.window import Window, parse_time
from storage.settings import Settings

MAX_DEPTH = 16  # brackets within brackets; ours have two
MAX_BYTES = 65_536
PORTAL_KEYS = frozenset({"from", "to", "revisit", "dry_run"})
REEXTRACT_KEYS = frozenset({"portals", "from", "to", "promote"})


def depth(text: str) -> int:
    """How deep the brackets of a JSON text are nested; strings are passed over. Never recurses."""
    deepest = now = 0
    in_string = is_escaped = False
    for sign in text:
        if in_string:
            in_string = is_escaped or sign != '"'
            is_escaped = sign == "\\" and not is_escaped
        elif sign == '"':
            in_string = True
        elif sign in "[{":
            now += 1
            deepest = max(deepest, now)
        elif sign in "]}":
            now -= 1
    return deepest


def complaint(dag_id: str, conf: object, settings: Settings, *, now: datetime, is_backfill: bool = False) -> str:
    """Why a run of this DAG with this configuration would fail at once, or nothing."""
    known = PORTAL_KEYS if dag_id.startswith("archive_") else REEXTRACT_KEYS if dag_id == "reextract_archive" else None
    if known is None or conf is None:
        return ""
    if not isinstance(conf, Mapping):
        return "the configuration is no JSON object"
    if unknown := sorted(map(str, conf.keys() - known)):
        return f"unknown in the configuration: {', '.join(unknown)[:200]}; known are {', '.join(sorted(known))}"
    start, end = conf.get("from"), conf.get("to")
    if is_backfill:
        return "a backfill has its own range: leave `from` and `to` empty" if start or end else ""
    if not (start and end):
        return "a manual run needs its window: give both `from` and `to` (UTC); Airflow's own dates are not used"
    return _window_complaint(dag_id, str(start), str(end), str(conf.get("portals", "")), settings, now=now)


def _window_complaint(dag_id: str, start: str, end: str, portals: str, settings: Settings, *, now: datetime) -> str:
    try:
        if dag_id == "reextract_archive":
            Window(parse_time(start, name="from"), parse_time(end, name="to"))
            for name in portals.split():
                find_portal(name, settings)
        else:
            Window.parse(start, end, now=now)
    except WarraqError as error:
        return f"{error.message}; {error.remedy}"
    return ""


def mend_stored(database: Path) -> int:
    """Empty the configurations of stored runs that are too deep or too large, and end these runs. How many."""
    if not database.is_file():
        return 0
    mended = 0
    with (
        contextlib.closing(sqlite3.connect(database, timeout=30)) as connection,
        contextlib.suppress(sqlite3.OperationalError),  # a database of before the first migration
        connection,
    ):
        for number, conf in connection.execute("SELECT id, conf FROM dag_run WHERE conf IS NOT NULL").fetchall():
            if len(conf) > MAX_BYTES or depth(str(conf)) > MAX_DEPTH:
                connection.execute("UPDATE dag_run SET conf = '{}', state = 'failed' WHERE id = ?", (number,))
                mended += 1
    return mended


def body_complaint(path: str, body: bytes, settings: Settings, *, now: datetime) -> str:
    """The same for a request to Airflow's REST API; nothing for what is not about runs of ours."""
    if len(body) > MAX_BYTES:
        return f"the configuration is larger than {MAX_BYTES} bytes"
    text = body.decode("utf-8", "replace")
    if depth(text) > MAX_DEPTH:
        return f"the configuration is nested deeper than {MAX_DEPTH} levels"
    try:
        found: Any = json.loads(text or "null")
    except ValueError:
        return ""  # Airflow says what is wrong with it
    if not isinstance(found, dict):
        return ""
    parts = path.rstrip("/").split("/")
    if parts[-1] == "dagRuns":
        return complaint(parts[-2], found.get("conf"), settings, now=now) if found.get("conf") else ""
    conf = found.get("dag_run_conf")
    return complaint(str(found.get("dag_id")), conf, settings, now=now, is_backfill=True) if conf else ""
