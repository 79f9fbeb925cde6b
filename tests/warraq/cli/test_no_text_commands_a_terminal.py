"""Whatever strangers wrote, no command's output holds a sign that moves a cursor, colours a screen or turns a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from storage.model.records import LinkRecord
from storage.objects.open import open_store
from storage.read.release.documents import Credit
from storage.read.release.making import make_release
from storage.read.release.releases import Month
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows, StagedRun
from tests.fixtures.demo_runs import NEXT_DAY, SITE, pages
from tests.fixtures.raw_runs import RUN, exchange, link, write_round
from tests.fixtures.rows import records
from warraq.cli.main import main
from warraq.pipeline.extract import extract_run

# ESC, BEL, C1's CSI and NEL, backspace, DEL, a line's end, an override, an embedding, an isolate that never ends.
NASTY = "\x1b[31m\x07\x9b2J\x85\x08\x7f\n\u202e\u202a\u2067"
COMMANDING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]")
KEPT = {"run_id", "portal", "article_id", "edition_id", "link_id", "language", "verdict", "outcome", "country", "key"}
KEPT |= {"published_precision", "published_source", "source", "payload_sha256", "extractor_version", "outcomes"}
DAY = ("--from", "2024-12-25", "--to", "2024-12-26")
T = TypeVar("T")


def nasty(value: T) -> T:
    """A record whose every free text ends in what commands a terminal."""
    changed: dict[str, Any] = {}
    for one in fields(value):  # type: ignore[arg-type]
        found = getattr(value, one.name)
        if is_dataclass(found):
            changed[one.name] = nasty(found)
        elif one.name in KEPT:
            continue
        elif type(found) is str:
            changed[one.name] = found + NASTY
        elif isinstance(found, tuple) and found and all(type(text) is str for text in found):
            changed[one.name] = tuple(text + NASTY for text in found)
    return replace(value, **changed)  # type: ignore[type-var]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Two runs, one with rows that hold such text in all they say, one staged that the audit refuses; a release."""
    folder = tmp_path_factory.mktemp("nasty")
    settings = read_settings({"WARRAQ_ARCHIVE": str(folder / "archive"), "WARRAQ_CACHE": str(folder / "cache")})
    store, tables = open_store(settings), open_tables(settings)
    lost: list[LinkRecord] = [nasty(link(f"http://127.0.0.1/{number}", outcome="http_5xx")) for number in range(4)]
    body = SITE.page(1).body.replace(b"</title>", f"{NASTY}</title>".encode()).replace(b"<h1>", f"<h1>{NASTY}".encode())
    page = exchange(f"{SITE.base_url}/a{NASTY}", body, X_Header=NASTY.replace("\n", ""), Server="\x1b[31m")
    write_round(store, [page, *pages(2)], spool=settings.cache, others=lost)
    extract_run(RUN, settings)
    editions, fetches, row = records(RUN, 3, lost=2)
    rows = RecordRows(RUN, [nasty(one) for one in editions], [nasty(one) for one in fetches], nasty(row))
    tables.replace_run(RUN, rows)
    write_round(store, [], spool=settings.cache, run=NEXT_DAY, others=lost)
    StagedRun(store, NEXT_DAY).write([], [], nasty(records(NEXT_DAY, 0, lost=4)[2]))
    (settings.cache / "spill").mkdir(parents=True)
    credit = Credit(creator=f"سلمى{NASTY}", licence=f"CC{NASTY}")
    now = datetime(2025, 2, 1, tzinfo=UTC)
    month = Month.parse("2024-12", now=now)
    make_release(tables, month, now=now, code_version="1", spill=settings.cache / "spill", credit=credit)
    yield settings


def edition_of(settings: Settings) -> tuple[str, str]:
    (row, *_) = open_tables(settings).scan("articles").to_pylist()
    return row["article_id"], row["url"]


WORDS = {
    "actions": [()],
    "acknowledge": [("demo", "--by", f"x{NASTY}"), ("demo", "--json")],
    "alert": [(), ("--json",)],
    "check": [(f"demo{NASTY}",)],
    "coverage": [("demo", *DAY), ("--json", *DAY)],
    "doctor": [()],
    "export": [(*DAY, "--output", f"{{out}}/a{NASTY}.csv"), (*DAY, "--output", "{out}/b.jsonl")],
    "extract": [(str(RUN),), (f"demo{NASTY}",)],
    "extract-file": [("{page}",), ("{page}", "--json"), (f"/nowhere{NASTY}",)],
    "files": [(*DAY,), (f"--portal=x{NASTY}",)],
    "health": [(), ("demo",)],
    "import": [("{page}", "--portal", "demo")],
    "learn-lines": [("demo", *DAY)],
    "maintain": [()],
    "mend": [(f"/nowhere{NASTY}",)],
    "move": [()],
    "overview": [(), ("demo",), (str(RUN),), ("{id}",)],
    "portals": [(), ("demo",), (f"demo{NASTY}",)],
    "publish": [(str(NEXT_DAY),)],
    "query": [
        ("SELECT * FROM articles", "--format", "table"),
        ("SELECT title, url FROM articles", "--format", "table"),
        ("SELECT * FROM fetches", "--format", "table"),
        ("SELECT * FROM runs", "--format", "table"),
        (f'SELECT 1 AS "a{NASTY}"', "--format", "table"),
        ("SELECT * FROM editions", "--json"),
        (f"SELECT {NASTY}",),
        ("SELECT error(title) FROM articles",),
    ],
    "receipt": [("{id}", "--out", f"{{out}}/r{NASTY}"), ("{url}",), (f"x{NASTY}",)],
    "reextract": [("--portal", "demo", *DAY)],
    "release": [(), ("2024-12",), ("2024-12", "--creator", f"x{NASTY}")],
    "remove": [("--list",), (f"http://127.0.0.1/{NASTY}", "--dry-run"), ("{url}", "--dry-run")],
    "report": [("demo", "--month", "2024-12", "--output", f"{{out}}/report{NASTY}.html")],
    "search": [("المدينة",), ("المدينة", "--json"), (f'"{NASTY}',)],
    "series": [("المدينة", *DAY)],
    "show": [("{id}",), ("{id}", "--history"), ("{url}",), (f"http://x{NASTY}",)],
    "silence": [
        ("demo", "--until", "14d", "--reason", f"x{NASTY}", "--by", f"y{NASTY}"),
        ("--list",),
        ("demo", "--lift"),
    ],
    "verdict": [(str(RUN), "{url}", "accept", "--note", f"x{NASTY}", "--by", f"y{NASTY}"), ("demo",)],
    "verify": [(), ("--portal", "demo")],
    "why": [("{id}",), (str(RUN),), (str(NEXT_DAY),), ("{url}",), ("demo", "2024-12-25")],
}
# They start servers, ask sites, or have a live portal; what they print is the words of others above.
ELSEWHERE = {"airflow", "archive", "backfill", "crawl", "demo", "demo-portal", "new-portal", "up"}


def test_every_command_is_looked_at() -> None:
    from warraq.cli.main import CommandFolder

    assert set(CommandFolder(name="warraq").modules()) == WORDS.keys() | ELSEWHERE


@pytest.mark.parametrize("name", WORDS)
def test_no_text_commands_a_terminal(
    name: str,
    archive: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", archive.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(archive.cache))
    monkeypatch.setenv("COLUMNS", "200")
    article, url = edition_of(archive)
    page = tmp_path / "page\x1b[31m.html"
    page.write_bytes(SITE.page(3).body.replace(b"<h1>", f"<h1>{NASTY}".encode()))
    filled = {"out": str(tmp_path), "id": article, "url": url, "page": str(page)}
    for words in WORDS[name]:
        named = [re.sub(r"\{(out|id|url|page)\}", lambda match: filled[match[1]], word) for word in words]
        with pytest.raises(SystemExit):
            main([name, *named])
        out, err = capfd.readouterr()
        told = f"{name} {words}"
        out = out.replace("\r\n", "\n")  # of CSV
        assert not COMMANDING.search(out), f"{told}: {COMMANDING.search(out)} in {out!r}"
        assert not COMMANDING.search(err), f"{told}: {COMMANDING.search(err)} in {err!r}"
        assert "Traceback" not in err
