"""Objects of an archive to a backup folder and back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from storage.objects.local import LocalStore
from storage.objects.object_copy import MAX_BYTES_IN_MEMORY, SCRATCH, Copied, copy_objects, main
from storage.objects.store import ObjectInfo

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
