"""docs/how_to/answer_questions.md: each question, in Python and in SQL, on an archive whose answers are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

import warraq
from bench.archive.questions import blocks
from storage.model.records import Edition, Fetch
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, run_id, run_row

BLOCKS = {(block.language, block.name): block.code for block in blocks()}
NAMES = ["first", "spread", "edits", "wire", "series", "undated", "corpus", "cite", "words", "laptop"]
DAM = "قال المتحدث إن سد النهضة سيكتمل قبل نهاية العام وإن المفاوضات مع الجانبين مستمرة حتى الآن دون اتفاق"
VOTE = "تبدأ الانتخابات المحلية غدا في ثلاث محافظات وسط إجراءات مشددة ويتنافس فيها 40 مرشحا على المقاعد"
TEXTS: list[tuple[str, int, str, dict[str, Any]]] = [
    ("raya", 1, DAM, {"agency": "رويترز"}),
    ("almasaa", 1, f"رويترز - {DAM}", {}),
    ("almasaa", 1, VOTE, {}),
    ("almasaa", 3, "أخلى الجيش مستوطنة في الضفة بعد احتجاجات الأهالي أمس الأول وفق بيان رسمي قصير", {}),
    ("raya", 3, "هدمت السلطات مستعمرة في الضفة وسط حضور عدد من الصحفيين ومراقبين دوليين صباح أمس", {}),
    (
        "raya",
        3,
        "نص بلا تاريخ عن الزراعة في الوادي وعن مواسم الحصاد فيه كما يرويها أهله منذ القدم",
        {"published_at": None},
    ),
    # What the two languages may take differently: a bad extraction, words in the title alone, and who reserved mining.
    ("raya", 3, "نص سيئ الاستخلاص عن أمور شتى في أسواق المدينة القديمة وما حولها من القرى والبلدات", {"quality": 0.2}),
    (
        "almasaa",
        3,
        "أنباء متفرقة عن شؤون محلية لا صلة لها بغيرها كما وردت في نشرة الصباح أمس الأول",
        {"title": "مستوطنة جديدة في الضفة"},
    ),
    ("raya", 1, "نقل المراسلون عن أهالي الضفة أن مستعمرة أقيمت فوق التلال المطلة على الوادي قبل أيام", {}),
]
RESERVED = 8  # which of them


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.s3)])
def archive(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> warraq.Archive:
    settings: Settings = request.getfixturevalue(f"{request.param}_settings")
    for name, value in request.getfixturevalue(f"{request.param}_environ").items():
        monkeypatch.setenv(name, value)
    if request.param == "s3":
        monkeypatch.delenv("WARRAQ_CATALOG")
    monkeypatch.chdir(tmp_path)
    rows: dict[tuple[str, int], list[Edition]] = {}
    for number, (portal, day, body, more) in enumerate(TEXTS):
        row = edition(run_id(portal, day), number)
        text = replace(row.text, **{"title": " ".join(body.split()[:4]), "body": body, **more})
        rows.setdefault((portal, day), []).append(replace(row, text=text))
    voted = rows["almasaa", 1][1]
    later = replace(voted.text, body=VOTE.replace("40", "45"))
    at = voted.captured_at + timedelta(hours=3)
    rows["almasaa", 1].append(replace(voted, edition_id="f" * 32, text=later, captured_at=at))
    for (portal, day), editions in rows.items():
        run, fetches = run_id(portal, day), [_fetched(row) for row in editions]
        open_tables(settings).replace_run(run, RecordRows(run, editions, fetches, run_row(run, fetches)))
    return warraq.open_archive(settings.archive)


def _fetched(row: Edition) -> Fetch:
    found = fetch(row)
    stated = "opt-out: meta tdm-reservation 1" if row.text.body == TEXTS[RESERVED][2] else None
    return replace(found, link=replace(found.link, detail=stated))


def test_each_question_stands_in_both_languages() -> None:
    assert [name for language, name in BLOCKS if language == "python"] == NAMES
    assert {name for language, name in BLOCKS if language == "sql"} == set(NAMES)


def test_each_question_is_answered_right_in_both_languages(archive: warraq.Archive) -> None:
    python: dict[str, Any] = {}
    sql: dict[str, list[dict[str, Any]]] = {}
    for (language, name), code in BLOCKS.items():
        if language == "python":
            space: dict[str, Any] = {"archive": archive, "warraq": warraq}
            exec(code, space)
            python[name] = space["answer"]
        else:
            sql[name] = archive.sql(code).to_pylist()
    assert python["first"] == [row["portal"] for row in sql["first"]] == ["raya", "almasaa"]
    assert (
        [row["portal"] for row in python["spread"]] == [row["portal"] for row in sql["spread"]] == ["raya", "almasaa"]
    )
    for found in (python["edits"], sql["edits"]):
        (change,) = found
        assert (change["kind"], change["removed"], change["added"]) == ("number", "40", "45")
    assert python["wire"] == sql["wire"]
    assert [round(row["share"], 2) for row in sql["wire"]] == [0.25, 0.2]
    states = {(row["period"].day, row["term"]): (row["articles"], row["state"]) for row in python["series"]}
    assert states[1, "سد النهضة"] == (2, "archived")
    assert states[1, "انتخابات"] == (1, "archived")
    assert states[2, "سد النهضة"] == (None, "not archived")
    assert len(sql["series"]) == 12
    assert python["undated"] == sql["undated"]
    assert [row["portal"] for row in sql["undated"]] == ["raya"]
    assert python["corpus"] is True
    corpus = ds.dataset("corpus/data").to_table(columns=["article_id", "quality", "body"])
    assert sorted(corpus["article_id"].to_pylist()) == sorted(row["article_id"] for row in sql["corpus"])
    assert len(sql["corpus"]) == 7
    assert min(corpus["quality"].to_pylist()) == 0.2
    assert TEXTS[RESERVED][2] not in corpus["body"].to_pylist()
    assert "snapshots: articles" in python["cite"]
    assert sql["cite"][0]["runs"] == 4
    assert python["words"] == {
        "مستوطنة": [{"portal": "almasaa", "articles": 2}],
        "مستعمرة": [{"portal": "raya", "articles": 2}],
    }
    assert [tuple(row.values()) for row in sql["words"]] == [("almasaa", 2, 0), ("raya", 0, 2)]
    assert python["laptop"] == len(sql["laptop"]) == 7
    assert sql["cite"][0]["newest"] < datetime(2025, 1, 1, tzinfo=UTC)
