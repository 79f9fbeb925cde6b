"""What happened to one link, run by run: who listed it, each answer on its way, the waits between, how it ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spiders.registry import load_portals
from storage.errors import ObjectMissing, WarraqError
from storage.identity.urls import canonical_url, spelled_url
from storage.model.records import Role
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun
from storage.read.query import connect, sql_errors
from storage.settings import Settings

_ID = re.compile(r"[0-9a-f]{32}")
_REDIRECTS = range(300, 400)
_ROLES = ("page", "other")
_FETCHES = """
SELECT * FROM fetches WHERE {where} IN (SELECT unnest(?)) ORDER BY window_start, run_id
"""


@dataclass(frozen=True)
class Answer:
    """One answer that lies in the raw archive. `waited_seconds`: since the answer before."""

    url: str
    status: int
    captured_at: datetime
    waited_seconds: float | None
    leads_to: str | None  # where a redirect points
    place: str  # key and offset of its record


@dataclass(frozen=True)
class LinkEnding:
    """How one run left the link, and the answers it got on the way, the oldest first."""

    run_id: str
    url: str
    source: str
    source_url: str | None
    listed_at: datetime | None
    outcome: str
    http_status: int | None
    final_url: str | None
    detail: str | None
    article_id: str | None
    fetch_seconds: float | None
    answers: tuple[Answer, ...]
    missing: str | None  # why answers cannot be told


def link_history(wanted: str, settings: Settings) -> list[LinkEnding]:
    """Every run that considered the link, by its id or its address in any spelling; none where no run did."""
    column, values = ("link_id", [wanted]) if _ID.fullmatch(wanted) else ("url", _spellings(wanted, settings))
    with connect(settings) as connection, sql_errors():
        found = connection.execute(_FETCHES.format(where=column), [values]).to_arrow_table().to_pylist()
    store = open_store(settings)
    return [_ending(row, store) for row in found]


def _spellings(url: str, settings: Settings) -> list[str]:
    owners = [portal for portal in load_portals(settings).values() if portal.hosts.owns(url)]
    return sorted({url, spelled_url(url), canonical_url(url), *(portal.canonical(url) for portal in owners)})


def _ending(row: dict[str, Any], store: ObjectStore) -> LinkEnding:
    missing: str | None = None
    answers: tuple[Answer, ...] = ()
    try:
        answers = tuple(_answers(RawRun(store, RunId.parse(row["run_id"])), row))
    except ObjectMissing:
        missing = "the run's raw archive is not here"
    except WarraqError as error:
        missing = error.message
    fields = ("run_id", "url", "source", "source_url", "listed_at", "outcome", "http_status", "final_url", "detail")
    known = {name: row[name] for name in fields}
    return LinkEnding(
        **known,
        article_id=row["article_id"],
        fetch_seconds=row["fetch_seconds"],
        answers=answers,
        missing=missing,
    )


def _answers(raw: RawRun, row: dict[str, Any]) -> Iterator[Answer]:
    """The link's own answers, and those on the trail of redirects that begins at its address."""
    entries = [
        entry for chunk in raw.counting_chunks() for entry in raw.index(chunk) if entry.role in (Role.PAGE, Role.OTHER)
    ]
    entries.sort(key=lambda entry: entry.captured_at)
    trail = {canonical_url(row["url"]), *([canonical_url(row["final_url"])] if row["final_url"] else [])}
    before: datetime | None = None
    for entry in entries:
        is_own = entry.link is not None and entry.link.link_id == row["link_id"]
        if not (is_own or canonical_url(entry.url) in trail):
            continue
        target = None
        if entry.status in _REDIRECTS:
            headers = dict(raw.capture_at(entry.place, role=entry.role).headers)
            target = next((value for name, value in headers.items() if name.lower() == "location"), None)
            if target:
                trail.add(canonical_url(target))
        waited = (entry.captured_at - before).total_seconds() if before else None
        before = entry.captured_at
        place = f"{entry.place.key} at {entry.place.offset}"
        yield Answer(entry.url, entry.status, entry.captured_at, waited, target, place)
