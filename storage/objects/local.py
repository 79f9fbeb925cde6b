"""Objects in a local directory: written aside, synced, then renamed into place."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from storage.errors import ObjectExists, ObjectMissing, RetryLater, StageFailed, StoreDenied, UsageError
from storage.objects.store import ObjectInfo, check_key

INCOMING = ".incoming"  # half-written files; no key can name it, since no part of a key begins with a dot
ORPHAN_SECONDS = 86_400.0  # no object takes a day to write
_FULL = {errno.ENOSPC, errno.EDQUOT}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


class LocalStore:
    """Keys are paths below `root`. Safe for several threads and processes on one file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.url = str(root)
        with _translated(self.url):
            _make_folder(root / INCOMING)
            _sweep(root / INCOMING)

    def put(self, key: str, data: bytes, *, if_absent: bool = False) -> None:
        with _translated(key), self._arriving(key, if_absent=if_absent) as file:
            file.write(data)

    def put_file(self, key: str, path: Path, *, if_absent: bool = False) -> None:
        with _translated(key), path.open("rb") as source, self._arriving(key, if_absent=if_absent) as file:
            shutil.copyfileobj(source, file, 1 << 20)

    def get(self, key: str) -> bytes:
        with _translated(key):
            return self._path(key).read_bytes()

    def get_range(self, key: str, *, offset: int, length: int) -> bytes:
        with _translated(key), self._path(key).open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def open(self, key: str) -> BinaryIO:
        with _translated(key):
            return self._path(key).open("rb")

    def exists(self, key: str) -> bool:
        with _translated(key):
            return self._path(key).is_file()

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        folder = prefix.rpartition("/")[0]
        if folder:
            check_key(folder)
        with _translated(prefix):
            yield from self._walk(folder, prefix)

    def delete(self, key: str) -> None:
        path = self._path(key)
        with _translated(key), contextlib.suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    def _path(self, key: str) -> Path:
        return self.root / check_key(key)

    @contextlib.contextmanager
    def _arriving(self, key: str, *, if_absent: bool) -> Iterator[BinaryIO]:
        """A file that becomes the object when the block ends well, and leaves nothing behind when not."""
        target = self._path(key)
        handle, name = tempfile.mkstemp(dir=self.root / INCOMING)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o644)
            _make_folder(target.parent)
            if if_absent:
                os.link(part, target)  # unlike rename, refuses a name that is taken
            else:
                part.replace(target)
            _sync_folder(target.parent)
        finally:
            part.unlink(missing_ok=True)

    def _walk(self, folder: str, prefix: str) -> Iterator[ObjectInfo]:
        try:
            with os.scandir(self.root / folder) as entries:
                # A folder sorts as its keys do, with the slash: "a-b" stands before "a/b".
                named = sorted((entry.name + "/" * entry.is_dir(), entry) for entry in entries)
        except (FileNotFoundError, NotADirectoryError):
            return
        for name, entry in named:
            key = f"{folder}/{name}" if folder else name
            if name.startswith("."):
                continue
            if name.endswith("/"):
                if key.startswith(prefix) or prefix.startswith(key):
                    yield from self._walk(key.rstrip("/"), prefix)
            elif key.startswith(prefix):
                with contextlib.suppress(FileNotFoundError):
                    facts = entry.stat()
                    yield ObjectInfo(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    try:
        folder.mkdir()
    except FileExistsError as error:
        if not folder.is_dir():
            raise NotADirectoryError(*error.args, str(folder)) from error
    _sync_folder(folder.parent)


def _sweep(incoming: Path) -> None:
    """Remove what killed processes left half-written; only files so old that nobody can still be writing them."""
    for path in incoming.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > ORPHAN_SECONDS:
                path.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectMissing(f"{what}: no such object", remedy="`warraq verify` tells what a run lacks") from error
    except FileExistsError as error:
        raise ObjectExists(f"{what}: exists already", remedy="another run wrote it first") from error
    except (NotADirectoryError, IsADirectoryError) as error:
        raise UsageError(
            f"{what}: a file stands where a folder is needed, or the reverse ({error.filename})",
            remedy="let WARRAQ_ARCHIVE name a directory of its own",
        ) from error
    except OSError as error:
        if error.errno in _FULL:
            raise RetryLater(f"{what}: no space left on the disk", remedy="free some, then run it again") from error
        if error.errno in _DENIED:
            raise StoreDenied(
                f"{error.filename or what}: {error.strerror}", remedy="give this user the right to read and write it"
            ) from error
        raise StageFailed(f"{what}: {error.strerror or error}", remedy="check the disk") from error
