"""`python -m storage.objects.object_copy save|load FOLDER`: the archive's objects to a folder or back."""

from __future__ import annotations

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from storage.errors import ObjectMissing, RetryLater, UsageError, WarraqError
from storage.objects.keys import catalog_marker_key, removals_root
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from storage.objects.store import ObjectInfo, ObjectStore
from storage.settings import read_settings

THREADS = 4  # 2.6 times as fast as one against SeaweedFS; more bring little
MAX_PASSES = 5  # over objects that change meanwhile, as notes do
MAX_BYTES_IN_MEMORY = 8 << 20  # larger objects go through a file
COPY_STEP_BYTES = 1 << 20
# S3 tells times in whole seconds, so an object written and copied within one could have changed after it.
CLOCK_MARGIN = timedelta(seconds=2)
SCRATCH = ".copying"  # no key begins with a dot, so a store does not list what a killed copy left there


@dataclass(frozen=True)
class Copied:
    """What a copy did, in objects and bytes of the source."""

    objects: int = 0
    bytes: int = 0
    unchanged: int = 0
    vanished: int = 0  # listed, then deleted by a run or by maintenance before its turn came


def copy_objects(source: ObjectStore, target: ObjectStore, *, scratch: Path) -> Copied:
    """Copy what the target lacks or has older; nothing is deleted there. Raises what the stores raise.

    What changes between its reading and its writing would look current for good, so it is copied once more.
    """
    present = {info.key: info for info in target.list("")}
    found = list(source.list(""))
    wanted = [info for info in found if not _is_current(present.get(info.key), info)]
    arrived: list[bool] = []
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            left = wanted
            for _ in range(MAX_PASSES):
                there = list(pool.map(lambda info: _copy(info, source, target, scratch), left))
                arrived = arrived or there
                before = {info.key: info for info in left}
                left = [info for info in source.list("") if before.get(info.key, info) != info] if left else []
            if left:
                raise RetryLater(f"{left[0].key} keeps changing while it is copied", remedy="copy again")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    copied = [info for info, is_there in zip(wanted, arrived, strict=True) if is_there]
    return Copied(
        objects=len(copied),
        bytes=sum(info.bytes for info in copied),
        unchanged=len(found) - len(wanted),
        vanished=len(wanted) - len(copied),
    )


def copy_missing(source: ObjectStore, target: ObjectStore, *, scratch: Path) -> int:
    """Copy what the target has no object of; how many objects that were."""
    present = {info.key for info in target.list("")}
    wanted = [info for info in source.list("") if info.key not in present and not _is_database(info.key)]
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        return sum(_copy(info, source, target, scratch) for info in wanted)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _is_database(key: str) -> bool:
    """Catalog and search index of a directory: files of SQLite beside the objects."""
    return "/" not in key and key != catalog_marker_key()


def _is_current(there: ObjectInfo | None, here: ObjectInfo) -> bool:
    return there is not None and there.bytes == here.bytes and there.modified_at - here.modified_at > CLOCK_MARGIN


def _copy(info: ObjectInfo, source: ObjectStore, target: ObjectStore, scratch: Path) -> bool:
    """Whether the object was still there."""
    try:
        if info.bytes <= MAX_BYTES_IN_MEMORY:
            target.put(info.key, source.get(info.key))
            return True
        with tempfile.NamedTemporaryFile(dir=scratch) as file:
            with source.open(info.key) as reader:
                shutil.copyfileobj(reader, file, COPY_STEP_BYTES)
            file.flush()
            target.put_file(info.key, Path(file.name))
    except ObjectMissing:
        return False
    return True


def _check_removals(archive: ObjectStore, began: datetime) -> None:
    """Raise RetryLater where a removal was at work: it deletes files that the catalog of before names."""
    if any(info.modified_at > began - CLOCK_MARGIN for info in archive.list(removals_root())):
        raise RetryLater("something was removed on request meanwhile", remedy="make the backup again")


@click.command()
@click.argument("direction", type=click.Choice(["save", "load"]))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--began", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]), help="When the catalog was about to be saved.")
def main(direction: str, folder: Path, began: datetime | None) -> None:
    """Save the archive that WARRAQ_ARCHIVE names to FOLDER, or load it from there."""
    try:
        if direction == "load" and not folder.is_dir():
            raise UsageError(f"{folder} is no folder", remedy="name the folder of a backup")
        archive, backup = open_store(read_settings()), LocalStore(folder)
        source, target = (archive, backup) if direction == "save" else (backup, archive)
        copied = copy_objects(source, target, scratch=folder / SCRATCH)
        if began:
            _check_removals(source, began.replace(tzinfo=UTC))
    except WarraqError as error:
        raise click.ClickException(f"{error.message}: {error.remedy}") from None
    click.echo(
        f"{source.url} to {target.url}: {copied.objects} objects of {copied.bytes} bytes copied, "
        f"{copied.unchanged} were there, {copied.vanished} were deleted meanwhile"
    )


if __name__ == "__main__":
    main()
