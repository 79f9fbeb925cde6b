"""A file that appears when it is complete: whoever looks for it finds all of it, or what was there before."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from storage.errors import RetryLater, UsageError, WarraqError

REMEDY = "choose another place"
NAME_CHARACTERS = 40  # of the file's name in that of what is being written: a name has 255 bytes at the most
# What Arrow's file systems raise has no number, or that of a file that is not there: it was reading that failed.
_OF_READING = (None, errno.ENOENT)
_OF_THE_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name to write under; the file gets its own name when it is complete. Raises UsageError, RetryLater."""
    try:
        path = _target(path)
        part = _new_part(path)
        try:
            yield part
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in _OF_READING:
            raise
        raise not_written(path, error) from error


def check_place(path: Path) -> None:
    """Raise now what `whole_file` would raise when all the work is done: UsageError, RetryLater."""
    try:
        _new_part(_target(path)).unlink()
    except OSError as error:
        raise not_written(path, error) from error


def _new_part(path: Path) -> Path:
    try:
        begins = f".{path.stem[:NAME_CHARACTERS]}."
        handle, name = tempfile.mkstemp(prefix=begins, suffix=path.suffix, dir=path.parent)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{path.parent} is no folder", remedy=f"make it first, or {REMEDY}") from error
    os.close(handle)
    return Path(name)


def _target(path: Path) -> Path:
    """The file that is to be: over a device or a pipe none may be put, nor in the place of a link."""
    refused = UsageError(f"{str(path)!r} is no file that can be written", remedy=REMEDY)
    if "\0" in str(path) or path == Path("-"):
        raise refused
    real = Path(os.path.realpath(path))
    if real.is_symlink() or (real.exists() and not real.is_file()):
        raise refused
    return real


def not_written(path: Path, error: OSError) -> WarraqError:
    """Why nothing can be written there: the place will not do, or the disk has no room now."""
    kind = UsageError if error.errno in _OF_THE_PLACE else RetryLater
    return kind(f"cannot write {path}: {error.strerror or error}", remedy=REMEDY)
