"""Learnt lines beside the archive: stored under their version for ever, with one pointer to the set in use.

A set never changes: its version is made from its content. Which one extraction uses is decided by a person (or by
`warraq learn-lines`, which says so), kept in one small object, and written into each row's extractor_version. So a row
can be derived again with the set it was made with, whatever is in use by then.
"""

from __future__ import annotations

from extract.boilerplate.learnt_lines import LearntLines, from_json, to_json, version_used
from storage.errors import DamagedObject, ObjectExists, ObjectMissing, UsageError
from storage.model.record_json import note_fields, sealed_json
from storage.objects.keys import learnt_key, learnt_prefix
from storage.objects.store import ObjectStore

_POINTER = "in-use"
NONE = "none"  # said instead of a version: extract without learnt lines


def store_learnt(store: ObjectStore, learnt: LearntLines) -> None:
    """Keep a set under its version; storing it again changes nothing."""
    try:
        store.put(learnt_key(learnt.portal, learnt.version), to_json(learnt), if_absent=True)
    except ObjectExists:
        load_learnt(store, learnt.portal, learnt.version)


def load_learnt(store: ObjectStore, portal: str, version: str) -> LearntLines:
    """A stored set. Raises UsageError for an unknown version and DamagedObject for a changed one."""
    key = learnt_key(portal, version)
    try:
        learnt = from_json(store.get(key))
    except ObjectMissing:
        known = ", ".join(learnt_versions(store, portal)) or "none"
        raise UsageError(
            f"{portal} has no learnt lines {version!r}",
            remedy=f"versions there are: {known}; see warraq learn-lines --help",
        ) from None
    except ValueError as error:
        raise DamagedObject(f"{key}: {error}", remedy="learn the lines again: warraq learn-lines") from error
    if (learnt.portal, learnt.version) != (portal, version):
        raise DamagedObject(f"{key} holds {learnt.portal} {learnt.version}", remedy="learn the lines again")
    return learnt


def check_learnt(store: ObjectStore, portal: str, version: str) -> None:
    """Raise DamagedObject unless a stored set is, to the byte, what its version says."""
    key = learnt_key(portal, version)
    if to_json(load_learnt(store, portal, version)) != store.get(key):
        raise DamagedObject(f"{key}: changed since it was written", remedy="learn the lines again")


def learnt_versions(store: ObjectStore, portal: str) -> list[str]:
    """The versions kept of a portal, sorted, which is by window."""
    names = [
        info.key.removeprefix(learnt_prefix(portal)).removesuffix(".json") for info in store.list(learnt_prefix(portal))
    ]
    return [name for name in names if name != _POINTER]


def use_learnt(store: ObjectStore, portal: str, version: str | None) -> None:
    """Make extraction use a version from now on; None: use none."""
    if version is not None:
        load_learnt(store, portal, version)
    store.put(learnt_key(portal, _POINTER), sealed_json({"version": version}))


def learnt_in_use(store: ObjectStore, portal: str) -> LearntLines | None:
    """The set that extraction of a portal uses now; None where nothing was learnt or none is wanted."""
    try:
        key = learnt_key(portal, _POINTER)
        version = note_fields(store.get(key), where=key)["version"]
    except ObjectMissing:
        return None
    except (DamagedObject, KeyError) as error:
        raise DamagedObject(
            f"{learnt_key(portal, _POINTER)} is not readable",
            remedy="choose a version: warraq learn-lines PORTAL --use …",
        ) from error
    return load_learnt(store, portal, str(version)) if version is not None else None


def learnt_of_row(store: ObjectStore, portal: str, extractor_version: str) -> LearntLines | None:
    """The set that a stored row was made with, told by its extractor_version."""
    version = version_used(extractor_version)
    return load_learnt(store, portal, version) if version is not None else None
