"""A store that stumbles and restarts, and disks that are full: of bytes, of inodes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from bench.attack.deaths import undisturbed
from bench.attack.places import in_bucket, in_directory, serving_s3
from bench.attack.processes import Words, Zygote
from bench.attack.score import WELL, Score
from bench.attack.story import commands, environ_of, files
from storage.errors import RetryLater
from storage.objects.object_copy import copy_objects
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from tests.fixtures.demo_runs import SITE
from tests.fixtures.s3_proxy import Delay, Fault, LoseAnswer, Refuse, Reset, S3Proxy
from tests.fixtures.s3_server import S3Server

FAULT_SHARE = 0.03
TRIES = 40
RESTART_SECONDS = (15.0, 45.0)  # a command has to end in between
DISK = "size=96m,nr_inodes=6000"


def chaos(folder: Path, chooser: random.Random, score: Score, forks: Zygote) -> None:
    """The story on a store that answers with errors or late, loses answers, cuts connections and restarts."""
    warcs = files(folder)
    story = commands(warcs)
    expected, _ = undisturbed(in_directory(folder, "undisturbed"), story, forks, score)
    faults: list[Fault] = [Refuse(503, "SlowDown"), Refuse(500, "InternalError"), LoseAnswer(), Reset(), Delay(1.0)]

    def judge(_method: str, _path: str) -> Fault | None:
        return chooser.choice(faults) if chooser.random() < FAULT_SHARE else None

    with serving_s3(folder) as server:
        settings = in_bucket(folder, server, "chaos")
        proxy = S3Proxy(server, judge)
        with proxy.running() as endpoint, _restarting(server, chooser, score):
            os.environ["AWS_ENDPOINT_URL"] = endpoint
            for words in [*story, *_reading(folder)]:
                score.finish(lambda words=words: forks.run(words, environ_of(settings)), tries=TRIES)  # type: ignore[misc]
            copied = _copied(folder, server, settings)
            os.environ["AWS_ENDPOINT_URL"] = endpoint
            score.finish(lambda: forks.run(("move",), environ_of(copied)), tries=TRIES)
        score.counts["faults of the store"] += proxy.faults
        for told, one in (("after chaos", settings), ("after chaos, moved", copied)):
            os.environ["AWS_ENDPOINT_URL"] = server.endpoint
            score.compare(told, read_settings(environ_of(one)), expected)


def _reading(folder: Path) -> list[Words]:
    """Commands that read, and end as well on such a store."""
    return [
        ("receipt", SITE.base_url + SITE.path(SITE.card(2)), "--out", str(folder / "receipt.json")),
        ("export", "--output", str(folder / "export.jsonl")),
        ("export", "--output", str(folder / "export.wacz")),
        ("query", "SELECT count(*) FROM articles"),
    ]


def _copied(folder: Path, server: S3Server, settings: Settings) -> Settings:
    """The archive copied to another place of the bucket by other means than ours."""
    os.environ["AWS_ENDPOINT_URL"] = server.endpoint
    copied = replace(settings, archive=f"{settings.archive}-copied", catalog=f"sqlite:///{folder}/copied.db")
    for _ in range(TRIES):
        with suppress(RetryLater):  # it restarts now and then
            copy_objects(open_store(settings), open_store(copied), scratch=folder / "copying")
            break
    shutil.copy(folder / "chaos.db", folder / "copied.db")
    return copied


@contextmanager
def _restarting(server: S3Server, chooser: random.Random, score: Score) -> Iterator[None]:
    """The server is stopped and started again now and then, until the block ends."""
    done = threading.Event()

    def restart() -> None:
        while not done.wait(chooser.uniform(*RESTART_SECONDS)):
            server.stop()
            server.start()
            score.counts["restarts of the store"] += 1

    thread = threading.Thread(target=restart)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def full(folder: Path, chooser: random.Random, score: Score, forks: Zygote, *, times: int) -> None:
    """Each command meets a full disk, then one without inodes; with room again, the same command ends it."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(disk)], check=False).returncode:
        score.failures.append("full: this machine may not mount a tmpfs")
        return
    try:
        warcs = files(folder)
        story = commands(warcs)
        expected, _ = undisturbed(in_directory(folder, "undisturbed"), story, forks, score)
        settings = replace(in_directory(disk, "full"), cache=disk / "cache")
        scratch = disk / "scratch"
        scratch.mkdir()
        environ = environ_of(settings) | {"TMPDIR": str(scratch)}
        for words in story:
            is_done = False
            for fill in [_fill_bytes, _fill_inodes] * times:
                if not is_done:
                    with fill(disk, chooser) as what:
                        ended = forks.run(words, environ)
                    is_done = ended.code in WELL
                    score.counts[f"{what}: commands"] += 1
                    score.counts[f"{what}: stopped by it"] += not is_done
                    score.no_traceback(ended)
            if not is_done:
                score.finish(lambda words=words: forks.run(words, environ))  # type: ignore[misc]
        score.compare("after full disks", settings, expected)
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@contextmanager
def _fill_bytes(disk: Path, chooser: random.Random) -> Iterator[str]:
    """All but a few kilobytes of a disk taken, until the block ends."""
    left = int(10 ** chooser.uniform(0, 5.7))
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    with ballast.open("wb") as file, suppress(OSError):
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - left)))
    try:
        yield "disks without room"
    finally:
        ballast.unlink()


@contextmanager
def _fill_inodes(disk: Path, chooser: random.Random) -> Iterator[str]:
    """All but a few files of a disk taken, until the block ends."""
    left, folder = int(10 ** chooser.uniform(0, 2)), disk / "inodes"
    folder.mkdir()
    made: list[Path] = []
    make: Callable[[int], Path] = lambda number: folder / str(number)  # noqa: E731
    with suppress(OSError):
        while os.statvfs(disk).f_favail > left:
            made.append(make(len(made)))
            made[-1].touch()
    try:
        yield "disks without inodes"
    finally:
        for path in made:
            path.unlink(missing_ok=True)
        folder.rmdir()
