"""Every writer of the Python API: what is at a name is whole, whatever stops the writing, also a kill."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import warraq
from storage.errors import RetryLater, UsageError
from storage.settings import Settings
from tests.warraq.api.export.test_wacz import settings  # noqa: F401 - a fixture
from warraq.api.archive import Archive
from warraq.api.articles import Articles
from warraq.api.export.dataset_folder import LOCK

Writer = Callable[[Archive, Path], object]
WRITERS: dict[str, Writer] = {
    "a.wacz": lambda archive, path: archive.articles().to_wacz(path),
    "a.png": lambda archive, path: archive.series("زلزال").plot(path),
    "a.svg": lambda archive, path: archive.series("زلزال").plot(path),
}
FOLDER: Writer = lambda archive, path: archive.articles().to_dataset(path, shard_rows=1)  # noqa: E731
each_writer = pytest.mark.parametrize("name", WRITERS)


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:  # noqa: F811
    with warraq.open_archive() as found:
        yield found


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@each_writer
def test_a_file_that_cannot_be_finished_leaves_what_was_there(archive: Archive, tmp_path: Path, name: str) -> None:
    write, folder = WRITERS[name], tmp_path / "out"
    folder.mkdir()
    write(archive, folder / name)
    size = (folder / name).stat().st_size
    for before in (None, b"before"):
        (folder / name).unlink()
        if before:
            (folder / name).write_bytes(before)
        with no_file_larger_than(size - 1), pytest.raises(RetryLater, match=f"cannot write .*{name}"):
            write(archive, folder / name)
        assert [path.read_bytes() for path in folder.iterdir()] == [before] * bool(before)
        (folder / name).write_bytes(b"")


@each_writer
def test_a_name_that_is_no_file_is_refused(archive: Archive, tmp_path: Path, name: str) -> None:
    place = tmp_path / "out"
    (place / f"folder{name}").mkdir(parents=True)
    (place / f"round{name}").symlink_to(f"round{name}")
    (place / "file").write_text("mine")
    before = sorted(place.rglob("*"))
    for path in (f"no/{name}", f"file/{name}", f"folder{name}", f"round{name}", f"\0{name}", "ن" * 130 + name):
        with pytest.raises(UsageError):
            WRITERS[name](archive, place / path)
    assert sorted(place.rglob("*")) == before
    assert (place / "file").read_text() == "mine"


@each_writer
def test_a_name_may_be_as_long_as_names_are(archive: Archive, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{'ن' * 124}{name}"
    WRITERS[name](archive, path)
    assert path.stat().st_size > 0


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "read_only"
    place.mkdir()
    if os.geteuid():
        place.chmod(0o500)
        yield place
        return
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("root may write everywhere, and may not mount a tmpfs here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize(("name", "write"), [*WRITERS.items(), ("corpus", FOLDER), (".", FOLDER)])
def test_a_place_that_is_only_read_is_named(archive: Archive, read_only: Path, name: str, write: Writer) -> None:
    with pytest.raises(UsageError, match=r"(Read-only file system|Permission denied)$"):
        write(archive, read_only / name)


@pytest.mark.parametrize("name", ["file", "file/corpus", "link", "\0", "ن" * 130])
def test_a_data_set_needs_a_folder(archive: Archive, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to("link")
    with pytest.raises(UsageError):
        FOLDER(archive, tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_of_something_else_is_left_as_it_was(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Articles, "_in_steps", lambda *_, **__: pytest.fail("rows were asked for first"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="something else"):
        FOLDER(archive, tmp_path / "own")
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["notes.txt"]


def test_two_do_not_write_in_one_folder(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    with (folder / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RetryLater, match="another process writes"):
            FOLDER(archive, folder)
    FOLDER(archive, folder)
    assert not (folder / LOCK).exists()


def test_a_file_that_was_taken_away_is_written_again(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    FOLDER(archive, folder)
    (some, *_) = folder.glob("data/*.parquet")
    content = some.read_bytes()
    some.unlink()
    FOLDER(archive, folder)
    assert some.read_bytes() == content


# Kills itself at the first, second, … change of a file in the folder, until none is left to be killed at.
KILLS = """
import os, signal, sys
from pathlib import Path
import pyarrow as pa
from storage.read.query import Answer
from warraq.api.export.dataset_card import Described
from warraq.api.export.dataset_folder import write_dataset_folder
folder = Path(sys.argv[1])
CHANGES = {"open", "os.mkdir", "os.rename", "os.remove"}
ROWS = pa.table({"article_id": list("abcde"), "story_id": list("aacde")})
SAID = Described("articles", {}, "cited", "nothing", "2024-12-01T00:00:00Z", {})

def export(target, kill_at):
    met = 0
    def look(event, args):
        nonlocal met
        if event in CHANGES and str(args[0]).startswith(str(target)):
            met += 1
            if met == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)
    rows = Answer(ROWS.schema, iter(ROWS.to_batches(max_chunksize=2)))
    write_dataset_folder(rows, target, described=SAID, shares={"train": 0.5, "test": 0.5}, shard_rows=2)

def child(target, kill_at=0):
    pid = os.fork()
    if not pid:
        try:
            export(target, kill_at)
        except BaseException as error:
            print(kill_at, repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def files(target):
    return {str(path.relative_to(target)): path.read_bytes() for path in target.rglob("*") if path.is_file()}

assert child(folder / "whole") == 0
kills = 0
while True:
    target = folder / f"killed{kills + 1}"
    ended = child(target, kills + 1)
    if ended == 0:
        break
    assert ended == -signal.SIGKILL
    assert not (target / "README.md").exists() or files(target)["README.md"] == files(folder / "whole")["README.md"]
    kills += 1
    assert child(target) == 0, kills
    assert files(target) == files(folder / "whole"), kills
print(kills)
"""


@pytest.mark.kills
def test_a_data_set_goes_on_wherever_its_writer_was_killed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", KILLS, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15
    assert sum(pq.read_table(path).num_rows for path in tmp_path.glob("whole/data/*.parquet")) == 5
