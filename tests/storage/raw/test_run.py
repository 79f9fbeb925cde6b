"""A run's raw archive: rounds and attempts, and damage that is always found."""

from __future__ import annotations

import contextlib
import gzip
import os
import random
import zlib
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from storage.errors import DamagedObject, ObjectMissing
from storage.model.records import Role
from storage.objects.keys import chunk_index_key, crawl_key
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from storage.raw.chunk_index import IndexEntry
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.content_encoding import MAX_RATIO, OversizedBody, UndecodableBody, decode_body
from storage.raw.run import RawRun, read_capture, read_record
from storage.settings import Settings
from tests.fixtures.raw_runs import RUN, exchange, link, report_of, write_round

HTML = "<html><body><p>نصٌّ عربي للتجربة</p></body></html>".encode()
PAGES = [exchange(f"http://127.0.0.1/{n}", HTML + str(n).encode() * 50) for n in range(6)]


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "archive")


def test_a_run_without_a_crawl_is_empty(store: LocalStore) -> None:
    raw = RawRun(store, RUN)
    assert raw.report() is None
    assert raw.next_position() == (1, 1)
    assert (raw.chunks(), raw.links(), list(raw.captures())) == ([], [], [])


def test_captures_come_back_in_their_order(settings: Settings, tmp_path: Path) -> None:
    store = open_store(settings)
    report = write_round(store, PAGES, spool=tmp_path, others=[link("http://127.0.0.1/x", outcome="gone")], max_bytes=1)
    raw = RawRun(store, RUN)
    assert raw.report() == report
    assert [capture.url for capture in raw.captures()] == [page.url for page in PAGES]
    assert [capture.body for capture in raw.captures()] == [page.body for page in PAGES]
    assert [found.outcome for found in raw.links()] == ["gone"] + ["captured"] * len(PAGES)
    assert all(raw.capture_at(found.place).url == found.url for found in raw.links() if found.place)


def test_only_captures_of_the_role_asked_for_come_back(store: LocalStore, tmp_path: Path) -> None:
    writer = ChunkWriter(store, RUN, round_=1, attempt=1, spool=tmp_path / "spool")
    writer.write(PAGES[0], role=Role.ROBOTS, link=None)
    writer.write(PAGES[1], role=Role.PAGE, link=None)
    writer.write(PAGES[2], role=Role.SOURCE, link=None)
    writer.close()
    raw = RawRun(store, RUN)
    raw.finish(report_of(RUN, []), [])
    assert [capture.url for capture in raw.captures(role=Role.SOURCE)] == [PAGES[2].url]
    assert [capture.url for capture in raw.captures()] == [PAGES[1].url]


def test_a_second_attempt_goes_on_from_the_chunks_that_are_there(store: LocalStore, tmp_path: Path) -> None:
    killed = ChunkWriter(store, RUN, round_=1, attempt=1, spool=tmp_path / "spool", max_bytes=1)
    killed.write(PAGES[0], role=Role.PAGE, link=link(PAGES[0].url))
    killed.rotate_if_due()
    killed.write(PAGES[1], role=Role.PAGE, link=link(PAGES[1].url))
    killed.discard()
    raw = RawRun(store, RUN)
    assert raw.next_position() == (1, 2)
    (chunk,) = raw.chunks()
    (entry,) = raw.index(chunk)
    assert entry.link == replace(link(PAGES[0].url), place=entry.place)
    report = write_round(store, PAGES[1:3], spool=tmp_path)
    assert (report.round, report.attempt, len(report.chunks)) == (1, 2, 2)
    assert [capture.url for capture in raw.captures()] == [page.url for page in PAGES[:3]]


def test_a_second_round_keeps_what_the_first_one_said(store: LocalStore, tmp_path: Path) -> None:
    write_round(store, PAGES[:2], spool=tmp_path)
    raw = RawRun(store, RUN)
    assert raw.next_position() == (2, 1)
    report = write_round(store, PAGES[2:4], spool=tmp_path)
    assert report.round == 2
    assert [capture.url for capture in raw.captures()] == [page.url for page in PAGES[:4]]
    assert [found.url for found in raw.links_of(1)] == [page.url for page in PAGES[:2]]
    assert [found.url for found in raw.links()] == [page.url for page in PAGES[2:4]]


def test_chunks_of_an_unfinished_second_round_do_not_count_yet(store: LocalStore, tmp_path: Path) -> None:
    write_round(store, PAGES[:1], spool=tmp_path)
    writer = ChunkWriter(store, RUN, round_=2, attempt=1, spool=tmp_path / "spool")
    writer.write(PAGES[1], role=Role.PAGE, link=None)
    writer.close()
    raw = RawRun(store, RUN)
    assert len(raw.chunks()) == 2
    assert [capture.url for capture in raw.captures()] == [PAGES[0].url]


def test_a_flipped_byte_anywhere_in_the_raw_archive_is_found(store: LocalStore, tmp_path: Path) -> None:
    write_round(store, PAGES[:3], spool=tmp_path)
    raw = RawRun(store, RUN)
    (chunk,) = raw.chunks()
    entries = raw.index(chunk)
    data = store.get(chunk.key)
    seed = 20241225
    chooser = random.Random(seed)
    for entry in entries:
        for _ in range(40):
            at = entry.place.offset + chooser.randrange(10, entry.place.length)
            broken = bytearray(data)
            broken[at] ^= 1 << chooser.randrange(8)
            store.put(chunk.key, bytes(broken))
            with pytest.raises(DamagedObject, match=f"at byte {entry.place.offset}"):
                list(RawRun(store, RUN).captures())
                pytest.fail(f"seed {seed}: flipped bit in byte {at} was not noticed")
    store.put(chunk.key, data)
    for key in (chunk_index_key(chunk.key), crawl_key(RUN)):
        data = store.get(key)
        for at in range(10, len(data)):
            store.put(key, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            with pytest.raises(DamagedObject):
                list(RawRun(store, RUN).captures())
        store.put(key, data)


def test_damage_can_be_reported_without_losing_the_rest(store: LocalStore, tmp_path: Path) -> None:
    write_round(store, PAGES, spool=tmp_path)
    raw = RawRun(store, RUN)
    (chunk,) = raw.chunks()
    hurt = raw.index(chunk)[2].place
    data = bytearray(store.get(chunk.key))
    data[hurt.offset + 60] ^= 0xFF
    store.put(chunk.key, bytes(data))
    found: list[tuple[IndexEntry, DamagedObject]] = []
    captures = list(raw.captures(damaged=lambda entry, error: found.append((entry, error))))
    assert [capture.url for capture in captures] == [page.url for page in PAGES if page is not PAGES[2]]
    ((entry, error),) = found
    assert entry.url == PAGES[2].url
    assert f"{chunk.key} at byte {hurt.offset}" in error.message


def test_a_truncated_chunk_is_found_and_its_whole_records_are_kept(store: LocalStore, tmp_path: Path) -> None:
    write_round(store, PAGES, spool=tmp_path)
    raw = RawRun(store, RUN)
    (chunk,) = raw.chunks()
    cut = raw.index(chunk)[3].place
    store.put(chunk.key, store.get(chunk.key)[: cut.offset + 5])
    with pytest.raises(DamagedObject, match="ends before the record does"):
        list(raw.captures())
    found: list[IndexEntry] = []
    captures = list(raw.captures(damaged=lambda entry, error: found.append(entry)))
    assert (len(captures), len(found)) == (3, 3)


def test_a_chunk_that_is_gone_is_missing_not_empty(store: LocalStore, tmp_path: Path) -> None:
    report = write_round(store, PAGES, spool=tmp_path)
    store.delete(report.chunks[0].key)
    with pytest.raises(ObjectMissing):
        list(RawRun(store, RUN).captures())


def test_a_place_that_points_elsewhere_is_refused(store: LocalStore, tmp_path: Path) -> None:
    write_round(store, PAGES, spool=tmp_path)
    raw = RawRun(store, RUN)
    (chunk,) = raw.chunks()
    one, two = (entry.place for entry in raw.index(chunk)[:2])
    assert read_record(store, one).startswith(b"WARC/1.1")
    wrong = [replace(one, offset=one.offset + 1), replace(one, length=one.length - 1), replace(one, length=10**6)]
    wrong += [replace(one, length=10**15), replace(one, length=0), replace(one, offset=-1)]
    for place in [*wrong, replace(one, payload_sha256=two.payload_sha256), replace(one, offset=10**9)]:
        with pytest.raises(DamagedObject):
            read_capture(store, place)


ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:]),
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    "identity": bytes,
}


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_content_encoding_is_removed_when_read(store: LocalStore, tmp_path: Path, encoding: str) -> None:
    body = ENCODERS[encoding](HTML)
    write_round(store, [exchange("http://127.0.0.1/a", body, Content_Encoding=encoding)], spool=tmp_path)
    (capture,) = RawRun(store, RUN).captures()
    assert (capture.body, capture.problem) == (HTML, None)


def test_raw_deflate_and_a_lying_header_are_read_as_browsers_do() -> None:
    raw_deflate = zlib.compressobj(wbits=-15)
    body = raw_deflate.compress(HTML) + raw_deflate.flush()
    assert decode_body(body, [("content-encoding", "deflate")]) == HTML
    assert decode_body(HTML, [("Content-Encoding", "gzip")]) == HTML
    assert decode_body(b"", [("Content-Encoding", "br")]) == b""


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_is_stopped_at_the_bound(encoding: str) -> None:
    bomb = ENCODERS[encoding](bytes(16 << 20))
    with pytest.raises(OversizedBody) as caught:
        decode_body(bomb, [("Content-Encoding", encoding)])
    assert len(caught.value.partial) <= max(1 << 20, MAX_RATIO * len(bomb))


def test_a_bomb_in_the_archive_is_a_page_with_a_problem(store: LocalStore, tmp_path: Path) -> None:
    page = exchange("http://127.0.0.1/a", brotli.compress(bytes(16 << 20), quality=3), Content_Encoding="br")
    write_round(store, [page], spool=tmp_path)
    (capture,) = RawRun(store, RUN).captures()
    assert capture.problem
    assert "decompressed" in capture.problem


def test_a_body_cut_off_in_the_middle_says_so_and_keeps_the_rest(store: LocalStore, tmp_path: Path) -> None:
    body = gzip.compress(os.urandom(2000).hex().encode())
    write_round(store, [exchange("http://127.0.0.1/a", body[:900], Content_Encoding="gzip")], spool=tmp_path)
    (capture,) = RawRun(store, RUN).captures()
    assert "gzip cut off after" in (capture.problem or "")
    assert len(capture.body) > 500


@examples(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "br", "zstd", "x", "gzip,gzip,gzip,gzip"]))
def test_hostile_bodies_are_decoded_or_refused_and_nothing_else(body: bytes, encoding: str) -> None:
    with contextlib.suppress(UndecodableBody):
        decode_body(body, [("Content-Encoding", encoding)])
