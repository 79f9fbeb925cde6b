"""Damaged objects, which verify has to name, and mutated pages, which extraction has to survive."""

from __future__ import annotations

import random
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
    for _ in range(count):
        told, kept = _damage(objects, keys, chooser)
        score.counts[f"corruptions: {told.split()[0]}"] += 1
        found = problems(settings)
        score.expect(f"missed: {told}", bool(found))
        names = [key.rpartition("/")[2] for key in kept]
        score.counts["corruptions: named by their key"] += any(name in line for line in found for name in names)
        for key, data in kept.items():
            objects.put(key, data)
    score.sound("after corruptions", settings)


def _damage(objects: LocalStore, keys: list[str], chooser: random.Random) -> tuple[str, dict[str, bytes]]:
    """What was done, and the objects as they were."""
    key = chooser.choice(keys)
    data = objects.get(key)
    kind = chooser.choice(("flipped", "flipped", "deleted", "swapped"))
    others = [one for one in keys if one.split("/")[0] == key.split("/")[0] and objects.get(one) != data]
    if kind == "swapped" and others:
        other = chooser.choice(others)
        kept = {key: data, other: objects.get(other)}
        objects.put(key, kept[other])
        objects.put(other, data)
        return f"swapped {key} and {other}", kept
    if kind == "deleted" and not key.startswith(MAY_GO):
        objects.delete(key)
        return f"deleted {key}", {key: data}
    at = chooser.randrange(len(data))
    objects.put(key, data[:at] + bytes([data[at] ^ 1 << chooser.randrange(8)]) + data[at + 1 :])
    return f"flipped byte {at} of {key}", {key: data}


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
