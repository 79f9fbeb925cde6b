"""`warraq learn-lines` on an archive: learnt from its rows, used by the next extraction, named in each row."""

from __future__ import annotations

import json

import pytest

from storage.errors import DamagedObject, StageFailed, UsageError
from storage.model.records import Exchange
from storage.objects.keys import learnt_key
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.raw_runs import NOON, RUN, exchange, write_round
from warraq.cli.main import main
from warraq.pipeline.extract import extract_run
from warraq.pipeline.learnt_lines_store import learnt_in_use, learnt_of_row, learnt_versions, use_learnt
from warraq.pipeline.publish import publish_run

SLOGAN = "الميزان في كل بيت عربي، يسبق الخبر ولا يسبقه أحد إليه."
WINDOW = ["--from", "2024-12-25", "--to", "2024-12-26"]
SUBJECTS = ["الري", "الزراعة", "النقل", "الصحة", "التعليم", "الثقافة", "الرياضة", "السياحة", "الكهرباء", "البيئة"]


def page(number: int) -> Exchange:
    subject = SUBJECTS[number % len(SUBJECTS)]
    paragraphs = [
        f"أعلنت وزارة {subject} أن المرحلة رقم {number} من خطة التطوير تبدأ الشهر المقبل في المحافظات كلها.",
        f"وقال مدير الخطة في مؤتمر صحفي إن العمل في الموقع {number + 40} انتهى قبل موعده بفضل جهد العمال.",
        f"وتشمل الخطة {number + 3} قرية، ويستفيد منها آلاف الأسر التي انتظرت طويلا تحسين الخدمات الأساسية في مناطقها.",
        f"وأضاف أن وزارة {subject} ستنشر تقريرا مفصلا عن نتائج المرحلة {number} عند انتهائها في الصيف المقبل كما وعدت.",
    ]
    title = f"وزارة {subject} تطلق المرحلة {number} من خطة التطوير الجديدة"
    body = "".join(f"<p>{text}</p>" for text in [*paragraphs, SLOGAN])
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><article>{body}</article></body></html>"
    return exchange(f"http://127.0.0.1:18800/news/{number}", html.encode(), at=NOON)


def rows(settings: Settings) -> list[dict[str, object]]:
    return list(open_tables(settings).scan("articles").to_pylist())


def archive(settings: Settings) -> list[dict[str, object]]:
    extract_run(RUN, settings)
    publish_run(RUN, settings)
    return rows(settings)


@pytest.fixture
def empty(local_settings: Settings, local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An archive with nothing in it, which commands find by the environment."""
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    return local_settings


@pytest.fixture
def archived(empty: Settings) -> Settings:
    """Sixty archived articles, each with a slogan that no rule knows."""
    write_round(open_store(empty), [page(number) for number in range(60)], spool=empty.cache)
    assert all(str(row["body"]).endswith(SLOGAN) for row in archive(empty)), "a rule knows the slogan"
    return empty


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["learn-lines", "demo", *arguments])
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out, err


def test_a_slogan_is_learnt_stripped_kept_and_named(archived: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *WINDOW, "--json")
    learnt = json.loads(out)
    assert code == 0
    assert [(line["example"], line["articles"]) for line in learnt["lines"]] == [(SLOGAN, 60)]
    for row in archive(archived):
        assert SLOGAN not in str(row["body"])
        assert {"rule": f"learnt:{learnt['version']}", "text": SLOGAN} in row["removed_blocks"]  # type: ignore[operator]
        assert str(row["extractor_version"]).endswith(f"+learnt-{learnt['version']}")


def test_learning_again_from_stripped_articles_gives_the_same_lines(
    archived: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    first = json.loads(run(capsys, *WINDOW, "--json")[1])
    archive(archived)
    assert json.loads(run(capsys, *WINDOW, "--json")[1])["lines"] == first["lines"]


def test_a_row_leads_to_the_set_it_was_made_with(archived: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    without = rows(archived)
    version = json.loads(run(capsys, *WINDOW, "--json")[1])["version"]
    row = archive(archived)[0]
    store = open_store(archived)
    code, out, _ = run(capsys, "--use", "none")
    assert (code, out) == (0, "demo: extraction uses no learnt lines from now on\n")
    assert learnt_in_use(store, "demo") is None
    made_with = learnt_of_row(store, "demo", str(row["extractor_version"]))
    assert made_with is not None
    assert made_with.version == version
    assert archive(archived) == without
    assert run(capsys, "--use", version)[0] == 0
    assert learnt_in_use(store, "demo") == made_with


def test_a_dry_run_shows_the_lines_and_stores_nothing(archived: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *WINDOW, "--dry-run")
    assert code == 0
    assert SLOGAN.split(maxsplit=1)[0] in out
    assert "nothing stored" in out
    assert learnt_versions(open_store(archived), "demo") == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "needs a window"),
        (("--use", "none", "--dry-run"), 2, "learns nothing"),
        (("--use", "2020"), 2, "no learnt lines '2020'"),
        (("--from", "2024-11-25", "--to", "2024-11-26"), 5, "nothing is archived"),
        (("--from", "2024-12-26", "--to", "2024-12-25"), 2, "reversed"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    empty: Settings, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, message: str
) -> None:
    ended, _, err = run(capsys, *arguments)
    assert ended == code
    assert message in err
    assert err.count("\n") == 1


def test_a_changed_set_is_not_used(archived: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    version = json.loads(run(capsys, *WINDOW, "--json")[1])["version"]
    store = open_store(archived)
    key = learnt_key("demo", version)
    store.put(key, store.get(key).replace(b'"articles": 60', b'"articles": 61'))
    with pytest.raises(DamagedObject, match="content is not that of version"):
        learnt_in_use(store, "demo")
    with pytest.raises(UsageError):
        use_learnt(store, "demo", "unknown")
    assert issubclass(DamagedObject, StageFailed)
