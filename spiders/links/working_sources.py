"""Which sources discovery saw working, kept in the archive so that the next run need not try all addresses again."""

from __future__ import annotations

import dataclasses

from spiders.portal.definition import Portal, Source
from storage.errors import DamagedObject, ObjectMissing
from storage.model.record_json import note_fields, sealed_json
from storage.objects.keys import remembered_sources_key
from storage.objects.store import ObjectStore

_KINDS = {kind.kind: kind for kind in Source.__subclasses__()}


def read_remembered(store: ObjectStore, portal: Portal) -> tuple[Source, ...]:
    """The sources found earlier; none if the object is missing, unreadable or from another version."""
    try:
        fields = note_fields(store.get(remembered_sources_key(portal.name)), where=remembered_sources_key(portal.name))
        if fields["start_url"] != portal.start_url:
            return ()
        return tuple(_KINDS[source.pop("kind")](**source) for source in fields["sources"])
    except (DamagedObject, ObjectMissing, ValueError, KeyError, TypeError, AttributeError):
        return ()


def write_remembered(store: ObjectStore, portal: Portal, sources: tuple[Source, ...]) -> None:
    """Keep what was found."""
    described = [{"kind": source.kind, **dataclasses.asdict(source)} for source in sources]
    fields = {"start_url": portal.start_url, "sources": described}
    store.put(remembered_sources_key(portal.name), sealed_json(fields))
