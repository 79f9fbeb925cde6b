"""`make attack`: kills, simultaneous writers, a store that stumbles, corruptions, mutated pages; row for row compared.

The seed is printed; the same seed gives the same attack. Sizes are options: minutes by default, hours if asked.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.attack.story import Ended, commands, day, environ_of, files, rows, run, start
from extract.extractor import extract_article
from extract.page import Page
from storage.errors import ExitCode, WarraqError
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from tests.fixtures.demo_runs import SITE, archive, pages
from tests.fixtures.raw_runs import write_round
from tests.fixtures.s3_proxy import Fault, LoseAnswer, Refuse, Reset, S3Proxy
from tests.fixtures.s3_server import S3Server
from warraq.monitoring.verify import Selection, verify_archive
from warraq.pipeline.extract import extract_run

MAX_SECONDS = 6.0  # within which a command is killed
FAULT_SHARE = 0.03
TRIES = 12


@dataclass
class Score:
    """What an attack did and what it found: lost, doubled or missed things are failures."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def expect(self, told: str, is_so: bool) -> None:
        """Note a failure unless it is so."""
        if not is_so:
            self.failures.append(told)


def main() -> int:
    """Attack, and print the figures as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    parser.add_argument("--kills", type=int, default=1, help="of each command, on each store")
    parser.add_argument("--writers", type=int, default=4, help="that publish at one moment")
    parser.add_argument("--corruptions", type=int, default=40)
    parser.add_argument("--pages", type=int, default=300, help="mutated")
    parser.add_argument("--only", nargs="*", default=[], help="kills, writers, chaos, corruptions, pages")
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    chooser, score = random.Random(asked.seed), Score()
    attacks: dict[str, Callable[[Path], None]] = {
        "kills": lambda folder: kills(folder, chooser, score, times=asked.kills),
        "writers": lambda folder: writers(folder, score, count=asked.writers),
        "chaos": lambda folder: chaos(folder, chooser, score),
        "corruptions": lambda folder: corruptions(folder, chooser, score, count=asked.corruptions),
        "pages": lambda _folder: mutated_pages(chooser, score, count=asked.pages),
    }
    for name, attack in attacks.items():
        if not asked.only or name in asked.only:
            began = time.monotonic()
            with tempfile.TemporaryDirectory(prefix=f"warraq-attack-{name}-") as folder:
                attack(Path(folder))
            sys.stdout.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    sys.stdout.write("| attack | times |\n| --- | ---: |\n")
    for told, count in score.counts.items():
        sys.stdout.write(f"| {told} | {count:,} |\n")
    sys.stdout.write(f"| lost, doubled or missed | {len(score.failures)} |\n")
    for failure in score.failures:
        sys.stdout.write(f"FAILED {failure}\n")
    return 1 if score.failures else 0


def _settings(folder: Path, name: str) -> Settings:
    return read_settings({"WARRAQ_ARCHIVE": str(folder / name), "WARRAQ_CACHE": str(folder / f"{name}-cache")})


def _undisturbed(folder: Path, warcs: list[Path], score: Score) -> dict[str, list[str]]:
    settings = _settings(folder, "undisturbed")
    for words in commands(warcs):
        ended = run(words, environ_of(settings))
        score.expect(f"undisturbed {ended.words}: {ended.code} {ended.said[-300:]}", ended.code in (0, 3))
    return rows(settings)


def kills(folder: Path, chooser: random.Random, score: Score, *, times: int) -> None:
    """Each command killed at random moments, then run to its end; on a directory and on S3."""
    warcs = files(folder)
    expected = _undisturbed(folder, warcs, score)
    with ExitStack() as stack:
        for name, settings in _places(folder, stack):
            for words in commands(warcs):
                for _ in range(times):
                    with start(words, environ_of(settings)) as process:
                        time.sleep(chooser.uniform(0.5, MAX_SECONDS))
                        if process.poll() is None:
                            score.counts[f"kills on {name}"] += 1
                        process.kill()
                        process.communicate()
                _finish(words, settings, score)
            _compare(f"after kills on {name}", settings, expected, score)


def _places(folder: Path, stack: ExitStack) -> Iterator[tuple[str, Settings]]:
    yield "a directory", _settings(folder, "killed")
    server = S3Server(folder / "weed")
    server.folder.mkdir()
    server.start()
    stack.callback(server.stop)
    yield "S3", _s3_settings(folder, server)


def _s3_settings(folder: Path, server: S3Server) -> Settings:
    import os

    environ = {**server.environ, "WARRAQ_ARCHIVE": f"s3://{server.bucket}/attack"}
    environ |= {"WARRAQ_CATALOG": f"sqlite:///{folder}/s3.db", "WARRAQ_CACHE": str(folder / "s3-cache")}
    os.environ.update(environ)
    return read_settings(environ)


def _finish(words: tuple[str, ...], settings: Settings, score: Score, *, tries: int = 1) -> Ended:
    """Run a command until it ends well; exit 4 asks to come back."""
    for _ in range(tries):
        ended = run(words, environ_of(settings))
        if ended.code != ExitCode.RETRY_LATER:
            break
        score.counts["commands that came back"] += 1
    score.expect(f"{words}: {ended.code} {ended.said[-400:]}", ended.code in (0, 3))
    score.expect(f"{words}: a traceback: {ended.said[-600:]}", "Traceback" not in ended.said)
    return ended


def _compare(told: str, settings: Settings, expected: dict[str, list[str]], score: Score) -> None:
    found = rows(settings)
    for name, wanted in expected.items():
        lost, more = Counter(wanted) - Counter(found[name]), Counter(found[name]) - Counter(wanted)
        score.expect(f"{told}: news.{name} lost {lost.total()} rows, e.g. {str(next(iter(lost), ''))[:300]}", not lost)
        score.expect(f"{told}: news.{name} has {more.total()} more, e.g. {str(next(iter(more), ''))[:300]}", not more)
        score.counts["rows compared"] += len(wanted)
    score.expect(f"{told}: verify says {_problems(settings)[:3]}", not _problems(settings))


def _problems(settings: Settings) -> list[str]:
    try:
        months = verify_archive(settings, Selection(), workers=1)
    except WarraqError as error:
        return [error.message]
    return [problem for month in months for problem in month.problems]


def writers(folder: Path, score: Score, *, count: int) -> None:
    """Runs that list the same articles, published at one moment."""
    settings = _settings(folder, "writers")
    for number in range(count):
        found = [*pages(*range(4), minute=1440 * number), *pages(10 + number, minute=1440 * number)]
        write_round(open_store(settings), found, spool=settings.cache, run=day(number))
        extract_run(day(number), settings)
    processes = [start(("publish", str(day(number))), environ_of(settings)) for number in range(count)]
    for process in processes:
        with process:
            said, _ = process.communicate()
        score.expect(f"a writer ended with {process.returncode}: {said[-300:]}", process.returncode == 0)
        score.counts["writers at one moment"] += 1
    articles = rows(settings)["articles"]
    score.expect(f"{len(articles)} articles instead of {4 + count}", len(articles) == 4 + count)
    score.expect(f"verify says {_problems(settings)[:3]}", not _problems(settings))


def chaos(folder: Path, chooser: random.Random, score: Score) -> None:
    """The story on a store that answers with errors, loses answers and cuts connections."""
    warcs = files(folder)
    expected = _undisturbed(folder, warcs, score)
    server = S3Server(folder / "weed")
    server.folder.mkdir()
    server.start()
    faults: list[Fault] = [Refuse(503, "SlowDown"), Refuse(500, "InternalError"), LoseAnswer(), Reset()]

    def judge(_method: str, _path: str) -> Fault | None:
        return chooser.choice(faults) if chooser.random() < FAULT_SHARE else None

    try:
        settings = _s3_settings(folder, server)
        proxy = S3Proxy(server, judge)
        with proxy.running() as endpoint:
            import os

            os.environ["AWS_ENDPOINT_URL"] = endpoint
            for words in commands(warcs):
                _finish(words, settings, score, tries=TRIES)
            score.counts["faults of the store"] += proxy.faults
        os.environ["AWS_ENDPOINT_URL"] = server.endpoint
        _compare("after chaos", read_settings(environ_of(settings)), expected, score)
    finally:
        server.stop()


def corruptions(folder: Path, chooser: random.Random, score: Score, *, count: int) -> None:
    """A flipped byte or a deletion anywhere among the objects that must not go."""
    settings = _settings(folder, "corrupted")
    store = open_store(settings)
    for number in range(2):
        write_round(store, pages(*range(4 * number, 4 * number + 4)), spool=settings.cache, run=day(number))
        archive(settings, day(number))
    objects = LocalStore(Path(settings.archive))
    keys = [info.key for info in objects.list("") if not info.key.startswith(("catalog.db", "search.db"))]
    for _ in range(count):
        key = chooser.choice(keys)
        data = objects.get(key)
        if chooser.random() < 0.7 or key.startswith(("staging/", "log/raw/", "maintenance/", "alerts/", "learnt/")):
            at = chooser.randrange(len(data))
            objects.put(key, data[:at] + bytes([data[at] ^ 1 << chooser.randrange(8)]) + data[at + 1 :])
            told = f"byte {at} of {key}"
        else:
            objects.delete(key)
            told = f"{key} deleted"
        score.counts["corruptions"] += 1
        score.expect(f"missed: {told}", bool(_problems(settings)))
        objects.put(key, data)
    score.expect(f"verify says {_problems(settings)[:3]}", not _problems(settings))


def mutated_pages(chooser: random.Random, score: Score, *, count: int) -> None:
    """Pages with bytes changed, cut, doubled: each ends as an article or a rejection, and the same twice."""
    at = datetime(2024, 12, 25, 12, tzinfo=UTC)
    for _ in range(count):
        body = bytearray(SITE.page(chooser.randrange(40)).body)
        for _ in range(chooser.randrange(1, 30)):
            place = chooser.randrange(len(body))
            match chooser.randrange(4):
                case 0:
                    body[place] = chooser.randrange(256)
                case 1:
                    del body[place : place + chooser.randrange(200)]
                case 2:
                    body[place:place] = body[place : place + chooser.randrange(2000)]
                case _:
                    body[place:place] = chooser.randbytes(chooser.randrange(40))
        page = Page(body=bytes(body), captured_at=at, url=SITE.base_url + "/a", content_type="text/html", status=200)
        score.counts["mutated pages"] += 1
        try:
            score.expect("a mutated page gives two results", extract_article(page) == extract_article(page))
        except Exception as error:
            score.failures.append(f"a mutated page raises {type(error).__name__}: {error}")


if __name__ == "__main__":
    sys.exit(main())
