"""Releases against their checksums, their claim and their tag."""

from __future__ import annotations

from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.fixity.report import Fixity
from storage.fixity.seals import SUMS
from storage.model.record_json import note_fields
from storage.objects.keys import release_prefix, releases_root
from storage.objects.store import ObjectStore, check_key
from storage.read.release.latest import LATEST
from storage.read.release.names import months_of, scope_of
from storage.read.release.releases import CLAIM, DONE, MANIFEST, WITHDRAWN, read_claim, read_release


def begun_releases(store: ObjectStore) -> list[str]:
    """All releases that have any object."""
    return sorted({info.key.split("/")[1] for info in store.list(releases_root())})


def check_release(store: ObjectStore, name: str) -> Fixity:
    """Compare every file of a release with its SHA256SUMS."""
    fixity = Fixity()
    if _check_note(store, release_prefix(name) + WITHDRAWN, fixity):
        # Of a release that held removed rows this is all that is left.
        return fixity
    is_done = _check_note(store, release_prefix(name) + DONE, fixity)
    key = release_prefix(name) + SUMS
    try:
        lines = store.get(key).decode("utf-8", "replace").splitlines()
    except ObjectMissing as error:
        fixity.problems.append(error.message)
        return fixity
    fixity.objects += 1
    for line in lines:
        sha256, gap, file = line.partition("  ")
        try:
            check_key(release_prefix(name) + file)
        except StageFailed:
            gap = ""
        if gap:
            fixity.compare(store, release_prefix(name) + file, sha256=sha256)
        else:
            fixity.problems.append(f"{key}: a line is no digest and file")
    if not any(line.endswith(f"  {MANIFEST}") for line in lines):
        fixity.problems.append(f"{key}: does not name {MANIFEST}")
    # Releases made before there was a last note have no file of latest editions either.
    if not is_done and any(line.endswith(f"  {LATEST}") for line in lines):
        missing = f"{release_prefix(name)}{DONE}: missing, so the release was not finished or a file was deleted"
        some = " --portal …" if scope_of(name) else ""
        fixity.problems.append(f"{missing}; `warraq release {months_of(name)}{some}` finishes it")
    _check_claim(store, name, fixity)
    return fixity


def _check_note(store: ObjectStore, key: str, fixity: Fixity) -> bool:
    """Compare a note with its own digest; whether there is one."""
    try:
        note_fields(store.get(key), where=key)
    except ObjectMissing:
        return False
    except DamagedObject as error:
        fixity.problems.append(error.message)
    fixity.objects += 1
    return True


def _check_claim(store: ObjectStore, name: str, fixity: Fixity) -> None:
    """Compare what the release was begun with and what it became."""
    try:
        claim, release = read_claim(store, name), read_release(store, name)
    except (DamagedObject, ObjectMissing) as error:
        if not any(problem.startswith(release_prefix(name) + MANIFEST) for problem in fixity.problems):
            fixity.problems.append(error.message)
        return
    fixity.objects += 1
    parts = ("name", "month", "portals", "snapshots", "created_at")
    if any(getattr(claim, part) != getattr(release, part) for part in parts):
        fixity.problems.append(f"{release_prefix(name)}{CLAIM}: says something else than {MANIFEST}")
