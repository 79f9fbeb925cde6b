"""Small objects that are written again and again, against the seal each carries."""

from __future__ import annotations

import hashlib
import json
import re

from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.fixity.report import Fixity
from storage.model.record_json import note_fields
from storage.model.window import RunId
from storage.objects.keys import NOTE_PREFIXES, catalog_marker_key, staging_prefix
from storage.objects.store import ObjectStore

_LEARNT_SET = re.compile(r"learnt/portal=[^/]+/(?!in-use)[^/]+\.json")  # its version is made from its content
_STAGED = re.compile(r"/[a-z]+-([0-9a-f]{16})\.parquet$")


def check_notes(store: ObjectStore) -> Fixity:
    """Pointers, states, silences, incidents: each against its seal. Earlier versions wrote some without."""
    fixity = Fixity()
    keys = [info.key for prefix in NOTE_PREFIXES for info in store.list(prefix) if not _LEARNT_SET.fullmatch(info.key)]
    for key in (catalog_marker_key(), *keys):
        try:
            is_sealed = "sha256" in note_fields(store.get(key), where=key) or "sha256" in json.loads(store.get(key))
        except ObjectMissing:
            if key == catalog_marker_key():
                fixity.problems.append(f"{key}: gone; the next `warraq archive` writes it again")
            continue
        except DamagedObject as error:
            fixity.problems.append(error.message)
            continue
        fixity.objects += 1
        fixity.unrecorded += not is_sealed
    return fixity


def check_stray_staging(store: ObjectStore, run: RunId, named: set[str]) -> Fixity:
    """A run's staged files that its manifest does not name, against the first digits of the digest in their names."""
    fixity = Fixity()
    for info in store.list(staging_prefix(run)):
        match = _STAGED.search(info.key)
        if match and info.key not in named:
            fixity.objects += 1
            try:
                found = hashlib.sha256(store.get(info.key)).hexdigest()
            except StageFailed as error:
                fixity.problems.append(error.message)
                continue
            if not found.startswith(match[1]):
                fixity.problems.append(f"{info.key}: its sha256 is not the one in its name")
    return fixity
