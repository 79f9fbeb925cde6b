"""`warraq alert` and `warraq silence` themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from spiders.registry import BadDefinition, find_portal, load_portals, read_definitions
from storage.errors import ExitCode, StoreUnreachable, UsageError
from storage.model.window import spell_time
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.settings import Settings, read_settings
from warraq.alerts.channels import Message, open_channel
from warraq.alerts.incidents import (
    BAD_DEFINITION,
    Trouble,
    definition_subject,
    end_failures,
    failure,
    finding,
    mark_told,
    next_steps,
    open_trouble,
    read_troubles,
    subject_of,
    take_steps,
)
from warraq.alerts.message_text import headline, message, over_message
from warraq.alerts.mutes import lift, silence, silence_end, silences

CARE_DAGS = ("maintain_archive", "release_archive", "reextract_archive", "check_portals")
_AWAY = "archive-unreachable-told"  # a file in the cache: the archive itself cannot hold this state


@dataclass(frozen=True)
class Told:
    """Sends messages, or prints them where no channel is set; counts them."""

    settings: Settings
    sent: list[str]

    def titles(self) -> dict[str, str]:
        """Arabic names of the portals."""
        return {name: portal.title_ar for name, portal in load_portals(self.settings).items()}

    def send(self, said: Message) -> bool:
        """Whether it went out; raises what Channel.send and open_channel raise."""
        channel = open_channel(self.settings.alerts) if self.settings.alerts else None
        click.echo(said.subject + ("" if channel else " (not sent: WARRAQ_ALERTS is not set)"), err=True)
        if channel:
            channel.send(said)
            self.sent.append(said.subject)
        return channel is not None

    def tell(self, troubles: Sequence[Trouble]) -> bool:
        """New troubles."""
        return self.send(message(troubles, self.titles()))

    def tell_over(self, ended: Sequence[Trouble]) -> bool:
        """The end of a portal's troubles; without a channel they are forgotten all the same."""
        self.send(over_message(ended, self.titles()))
        return True


def look(*, silent_hours: float | None, as_json: bool) -> ExitCode:
    """Judge all portals, tell what is new and what is over. Raises WarraqError when a message cannot be sent."""
    settings = read_settings()
    now, told = _now(), Told(settings, [])
    try:
        store = open_store(settings)
        known = read_troubles(store)
        judged, seen = _judge(settings, silent_hours=silent_hours or settings.silent_hours, now=now)
    except StoreUnreachable as error:
        _tell_away(settings, told, error)
        raise
    silenced = frozenset(one.subject for one in silences(store, now=now))
    if _away_file(settings).exists():
        told.send(Message("Warraq: the archive can be reached again", ""))
        _away_file(settings).unlink()
    steps = next_steps(known, seen, judged=judged, silenced=silenced, now=now)
    take_steps(store, steps, tell=told.tell, tell_over=told.tell_over, now=now)
    return _end(store, told, as_json=as_json)


def note_event(event: str, name: str, *, stage: str, because: str, as_json: bool) -> ExitCode:
    """A task's word: `failed`, `degraded` or `done`. Tells at once what nobody was told of."""
    settings = read_settings()
    store = open_store(settings)
    now, told = _now(), Told(settings, [])
    if event in ("degraded", "done"):
        end_failures(store, name, now=now)
    trouble = None
    if event == "failed":
        trouble = open_trouble(store, failure(name, stage, because, now=now))
    elif event == "degraded":
        trouble = open_trouble(store, finding(name, "degraded", because, now=now))
    if trouble and not any(one.subject == trouble.subject for one in silences(store, now=now)) and told.tell([trouble]):
        mark_told(store, trouble, now=now)
    return _end(store, told, as_json=as_json)


def list_troubles(*, as_json: bool) -> None:
    """Print what is open."""
    settings = read_settings()
    told = Told(settings, [])
    _print_open(read_troubles(open_store(settings)), told, as_json=as_json)


def begin_silence(name: str, *, until: str, reason: str) -> None:
    """Silence a portal or a DAG of the archive; raises UsageError."""
    settings = read_settings()
    now = _now()
    end = silence_end(until, now=now)
    made = silence(open_store(settings), _subject(name, settings), until=end, reason=reason, now=now)
    click.echo(f"nothing is said of {made.subject} until {spell_time(made.until)}: {made.reason}")


def lift_silence(name: str) -> None:
    """End a silence."""
    settings = read_settings()
    lift(open_store(settings), _subject(name, settings))
    click.echo(f"{name} is heard again")


def list_silences(*, as_json: bool) -> None:
    """Print the silences that hold."""
    found = silences(open_store(read_settings()), now=_now())
    if as_json:
        rows = [{"subject": one.subject, "until": spell_time(one.until), "reason": one.reason} for one in found]
        click.echo(json.dumps({"silences": rows}, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.subject} until {spell_time(one.until)}: {one.reason}")
    if not found:
        click.echo("no portal is silenced")


def _judge(settings: Settings, *, silent_hours: float | None, now: datetime) -> tuple[frozenset[str], list[Trouble]]:
    from warraq.monitoring.archived_runs import health_of_all  # noqa: PLC0415
    from warraq.monitoring.health import Health  # noqa: PLC0415 - slow import, which a task's event does not wait for

    found = health_of_all(settings, set(), now=now, silent_hours=silent_hours)
    sick = [one for one in found if one.health not in (Health.WELL, Health.NEVER)]
    seen = []
    for one in sick:
        parts = [f"archived until {spell_time(one.last_window_end)}" if one.last_window_end else ""]
        parts += [f"nothing new for {one.quiet_hours:g} hours" if one.quiet_hours is not None else ""]
        if one.expected_lately is not None:
            parts += [f"{one.articles_lately} articles in the last runs, usually {one.expected_lately:.0f}"]
        detail = "; ".join(filter(None, [*parts, *one.findings]))
        seen.append(finding(one.portal, str(one.health), detail, now=now))
    seen += [finding(definition_subject(bad.name), BAD_DEFINITION, str(bad), now=now) for bad in _bad(settings)]
    return frozenset(one.portal for one in found), seen


def _bad(settings: Settings) -> tuple[BadDefinition, ...]:
    """One a subject: the state of a subject can hold one finding of a kind."""
    return tuple({definition_subject(bad.name): bad for bad in read_definitions(settings).bad}.values())


def _tell_away(settings: Settings, told: Told, error: StoreUnreachable) -> None:
    flag = _away_file(settings)
    if not flag.exists() and told.send(Message("Warraq: the archive cannot be reached", error.message)):
        flag.parent.mkdir(parents=True, exist_ok=True)
        flag.touch()


def _away_file(settings: Settings) -> Path:
    return settings.cache / _AWAY


def _end(store: ObjectStore, told: Told, *, as_json: bool) -> ExitCode:
    if as_json:
        click.echo(json.dumps({"told": told.sent, "open": len(read_troubles(store))}, ensure_ascii=False))
    return ExitCode.DONE


def _print_open(troubles: Sequence[Trouble], told: Told, *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "subject": one.subject,
                "cause": one.cause,
                "detail": one.detail,
                "run_id": one.run_id,
                "since": spell_time(one.first_seen),
                "times": one.times,
                "told": one.told_at is not None,
                "ended": one.ended_at is not None,
            }
            for one in troubles
        ]
        click.echo(json.dumps({"troubles": rows}, ensure_ascii=False))
        return
    titles = told.titles()
    for one in troubles:
        over = f", over since {spell_time(one.ended_at)}" if one.ended_at else ""
        click.echo(f"{headline(one, titles)}, since {spell_time(one.first_seen)}{over}: {one.detail}")
    if not troubles:
        click.echo("nothing is open")


def _subject(name: str, settings: Settings) -> str:
    return subject_of(name)[0] if name in CARE_DAGS else find_portal(name, settings).name


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def check_event(event: str | None, name: str | None, *, stage: str | None, because: str | None) -> None:
    """Raises UsageError for an event that lacks a part."""
    if event and not name:
        raise UsageError(f"`warraq alert {event}` of what?", remedy="name a run, a portal or a DAG")
    if event == "failed" and not stage:
        raise UsageError("a failure needs its stage", remedy="add --stage crawl")
    if event in ("failed", "degraded") and not because:
        raise UsageError(f"`warraq alert {event}` needs a cause", remedy="add --because TEXT")
