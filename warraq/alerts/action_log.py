"""Who did what and when: silences, acknowledgements, backfills, verdicts. Entries are added, never changed."""

from __future__ import annotations

import getpass
import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from storage.errors import UsageError
from storage.model.record_json import record_from_json, record_to_json, sealed_record
from storage.model.window import spell_time
from storage.objects.keys import action_key, actions_root
from storage.objects.store import ObjectStore
from warraq.cli.terminal_text import safe_line

SHOWN = 200
MAX_DETAIL = 300
# Airflow's words for what a person does to a DAG.
EVENTS = {
    "patch_dag": "pause",
    "create_backfill": "backfill",
    "cancel_backfill": "cancel backfill",
    "trigger_dag_run": "trigger",
    "post_clear_task_instances": "clear",
    "clear_dag_run": "clear",
    "delete_dag_run": "delete run",
}
_RANGE = ("from_date", "to_date")
_NAME = re.compile(r"[\w .@+-]{1,80}")


@dataclass(frozen=True)
class Action:
    """One thing a person did to a portal, or to a DAG that looks after the archive."""

    at: datetime
    who: str
    what: str  # silence, lift, acknowledge, backfill, accept, reject; of Airflow also pause, unpause, trigger
    subject: str
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "at": spell_time(self.at.replace(microsecond=0))}

    @property
    def line(self) -> str:
        """For people."""
        told = f": {self.detail}" if self.detail else ""
        return f"{self.at:%Y-%m-%d %H:%M} UTC  {self.who}  {self.what}  {self.subject}{told}"


def who(name: str | None) -> str:
    """The person: the name that was given, else the user of this machine. Raises UsageError."""
    found = (name or _user()).strip()
    if not _NAME.fullmatch(found):
        raise UsageError(f"{safe_line(found)!r} is no name", remedy="letters, digits, spaces and . @ + - _, up to 80")
    return found


def note_action(store: ObjectStore, what: str, subject: str, *, by: str, detail: str = "") -> Action:
    """Add an entry."""
    action = Action(datetime.now(UTC), by, what, subject, safe_line(detail)[:MAX_DETAIL])
    digest = hashlib.sha256(record_to_json(action)).hexdigest()[:8]
    store.put(action_key(action.at, digest), sealed_record(action), if_absent=True)
    return action


def actions(store: ObjectStore, *, subject: str | None = None, limit: int = SHOWN) -> list[Action]:
    """The newest entries, of one subject or of all, the newest first."""
    keys = sorted((info.key for info in store.list(actions_root())), reverse=True)
    found = (record_from_json(Action, store.get(key), where=key) for key in keys)
    return list(itertools.islice((one for one in found if subject in (None, one.subject)), limit))


def of_airflow(events: Iterable[Mapping[str, Any]], *, subject: str | None = None) -> list[Action]:
    """Entries of Airflow's own audit log that people made: a DAG's name is its portal's where it has one."""
    found = []
    for event in events:
        told = _object(event.get("extra"))
        what = EVENTS.get(str(event["event"]))
        if what == "pause" and told.get("is_paused") is False:
            what = "unpause"
        name = str(event.get("dag_id") or told.get("dag_id") or "").removeprefix("archive_")
        if what and name and subject in (None, name):
            at = event["when"] if isinstance(event["when"], datetime) else datetime.fromisoformat(event["when"])
            detail = event.get("run_id") or " to ".join(str(told[end])[:10] for end in _RANGE if end in told)
            found.append(
                Action(at, safe_line(str(event.get("owner"))), what, name, safe_line(str(detail))[:MAX_DETAIL])
            )
    return found


def _object(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"
