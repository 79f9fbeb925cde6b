"""One article as a person looks at it: its text, what changed between editions, what was removed and why, its bytes."""

from __future__ import annotations

import math
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from storage.errors import WarraqError
from storage.model.records import Edition
from storage.model.window import RunId, spell_time
from storage.objects.open import open_store
from storage.schema.arrow_and_iceberg import table_of
from storage.schema.columns import ARTICLES
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.row_filters import select
from warraq.lookup.article import find_editions
from warraq.lookup.edition_diff import edition_changes
from warraq.lookup.explain_page import Explanation, explain_edition
from warraq.lookup.verdicts import verdicts
from warraq.pipeline.learnt_lines_store import learnt_in_use

_HIDDEN = ("body", "title", "removed_blocks", "text_simhash", "tags", "authors", "flags")


def article_in_full(settings: Settings, wanted: str) -> dict[str, Any]:
    """The article of an id or address as plain values. Raises UsageError where there is none."""
    editions = find_editions(wanted, settings)
    distinct = list({edition.edition_id: edition for edition in reversed(editions)}.values())[::-1]
    shown = next((one for one in distinct if one.edition_id == wanted), distinct[-1])
    link_id = _link_of(settings, shown)
    said = verdicts(open_store(settings), shown.portal).get(link_id or "", ())
    (row,) = table_of(ARTICLES, [shown]).to_pylist()
    return {
        "article_id": shown.article_id,
        "edition_id": shown.edition_id,
        "portal": shown.portal,
        "run_id": shown.run_id,
        "link_id": link_id,
        "url": shown.url,
        "title": shown.text.title,
        "paragraphs": shown.text.body.split("\n"),
        "authors": list(shown.text.authors),
        "flags": list(shown.text.flags),
        "facts": [[name, str(value)] for name, value in row.items() if value is not None and name not in _HIDDEN],
        "editions": [{"edition_id": one.edition_id, "captured_at": _time(one)} for one in distinct],
        "changes": [
            {
                "captured_at": _time(after),
                "fields": {
                    name: [asdict(change) for change in found] for name, found in edition_changes(before, after).items()
                },
            }
            for before, after in pairwise(distinct)
        ],
        "verdicts": [one.as_json() for one in said],
        **_why(settings, shown),
    }


def _why(settings: Settings, shown: Edition) -> dict[str, Any]:
    """Each decision with its evidence by today's rules; where the page is not here, what was removed when it was."""
    try:
        learnt = learnt_in_use(open_store(settings), shown.portal)
        found = explain_edition(shown, settings, learnt=learnt)
    except WarraqError as error:
        stored = [{"rule": block.rule, "text": block.text, "tag": ""} for block in shown.text.removed_blocks]
        return {"decisions": [], "removed": stored, "why_not": error.message}
    removed: list[dict[str, Any]] = [
        {"rule": line.rule, "text": line.text, "tag": line.tag, "words": line.words, "link_share": line.link_share}
        for line in found.body
        if line.rule
    ]
    return {"decisions": _decisions(found), "removed": removed, "why_not": ""}


def _decisions(found: Explanation) -> list[dict[str, Any]]:
    named = {"kind": found.kind, "title": found.title, "date": found.date, "author": found.authors}
    return [
        {
            "field": name,
            "evidence": [
                {
                    "name": piece.name,
                    "weight": "" if math.isinf(piece.weight) else f"{piece.weight:+.2f}",
                    "where": piece.where,
                }
                for piece in decision.evidence
            ],
        }
        for name, decision in named.items()
        if decision is not None
    ]


def _link_of(settings: Settings, shown: Edition) -> str | None:
    """The link whose page the edition came from."""
    rows = open_tables(settings, create=False).scan(
        "fetches", row_filter=select(run=RunId.parse(shown.run_id)), columns=("link_id", "edition_id")
    )
    return next((row["link_id"] for row in rows.to_pylist() if row["edition_id"] == shown.edition_id), None)


def _time(edition: Edition) -> str:
    return spell_time(edition.captured_at.replace(microsecond=0))
