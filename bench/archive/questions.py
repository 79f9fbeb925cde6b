"""The ten questions of docs/how_to/answer_questions.md: how many lines each takes, and how many seconds."""

from __future__ import annotations

import contextlib
import functools
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import warraq
from bench.archive.findings import YEAR, best, settings_in
from bench.markdown_tables import Column, markdown_table
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.settings import Settings
from tests.fixtures.raw_runs import NOON, exchange, write_round
from warraq.api.search_index import keep_index
from warraq.demo.portal import DemoSite
from warraq.demo.site import words
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run

PAGE = Path(__file__).parents[2] / "docs/how_to/answer_questions.md"
_BLOCK = re.compile(
    r"^## \d+\. (?P<title>[^\n]+)$|^```(?P<language>python|sql) (?P<name>\w+)\n(?P<code>.*?)^```", re.M | re.S
)
# Words that the demo portal's articles have, for those of the page.
WORDS = {
    "سد النهضة": words.GOODS[0],
    "انتخابات": words.THEMES[0],
    "الضفة": words.REGIONS[0],
    "مستوطنة": words.GOODS[1],
    "مستعمرة": words.GOODS[2],
}
CHANGED = 10  # one of so many pages is archived again on the next day, changed
COLUMNS = (
    Column("lines of Python", "python_lines", "{}"),
    Column("s", "python_seconds", "{:.2f}"),
    Column("lines of SQL", "sql_lines", "{}"),
    Column("s", "sql_seconds", "{:.2f}"),
    Column("rows", "rows", "{:,}"),
)


@dataclass(frozen=True)
class Block:
    """A question's answer in one language."""

    title: str
    name: str
    language: str
    code: str


def blocks() -> Iterator[Block]:
    """All of the page, in its order."""
    title = ""
    for match in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        title = match["title"] or title
        if match["code"]:
            yield Block(title, match["name"], match["language"], match["code"])


def questions(folder: Path, *, pages: int, rounds: int) -> list[str]:
    """A table of all questions, each asked of an archive just opened, and what it was measured on."""
    settings = _archived(folder, pages=pages)
    rows: dict[str, dict[str, object]] = {}
    for block in blocks():
        code = block.code
        for word, known in WORDS.items():
            code = code.replace(word, known)
        ask = functools.partial(_ask, settings, block.language, code, folder)
        row = rows.setdefault(block.title, {})
        row[f"{block.language}_lines"] = len(code.splitlines())
        row[f"{block.language}_seconds"] = best({block.name: ask}, rounds=rounds)[block.name] / 1000
        if block.language == "sql":
            row["rows"] = ask()
    return [
        f"The questions of [answer_questions.md](../how_to/answer_questions.md), asked of {pages:,} pages of the demo "
        f"portal, {pages // CHANGED:,} of them archived again a day later with another text. The words asked for are "
        f"some that its articles have; near copies it has none. Seconds with opening the archive, best of {rounds}; "
        "rows are those of the SQL; the last is asked of a directory.",
        "",
        *markdown_table(list(rows.items()), COLUMNS, first="question"),
    ]


def _ask(settings: Settings, language: str, code: str, folder: Path) -> int:
    """Answer it in an empty directory; rows of an answer in SQL."""
    with (
        tempfile.TemporaryDirectory(dir=folder) as place,
        contextlib.chdir(place),
        warraq.open_archive(settings.archive) as archive,
    ):
        if language == "sql":
            return archive.sql(code).num_rows
        exec(code, {"archive": archive, "warraq": warraq})
        return 0


def _archived(folder: Path, *, pages: int) -> Settings:
    settings = settings_in(folder)
    settings.cache.mkdir(parents=True, exist_ok=True)
    site = DemoSite(articles=pages, first_day=NOON.date(), days=1)
    for day, numbers in enumerate((range(pages), range(0, pages, CHANGED))):
        run = RunId.parse(f"demo/{YEAR}-12-{25 + day}T00Z--{YEAR}-12-{26 + day}T00Z")
        captured = [
            exchange(
                site.base_url + site.path(site.card(number)),
                site.page(number, edition=day).body,
                at=NOON + timedelta(days=day),
            )
            for number in numbers
        ]
        write_round(open_store(settings), captured, spool=settings.cache, run=run)
        extract_run(run, settings)
        publish_run(run, settings)
    with warraq.open_archive(settings.archive) as archive:
        keep_index(archive.connections)
    return settings
