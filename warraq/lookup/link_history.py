"""What happened to one link, run by run: who listed it, each answer on its way, the waits between, how it ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from storage.errors import ObjectMissing, WarraqError
from storage.identity.urls import canonical_url
from storage.model.outcomes import Outcome
from storage.model.records import Role, WarcPlace
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.chunk_index import IndexEntry
from storage.raw.run import RawRun
from storage.read.query import connect, sql_errors
from storage.settings import Settings
from warraq.lookup.article import spellings

_ID = re.compile(r"[0-9a-f]{32}")
_REDIRECTS = range(300, 400)
# A link that led to the article is of its history too, whatever address listed it.
_BY_ID = "list_contains($ids, link_id) OR list_contains($ids, article_id) OR list_contains($ids, edition_id)"
_BY_ADDRESS = "list_contains($urls, url) OR list_contains($urls, final_url)"
_FETCHES = """
SELECT * FROM fetches WHERE {where} ORDER BY window_start, run_id, url
"""


@dataclass(frozen=True)
class Answer:
    """One answer that lies in the raw archive. `waited_seconds`: since the answer before."""

    url: str
    status: int
    captured_at: datetime
    waited_seconds: float | None
    leads_to: str | None  # where a redirect points, as it states it
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
    page: WarcPlace | None  # of the page that was captured
    answers: tuple[Answer, ...]
    missing: str | None  # why answers cannot be told

    @property
    def is_rejected(self) -> bool:
        """Whether a page was captured that is no article."""
        return self.outcome.startswith(f"{Outcome.REJECTED}:")


def link_history(wanted: str, settings: Settings) -> list[LinkEnding]:
    """Every run that considered the link; none where no run did.

    `wanted` is the link's address, listed or at the end of redirects, in any spelling; its id; or that of the article
    or edition that it led to.
    """
    if _ID.fullmatch(wanted):
        where, values = _BY_ID, {"ids": [wanted]}
    else:
        where, values = _BY_ADDRESS, {"urls": spellings(wanted, settings)}
    with connect(settings) as connection, sql_errors():
        found = connection.execute(_FETCHES.format(where=where), values).to_arrow_table().to_pylist()
    store = open_store(settings)
    return [_ending(row, store) for row in found]


def _ending(row: dict[str, Any], store: ObjectStore) -> LinkEnding:
    fields = ("run_id", "url", "source", "source_url", "listed_at", "outcome", "http_status", "final_url", "detail")
    known = {name: row[name] for name in fields}
    answers, missing = _told_answers(RawRun(store, RunId.parse(row["run_id"])), row)
    place = (row["warc_key"], row["warc_offset"], row["warc_length"], row["payload_sha256"])
    return LinkEnding(
        **known,
        article_id=row["article_id"],
        fetch_seconds=row["fetch_seconds"],
        page=WarcPlace(*place) if row["warc_key"] else None,
        answers=answers,
        missing=missing,
    )


def _told_answers(raw: RawRun, row: dict[str, Any]) -> tuple[tuple[Answer, ...], str | None]:
    """The answers, or why there are none."""
    try:
        answers = tuple(_answers(raw, row))
        is_gone = not answers and raw.report() is None
    except ObjectMissing as error:
        return (), f"the run's raw archive is not here: {error.message}"
    except WarraqError as error:
        return (), error.message
    if is_gone:
        return (), f"the raw archive of {raw.run} is not here"
    if not answers and row["http_status"] is not None:
        return (), "none of its answers is kept in the run's raw archive"
    return answers, None


def _answers(raw: RawRun, row: dict[str, Any]) -> Iterator[Answer]:
    """The link's own answers, and those on the trail of redirects that begins at its address, in their order."""
    entries = [
        entry for chunk in raw.counting_chunks() for entry in raw.index(chunk) if entry.role in (Role.PAGE, Role.OTHER)
    ]
    entries.sort(key=lambda entry: entry.captured_at)
    start = canonical_url(row["url"])
    following: str | None = None  # where the last redirect led
    before: datetime | None = None
    for entry in entries:
        is_own = entry.link is not None and entry.link.link_id == row["link_id"]
        is_others = entry.link is not None and not is_own
        if is_others or not (is_own or canonical_url(entry.url) in (start, following)):
            continue
        target = _target(raw, entry) if entry.status in _REDIRECTS else None
        # A hop may state its target from where it stands itself; an end or a failed try leads nowhere.
        following = canonical_url(urljoin(entry.url, target)) if target else None
        waited = (entry.captured_at - before).total_seconds() if before else None
        before = entry.captured_at
        place = f"{entry.place.key} at {entry.place.offset}"
        yield Answer(entry.url, entry.status, entry.captured_at, waited, target, place)


def _target(raw: RawRun, entry: IndexEntry) -> str | None:
    headers = raw.capture_at(entry.place, role=entry.role).headers
    return next((value for name, value in headers if name.lower() == "location"), None)
