"""Near copies are told as one story: a planted set of texts with what portals do to a wire report."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import duckdb
import pytest

from storage.model.records import Edition
from storage.read.query import connect
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, run_id, run_row

PORTALS = ("almasaa", "raya", "hudhud")
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
CHANGES = ("same", "paragraph less", "paragraph more", "agency first", "words changed", "undated", "last replaced")


def publish(settings: Settings, rows: dict[str, list[Edition]], *, day: int = 25) -> None:
    for portal, editions in rows.items():
        run, fetches = run_id(portal, day), [fetch(row) for row in editions]
        open_tables(settings).replace_run(run, RecordRows(run, editions, fetches, run_row(run, fetches)))


class Planted:
    """Stories and their copies; which article is of which story."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = ["".join(self.random.choices(LETTERS, k=self.random.randint(3, 7))) for _ in range(4000)]
        self.rows: dict[str, list[Edition]] = {portal: [] for portal in PORTALS}
        self.story_of: dict[str, int] = {}

    def paragraph(self) -> str:
        return " ".join(self.random.choices(self.words, k=self.random.randint(18, 45))) + "."

    def add(self, paragraphs: list[str], story: int, *, dated: bool = True, agency: str | None = None) -> str:
        portal = self.random.choice(PORTALS)
        row = edition(run_id(portal), len(self.story_of))
        at = row.text.published_at if dated else None
        text = replace(row.text, title="خبر", body="\n".join(paragraphs), published_at=at, agency=agency)
        self.rows[portal].append(replace(row, text=text))
        self.story_of[row.article_id] = story
        return row.article_id

    def copy(self, paragraphs: list[str], change: str) -> list[str]:
        texts = list(paragraphs)
        if change == "paragraph less":
            texts.pop(self.random.randrange(len(texts)))
        elif change == "paragraph more":
            texts.insert(self.random.randrange(len(texts)), self.paragraph())
        elif change == "agency first":
            texts[0] = f"رويترز - {texts[0]}"
        elif change == "words changed":
            texts[0] = " ".join("كلمة" if n % 9 == 0 else word for n, word in enumerate(texts[0].split()))
        elif change == "last replaced":
            texts[-1] = self.paragraph()
        return texts


def test_copies_are_found_and_nothing_else(local_settings: Settings) -> None:
    planted = Planted(7)
    for story in range(60):
        base = [planted.paragraph() for _ in range(planted.random.randint(4, 8))]
        planted.add(base, story)
        for change in planted.random.sample(CHANGES, k=3):
            planted.add(planted.copy(base, change), story, dated=change != "undated")
    publish(local_settings, planted.rows)
    rows = connect(local_settings).execute("SELECT story_id, article_id FROM stories").fetchall()
    assert len(rows) == len(planted.story_of)

    def pairs(labels: dict[str, object]) -> set[frozenset[str]]:
        groups: dict[object, list[str]] = {}
        for article, label in labels.items():
            groups.setdefault(label, []).append(article)
        return {frozenset(pair) for members in groups.values() for pair in combinations(members, 2)}

    found, right = pairs({article: story for story, article in rows}), pairs(dict(planted.story_of))
    assert len(found & right) / len(right) >= 0.95
    assert len(found & right) / len(found) >= 0.99


def test_a_story_is_its_earliest_article_and_inherits_the_agency(local_settings: Settings) -> None:
    planted = Planted(1)
    base = [planted.paragraph() for _ in range(4)]
    first = planted.add(base, 0)
    planted.add(base, 0, agency="رويترز")
    undated = planted.add(base, 0, dated=False)
    other = planted.add([planted.paragraph()], 1)
    short = [planted.add(["نص قصير جدا"], 2), planted.add(["نص قصير جدا"], 2)]
    publish(local_settings, planted.rows)
    con = connect(local_settings)
    rows = con.execute(
        "SELECT place, article_id, copies, story_agency FROM stories WHERE story_id = ? ORDER BY 1", [first]
    )
    told = rows.fetchall()
    assert [(place, copies, agency) for place, _, copies, agency in told] == [(n, 3, "رويترز") for n in (1, 2, 3)]
    assert told[-1][1] == undated
    assert con.execute("SELECT copies FROM stories WHERE article_id = ?", [other]).fetchall() == [(1,)]
    assert con.execute("SELECT copies FROM stories WHERE article_id = ?", [short[0]]).fetchall() == [(2,)]
    # Days apart, the same words are another story.
    assert con.execute("SELECT count(DISTINCT story_id) FROM stories_within(within_days := 0.00001)").fetchall() == [
        (6,)
    ]
    for none in (0, -1):  # of what span nobody can say
        with pytest.raises(duckdb.Error, match="a number of days above 0"):
            con.execute("SELECT * FROM stories_within(within_days := ?)", [none]).fetchall()
