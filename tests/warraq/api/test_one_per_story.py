"""`one_per_story` keeps of each story the earliest article that the rest of the selection lets through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.dataset as ds
import pytest

import warraq
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, run_id, run_row

DAM = "قال المتحدث إن سد النهضة سيكتمل قبل نهاية العام وإن المفاوضات مع الجانبين مستمرة حتى الآن دون اتفاق"
OTHER = "تبدأ الانتخابات المحلية غدا في ثلاث محافظات وسط إجراءات مشددة ويتنافس فيها مرشحون كثر على المقاعد"
MINED = "opt-out: meta tdm-reservation 1"


@pytest.fixture
def archive(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> warraq.Archive:
    """The dam by three portals day after day, of which the first reserved; the second told it once more."""
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    publish(settings, "almasaa", 1, [DAM], detail=MINED)
    publish(settings, "raya", 2, [f"رويترز - {DAM}", OTHER])
    publish(settings, "youm7", 3, [f"{DAM} أمس", f"وكالات - {DAM}"])
    return warraq.open_archive()


def publish(settings: Settings, portal: str, day: int, bodies: list[str], *, detail: str | None = None) -> None:
    run, editions = run_id(portal, day), []
    for number, body in enumerate(bodies):
        row = edition(run, number)
        editions.append(replace(row, text=replace(row.text, title=f"{portal} {number}", body=body)))
    fetches = [fetch(row) for row in editions]
    fetches = [replace(row, link=replace(row.link, detail=detail)) for row in fetches]
    open_tables(settings).replace_run(run, RecordRows(run, editions, fetches, run_row(run, fetches)))


ONE_EACH: list[tuple[dict[str, object], list[str]]] = [
    ({"exclude_opt_out": False}, ["almasaa 0", "raya 1"]),
    ({}, ["raya 0", "raya 1"]),
    ({"portal": "raya"}, ["raya 0", "raya 1"]),
    ({"portal": ["youm7"]}, ["youm7 0"]),
    ({"since": "2024-12-03"}, ["youm7 0"]),
    ({"until": "2024-12-02"}, []),
    ({"text": "وكالات"}, ["youm7 1"]),
    ({"text": "سد النهضة", "portal": ["raya", "youm7"]}, ["raya 0"]),
]


@pytest.mark.parametrize(("chosen", "titles"), ONE_EACH)
def test_the_earliest_of_the_selection_stands_for_a_story(
    archive: warraq.Archive, chosen: dict[str, object], titles: list[str]
) -> None:
    found = archive.articles(one_per_story=True, **chosen)  # type: ignore[arg-type]
    assert found.to_arrow()["title"].to_pylist() == titles  # with the texts, in steps
    assert found.columns("title").to_arrow()["title"].to_pylist() == titles
    assert found.count() == len(titles)
    assert sorted(found.sample(9).to_arrow()["title"].to_pylist()) == titles
    assert archive.editions(one_per_story=True, **chosen).to_arrow()["title"].to_pylist() == titles


def test_what_was_left_out_is_counted_also_where_a_copy_stands_for_it(archive: warraq.Archive) -> None:
    assert archive.articles().left_out() == archive.articles(one_per_story=True).left_out() == 1
    assert archive.articles(portal="raya", one_per_story=True).left_out() == 0


def test_a_data_set_has_the_same_articles(archive: warraq.Archive, tmp_path: Path) -> None:
    folder = archive.articles(one_per_story=True, text="سد النهضة").to_dataset(tmp_path / "corpus")
    rows = ds.dataset(folder / "data").to_table(columns=["title", "story_id"])
    assert rows["title"].to_pylist() == ["raya 0"]
    assert (
        rows["story_id"].to_pylist()
        == archive.articles(portal="almasaa", exclude_opt_out=False).to_arrow()["article_id"].to_pylist()
    )
