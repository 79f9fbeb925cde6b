"""A run's raw archive: chunks that only grow in number, and the report that says which of them count."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.model.record_json import (
    lines_of,
    open_sealed_json,
    record_from_json,
    record_to_json,
    sealed_json,
    to_json_lines,
)
from storage.model.records import Capture, ChunkInfo, CrawlReport, LinkRecord, Role, WarcPlace
from storage.model.window import RunId
from storage.objects.keys import (
    chunk_index_key,
    crawl_key,
    links_key,
    raw_prefix,
    raw_register_key,
    raw_root,
    run_of_raw_key,
)
from storage.objects.store import ObjectStore, object_sha256
from storage.raw.chunk_index import IndexEntry, unpack_chunk_info, unpack_index
from storage.raw.content_encoding import UndecodableBody, decode_body
from storage.raw.warc_records import inflate_member, read_response

MAX_RECORD_BYTES = 96 << 20  # one record with its headers; the crawler stops at far less
_CHUNK_NAME = re.compile(r"r(\d+)-a(\d+)-(\d+)\.warc\.gz")
_REMEDY = "restore the object, or crawl the run again to fetch its pages anew"

Damaged = Callable[[IndexEntry, DamagedObject], None]


class RawRun:
    """The raw archive of one run; see docs/explain/architecture.md for rounds and attempts."""

    def __init__(self, store: ObjectStore, run: RunId) -> None:
        self.store = store
        self.run = run

    def report(self) -> CrawlReport | None:
        """What the last finished crawl said; None while no crawl of the run has finished."""
        fields = self._crawl_json()
        return _report(fields, where=crawl_key(self.run)) if fields else None

    def next_position(self) -> tuple[int, int]:
        """The (round, attempt) of a crawl that starts now; an unfinished round is taken up again."""
        report = self.report()
        round_ = report.round + 1 if report else 1
        attempts = [attempt for (found, attempt, _), _ in self._chunk_keys() if found == round_]
        return round_, max(attempts, default=0) + 1

    def chunks(self) -> list[ChunkInfo]:
        """All complete chunks (those with an index), by round, attempt and number, whether they count or not."""
        keys = {info.key for info in self.store.list(raw_prefix(self.run))}
        complete = [key for _, key in self._chunk_keys(keys) if chunk_index_key(key) in keys]
        # The entries of a long run take a hundred megabytes; who wants them asks for a chunk's index.
        return [self._info(key) for key in complete]

    def counting_chunks(self) -> list[ChunkInfo]:
        """The chunks the report lists, or all complete ones while there is none."""
        report = self.report()
        return list(report.chunks) if report else self.chunks()

    def index(self, chunk: ChunkInfo) -> list[IndexEntry]:
        """What the chunk holds, in its order; raises DamagedObject, ObjectMissing."""
        key = chunk_index_key(chunk.key)
        return unpack_index(self.store.get(key), where=key)[1]

    def captures(self, *, role: Role = Role.PAGE, damaged: Damaged | None = None) -> Iterator[Capture]:
        """The captures of the counting chunks in the order they were written, each checked against its digest.

        A record that does not match raises DamagedObject, or is handed to `damaged` and passed over.
        """
        for chunk in self.counting_chunks():
            wanted = [entry for entry in self.index(chunk) if entry.role == role]
            yield from self._captures_of(chunk, wanted, damaged=damaged)

    def capture_at(self, place: WarcPlace, *, role: Role = Role.PAGE) -> Capture:
        """One capture by its place; raises DamagedObject, ObjectMissing."""
        return read_capture(self.store, place, role=role)

    def links(self) -> list[LinkRecord]:
        """How the last finished crawl left its links."""
        report = self.report()
        return self._links_at(report.links_key) if report else []

    def links_of(self, round_: int) -> list[LinkRecord]:
        """How the crawl of one finished round left its links; raises ObjectMissing."""
        return self._links_at(links_key(self.run, round_=round_))

    def finish(self, report: CrawlReport, links: Iterable[LinkRecord]) -> CrawlReport:
        """End the round: links first, crawl.json last. The report as written lists all complete chunks of the run."""
        lines = to_json_lines(links)
        key = links_key(self.run, round_=report.round)
        whole = replace(report, chunks=tuple(self.chunks()), links_key=key)
        earlier = self._crawl_json()
        objects = dict(earlier["objects"]) if earlier else {}
        objects[key] = hashlib.sha256(lines).hexdigest()
        for chunk in whole.chunks:
            index = chunk_index_key(chunk.key)
            objects.setdefault(index, hashlib.sha256(self.store.get(index)).hexdigest())
        self.store.put(key, lines)
        fields = json.loads(record_to_json(whole))
        sealed = sealed_json({**fields, "objects": objects})
        self.store.put(crawl_key(self.run), sealed)
        self._register(whole, hashlib.sha256(sealed).hexdigest())
        return whole

    def write_again(self, report: CrawlReport, rounds: Mapping[int, Iterable[LinkRecord]]) -> None:
        """Replace the link lists of rounds and the report, in step with the chunks as they are now.

        For records that are removed; a crawl uses finish(). Killed in between, the same call ends it.
        """
        for number, links in rounds.items():
            self.store.put(links_key(self.run, round_=number), to_json_lines(links))
        relied_on = (*(chunk_index_key(chunk.key) for chunk in report.chunks), *self.object_digests())
        objects = {key: object_sha256(self.store, key)[0] for key in dict.fromkeys(relied_on)}
        sealed = sealed_json({**json.loads(record_to_json(report)), "objects": objects})
        self.store.put(crawl_key(self.run), sealed)
        self._register(report, hashlib.sha256(sealed).hexdigest())

    def _register(self, report: CrawlReport, sha256: str) -> None:
        """Remember elsewhere that the crawl finished, so that a raw archive that is gone is missed."""
        facts = {"run_id": report.run_id, "round": report.round, "attempt": report.attempt, "crawl_sha256": sha256}
        self.store.put(raw_register_key(self.run), sealed_json(facts))

    def object_digests(self) -> dict[str, str]:
        """The sha256 by key of all indexes and link lists that the report relies on."""
        fields = self._crawl_json()
        return dict(fields["objects"]) if fields else {}

    def _crawl_json(self) -> dict[str, Any] | None:
        try:
            data = self.store.get(crawl_key(self.run))
        except ObjectMissing:
            return None
        fields = open_sealed_json(data, where=crawl_key(self.run))
        if fields.get("run_id") != str(self.run):
            raise DamagedObject(
                f"{crawl_key(self.run)}: is the report of {fields.get('run_id')}", remedy="restore it from a copy"
            )
        return fields

    def _chunk_keys(self, keys: Iterable[str] | None = None) -> list[tuple[tuple[int, ...], str]]:
        prefix = raw_prefix(self.run)
        found = []
        for key in keys if keys is not None else (info.key for info in self.store.list(prefix)):
            if match := _CHUNK_NAME.fullmatch(key.removeprefix(prefix)):
                found.append((tuple(int(number) for number in match.groups()), key))
        return sorted(found)

    def _info(self, chunk: str) -> ChunkInfo:
        key = chunk_index_key(chunk)
        return unpack_chunk_info(self.store.get(key), where=key)

    def _links_at(self, key: str) -> list[LinkRecord]:
        return [record_from_json(LinkRecord, line, where=key) for line in lines_of(self.store.get(key), where=key)]

    def _captures_of(self, chunk: ChunkInfo, wanted: list[IndexEntry], *, damaged: Damaged | None) -> Iterator[Capture]:
        with self.store.open(chunk.key) as reader:
            position = 0
            for entry in wanted:
                try:
                    member = _read_member(reader, entry.place, position=position)
                    position = entry.place.offset + entry.place.length
                    capture = _capture(member, entry.place, role=entry.role)
                except DamagedObject as error:
                    if damaged is None:
                        raise
                    position = max(position, entry.place.offset + entry.place.length)
                    damaged(entry, error)
                    continue
                yield capture


def raw_runs(store: ObjectStore, *, portal: str | None = None) -> list[RunId]:
    """The runs of a portal, or of all, that have anything in the raw archive, sorted."""
    found = (run_of_raw_key(info.key) for info in store.list(raw_root(portal)))
    return sorted({run for run in found if run})


def finished_crawl(raw: RawRun) -> CrawlReport:
    """The report of the run's last finished crawl; raises StageFailed if there is none."""
    report = raw.report()
    if report is None:
        raise StageFailed(
            f"{raw.run} has no finished crawl", remedy=f"run `warraq crawl {raw.run.portal}` for its window first"
        )
    return report


def read_record(store: ObjectStore, place: WarcPlace) -> bytes:
    """The WARC record (headers, HTTP headers, payload as received) at a place; raises DamagedObject, ObjectMissing."""
    _check_place(place)
    member = store.get_range(place.key, offset=place.offset, length=place.length)
    return inflate_member(member, where=_where(place), max_bytes=MAX_RECORD_BYTES)


def read_capture(store: ObjectStore, place: WarcPlace, *, role: Role = Role.PAGE) -> Capture:
    """The capture at a place, checked against its digest; raises DamagedObject, ObjectMissing."""
    _check_place(place)
    member = store.get_range(place.key, offset=place.offset, length=place.length)
    return _capture(member, place, role=role)


def _report(fields: dict[str, Any], *, where: str) -> CrawlReport:
    own = {name: value for name, value in fields.items() if name != "objects"}
    return record_from_json(CrawlReport, json.dumps(own), where=where)


def _where(place: WarcPlace) -> str:
    return f"{place.key} at byte {place.offset}"


def _check_place(place: WarcPlace) -> None:
    """Places come out of indexes and tables: a forged length must not make us ask for all memory."""
    if place.offset < 0 or not 0 < place.length <= MAX_RECORD_BYTES:
        raise DamagedObject(f"{_where(place)}: no record has {place.length} bytes", remedy=_REMEDY)


def _read_member(reader: BinaryIO, place: WarcPlace, *, position: int) -> bytes:
    _check_place(place)
    gap = place.offset - position
    while gap > 0:
        skipped = reader.read(min(gap, 1 << 20))
        if not skipped:
            break
        gap -= len(skipped)
    member = reader.read(place.length) if gap == 0 else b""
    if len(member) != place.length:
        raise DamagedObject(f"{_where(place)}: the chunk ends before the record does", remedy=_REMEDY)
    return member


def _capture(member: bytes, place: WarcPlace, *, role: Role) -> Capture:
    where = _where(place)
    record, headers, payload = read_response(
        inflate_member(member, where=where, max_bytes=MAX_RECORD_BYTES), where=where
    )
    if hashlib.sha256(payload).hexdigest() != place.payload_sha256:
        raise DamagedObject(f"{where}: the payload does not match its sha256", remedy=_REMEDY)
    problem = None
    try:
        body = decode_body(payload, headers)
    except UndecodableBody as error:
        body, problem = error.partial, str(error)
    return Capture(
        url=record.headers.get("WARC-Target-URI") or "",
        captured_at=record.record_date,
        status=record.http_headers.status_code or 0,
        headers=headers,
        body=body,
        place=place,
        role=role,
        problem=problem,
    )
