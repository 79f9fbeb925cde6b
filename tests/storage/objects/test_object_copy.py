"""Objects of an archive to a backup folder and back."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from storage.errors import RetryLater
from storage.objects.keys import removal_key
from storage.objects.local import LocalStore
from storage.objects.object_copy import MAX_BYTES_IN_MEMORY, SCRATCH, Copied, copy_objects, main
from storage.objects.open import open_store
from storage.objects.store import ObjectInfo
from storage.settings import Settings
from tests.fixtures.s3_proxy import LoseAnswer, Refuse, Reset, S3Proxy
from tests.fixtures.s3_server import S3Server

OBJECTS = {
    "raw/portal=demo/one": "خبر".encode(),
    "tables/two": b"2" * 1000,
    "tables/large": b"3" * (MAX_BYTES_IN_MEMORY + 1),
}
HOUR = 3600


@pytest.fixture
def archive(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "archive")
    for key, data in OBJECTS.items():
        store.put(key, data)
        _set_age(store, key, HOUR)
    return store


def _set_age(store: LocalStore, key: str, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(store.root / key, (moment, moment))


def content(store: LocalStore) -> dict[str, bytes]:
    return {info.key: store.get(info.key) for info in store.list("")}


def test_every_object_arrives_with_its_bytes_and_nothing_else(archive: LocalStore, tmp_path: Path) -> None:
    backup = LocalStore(tmp_path / "backup")
    copied = copy_objects(archive, backup, scratch=backup.root / SCRATCH)
    assert copied == Copied(objects=3, bytes=sum(map(len, OBJECTS.values())))
    assert content(backup) == OBJECTS
    assert not (backup.root / SCRATCH).exists()


def test_a_second_copy_takes_only_what_is_new_or_changed(archive: LocalStore, tmp_path: Path) -> None:
    backup = LocalStore(tmp_path / "backup")
    copy_objects(archive, backup, scratch=tmp_path / SCRATCH)
    for key in OBJECTS:
        _set_age(backup, key, HOUR / 2)
    archive.put("raw/portal=demo/new", b"new")
    archive.put("tables/two", b"!" * 1000)  # same length, later
    assert copy_objects(archive, backup, scratch=tmp_path / SCRATCH) == Copied(objects=2, bytes=1003, unchanged=2)
    assert content(backup) == content(archive)


def test_what_was_deleted_from_the_archive_stays_in_the_backup(archive: LocalStore, tmp_path: Path) -> None:
    backup = LocalStore(tmp_path / "backup")
    copy_objects(archive, backup, scratch=tmp_path / SCRATCH)
    archive.delete("tables/two")
    copy_objects(archive, backup, scratch=tmp_path / SCRATCH)
    assert content(backup) == OBJECTS


class DeletingStore(LocalStore):
    """An archive whose maintenance deletes an object between the listing and the copy."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        found = list(super().list(prefix))
        self.delete("tables/two")
        yield from found


def test_an_object_that_is_deleted_meanwhile_is_counted_and_ends_nothing(archive: LocalStore, tmp_path: Path) -> None:
    backup = LocalStore(tmp_path / "backup")
    copied = copy_objects(DeletingStore(archive.root), backup, scratch=tmp_path / SCRATCH)
    assert (copied.objects, copied.vanished) == (2, 1)
    assert "tables/two" not in content(backup)


class ChangingStore(LocalStore):
    """An archive in which somebody writes an object while it is on its way to a slow backup."""

    times = 1

    def get(self, key: str) -> bytes:
        data = super().get(key)
        if key == "tables/two" and self.times:
            self.times -= 1
            self.put(key, bytes([self.times]) * 1000)
        return data


def test_an_object_that_changes_on_its_way_is_copied_again(archive: LocalStore, tmp_path: Path) -> None:
    backup, changing = LocalStore(tmp_path / "backup"), ChangingStore(archive.root)
    copied = copy_objects(changing, backup, scratch=tmp_path / SCRATCH)
    assert copied.objects == 3
    assert content(backup) == content(archive) != OBJECTS
    changing.times = 100
    _set_age(backup, "tables/two", HOUR)
    with pytest.raises(RetryLater, match="keeps changing"):
        copy_objects(changing, backup, scratch=tmp_path / SCRATCH)


def test_a_backup_during_which_something_was_removed_is_made_again(archive: LocalStore, tmp_path: Path) -> None:
    archive.put(removal_key("0123456789abcdef"), b"{}")
    for hours, code in ((-1, 1), (1, 0)):
        began = datetime.now(UTC) + timedelta(hours=hours)
        words = ["save", str(tmp_path / "backup"), "--began", f"{began:%Y-%m-%dT%H:%M:%SZ}"]
        ended = CliRunner().invoke(main, words, env={"WARRAQ_ARCHIVE": str(archive.root)})
        assert ended.exit_code == code, ended.output
        assert ("was removed on request meanwhile" in ended.output) == bool(code)


@pytest.mark.s3
@pytest.mark.kills
def test_a_copy_from_a_stumbling_store_that_is_killed_is_whole_after_the_same_command(
    s3_server: S3Server, s3_settings: Settings, tmp_path: Path
) -> None:
    store, large = open_store(s3_settings), os.urandom(MAX_BYTES_IN_MEMORY + 1)
    wanted = {f"raw/portal=demo/{number:02d}": os.urandom(1000 + number) for number in range(30)} | {"tables/l": large}
    for key, data in wanted.items():
        store.put(key, data)
    faults = itertools.cycle([None, None, Reset(), None, LoseAnswer(), None, Refuse(503, "SlowDown")])
    words = [sys.executable, "-m", "storage.objects.object_copy"]
    with S3Proxy(s3_server, lambda _method, _path: next(faults)).running() as endpoint:
        for direction, place in (("save", s3_settings.archive), ("load", f"{s3_settings.archive}-again")):
            environ = {**os.environ, "AWS_ENDPOINT_URL": endpoint, "WARRAQ_ARCHIVE": place}
            command = [*words, direction, str(tmp_path / "backup")]
            with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as killed:
                time.sleep(1)
                killed.kill()
            while (
                ended := subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            ).returncode:
                assert "run the same command again" in ended.stderr
    assert content(LocalStore(tmp_path / "backup")) == wanted
    again = open_store(replace(s3_settings, archive=f"{s3_settings.archive}-again"))
    assert {info.key: again.get(info.key) for info in again.list("")} == wanted


def test_the_command_saves_and_loads(archive: LocalStore, tmp_path: Path) -> None:
    saved = CliRunner().invoke(
        main, ["save", str(tmp_path / "backup")], env={"WARRAQ_ARCHIVE": str(archive.root)}, catch_exceptions=False
    )
    assert saved.exit_code == 0
    assert "3 objects" in saved.output
    loaded = CliRunner().invoke(
        main,
        ["load", str(tmp_path / "backup")],
        env={"WARRAQ_ARCHIVE": str(tmp_path / "again")},
        catch_exceptions=False,
    )
    assert loaded.exit_code == 0
    assert content(LocalStore(tmp_path / "again")) == OBJECTS


def test_loading_from_a_folder_that_is_none_is_one_line(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["load", str(tmp_path / "none")], env={"WARRAQ_ARCHIVE": str(tmp_path / "a")})
    assert ended.exit_code == 1
    assert "is no folder" in ended.output
