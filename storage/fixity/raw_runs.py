"""Raw archives against what their crawl reports say, and against the register of the crawls that finished."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from storage.errors import DamagedObject, ObjectMissing
from storage.fixity.report import Fixity
from storage.model.record_json import note_fields
from storage.model.records import ChunkInfo
from storage.model.window import RunId
from storage.objects.keys import chunk_index_key, crawl_key, raw_register_key, raw_register_root
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun


def check_raw(raw: RawRun, *, choose: Callable[[list[ChunkInfo]], list[ChunkInfo]] = lambda chunks: chunks) -> Fixity:
    """Compare a run's crawl report, link lists, indexes and (those that `choose` picks of its) chunks."""
    fixity = Fixity()
    try:
        chunks = raw.counting_chunks()
        digests = raw.object_digests()
    except (DamagedObject, ObjectMissing) as error:
        fixity.problems.append(error.message)
        return fixity
    fixity.objects += bool(digests) * 1  # crawl.json, which is read against its own seal
    for key, sha256 in digests.items():
        fixity.compare(raw.store, key, sha256=sha256)
    for chunk in choose(chunks):
        fixity.compare(raw.store, chunk.key, sha256=chunk.sha256, size=chunk.bytes)
    for chunk in chunks:
        try:
            raw.index(chunk)
        except (DamagedObject, ObjectMissing) as error:
            if not any(problem.startswith(chunk_index_key(chunk.key)) for problem in fixity.problems):
                fixity.problems.append(error.message)
    return fixity


def registered_runs(store: ObjectStore, *, portal: str | None = None) -> list[RunId]:
    """The runs whose crawl once finished, by the register; earlier versions kept none."""
    root = raw_register_root() + (f"portal={portal}/" if portal else "")
    names = (info.key.removeprefix(raw_register_root()) for info in store.list(root))
    return sorted(RunId.parse(name.removeprefix("portal=").removesuffix(".json")) for name in names)


def check_register(raw: RawRun) -> Fixity:
    """Compare a run's crawl report with what was registered of it when it finished."""
    fixity = Fixity()
    key = raw_register_key(raw.run)
    try:
        noted = note_fields(raw.store.get(key), where=key)
    except ObjectMissing:
        return fixity
    except DamagedObject as error:
        fixity.problems.append(error.message)
        return fixity
    fixity.objects += 1
    try:
        data = raw.store.get(crawl_key(raw.run))
        report = raw.report()
    except ObjectMissing:
        fixity.problems.append(f"{crawl_key(raw.run)}: the crawl finished and its report is gone ({key} knows of it)")
    except DamagedObject:
        pass  # told by check_raw
    else:
        is_same = hashlib.sha256(data).hexdigest() == noted.get("crawl_sha256")
        is_later = report is not None and report.round > int(noted.get("round", 0))
        if not (is_same or is_later):  # a later round may have been killed before it was registered
            fixity.problems.append(f"{crawl_key(raw.run)}: is not the report that was registered in {key}")
    return fixity


def crawl_is_finished(raw: RawRun) -> bool:
    """Whether the run's crawl ever finished; what came before is hashed, but no rows are made of it."""
    return raw.store.exists(crawl_key(raw.run))
