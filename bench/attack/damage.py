"""Damaged objects, which verify has to name, and mutated pages, which extraction has to survive."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.attack.places import in_directory
from bench.attack.score import Score, problems
from bench.attack.story import day
from extract.extractor import extract_article
from extract.page import Page
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from tests.fixtures.demo_runs import SITE, archive, pages
from tests.fixtures.raw_runs import write_round
from warraq.pipeline.extract import extract_run

# Notes come and go by nature; of the register of crawls nothing is missed while the crawl's own report is there.
TOGETHER = 8  # damages at once: each has to be named
SAVED_PAGES = Path("tests/extract/pages")
MAX_PAGE_SECONDS = 2.0  # of the processor
MAY_GO = ("staging/", "log/raw/", "maintenance/", "alerts/", "learnt/")


def corruptions(folder: Path, chooser: random.Random, score: Score, *, count: int) -> None:
    """A flipped byte, a deletion or two objects that change places, anywhere in the archive."""
    settings = in_directory(folder, "corrupted")
    store = open_store(settings)
    for number in range(2):
        write_round(store, pages(*range(3 * number, 3 * number + 3)), spool=settings.cache, run=day(number))
        archive(settings, day(number))
    write_round(store, pages(7, 8), spool=settings.cache, run=day(2))
    extract_run(day(2), settings)
    objects = LocalStore(Path(settings.archive))
    keys = [info.key for info in objects.list("") if not info.key.startswith(("catalog.db", "search/"))]
    done = 0
    while done < count:
        together: dict[str, Damage] = {}
        for _ in range(min(TOGETHER, count - done)):
            damage = _damage(objects, keys, chooser)
            if not together.keys() & damage.after.keys():
                together |= dict.fromkeys(damage.after, damage)
        damages = set(together.values())
        with _damaged(objects, damages):
            found = "\n".join(problems(settings))
        for damage in damages:
            score.counts[f"corruptions: {damage.told.split()[0]}"] += 1
            if not damage.is_named(found):  # what hides others is damaged too: once more, alone
                with _damaged(objects, {damage}):
                    alone = problems(settings)
                score.expect(f"missed: {damage.told}", bool(alone))
                score.counts["corruptions: found, and another object named"] += not damage.is_named("\n".join(alone))
        done += len(damages)
    score.sound("after corruptions", settings)


@dataclass(frozen=True, eq=False)
class Damage:
    """What was done, and the objects before and after; None: deleted."""

    told: str
    before: Mapping[str, bytes]
    after: Mapping[str, bytes | None]

    def is_named(self, found: str) -> bool:
        """Whether a problem names one of its objects."""
        return any(key in found for key in self.after)


@contextmanager
def _damaged(objects: LocalStore, damages: Collection[Damage]) -> Iterator[None]:
    """The objects damaged, until the block ends."""
    for key, data in [pair for damage in damages for pair in damage.after.items()]:
        if data is None:
            objects.delete(key)
        else:
            objects.put(key, data)
    try:
        yield
    finally:
        for key, data in [pair for damage in damages for pair in damage.before.items()]:
            objects.put(key, data)


def _damage(objects: LocalStore, keys: list[str], chooser: random.Random) -> Damage:
    """A damage that is not done yet."""
    key = chooser.choice(keys)
    data = objects.get(key)
    kind = chooser.choice(("flipped", "flipped", "deleted", "swapped"))
    others = [one for one in keys if one.split("/")[0] == key.split("/")[0] and objects.get(one) != data]
    if kind == "swapped" and others:
        other = chooser.choice(others)
        theirs = objects.get(other)
        return Damage(f"swapped {key} and {other}", {key: data, other: theirs}, {key: theirs, other: data})
    if kind == "deleted" and not key.startswith(MAY_GO):
        return Damage(f"deleted {key}", {key: data}, {key: None})
    at = chooser.randrange(len(data))
    flipped = data[:at] + bytes([data[at] ^ 1 << chooser.randrange(8)]) + data[at + 1 :]
    return Damage(f"flipped byte {at} of {key}", {key: data}, {key: flipped})


def mutated_pages(chooser: random.Random, score: Score, *, count: int) -> None:
    """Pages with bytes changed, cut, doubled: each ends soon as an article or a rejection, and the same twice."""
    at = datetime(2024, 12, 25, 12, tzinfo=UTC)
    whole = [SITE.page(number).body for number in range(40)]
    whole += [path.read_bytes() for path in sorted(SAVED_PAGES.glob("*.html"))]
    for _ in range(count):
        body = bytearray(chooser.choice(whole))
        for _ in range(chooser.randrange(1, 30)):
            place = chooser.randrange(len(body) + 1)
            match chooser.randrange(4):
                case 0:
                    body[place : place + 1] = chooser.randbytes(1)
                case 1:
                    del body[place : place + chooser.randrange(200)]
                case 2:
                    body[place:place] = body[place : place + chooser.randrange(2000)]
                case _:
                    body[place:place] = chooser.randbytes(chooser.randrange(40))
        page = Page(body=bytes(body), captured_at=at, url=SITE.base_url + "/a", content_type="text/html", status=200)
        score.counts["mutated pages"] += 1
        started = time.process_time()
        try:
            first = extract_article(page)
            seconds = time.process_time() - started
            score.expect("a mutated page gives two results", first == extract_article(page))
        except Exception as error:
            score.failures.append(f"a mutated page raises {type(error).__name__}: {error}")
            continue
        score.expect(f"a mutated page took {seconds:.1f} s", seconds < MAX_PAGE_SECONDS)
