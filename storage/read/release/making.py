"""Making a release: months in a row frozen as plain Parquet, citable, with digests of all, and never changed later."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pyiceberg.table import Table

from storage.errors import ObjectExists, ObjectMissing, RetryLater, StageFailed, StoreDenied
from storage.iceberg.commit_log import Told
from storage.iceberg.multi_table_commit import note
from storage.model.record_json import sealed_json
from storage.objects.keys import release_prefix
from storage.objects.store import ObjectStore
from storage.read.release.claiming import claim_release, rows_of_months, tag_claimed
from storage.read.release.documents import NOBODY_NAMED, Credit, papers
from storage.read.release.edits import VIEW as EDITS_VIEW
from storage.read.release.gone import VIEW as GONE_VIEW
from storage.read.release.kept_views import KeptView, Sources, put_view
from storage.read.release.latest import LATEST, LatestEditions
from storage.read.release.names import base_of, scope_of
from storage.read.release.opt_outs import OPT_OUTS, statements_in
from storage.read.release.opt_outs import VIEW as OPT_OUTS_VIEW
from storage.read.release.quality import articles_facts, quality_facts, runs_facts
from storage.read.release.releases import (
    CLAIM,
    DONE,
    MANIFEST,
    Claim,
    Months,
    Release,
    ReleaseFile,
    read_release,
    release_tag,
)
from storage.schema.columns import ARTICLES, RUNS, SCHEMA_VERSION, TableSpec
from storage.schema.parquet import FileFacts, write_batches_checked
from storage.schema.sorting import sorted_batches
from storage.tables.archive_tables import ArchiveTables


def make_release(
    tables: ArchiveTables,
    months: Months,
    *,
    portals: Sequence[str] = (),
    now: datetime,
    code_version: str,
    spill: Path,
    credit: Credit = NOBODY_NAMED,
    revises: str | None = None,
    rows_removed: int = 0,
    base: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Release:
    """Freeze the months (of all portals that have articles, or of those named) and tag their state in the tables.

    `base` is the name of the release that is made again. Interrupted, the same call goes on and gives the same bytes.
    Raises UsageError where there is nothing to release, or nothing that the last of these releases does not hold.
    """
    claim = claim_release(tables, months, portals=portals, now=now, credit=credit, spill=spill, base=base)
    if isinstance(claim, Release):
        release = claim
    else:
        with _unless_taken_back(tables.store, claim):
            files, quality = _frozen(tables, claim, months, spill=spill, progress=progress)
            release = Release(
                name=claim.name,
                month=claim.month,
                portals=claim.portals,
                files=files,
                schema_version=SCHEMA_VERSION,
                code_version=code_version,
                snapshots=claim.snapshots,
                created_at=claim.created_at,
                revises=revises or _corrected(claim),
                rows_removed=rows_removed,
            )
            _put_papers(tables, release, claim.credit, quality)
    _put_once(tables.store, release_prefix(release.name) + DONE, sealed_json({"release": release.name}))
    return release


def _corrected(claim: Claim) -> str | None:
    """The release of the same months and portals that this one takes the place of."""
    return claim.before if claim.before and base_of(claim.before) == base_of(claim.name) else None


def _frozen(
    tables: ArchiveTables, claim: Claim, months: Months, *, spill: Path, progress: Callable[[str], None]
) -> tuple[tuple[ReleaseFile, ...], dict[str, Any]]:
    """The files of the release, and what it is worth."""
    loaded = tag_claimed(tables, claim)
    files: list[ReleaseFile] = []
    counted: dict[str, dict[str, Any]] = {}
    runs: dict[str, int] = {}
    freeze = functools.partial(_freeze, tables, loaded, claim=claim, months=months, spill=spill)
    with tempfile.TemporaryDirectory(prefix="warraq-release-") as folder:
        path, stated = Path(folder) / LATEST, Path(folder) / OPT_OUTS
        keep = functools.partial(_keep, tables, loaded, claim=claim, months=months, spill=spill)
        kept = [keep(view, Path(folder) / view.file) for view in (OPT_OUTS_VIEW, GONE_VIEW, EDITS_VIEW)]
        with contextlib.closing(LatestEditions(path)) as latest:
            for portal in claim.portals:
                progress(portal)

                def facts(rows: Path, portal: str = portal) -> dict[str, Any]:
                    said = statements_in(stated, portal)
                    latest.add(rows, opt_outs=said)
                    return articles_facts(rows, opt_outs=said)

                file, counted[portal] = freeze(ARTICLES, f"articles/{portal}.parquet", portal=portal, facts=facts)
                files.append(file)
        content = path.read_bytes()
        tables.store.put_file(release_prefix(claim.name) + LATEST, path)
        digest = hashlib.sha256(content).hexdigest()
        files += [ReleaseFile(LATEST, "latest", None, latest.rows, len(content), digest), *kept]
    if RUNS.name in claim.snapshots:
        file, runs = freeze(RUNS, "runs.parquet", portal=None, facts=runs_facts)
        files.append(file)
    rows_before = _rows_of(tables.store, claim.before)
    if scope_of(claim.name):
        rows_before = {portal: rows for portal, rows in rows_before.items() if portal in claim.portals}
    return tuple(files), quality_facts(counted, runs, before=claim.before, rows_before=rows_before)


def _keep(
    tables: ArchiveTables,
    loaded: Mapping[str, Table],
    view: KeptView,
    path: Path,
    *,
    claim: Claim,
    months: Months,
    spill: Path,
) -> ReleaseFile:
    """The file of a view, also at `path`."""
    released = rows_of_months(loaded[ARTICLES.name], months, claim, portals=claim.portals)
    written = put_view(
        view,
        tables.store,
        release_prefix(claim.name) + view.file,
        path,
        sources=Sources(loaded, released, months.start, months.end, spill),
        state={"warraq.release": claim.name, "warraq.articles": str(claim.snapshots[ARTICLES.name])},
    )
    return ReleaseFile(view.file, view.spec.name, None, written.rows, written.bytes, written.sha256)


def _put_papers(tables: ArchiveTables, release: Release, credit: Credit, quality: dict[str, Any]) -> None:
    """What goes with the files, and the manifest last, which makes the release count."""
    text = json.dumps(asdict(release), indent=1, sort_keys=True, ensure_ascii=False).encode()
    reserved = sum(counts["opt_outs"] for counts in quality["portals"].values())
    licensed = sum(sum(counts["licences"].values()) for counts in quality["portals"].values())
    remark = (
        f"{reserved:,} articles are of pages or sites that reserved text and data mining, as was known when this was "
        f"made: `{OPT_OUTS}` names each with what was stated and when. Nothing was left out of the files; "
        "`warraq.open_archive(release=…)` leaves them out. "
        f"{licensed:,} editions state a licence of their own (column `licence`, since schema 4; see quality.json)."
    )
    if scope_of(release.name):
        remark = (
            f"It holds {', '.join(release.portals)} and no other portal: a release of its own, and no correction of "
            f"another one.\n\n{remark}"
        )
    if release.revises:
        why = f"the archive of {release.month} has changed since, `quality.json` compares the two"
        if release.rows_removed:
            why = f"{release.rows_removed} rows were removed on request"
        remark += f"\n\nIt revises {release.revises}: {why}."
    written = papers(
        release.name,
        month=release.month,
        files=release.files,
        created_at=release.created_at,
        manifest=text,
        credit=credit,
        quality=json.dumps(quality, indent=1, ensure_ascii=False).encode(),
        remark=remark,
    )
    for name, content in written.items():
        _put_once(tables.store, release_prefix(release.name) + name, content)
    told = {name: hashlib.sha256(content).hexdigest() for name, content in {**written, MANIFEST: text}.items()}
    told[CLAIM] = hashlib.sha256(tables.store.get(release_prefix(release.name) + CLAIM)).hexdigest()

    def check(newest: Mapping[str, Table]) -> None:
        if release_tag(release.name) not in newest[ARTICLES.name].metadata.refs:
            raise ObjectMissing("the state that it was begun from")

    # Before the manifest: a release that counts is in the log.
    note(tables.catalog, Told("release", lambda: {"release": release.name, "files": told}), check=check)
    _put_once(tables.store, release.key, text)
    tables.store.get(release_prefix(release.name) + CLAIM)


@contextlib.contextmanager
def _unless_taken_back(store: ObjectStore, claim: Claim) -> Iterator[None]:
    """What a removal takes back while it is made is not made, and RetryLater is raised."""
    try:
        yield
    except Exception as error:  # whatever reading a state raises that is not there any more
        if store.exists(release_prefix(claim.name) + CLAIM):
            raise
        for info in list(store.list(release_prefix(claim.name))):
            try:
                store.delete(info.key)
            except StoreDenied:  # who makes releases need not be allowed to delete them
                store.put(info.key, b"")
        raise RetryLater(f"a removal took back release {claim.name} meanwhile", remedy="run it again") from error


def _rows_of(store: ObjectStore, name: str | None) -> dict[str, int]:
    """Editions by portal of a release."""
    if name is None:
        return {}
    return {file.portal: file.rows for file in read_release(store, name).files if file.portal}


def _freeze(
    tables: ArchiveTables,
    loaded: Mapping[str, Table],
    spec: TableSpec,
    path: str,
    *,
    claim: Claim,
    months: Months,
    portal: str | None,
    spill: Path,
    facts: Callable[[Path], dict[str, Any]],
) -> tuple[ReleaseFile, dict[str, Any]]:
    """Write one file of the release from the tagged snapshot; and what `facts` counts in it."""
    dataset = rows_of_months(loaded[spec.name], months, claim, portals=[portal] if portal else claim.portals)
    with tempfile.TemporaryDirectory(prefix="warraq-release-") as folder:
        local = Path(folder) / "rows.parquet"
        with sorted_batches(dataset, spec, spill=spill) as batches:
            written: FileFacts = write_batches_checked(spec, batches, local, metadata={"warraq.release": claim.name})
        counted = facts(local)
        tables.store.put_file(release_prefix(claim.name) + path, local)
    return ReleaseFile(path, spec.name, portal, written.rows, written.bytes, written.sha256), counted


def _put_once(store: ObjectStore, key: str, content: bytes) -> None:
    """Put it where nothing is; the same content may be there already, anything else is an error."""
    try:
        store.put(key, content, if_absent=True)
    except ObjectExists:
        if not (there := store.get(key)):  # a removal took back what was there
            store.put(key, content)
        elif hashlib.sha256(there).digest() != hashlib.sha256(content).digest():
            raise StageFailed(
                f"{key} exists and says something else", remedy="somebody else made this release; see `warraq files`"
            ) from None
