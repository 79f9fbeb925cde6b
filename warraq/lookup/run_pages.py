"""One run as a person looks at it: how its links ended, the slowest and the rejected pages, and what needs eyes."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from extract.html.decoding import decode_text
from storage.errors import ObjectMissing, UsageError
from storage.model.outcomes import Outcome, Rejection, rejected
from storage.model.record_json import record_from_json
from storage.model.records import Run, WarcPlace
from storage.model.window import RunId, spell_time
from storage.objects.keys import refused_key
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.run import read_capture
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.row_filters import select
from storage.tables.staging import StagedRun
from warraq.lookup.verdicts import PersonVerdict, verdicts

SLOWEST = 20
EYES = 20
MAX_REJECTED = 300  # shown; their number is told whole
MAX_PAGE_CHARACTERS = 800_000  # a reading of the page takes no more than four megabytes
LOW_QUALITY = 0.7  # below it somebody should look
_FETCHES = (
    "url",
    "link_id",
    "source",
    "outcome",
    "detail",
    "http_status",
    "bytes_received",
    "fetch_seconds",
    "warc_key",
    "warc_offset",
    "warc_length",
    "payload_sha256",
    "article_id",
    "edition_id",
)
_ARTICLES = ("article_id", "edition_id", "title", "quality", "flags", "word_count")
# A second opinion that differs, or words that do not belong to the text.
_DOUBTS = frozenset({"views_disagree", "trafilatura_partial", "leak_suspected", "title_unconfirmed", "date_doubtful"})
# Rejected for what the page holds, not for what it is by its address or answer: there the extractor may be wrong.
_ARGUABLE = frozenset(
    rejected(reason)
    for reason in (Rejection.LISTING, Rejection.GALLERY, Rejection.VIDEO, Rejection.NO_TEXT, Rejection.SCRIPT_BODY)
) | {rejected(reason) for reason in (Rejection.PAYWALL, Rejection.BLOCK_PAGE, Rejection.TOO_COMPLEX)}


def run_in_full(settings: Settings, run: RunId) -> dict[str, Any]:
    """A run that was published, or that the audit refused, as plain values. Raises UsageError for any other."""
    store = open_store(settings)
    row, fetches, articles = _rows(settings, store, run)
    said = verdicts(store, run.portal)
    pages = [_page(each, said.get(each["link_id"], ())) for each in fetches.to_pylist()]
    texts = {each["edition_id"]: each for each in articles.to_pylist()}
    lost = [page for page in pages if page["outcome"].startswith(f"{Outcome.REJECTED}:")]
    return {
        "run_id": str(run),
        "portal": run.portal,
        "window_start": spell_time(run.window.start),
        "window_end": spell_time(run.window.end),
        "verdict": str(row.verdict),
        "findings": list(row.findings),
        "outcomes": sorted(row.outcomes.items(), key=lambda each: -each[1]),
        "links": row.links,
        "new": row.articles_new,
        "editions": row.editions,
        "known": row.articles_known,
        "requests": row.requests,
        "bytes": row.bytes_received,
        "seconds": round(row.crawl_seconds, 1),
        "started_at": spell_time(row.started_at),
        "slowest": sorted((page for page in pages if page["seconds"]), key=lambda page: -page["seconds"])[:SLOWEST],
        "rejected": lost[:MAX_REJECTED],
        "rejected_count": len(lost),
        "eyes": _needing_eyes(pages, texts),
    }


def captured_page(settings: Settings, run: RunId, link_id: str) -> dict[str, Any]:
    """The page of one of the run's links as it was captured, decoded. Raises UsageError where there is none."""
    store = open_store(settings)
    _, fetches, _ = _rows(settings, store, run)
    found = next((each for each in fetches.to_pylist() if each["link_id"] == link_id), None)
    if found is None or not found["warc_key"]:
        raise UsageError(f"{run} has no page of link {link_id}", remedy=f"see what it has: warraq overview {run}")
    place = WarcPlace(found["warc_key"], found["warc_offset"], found["warc_length"], found["payload_sha256"])
    capture = read_capture(store, place)
    said = verdicts(store, run.portal).get(link_id, ())
    kind = capture.header("content-type")
    text = decode_text(capture.body, kind)
    return {
        "url": capture.url,
        "status": capture.status,
        "captured_at": spell_time(capture.captured_at.replace(microsecond=0)),
        "headers": [list(each) for each in capture.headers],
        "record": f"{place.key} at {place.offset}, {place.length} bytes, payload sha256 {place.payload_sha256}",
        "verdicts": [one.as_json() for one in said],
        "is_cut": len(text) > MAX_PAGE_CHARACTERS,
        "html": text[:MAX_PAGE_CHARACTERS],
    }


def outcome_of(settings: Settings, run: RunId, link_id: str) -> str:
    """How a link of the run ended. Raises UsageError for a link that the run has not."""
    _, fetches, _ = _rows(settings, open_store(settings), run)
    for each in fetches.to_pylist():
        if each["link_id"] == link_id:
            return str(each["outcome"])
    raise UsageError(f"{run} has no link {link_id[:40]}", remedy=f"see its links: warraq overview {run}")


def _rows(settings: Settings, store: ObjectStore, run: RunId) -> tuple[Run, pa.Table, pa.Table]:
    """The run's row, fetches and articles: published ones, else those that wait for their publication."""
    try:
        tables = open_tables(settings, create=False)
        if row := tables.run_row(run):
            fetches = tables.scan("fetches", row_filter=select(run=run), columns=_FETCHES)
            return row, fetches, tables.scan("articles", row_filter=select(run=run), columns=_ARTICLES)
    except ObjectMissing:
        pass
    staged = StagedRun(store, run)
    if not staged.exists():
        raise UsageError(f"{run} is not in the archive", remedy=f"see the runs: warraq overview {run.portal}")
    with tempfile.TemporaryDirectory(dir=_scratch(settings)) as folder:
        files = staged.fetch(Path(folder))
        return (
            _judged(store, run) or files.run_row,
            files.columns("fetches", *_FETCHES),
            files.columns("articles", *_ARTICLES),
        )


def _judged(store: ObjectStore, run: RunId) -> Run | None:
    """The row with what the audit said, where it refused the run."""
    try:
        return record_from_json(Run, store.get(refused_key(run)), where=refused_key(run))
    except ObjectMissing:
        return None


def _scratch(settings: Settings) -> Path:
    settings.cache.mkdir(parents=True, exist_ok=True)
    return settings.cache


def _page(fetch: Mapping[str, Any], said: Sequence[PersonVerdict]) -> dict[str, Any]:
    return {
        "url": fetch["url"],
        "link_id": fetch["link_id"],
        "outcome": fetch["outcome"],
        "detail": fetch["detail"] or "",
        "status": fetch["http_status"],
        "bytes": fetch["bytes_received"],
        "seconds": round(fetch["fetch_seconds"], 2) if fetch["fetch_seconds"] else None,
        "article_id": fetch["article_id"],
        "edition_id": fetch["edition_id"],
        "is_captured": bool(fetch["warc_key"]),
        "verdicts": [one.as_json() for one in said],
    }


def _needing_eyes(pages: Sequence[dict[str, Any]], texts: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The pages a person should see first, the most doubtful at the head; those with a person's word come last."""
    whole = [page["bytes"] for page in pages if page["edition_id"] in texts and page["bytes"]]
    usual = statistics.median(whole) if whole else None
    found = []
    for page in pages:
        text = texts.get(page["edition_id"])
        doubt, why = _doubt_of_text(text) if text else _doubt_of_rejection(page, usual)
        if doubt:
            found.append({**page, "title": text["title"] if text else "", "doubt": round(doubt, 2), "why": why})
    found.sort(key=lambda page: (bool(page["verdicts"]), -page["doubt"], page["url"]))
    return found[:EYES]


def _doubt_of_text(text: Mapping[str, Any]) -> tuple[float, list[str]]:
    marks = sorted(_DOUBTS & set(text["flags"]))
    low = [f"quality {text['quality']:.2f}"] if text["quality"] < LOW_QUALITY else []
    return (1 - text["quality"] + 0.2 * len(marks) if low or marks else 0.0), [*low, *marks]


def _doubt_of_rejection(page: Mapping[str, Any], usual: float | None) -> tuple[float, list[str]]:
    if page["outcome"] not in _ARGUABLE or not usual or page["bytes"] < usual:
        return 0.0, []
    return 0.5 + min(0.5, page["bytes"] / usual / 4), [page["outcome"], "as long as the run's articles"]
