"""What to tell the operator, once: troubles kept in the archive, opened by whoever sees one first, ended by the look.

A trouble is a portal (or a DAG that looks after the archive) and a cause. The object under its key is made with a
conditional put: of all tasks, runs and machines that see the same trouble, one makes it, and that one tells it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage.errors import ObjectExists, ObjectMissing, RetryLater, UsageError
from storage.model.record_json import record_from_json, sealed_record
from storage.model.window import RunId
from storage.objects.keys import trouble_key, troubles_prefix, troubles_root
from storage.objects.store import ObjectStore
from warraq.backfill.outcomes import same_cause
from warraq.cli.terminal_text import safe_line

# A portal that fails every other hour is one trouble: it is over when it has not come back for so long.
CALM = timedelta(hours=2)
# Who opened a trouble tells it within seconds; if that process died, the look does it, this long afterwards.
TELLING_TIME = timedelta(minutes=3)
# Nobody ended it and it was not seen again: the DAG was paused, or run by hand once. The next one is news.
FORGOTTEN = timedelta(days=7)
MAX_DETAIL = 600  # characters; a detail may quote a web page
MAX_SINGLE = 5  # more new troubles in one look share one message: then the network or the store is the cause
MAX_OPEN = 5  # causes of one portal: what differs more often than that is no cause
_TRIES = 5
_STAGE = re.compile(r"[a-z][a-z_]{0,39}")
_SUBJECT = re.compile(r"[a-z][a-z0-9_]{1,39}")
PAGES = frozenset({"silent", "stopped", "dead"})
BAD_DEFINITION = "definition"  # the cause of a portal whose file gives none; every look judges it
# A portal whose runs fail brings no articles either; the failure says it, and says why.
FOLLOWS_FAILURE = frozenset({"silent", "late", "stopped", "dead"})


@dataclass(frozen=True)
class Trouble:
    """One trouble of one subject. `told_at` and `ended_at` are None until it is told, until it seems over."""

    subject: str
    cause: str  # as it stands in the key
    detail: str  # one line
    run_id: str | None
    first_seen: datetime
    last_seen: datetime
    times: int = 1
    told_at: datetime | None = None
    ended_at: datetime | None = None
    link: str | None = None  # to the log of the task that failed
    acknowledged_by: str | None = None  # who has said to be at it

    @property
    def severity(self) -> str:
        """`page` where articles are being lost or nobody looks after the archive, else `warning`."""
        return "page" if self.is_failure or self.cause in PAGES else "warning"

    @property
    def is_failure(self) -> bool:
        """Whether a task reported it; the others are seen by looking at the archive."""
        return "-failed-" in self.cause

    @property
    def key(self) -> str:
        return trouble_key(self.subject, self.cause)


@dataclass(frozen=True)
class Steps:
    """What a look leads to: objects to write again, to make, to remove; troubles and ends to tell."""

    keep: tuple[Trouble, ...] = ()
    fresh: tuple[Trouble, ...] = ()
    tell: tuple[Trouble, ...] = ()
    over: tuple[Trouble, ...] = ()
    drop: tuple[Trouble, ...] = ()


def failure(name: str, stage: str, because: str, *, now: datetime, link: str | None = None) -> Trouble:
    """The trouble that a task which failed for good reports. `name` is a run id, a portal or a DAG's name.

    Errors that differ only in numbers, times and addresses are one cause. Raises UsageError.
    """
    if not _STAGE.fullmatch(stage):
        raise UsageError(f"{stage!r} is no stage", remedy="for example crawl, extract, publish")
    detail = _detail(because)
    digest = hashlib.sha256(same_cause(detail).encode()).hexdigest()[:8]
    subject, run_id = subject_of(name)
    return Trouble(subject, f"{stage}-failed-{digest}", detail, run_id, now, now, link=link)


def finding(name: str, cause: str, detail: str, *, now: datetime) -> Trouble:
    """A trouble seen in the archive: degraded, drifting, silent, stopped."""
    subject, run_id = subject_of(name)
    return Trouble(subject, cause, _detail(detail), run_id, now, now)


def definition_subject(stem: str) -> str:
    """Who is told about a definition: the portal it would give, or `definitions` where its file can name none."""
    return stem if _SUBJECT.fullmatch(stem) else "definitions"


def subject_of(name: str) -> tuple[str, str | None]:
    """A run id as its portal and itself; any other name as itself. Raises UsageError."""
    if "/" in name:
        run = RunId.parse(name)
        return run.portal, str(run)
    if not _SUBJECT.fullmatch(name):
        raise UsageError(f"{name!r} is neither a run nor a portal nor a DAG", remedy="e.g. almasaa, maintain_archive")
    return name, None


def open_trouble(store: ObjectStore, trouble: Trouble) -> Trouble | None:
    """Note a trouble; it is returned to whoever has to tell it, and None to everybody else."""
    for _ in range(_TRIES):
        try:
            known = read_trouble(store, trouble.key)
        except ObjectMissing:
            if sum(1 for _ in store.list(troubles_prefix(trouble.subject))) >= MAX_OPEN:
                return None
            if _make(store, trouble):
                return trouble
            continue
        again = replace(
            trouble,
            first_seen=known.first_seen,
            told_at=known.told_at,
            times=known.times + 1,
            acknowledged_by=known.acknowledged_by,
        )
        store.put(trouble.key, sealed_record(again))
        return None
    raise RetryLater(f"{trouble.key} changes all the time", remedy="try again")


def end_failures(store: ObjectStore, name: str, *, now: datetime) -> int:
    """A run was published (or a DAG succeeded): failures of its and of earlier windows seem over. How many."""
    subject, run_id = subject_of(name)
    ended = 0
    for trouble in read_troubles(store, subject):
        if trouble.is_failure and trouble.ended_at is None and not _is_later(trouble.run_id, run_id):
            store.put(trouble.key, sealed_record(replace(trouble, ended_at=now)))
            ended += 1
    return ended


def next_steps(
    known: Iterable[Trouble],
    seen: Iterable[Trouble],
    *,
    judged: frozenset[str],
    silenced: frozenset[str],
    now: datetime,
) -> Steps:
    """What a look at the archive leads to. `seen` are its findings, `judged` the portals it could judge."""
    everything = list(known)
    forgotten = [trouble for trouble in everything if trouble.is_failure and now - trouble.last_seen >= FORGOTTEN]
    before = [trouble for trouble in everything if trouble not in forgotten]
    failing = {trouble.subject for trouble in before if trouble.is_failure and trouble.ended_at is None}
    found = {
        trouble.key: trouble
        for trouble in seen
        if not (trouble.cause in FOLLOWS_FAILURE and trouble.subject in failing)
    }
    after = [_looked_at(trouble, found.pop(trouble.key, None), judged=judged, now=now) for trouble in before]
    fresh = list(found.values())
    troubled = {trouble.subject for trouble in (*after, *fresh) if trouble.ended_at is None}
    gone = [trouble for trouble in after if trouble.ended_at is not None and now - trouble.ended_at >= CALM]
    may_hear = [trouble for trouble in gone if trouble.told_at and trouble.subject not in silenced]
    over = [trouble for trouble in may_hear if trouble.subject not in troubled]
    stay = [trouble for trouble in after if trouble not in gone]
    waiting = [trouble for trouble in stay if trouble.told_at is None and now - trouble.first_seen >= TELLING_TIME]
    return Steps(
        keep=tuple(trouble for trouble in stay if trouble not in before),
        fresh=tuple(fresh),
        tell=tuple(one for one in (*waiting, *fresh) if one.ended_at is None and one.subject not in silenced),
        over=tuple(over),
        drop=(*forgotten, *(trouble for trouble in gone if trouble not in over)),
    )


def take_steps(
    store: ObjectStore,
    steps: Steps,
    *,
    tell: Callable[[Sequence[Trouble]], bool],
    tell_over: Callable[[Sequence[Trouble]], bool],
    now: datetime,
) -> None:
    """Carry them out: state first, then messages; `tell` says whether one went out. An error leaves the rest untold."""
    for trouble in steps.keep:
        store.put(trouble.key, sealed_record(trouble))
    for trouble in steps.drop:
        store.delete(trouble.key)
    taken = {trouble.key for trouble in steps.fresh if not _make(store, trouble)}
    ours = [trouble for trouble in steps.tell if trouble.key not in taken]
    for group in [[trouble] for trouble in ours] if len(ours) <= MAX_SINGLE else [ours]:
        if tell(group):
            for trouble in group:
                mark_told(store, trouble, now=now)
    for subject in dict.fromkeys(trouble.subject for trouble in steps.over):
        ended = [trouble for trouble in steps.over if trouble.subject == subject]
        if tell_over(ended):
            for trouble in ended:
                store.delete(trouble.key)


def acknowledge(store: ObjectStore, subject: str, *, by: str) -> list[Trouble]:
    """Note who is at the open troubles of a subject. Raises UsageError where none is open."""
    open_ones = [trouble for trouble in read_troubles(store, subject) if trouble.ended_at is None]
    if not open_ones:
        raise UsageError(f"nothing is open of {subject}", remedy="see what is: warraq alert --list")
    taken = [replace(trouble, acknowledged_by=by) for trouble in open_ones]
    for trouble in taken:
        store.put(trouble.key, sealed_record(trouble))
    return taken


def mark_told(store: ObjectStore, trouble: Trouble, *, now: datetime) -> None:
    """Note that the operator knows."""
    store.put(trouble.key, sealed_record(replace(trouble, told_at=now)))


def read_trouble(store: ObjectStore, key: str) -> Trouble:
    """Raises ObjectMissing, DamagedObject."""
    return record_from_json(Trouble, store.get(key), where=key)


def read_troubles(store: ObjectStore, subject: str | None = None) -> list[Trouble]:
    """All open troubles, or those of one portal."""
    prefix = troubles_prefix(subject) if subject else troubles_root()
    return [read_trouble(store, info.key) for info in store.list(prefix)]


def shortened(text: str, length: int) -> str:
    """A text of at most so many characters, cut between words: half a figure would be another one."""
    if len(text) <= length:
        return text
    kept = text[: length - 1]
    return f"{kept[: max(kept.rfind(' '), length // 2)].rstrip(' ;,')}…"


def _make(store: ObjectStore, trouble: Trouble) -> bool:
    try:
        store.put(trouble.key, sealed_record(trouble), if_absent=True)
    except ObjectExists:
        return False
    return True


def _looked_at(trouble: Trouble, sight: Trouble | None, *, judged: frozenset[str], now: datetime) -> Trouble:
    if trouble.is_failure or (trouble.subject not in judged and trouble.cause != BAD_DEFINITION):
        return trouble
    if sight is None:
        return trouble if trouble.ended_at else replace(trouble, ended_at=now)
    return replace(trouble, ended_at=None, last_seen=now) if trouble.ended_at else trouble


def _is_later(failed: str | None, published: str | None) -> bool:
    """Whether the run that failed has the later window: publishing the past does not mend the present."""
    return bool(failed and published) and RunId.parse(str(failed)).window.end > RunId.parse(str(published)).window.end


def _detail(text: str) -> str:
    return shortened(safe_line(text), MAX_DETAIL)
