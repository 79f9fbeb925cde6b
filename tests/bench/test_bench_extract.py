"""The extraction benchmark keeps off the network and judges outside pages by what their gold knows."""

from __future__ import annotations

import gzip
import json
import socket
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.extract.cases import Case, demo_cases, outside_cases
from bench.extract.extractors import BASELINE, Extractor
from bench.extract.measures import Gold, Prediction, judge
from bench.extract.offline import offline
from bench.extract.run import OUTSIDE, _claims, measure
from storage.errors import UsageError


def fetching(case: Case) -> Prediction:
    """As libraries do that fetch the pictures of a page."""
    try:
        urllib.request.urlopen("http://127.0.0.1:9/picture.jpg", timeout=600)
    except OSError:
        return Prediction(title="kept going")
    return Prediction()


def test_a_library_that_asks_the_network_is_refused_at_once_and_goes_on() -> None:
    with offline():
        assert fetching(demo_cases(articles=1, seed=1)[0]).title == "kept going"
        with pytest.raises(OSError, match="keeps off the network"):
            socket.getaddrinfo("almizan.example", 80)
        with pytest.raises(OSError, match="keeps off the network"), socket.socket() as sock:
            sock.connect_ex(("127.0.0.1", 9))
    assert socket.getaddrinfo("127.0.0.1", 80)


def outside(folder: Path, *rows: dict[str, object]) -> Path:
    (folder / "pages").mkdir()
    known = {
        "source": "set",
        "url": "https://gull.example/1",
        "published": None,
        "optional": [],
        "with": [],
        "without": [],
    }
    for number, row in enumerate(rows):
        name = f"{number}.html.gz"
        (folder / "pages" / name).write_bytes(gzip.compress(b"<html><body><p>text</p></body></html>"))
        with (folder / "gold.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({**known, "name": name, **row}) + "\n")
    return folder


def test_outside_pages_come_by_their_source_with_what_their_gold_knows(tmp_path: Path) -> None:
    story = {"kind": "article", "title": "A", "authors": ["Nora", "Per"], "body": "one two", "with": ["one"]}
    bare = {
        "kind": "article",
        "title": None,
        "authors": None,
        "body": "one two",
        "without": ["menu"],
        "source": "other",
    }
    nobody = {"kind": "article", "title": "B", "authors": [], "body": "one"}
    listing = {"kind": "listing", "title": None, "authors": None, "body": ""}
    sets = outside_cases(outside(tmp_path, story, bare, nobody, listing))
    assert {source: len(cases) for source, cases in sets.items()} == {"set": 3, "other": 1}
    first, third, fourth = (case.gold for case in sets["set"])
    found = judge(first, Prediction("A", "one two", None, ("Per",)))
    assert (found.title, found.author, found.required, found.rejected, found.kept_out) == (1, 1, 1, 0, None)
    assert judge(third, Prediction("B", "one", None, ("Nora",))).author_false == 1
    assert (judge(fourth, Prediction()).kept_out, judge(fourth, Prediction(body="x")).kept_out) == (1, 0)
    assert judge(fourth, Prediction()).f1 is None
    unknown = judge(sets["other"][0].gold, Prediction("any", "one menu", None, ("Nora",)))
    assert (unknown.title, unknown.author, unknown.author_false, unknown.leak) == (None, None, None, 1)


def test_a_folder_without_gold_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no outside pages"):
        outside_cases(tmp_path)


def test_readme_claims_only_what_outside_pages_show_with_the_command() -> None:
    gold = Gold(title="A", body="one two", published=None, author=None)
    case = Case("1", None, b"", "text/html", datetime(2024, 12, 1, tzinfo=UTC), gold)
    peers = [
        Extractor("warraq", "warraq", lambda _: Prediction("A", "one two"), "ours"),
        Extractor(BASELINE, "trafilatura", lambda _: Prediction("B", "one"), "theirs"),
        Extractor("goose3", "goose3", lambda _: Prediction(), "not claimed"),
    ]
    results = measure([case], peers, rounds=0)
    text = _claims([("Corpus", "fitted on", results), (f"{OUTSIDE}, set", "chosen by nobody here.", results)])
    assert "fitted on" not in text
    assert "chosen by nobody here." in text
    assert "| warraq | 1.000 |" in text
    assert "goose3" not in text
    assert "make bench-extract OUTSIDE=folder" in text
    assert "listings kept out" not in text, "a column that says nothing is left out"
