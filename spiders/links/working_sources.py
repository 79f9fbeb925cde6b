"""Which sources discovery saw working, kept in the archive so that the next run need not try all addresses again."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from spiders.portal.definition import Portal, Section, Source
from storage.errors import DamagedObject, ObjectMissing
from storage.model.record_json import note_fields, sealed_json
from storage.objects.keys import remembered_sources_key
from storage.objects.store import ObjectStore

LOOK_AGAIN_AFTER = timedelta(
    days=90
)  # portals change their software about once in years; a look costs a dozen requests
LOOK_AGAIN_WHEN_DEAD = timedelta(days=1)  # a source that lists nothing now may do so for weeks, in every hourly run
# Kinds that list something in every run about the present, however quiet the hour; of others silence says nothing.
NEVER_SILENT = frozenset({"feed", "sitemap", "section"})
_KINDS = {kind.kind: kind for kind in Source.__subclasses__()}


@dataclasses.dataclass(frozen=True)
class FoundSources:
    """What discovery found, and when; `found_at` is None where nothing is kept, or an earlier version kept it."""

    sources: tuple[Source, ...] = ()
    found_at: datetime | None = None

    def current(self, now: datetime) -> tuple[Source, ...]:
        """The sources, unless it is time to look for others: then none, and discovery begins afresh."""
        is_fresh = self.found_at is not None and now - self.found_at < LOOK_AGAIN_AFTER
        return self.sources if is_fresh else ()

    def is_due(self, now: datetime, *, has_died: bool) -> bool:
        """Whether a portal with declared sources is to be looked at for others; the clock begins with the first run."""
        if self.found_at is None:
            return has_died
        return now - self.found_at >= (LOOK_AGAIN_WHEN_DEAD if has_died else LOOK_AGAIN_AFTER)

    def changes_to(self, found: tuple[Source, ...]) -> tuple[str, ...]:
        """What a new look shows against this one, one line each; nothing where there was none before."""
        # Sections are looked for in every run, and a menu changes with the news.
        before, after = (tuple(s for s in each if not isinstance(s, Section)) for each in (self.sources, found))
        if not before:
            return ()
        gone = [source for source in before if source not in after]
        new = [source for source in after if source not in before]
        return (
            *(f"discovery: {_named(source)} worked before and lists nothing now" for source in gone),
            *(
                f"discovery: {_named(source)} is new: put it into the definition to have it always read"
                for source in new
            ),
        )


def read_found(store: ObjectStore, portal: Portal) -> FoundSources:
    """What was found earlier; nothing if the object is missing, unreadable or of another address."""
    try:
        fields = note_fields(store.get(remembered_sources_key(portal.name)), where=remembered_sources_key(portal.name))
        if fields["start_url"] != portal.start_url:
            return FoundSources()
        sources = tuple(_KINDS[source.pop("kind")](**source) for source in fields["sources"])
        found_at = fields.get("found_at")
        return FoundSources(sources, datetime.fromisoformat(found_at) if found_at else None)
    except (DamagedObject, ObjectMissing, ValueError, KeyError, TypeError, AttributeError):
        return FoundSources()


def write_found(store: ObjectStore, portal: Portal, found: FoundSources) -> None:
    """Keep what was found."""
    described = [{"kind": source.kind, **dataclasses.asdict(source)} for source in found.sources]
    fields = {
        "start_url": portal.start_url,
        "sources": described,
        "found_at": found.found_at.isoformat() if found.found_at else None,
    }
    store.put(remembered_sources_key(portal.name), sealed_json(fields))


def proposals(found: tuple[Source, ...], portal: Portal, *, dead: tuple[Source, ...]) -> tuple[str, ...]:
    """What a look around a portal with declared sources shows: those that list nothing, and what others there are."""
    declared = {portal.absolute(str(getattr(source, "url", "/"))) for source in portal.sources}
    others = [
        s for s in found if not isinstance(s, Section) and portal.absolute(getattr(s, "url", "/")) not in declared
    ]
    return (
        *(f"discovery: {_named(source)} of the definition lists nothing" for source in dead),
        *(
            f"discovery: {_named(source)} lists articles: put it into the definition to have it read"
            for source in others
        ),
    )


def _named(source: Source) -> str:
    return f"{source.kind} {getattr(source, 'url', '')}".strip()
