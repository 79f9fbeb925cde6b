"""WARC chunks: readable by others, rotated, uploaded whole, and kept when the store is away."""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from storage.errors import RetryLater, StoreUnreachable
from storage.model.records import Role
from storage.objects.keys import chunk_index_key
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from storage.raw.chunk_index import unpack_index
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun, read_capture
from storage.settings import Settings
from tests.fixtures.raw_runs import NOON, RUN, exchange, link
from tests.fixtures.s3_server import S3Server

HTML = "<html><body><p>نصٌّ عربي للتجربة</p></body></html>".encode() * 20


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "archive")


def writer_of(store: LocalStore, tmp_path: Path, **options: object) -> ChunkWriter:
    return ChunkWriter(store, RUN, round_=1, attempt=1, spool=tmp_path / "spool", **options)  # type: ignore[arg-type]


def warcio_check(path: Path) -> subprocess.CompletedProcess[str]:
    warcio = Path(sys.executable).with_name("warcio")
    return subprocess.run([warcio, "check", "-v", path], capture_output=True, text=True, check=False)


def test_warcio_accepts_every_digest_of_a_chunk_with_awkward_exchanges(store: LocalStore, tmp_path: Path) -> None:
    writer = writer_of(store, tmp_path)
    writer.write(exchange("http://127.0.0.1/a", HTML), role=Role.PAGE, link=None)
    writer.write(
        exchange("http://127.0.0.1/gz", gzip.compress(HTML), Content_Encoding="gzip"), role=Role.PAGE, link=None
    )
    writer.write(exchange("http://127.0.0.1/empty", b"", status=304), role=Role.PAGE, link=None)
    writer.write(exchange("http://127.0.0.1/مقال\r\nX: y", HTML, X="a\r\nInjected: b"), role=Role.PAGE, link=None)
    writer.write(exchange("http://127.0.0.1/c", HTML, Transfer_Encoding="chunked"), role=Role.SOURCE, link=None)
    (chunk,) = writer.close()
    path = store.root / chunk.key
    result = warcio_check(path)
    assert result.returncode == 0, result.stdout
    assert result.stdout.count("digest pass") == 2 * 5 + 1, result.stdout
    with path.open("rb") as file:
        records = [(record.headers["WARC-Type"], record.http_headers) for record in ArchiveIterator(file)]
    assert [kind for kind, _ in records] == ["warcinfo", *["response", "request"] * 5]
    assert all("Injected" not in headers for _, headers in records if headers)


def test_each_record_is_a_gzip_member_that_is_read_by_its_place(store: LocalStore, tmp_path: Path) -> None:
    writer = writer_of(store, tmp_path)
    pages = [exchange(f"http://127.0.0.1/{n}", HTML + bytes([n])) for n in range(5)]
    places = [writer.write(page, role=Role.PAGE, link=link(page.url)) for page in pages]
    writer.close()
    for page, place in zip(pages, places, strict=True):
        capture = read_capture(store, place)
        assert (capture.url, capture.body, capture.status) == (page.url, page.body, 200)
        assert capture.captured_at == NOON
        assert capture.headers == page.response_headers


def test_the_same_exchanges_give_the_same_bytes(store: LocalStore, tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        writer = writer_of(LocalStore(tmp_path / name), tmp_path)
        writer.write(exchange("http://127.0.0.1/a", HTML), role=Role.PAGE, link=None)
        digests.add(writer.close()[0].sha256)
    assert len(digests) == 1


def test_chunks_are_rotated_by_size_and_counted_by_their_index(store: LocalStore, tmp_path: Path) -> None:
    writer = writer_of(store, tmp_path, max_bytes=1500)
    for number in range(10):
        page = exchange(f"http://127.0.0.1/{number}", os.urandom(600))
        writer.write(page, role=Role.PAGE, link=link(page.url))
        writer.rotate_if_due()
    chunks = writer.close()
    assert len(chunks) > 3
    assert RawRun(store, RUN).chunks() == chunks
    for chunk in chunks:
        info, entries = unpack_index(store.get(chunk_index_key(chunk.key)), where="index")
        assert info == chunk
        assert all(entry.link and entry.link.place == entry.place for entry in entries)
    assert list((tmp_path / "spool").iterdir()) == []


def test_chunks_are_rotated_by_age(store: LocalStore, tmp_path: Path) -> None:
    writer = writer_of(store, tmp_path, max_age_seconds=0.05)
    writer.write(exchange("http://127.0.0.1/a", HTML), role=Role.PAGE, link=None)
    writer.rotate_if_due()
    assert RawRun(store, RUN).chunks() == []
    time.sleep(0.06)
    writer.rotate_if_due()
    assert len(RawRun(store, RUN).chunks()) == 1


def test_a_chunk_without_its_index_does_not_count(store: LocalStore, tmp_path: Path) -> None:
    writer = writer_of(store, tmp_path)
    writer.write(exchange("http://127.0.0.1/a", HTML), role=Role.PAGE, link=None)
    (chunk,) = writer.close()
    store.delete(chunk_index_key(chunk.key))
    raw = RawRun(store, RUN)
    assert raw.chunks() == []
    assert raw.next_position() == (1, 2), "the next attempt must not reuse the key of the half-written chunk"


def test_two_crawls_of_one_run_do_not_overwrite_each_other(store: LocalStore, tmp_path: Path) -> None:
    one, two = writer_of(store, tmp_path), writer_of(store, tmp_path)
    one.write(exchange("http://127.0.0.1/a", HTML), role=Role.PAGE, link=None)
    two.write(exchange("http://127.0.0.1/b", HTML), role=Role.PAGE, link=None)
    (chunk,) = one.close()
    with pytest.raises(RetryLater, match="another crawl or import of the same run"):
        two.close()
    assert RawRun(store, RUN).chunks() == [chunk]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="needs root to mount a small disk")
def test_a_full_spool_disk_keeps_what_was_written_and_asks_to_come_back(store: LocalStore, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine may not mount a tmpfs")
    try:
        writer = ChunkWriter(store, RUN, round_=1, attempt=1, spool=disk)
        writer.write(exchange("http://127.0.0.1/a", HTML), role=Role.PAGE, link=None)
        with pytest.raises(RetryLater, match="no space left"):
            writer.write(exchange("http://127.0.0.1/b", os.urandom(1 << 20)), role=Role.PAGE, link=None)
        writer.write(exchange("http://127.0.0.1/c", HTML), role=Role.PAGE, link=None)
        (chunk,) = writer.close()
        assert warcio_check(store.root / chunk.key).returncode == 0
        assert chunk.captures == 2
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_spooled_chunks_of_killed_processes_are_swept_and_live_ones_kept(store: LocalStore, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    dead, alive, fresh = (spool / f"{name}.warc.gz.part" for name in ("dead", "alive", "fresh"))
    for path in (dead, alive, fresh):
        path.write_bytes(b"x")
    for path in (dead, alive):
        os.utime(path, (0, 0))
    with alive.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        writer_of(store, tmp_path)
    assert sorted(path.name for path in spool.iterdir()) == [alive.name, fresh.name]


@pytest.mark.s3
def test_a_store_that_comes_back_loses_no_chunk(
    own_s3_server: S3Server, own_s3_settings: Settings, tmp_path: Path
) -> None:
    store = open_store(own_s3_settings)
    writer = ChunkWriter(store, RUN, round_=1, attempt=1, spool=tmp_path / "spool", max_bytes=1, patience_seconds=0)
    writer.write(exchange("http://127.0.0.1/a", HTML), role=Role.PAGE, link=None)
    writer.rotate_if_due()
    own_s3_server.stop()
    writer.write(exchange("http://127.0.0.1/b", HTML), role=Role.PAGE, link=None)
    writer.rotate_if_due()
    own_s3_server.start()
    writer.write(exchange("http://127.0.0.1/c", HTML), role=Role.PAGE, link=None)
    assert [chunk.captures for chunk in writer.close()] == [1, 1, 1]
    raw = RawRun(store, RUN)
    assert [entry.url[-1] for chunk in raw.chunks() for entry in raw.index(chunk)] == ["a", "b", "c"]


@pytest.mark.s3
def test_a_store_that_stays_away_is_an_error_at_the_end(
    own_s3_server: S3Server, own_s3_settings: Settings, tmp_path: Path
) -> None:
    store = open_store(own_s3_settings)
    writer = ChunkWriter(store, RUN, round_=1, attempt=1, spool=tmp_path / "spool", max_bytes=1, patience_seconds=0)
    writer.write(exchange("http://127.0.0.1/a", HTML), role=Role.PAGE, link=None)
    own_s3_server.stop()
    with pytest.raises(StoreUnreachable):
        writer.close()
    assert list((tmp_path / "spool").iterdir()) == []
