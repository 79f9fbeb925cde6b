"""What people said of pages: each word is kept with name and date, and no judgement writes over it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from storage.errors import UsageError
from storage.model.record_json import record_from_json, sealed_record
from storage.model.window import RunId, spell_time
from storage.objects.keys import verdict_key, verdicts_prefix
from storage.objects.store import ObjectStore

MAX_NOTE = 500
_LINK_ID = re.compile(r"[0-9a-f]{32}")


Word = Literal["accept", "reject"]  # whether the page is an article, well extracted


@dataclass(frozen=True)
class PersonVerdict:
    """One person's word on one captured page. `outcome` is what the extractor had said of it."""

    portal: str
    link_id: str
    run_id: str
    word: Word
    note: str
    who: str
    at: datetime
    outcome: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "at": spell_time(self.at.replace(microsecond=0))}

    @property
    def line(self) -> str:
        """For people."""
        told = f": {self.note}" if self.note else ""
        return f"{self.at:%Y-%m-%d %H:%M} UTC  {self.who}  {self.word}  {self.run_id} {self.link_id}{told}"


def give_verdict(
    store: ObjectStore, run: RunId, link_id: str, word: Word, *, note: str, by: str, outcome: str = ""
) -> PersonVerdict:
    """Keep a person's word, one clean line, beside all earlier ones. Raises UsageError."""
    if not _LINK_ID.fullmatch(link_id):
        raise UsageError(f"{link_id[:80]!r} is no link", remedy="a link's id has 32 hex digits")
    now = datetime.now(UTC)
    said = PersonVerdict(run.portal, link_id, str(run), word, note[:MAX_NOTE], by, now, outcome)
    store.put(verdict_key(run.portal, link_id, now), sealed_record(said), if_absent=True)
    return said


def verdicts(store: ObjectStore, portal: str) -> dict[str, list[PersonVerdict]]:
    """What was said of a portal's pages, by link, the oldest first."""
    found: dict[str, list[PersonVerdict]] = defaultdict(list)
    for info in store.list(verdicts_prefix(portal)):
        said = record_from_json(PersonVerdict, store.get(info.key), where=info.key)
        found[said.link_id].append(said)
    return dict(found)
