"""Silences: until when, and why, nothing is said of a portal. Kept in the archive, so that they hold everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.errors import UsageError
from storage.model.record_json import record_from_json, sealed_record
from storage.model.window import parse_time
from storage.objects.keys import silence_key, silences_root
from storage.objects.store import ObjectStore
from warraq.cli.terminal_text import safe_line

MAX_SILENCE = timedelta(days=92)  # what should be quiet for longer should not be scheduled
MAX_REASON = 300
_DAYS = re.compile(r"(\d{1,4})d")


@dataclass(frozen=True)
class Silence:
    """One portal's silence; it ends by itself at `until`."""

    subject: str
    until: datetime
    reason: str
    made_at: datetime


def silence_end(text: str, *, now: datetime) -> datetime:
    """The instant that `14d` (from now) or `2024-12-25` means; raises UsageError."""
    match = _DAYS.fullmatch(text.strip())
    return now + timedelta(days=int(match[1])) if match else parse_time(text, name="--until")


def silence(store: ObjectStore, subject: str, *, until: datetime, reason: str, now: datetime) -> Silence:
    """Begin one, or change it. Raises UsageError without a reason or a sensible end."""
    words = safe_line(reason)[:MAX_REASON]
    if not words:
        raise UsageError("a silence needs a reason", remedy="say who is at it, or what it waits for, with --reason")
    if not now < until <= now + MAX_SILENCE:
        raise UsageError(
            f"a silence ends in the future and within {MAX_SILENCE.days} days",
            remedy="give a later or nearer --until; for longer, pause the portal's DAG",
        )
    made = Silence(subject, until, words, now)
    store.put(silence_key(subject), sealed_record(made))
    return made


def lift(store: ObjectStore, subject: str) -> None:
    """End one now; a portal without one is fine."""
    store.delete(silence_key(subject))


def silences(store: ObjectStore, *, now: datetime) -> list[Silence]:
    """Those that hold now, by portal."""
    found = [record_from_json(Silence, store.get(info.key), where=info.key) for info in store.list(silences_root())]
    return [one for one in found if one.until > now]
