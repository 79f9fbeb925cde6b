"""The object store: the same behaviour on a directory and on S3, and clear errors when it cannot work."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import (
    ExitCode,
    ObjectExists,
    ObjectMissing,
    RetryLater,
    StageFailed,
    StoreDenied,
    StoreUnreachable,
    UsageError,
)
from storage.objects.local import INCOMING, LocalStore
from storage.objects.open import open_store
from storage.objects.resuming_reader import ResumingReader
from storage.objects.store import ObjectStore, check_key
from storage.settings import Settings

HOSTILE_KEYS = ["", "/", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", ".incoming/x", "a/./b", "a\\b", "a\x00b"]
HOSTILE_KEYS += ["a\nb", "x" * 256, "/".join(["abcd"] * 300)]


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    return open_store(settings)


def test_what_was_put_is_read_back_whole_in_ranges_and_as_a_stream(store: ObjectStore) -> None:
    data = os.urandom(3 << 20)
    store.put("raw/a.bin", data)
    assert store.get("raw/a.bin") == data
    assert store.get_range("raw/a.bin", offset=1 << 20, length=100) == data[1 << 20 : (1 << 20) + 100]
    assert store.get_range("raw/a.bin", offset=len(data) - 5, length=100) == data[-5:]
    assert store.get_range("raw/a.bin", offset=len(data) + 5, length=100) == b""
    with store.open("raw/a.bin") as reader:
        assert reader.read(10) == data[:10]
        assert reader.read() == data[10:]


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    store.put("empty", b"")
    assert store.exists("empty")
    assert store.get("empty") == b""


def test_a_second_put_replaces_and_a_conditional_put_refuses(store: ObjectStore) -> None:
    store.put("a", b"1")
    store.put("a", b"2")
    with pytest.raises(ObjectExists, match="a: exists already"):
        store.put("a", b"3", if_absent=True)
    assert store.get("a") == b"2"


def test_of_many_conditional_writers_one_wins(store: ObjectStore) -> None:
    winners: list[int] = []

    def write(number: int) -> None:
        try:
            store.put("lock", str(number).encode(), if_absent=True)
            winners.append(number)
        except ObjectExists:
            pass

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1
    assert store.get("lock") == str(winners[0]).encode()


@pytest.mark.parametrize("size", [10, 70 << 20], ids=["small", "in-parts"])
def test_a_file_goes_up_whole_and_conditionally(store: ObjectStore, tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(1 << 10) * max(1, size >> 10))
    store.put_file("raw/file", path, if_absent=True)
    with store.open("raw/file") as reader:
        assert hashlib.file_digest(reader, "sha256").digest() == hashlib.sha256(path.read_bytes()).digest()
    with pytest.raises(ObjectExists):
        store.put_file("raw/file", path, if_absent=True)
    store.put_file("raw/file", path)


def test_a_listing_is_sorted_by_key_and_limited_to_the_prefix(store: ObjectStore) -> None:
    keys = ["a/b/1", "a-b/1", "a/b-c", "a/b/2/x", "a/c", "ab", "a/bc/1"]
    for key in keys:
        store.put(key, key.encode())
    assert [info.key for info in store.list("")] == sorted(keys)
    assert [info.key for info in store.list("a/")] == sorted(key for key in keys if key.startswith("a/"))
    assert [info.key for info in store.list("a/b")] == ["a/b-c", "a/b/1", "a/b/2/x", "a/bc/1"]
    assert list(store.list("nothing/")) == []
    (only,) = store.list("a/b/2/")
    assert only.bytes == len("a/b/2/x")
    assert abs(only.modified_at.timestamp() - time.time()) < 60


def test_a_missing_object_is_named(store: ObjectStore) -> None:
    assert not store.exists("no/such")
    store.delete("no/such")
    for read in (
        lambda: store.get("no/such"),
        lambda: store.get_range("no/such", offset=0, length=1),
        lambda: store.open("no/such"),
    ):
        with pytest.raises(ObjectMissing, match="no/such: no such object"):
            read()


def test_a_deleted_object_is_gone(store: ObjectStore) -> None:
    store.put("a/b", b"1")
    store.delete("a/b")
    assert not store.exists("a/b")
    assert list(store.list("")) == []


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_no_key_leads_out_of_the_archive(store: ObjectStore, key: str) -> None:
    for attempt in (lambda: store.put(key, b"x"), lambda: store.get(key), lambda: store.delete(key)):
        with pytest.raises(StageFailed, match="not a key of the archive"):
            attempt()


@given(st.text())
def test_an_accepted_key_stays_below_the_root_whatever_it_says(key: str) -> None:
    try:
        check_key(key)
    except StageFailed:
        return
    root = Path("/srv/archive")
    assert (root / key).is_relative_to(root)
    assert ".." not in Path(key).parts


def test_a_put_that_dies_leaves_neither_an_object_nor_a_listing(tmp_path: Path) -> None:
    program = (
        "import sys, os; from pathlib import Path; from storage.objects.local import LocalStore\n"
        "store = LocalStore(Path(sys.argv[1]))\n"
        "with store._arriving('raw/x', if_absent=False) as file:\n"
        "    file.write(b'half'); file.flush(); os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == 9
    store = LocalStore(tmp_path)
    assert list((tmp_path / INCOMING).iterdir()), "the test did not die in the middle"
    assert not store.exists("raw/x")
    assert list(store.list("")) == []
    store.put("raw/x", b"whole")
    assert store.get("raw/x") == b"whole"


def test_what_a_killed_writer_left_is_swept_when_it_is_old(tmp_path: Path) -> None:
    LocalStore(tmp_path)
    old, young = tmp_path / INCOMING / "old", tmp_path / INCOMING / "young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    LocalStore(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


def test_a_file_where_a_folder_is_needed_is_named(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    (tmp_path / "raw").write_bytes(b"")
    with pytest.raises(UsageError, match="folder is needed"):
        store.put("raw/x", b"")
    with pytest.raises(UsageError, match="folder is needed"):
        LocalStore(tmp_path / "raw")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_without_permission_is_named_with_the_remedy(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreDenied, match="Permission denied"):
        LocalStore(tmp_path / "archive")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="needs root to mount a small disk")
def test_a_full_disk_asks_to_come_back_and_keeps_the_old_object(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine may not mount a tmpfs")
    try:
        store = LocalStore(disk)
        store.put("a", b"old")
        with pytest.raises(RetryLater, match="no space left") as caught:
            store.put("a", b"x" * (1 << 20))
        assert caught.value.exit_code == ExitCode.RETRY_LATER
        assert store.get("a") == b"old"
        assert list((disk / INCOMING).iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.s3
def test_wrong_credentials_are_refused_at_the_start(s3_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StoreDenied, match="store refuses") as caught:
        open_store(s3_settings)
    assert "AWS_SECRET_ACCESS_KEY" in caught.value.remedy
    assert caught.value.exit_code == ExitCode.FAILED


@pytest.mark.s3
def test_a_missing_bucket_is_named(s3_settings: Settings) -> None:
    with pytest.raises(StoreDenied, match="nobucket/x: the bucket does not exist"):
        open_store(replace(s3_settings, archive="s3://nobucket/x"))


def test_an_unreachable_store_is_named_within_seconds(
    local_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(StoreUnreachable, match="does not answer") as caught:
            open_store(replace(local_settings, archive="s3://archive/x", s3_endpoint=endpoint))
    assert time.monotonic() - started < 10
    assert endpoint in caught.value.message
    assert caught.value.exit_code == ExitCode.RETRY_LATER


def test_an_endpoint_that_is_no_address_is_a_usage_error(local_settings: Settings) -> None:
    with pytest.raises(UsageError, match="is not an address"):
        open_store(replace(local_settings, archive="s3://archive/x", s3_endpoint="not an address"))


class BreakingBody:
    """A connection that breaks after a few bytes."""

    def __init__(self, data: bytes, bytes_until_break: int | None) -> None:
        self.data, self.left = data, bytes_until_break

    def read(self, amt: int | None = None) -> bytes:
        if self.left == 0:
            raise ConnectionResetError
        size = min(amt or len(self.data), len(self.data) if self.left is None else self.left)
        found, self.data = self.data[:size], self.data[size:]
        if self.left is not None:
            self.left -= len(found)
        return found

    def close(self) -> None:
        pass


def test_a_broken_connection_is_taken_up_where_it_broke() -> None:
    data = bytes(range(256)) * 10
    reader = ResumingReader(
        BreakingBody(data, 700),
        size=len(data),
        reopen=lambda offset: BreakingBody(data[offset:], 700),
        lost=(ConnectionResetError,),
    )
    assert reader.read() == data


def test_a_connection_that_keeps_breaking_is_an_error_not_a_short_object() -> None:
    data = bytes(1000)
    for left in (0, 300):
        body = BreakingBody(data[:left], left or None)
        reader = ResumingReader(
            body, size=1000, reopen=lambda offset: BreakingBody(b"", None), lost=(ConnectionResetError,)
        )
        with pytest.raises((ConnectionResetError, EOFError)):
            reader.read()
