"""The earliest articles that hold a term, or tell a story."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import warraq
from storage.errors import UsageError
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, run_id, run_row
from warraq.api.archive import Archive

COPIED = "قال الوزير في كلمة أمام الحضور إن الجسر الجديد فوق النهر يخدم سبع قرى على الضفتين ويختصر الطريق إلى العاصمة"
OTHER = "خبر آخر عن المدرسة"
FIRST = datetime(2024, 12, 25, 6, tzinfo=UTC)


@pytest.fixture
def archive(local_settings: Settings) -> Archive:
    """Three copies of a story, the last by `lebanon24`, an undated one, and another article."""
    for portal, texts in {
        "almasaa": [(COPIED, 1), (COPIED, 2), (COPIED, None), (OTHER, 0)],
        "lebanon24": [(COPIED, 3)],
    }.items():
        run, rows = run_id(portal), []
        for number, (body, hour) in enumerate(texts):
            row = edition(run, number)
            at = None if hour is None else FIRST + timedelta(hours=hour)
            rows.append(replace(row, text=replace(row.text, title="خبر", body=body, published_at=at)))
        fetches = [fetch(row) for row in rows]
        open_tables(local_settings).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    return warraq.open_archive(local_settings.archive)


def test_a_story_is_told_by_its_dated_articles_the_earliest_first(archive: Archive) -> None:
    copies = archive.stories(least_copies=2)
    (story,) = set(copies["story_id"].to_pylist())
    dated = [row["article_id"] for row in copies.to_pylist() if row["published_at"] is not None]
    found = archive.first_report(story=story)
    assert len(dated) == 3
    assert found["article_id"].to_pylist() == dated
    assert found["article_id"][0].as_py() == story
    assert found.schema == archive.first_report("خبر").schema
    assert archive.first_report(story=story, limit=1)["article_id"].to_pylist() == dated[:1]
    assert archive.first_report(story=story, portal="lebanon24")["article_id"].to_pylist() == dated[2:]
    assert archive.first_report(story=story, since=FIRST + timedelta(hours=2)).num_rows == 2
    in_sql = archive.sql("SELECT article_id FROM stories WHERE story_id = ? ORDER BY place", [story])
    assert in_sql["article_id"].to_pylist()[:3] == dated


def test_a_term_or_a_story_and_not_both_or_none(archive: Archive) -> None:
    story = archive.stories(least_copies=2)["story_id"][0].as_py()
    for term, asked in ((None, None), ("خبر", story), ("خبر", "")):
        with pytest.raises(UsageError, match="a term or a story"):
            archive.first_report(term, story=asked)
    for asked in ("", " ", 5):
        with pytest.raises(UsageError, match="story"):
            archive.first_report(story=asked)  # type: ignore[arg-type]


def test_what_is_no_story_is_told_with_the_one_that_was_meant(archive: Archive) -> None:
    with pytest.raises(UsageError, match="no story has the id 'x'"):
        archive.first_report(story="x")
    copies = archive.stories(least_copies=2)
    with pytest.raises(UsageError) as caught:
        archive.first_report(story=copies["article_id"][1].as_py())
    assert copies["story_id"][0].as_py() in caught.value.remedy
