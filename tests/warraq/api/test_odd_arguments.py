"""What is no argument is a UsageError of one line: no accident further in, and no answer to something else."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import warraq
from storage.errors import UsageError
from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id
from warraq.api.archive import Archive

pandas = pytest.importorskip("pandas")
numpy = pytest.importorskip("numpy")

FILTERS = ("portal", "country", "columns", "text", "agency", "language", "licence", "since", "until")
SWITCHES = ("word", "exclude_opt_out", "one_per_story")
NO_TEXTS = (5, 1.5, b"x", object(), [5], float("nan"))
NO_NUMBERS = (1.5, "x", "3", None, [5], float("nan"))
NO_PATHS = (5, None, "", b"x", [5], ".csv", "x/.WACZ", ".png", Path(".parquet"))
NO_TIMES = (
    pandas.NaT,
    numpy.datetime64("2024-12-01"),
    datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=5))),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
    "٢٠٢٤-١٣-٠١",
    "2024-13-01",
    "",
    5,
)
Ask = Callable[[Archive, Any], object]


def folder(archive: Archive, **more: Any) -> object:
    return archive.articles().to_dataset(archive.connections.settings.cache / "folder", **more)


ASKED: dict[str, tuple[Ask, tuple[object, ...]]] = {
    **{name: (lambda a, odd, name=name: a.articles(**{name: odd}), NO_TEXTS) for name in FILTERS},
    **{name: (lambda a, odd, name=name: a.articles(**{name: odd}), ("no", None, 0, 1)) for name in SWITCHES},
    "a column twice": (lambda a, odd: a.articles(columns=odd), (["title", "title"], ["url", "title", "url"])),
    "as_of": (lambda a, odd: warraq.open_archive(as_of=odd), NO_TIMES),
    "uri": (lambda a, odd: warraq.open_archive(odd), (5, b"x", "a\0b", [5])),
    "agency without a word": (lambda a, odd: a.articles(agency=odd), ("", " ", "؟", "\0")),
    "language, licence": (lambda a, odd: a.articles(language=odd, licence=odd), ("", " ")),
    "until": (lambda a, odd: a.articles(until=odd), NO_TIMES),
    "article": (lambda a, odd: a.article(odd), (*NO_TEXTS, None)),
    "series": (lambda a, odd: a.series(odd), (*NO_TEXTS, None, "", [])),
    "series by": (lambda a, odd: a.series("خبر", by=odd), (*NO_TEXTS, None)),
    "series group": (lambda a, odd: a.series("خبر", group=odd), NO_TEXTS),
    "series share": (lambda a, odd: a.series("خبر", share=odd), ("no", None, 0, 1)),
    "search": (lambda a, odd: a.search(odd), (*NO_TEXTS, None, "")),
    "search limit": (lambda a, odd: a.search("خبر", limit=odd), (*NO_NUMBERS, -1, 10**12)),
    "search offset": (lambda a, odd: a.search("خبر", offset=odd), (*NO_NUMBERS, -1, 10**12)),
    "search sort": (lambda a, odd: a.search("خبر", sort=odd), (*NO_TEXTS, None)),
    "search scan": (lambda a, odd: a.search("خبر", scan=odd), ("no", None)),
    "counts": (lambda a, odd: a.search("خبر").counts(odd), (*NO_TEXTS, None, "", "portal,portal")),
    "first_report": (lambda a, odd: a.first_report(odd), (*NO_TEXTS, None, "")),
    "first_report story": (lambda a, odd: a.first_report(story=odd), (*NO_TEXTS, None, "")),
    "first_report limit": (lambda a, odd: a.first_report("خبر", limit=odd), (*NO_NUMBERS, -1)),
    "sql": (lambda a, odd: a.sql(odd), (*NO_TEXTS, None, "")),
    "sql values": (lambda a, odd: a.sql("SELECT ?", odd), (5, "5", None, {"x": 1}, [])),
    "stories": (lambda a, odd: a.stories(within_days=odd), (*NO_NUMBERS, -1, 0, 10**30)),
    "stories of": (lambda a, odd: a.stories(least_copies=odd), (*NO_NUMBERS, -1, 10**30)),
    "sample": (lambda a, odd: a.articles().sample(odd), (*NO_NUMBERS, -1, 10**12)),
    "seed": (lambda a, odd: a.articles().sample(1, seed=odd), NO_NUMBERS),
    "batches": (lambda a, odd: list(a.articles().batches(batch_rows=odd)), (*NO_NUMBERS, 0, -1, 10**12)),
    "folder": (lambda a, odd: a.articles().to_dataset(odd), (*NO_PATHS, "x.wacz", "x.csv", "x.zip")),
    "folder seed": (lambda a, odd: folder(a, seed=odd), NO_NUMBERS),
    "folder shard_rows": (lambda a, odd: folder(a, shard_rows=odd), (*NO_NUMBERS, 0)),
    "folder shares": (lambda a, odd: folder(a, shares=odd), (5, [("train", 1)], {}, "x")),
    "folder share": (lambda a, odd: folder(a, shares={"train": odd}), ("1", float("nan"), -1, 2, None)),
    "folder split": (lambda a, odd: folder(a, shares={"train": 1, odd: 0}), (5, "a/b", "تدريب", None)),
    "wacz": (lambda a, odd: a.articles().to_wacz(odd), (*NO_PATHS, "x.csv", "x.zip", "x.wacz.gz", "no/x.wacz")),
    "plot": (lambda a, odd: a.series("خبر").plot(odd), (*NO_PATHS, "x.wacz", "no/x.png")),
}


@pytest.fixture
def archive(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    run = run_id("almasaa")
    open_tables(read_settings()).replace_run(run, RecordRows(run, *records(run, 3)))
    with warraq.open_archive() as found:
        yield found


@pytest.mark.parametrize("what", ASKED)
def test_it_is_told_as_such(archive: Archive, tmp_path: Path, what: str) -> None:
    ask, oddities = ASKED[what]
    for odd in oddities:
        try:
            answered = ask(archive, odd)
        except UsageError as error:
            assert "\n" not in str(error)
        else:
            pytest.fail(f"{odd!r} for {what} gave {answered!r}")
    assert not (tmp_path / "cache" / "folder").exists()


def test_numbers_and_times_of_other_libraries_are_taken(archive: Archive) -> None:
    articles = archive.articles(since=pandas.Timestamp("2024-12-01"), portal=numpy.array(["almasaa"]))
    assert articles.sample(numpy.int64(1), seed=numpy.int32(2)).count() == 1
    assert len(list(articles.batches(batch_rows=numpy.int64(1)))) == 3


def test_an_empty_list_is_not_taken_for_all(archive: Archive, tmp_path: Path) -> None:
    for ask in (
        lambda: archive.articles(portal=[]),
        lambda: archive.articles(country=()),
        lambda: archive.search("المدينة", portal=[]),
        lambda: archive.series("المدينة", country=[]),
    ):
        with pytest.raises(UsageError, match="an empty list names none"):
            ask()
    with pytest.raises(UsageError, match="nothing is selected"):
        archive.articles(since="2030-01-01").to_dataset(tmp_path / "empty")
    assert not (tmp_path / "empty").exists()


UNKNOWN: dict[str, tuple[Callable[[Archive], object], str]] = {
    "articles": (lambda a: a.articles(portals="almasaa"), "did you mean portal? It has portal, country, since"),
    "editions": (lambda a: a.editions(langauge="ar"), "did you mean language? It has portal"),
    "search": (lambda a: a.search("خبر", ofset=2), "did you mean offset? It has query, portal"),
    "series": (lambda a: a.series("خبر", xyz=1), "It has term, by"),
    "open_archive": (lambda a: warraq.open_archive(catalogue="x"), "did you mean catalog? It has uri"),
    "answer": (lambda a: a.articles().answer(batch_row=5), "did you mean batch_rows? It has batch_rows"),
    "counts": (lambda a: a.search("خبر").counts(buy="month"), "did you mean by? It has by"),
    "plot": (lambda a: a.series("خبر").plot("x.png", titel="خبر"), "did you mean title? It has path"),
    "sample": (lambda a: a.articles().sample(5, sead=1), "did you mean seed? It has n, seed"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_argument_is_told_with_those_that_are_near(name: str, archive: Archive) -> None:
    ask, remedy = UNKNOWN[name]
    called = "articles" if name == "editions" else name
    with pytest.raises(UsageError, match=rf"^{called}\(\) has no argument '\w+'$") as told:
        ask(archive)
    assert isinstance(told.value, TypeError)
    assert told.value.remedy.startswith(remedy)


def test_what_checks_the_names_tells_the_signature_as_it_is() -> None:
    assert list(inspect.signature(Archive.stories).parameters) == ["self", "within_days", "least_copies"]
