"""Re-extraction: nothing shows before it is promoted, gates guard it, an interruption costs nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage.errors import StageFailed, UsageError
from storage.model.records import Edition, RemovedBlock
from storage.model.window import RunId, Window
from storage.objects.keys import raw_prefix, reextraction_key
from storage.objects.open import open_store
from storage.schema.arrow_and_iceberg import editions_from, table_of
from storage.schema.columns import ARTICLES, TABLE_BY_NAME
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.branches import has_branch, open_branch
from storage.tables.maintenance import maintain
from storage.tables.staging import StagedRun
from tests.fixtures.raw_runs import NOON, exchange, write_round
from tests.fixtures.rows import TableRows
from warraq.cli.main import main
from warraq.demo.portal import DemoSite
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run
from warraq.reextract.branch_run import find_scope, reextract

SITE = DemoSite(articles=40, first_day=date(2024, 12, 25), days=1)
RUNS = [RunId.parse(f"demo/2024-12-{day}T00Z--2024-12-{day + 1}T00Z") for day in (25, 26, 27)]
SPAN = ("--portal", "demo", "--from", "2024-12-25", "--to", "2024-12-28")
WINDOW = Window(RUNS[0].window.start, RUNS[-1].window.end)
PAGES = 4
WRONG_BLOCK = "اقرأ أيضا: خبر آخر لا علاقة له بهذا الخبر ولا بما قبله"
Spoil = Callable[[Edition], Edition]


def with_boilerplate(row: Edition) -> Edition:
    """As older rules might have left it: a line of boilerplate at the end."""
    return replace(row, text=replace(row.text, body=f"{row.text.body}\n{WRONG_BLOCK}"))


def with_more_text(row: Edition) -> Edition:
    """As if today's rules lost half of the text, and the date."""
    longer = replace(row.text, body=f"{row.text.body}\n{row.text.body}", removed_blocks=(RemovedBlock("x", "y"),))
    return replace(row, text=longer)


def archive(settings: Settings, *, spoil: Spoil) -> ArchiveTables:
    """Three runs of the demo portal; published as `spoil` makes them."""
    store, tables = open_store(settings), open_tables(settings)
    for position, run in enumerate(RUNS):
        numbers = range(position * PAGES, (position + 1) * PAGES)
        at = NOON + timedelta(days=position)
        pages = [
            exchange(SITE.base_url + SITE.path(SITE.card(number)), SITE.page(number).body, at=at) for number in numbers
        ]
        write_round(store, pages, spool=settings.cache, run=run)
        extract_run(run, settings)
        publish_run(run, settings)
        rows = StagedRun(store, run).fetch(settings.cache)
        old = [replace(spoil(row), extractor_version="0") for row in editions_from(rows.columns("articles"))]
        row = replace(rows.run_row, extractor_version="0")
        made = {
            "articles": table_of(ARTICLES, old),
            "fetches": rows.columns("fetches"),
            "runs": table_of(TABLE_BY_NAME["runs"], [row]),
        }
        tables.replace_run(run, TableRows(made))
    return tables


def bodies(tables: ArchiveTables) -> list[str]:
    return sorted(tables.scan("articles", columns=("body",))["body"].to_pylist())


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["reextract", *SPAN, *words])
    out, err = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, out, err


@pytest.fixture
def environment(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_better_rules_are_reviewed_then_promoted_in_one_commit(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    before = bodies(tables)
    assert all(WRONG_BLOCK in body for body in before)
    code, out, _ = run(capsys, "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["runs"], told["skipped"], told["shut_gates"]) == (3, {}, [])
    counts = told["counts"]
    assert counts["rows_before"] == counts["rows_after"] == counts["bodies_changed"] == 3 * PAGES
    assert counts["characters_lost"] == 3 * PAGES * (len(WRONG_BLOCK) + 1)
    assert counts["characters_gained"] == counts["dates_lost"] == counts["articles_lost"] == 0
    assert bodies(tables) == before, "a branch is visible to readers"
    snapshots = len(tables.load()["articles"].metadata.snapshots)
    assert run(capsys, "--promote")[0] == 0
    assert not any(WRONG_BLOCK in body for body in bodies(tables))
    assert len(bodies(tables)) == 3 * PAGES
    articles = tables.load()["articles"]
    assert len(articles.metadata.snapshots) == snapshots + 1
    assert not has_branch(tables, told["branch"])
    assert {row.extractor_version for row in tables.history("demo")} != {"0"}
    assert [row.links for row in tables.history("demo")] == [PAGES] * 3
    assert tables.scan("fetches").num_rows == 3 * PAGES


def test_a_promotion_killed_after_its_commit_is_done_when_it_is_repeated(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    branch = json.loads(run(capsys, "--json")[1])["branch"]
    store, key = open_store(environment), reextraction_key(branch)
    state = store.get(key)
    assert run(capsys, "--promote")[0] == 0
    store.put(key, state)  # what is left if the command dies between its commit and its last word
    snapshots = len(tables.load()["articles"].metadata.snapshots)
    for _ in range(2):
        code, out, _ = run(capsys, "--promote")
        assert (code, "is promoted" in out) == (0, True)
    assert not store.exists(key)
    assert len(tables.load()["articles"].metadata.snapshots) == snapshots


def test_a_branch_whose_files_changed_is_not_promoted(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    branch = json.loads(run(capsys, "--json")[1])["branch"]
    articles = tables.load()["articles"]
    snapshot = articles.metadata.snapshot_by_name(branch)
    assert snapshot
    path = Path(next(iter(articles.scan(snapshot_id=snapshot.snapshot_id).plan_files())).file.file_path)
    path.write_bytes(path.read_bytes() + b"more")
    code, _, err = run(capsys, "--promote")
    assert (code, path.name in err) == (5, True)


def test_a_text_another_run_published_meanwhile_is_not_promoted_twice(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=lambda row: replace(with_boilerplate(row), edition_id=row.edition_id[::-1]))
    assert run(capsys, "--json")[0] == 0
    later = RunId.parse("demo/2024-12-28T00Z--2024-12-29T00Z")
    page = exchange(SITE.base_url + SITE.path(SITE.card(0)), SITE.page(0).body, at=NOON + timedelta(days=3))
    write_round(open_store(environment), [page], spool=environment.cache, run=later)
    extract_run(later, environment)  # an edition to the published rows, which have a line more
    publish_run(later, environment)
    assert len(bodies(tables)) == 3 * PAGES + 1
    code, _, err = run(capsys, "--promote")
    assert (code, "has published a text" in err) == (5, True)


def test_differences_are_shown_word_by_word(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    archive(environment, spoil=with_boilerplate)
    _, out, _ = run(capsys, "--compare")
    assert WRONG_BLOCK in out
    assert "nothing is published yet" in out


def test_worse_rules_shut_a_gate_and_are_not_promoted(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=with_more_text)
    before = bodies(tables)
    code, out, _ = run(capsys)
    assert code == 3
    assert "lose more than a fifth" in out
    code, _, err = run(capsys, "--promote")
    assert code == 5
    assert "12 of 12" in err
    assert bodies(tables) == before
    assert run(capsys, "--promote", "--accept")[0] == 0
    assert bodies(tables) != before


def test_discarding_leaves_no_trace(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    before = bodies(tables)
    run(capsys)
    assert run(capsys, "--discard")[0] == 0
    assert bodies(tables) == before
    assert set(tables.load()["articles"].metadata.refs) == {"main"}
    code, _, err = run(capsys, "--promote")
    assert code == 2
    assert "there is no re-extraction" in err


CONTRADICTIONS = [
    (("--promote", "--discard"), "--promote and --discard ask for different things"),
    (("--discard", "--compare"), "--compare and --discard ask for different things"),
    (("--compare", "--promote", "--accept"), "--compare and --promote ask for different things"),
    (("--accept",), "--accept says nothing without --promote"),
    (("--discard", "--accept"), "--accept says nothing without --promote"),
    (("--promote", "--workers", "2"), "--workers says nothing of --promote"),
    (("--discard", "--workers", "2"), "--workers says nothing of --discard"),
]


def test_options_that_contradict_each_other_are_refused_and_nothing_is_done(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    open_branch(tables, find_scope(tables, "demo", WINDOW).branch)
    refs = tables.load()["articles"].metadata.refs
    for words, told in CONTRADICTIONS:
        code, _, err = run(capsys, *words)
        assert (code, told in err) == (2, True), err
        assert tables.load()["articles"].metadata.refs == refs


def test_a_discard_of_nothing_says_so(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    code, _, err = run(capsys, "--discard")
    assert (code, "to drop — demo has none" in err) == (2, True)
    open_branch(tables, "reextract-demo-2024")
    code, _, err = run(capsys, "--discard")
    assert (code, "to drop — there are reextract-demo-2024" in err) == (2, True)


def test_a_run_published_meanwhile_is_not_overwritten(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    run(capsys)
    publish_run(RUNS[1], environment)
    before = bodies(tables)
    code, _, err = run(capsys, "--promote")
    assert code == 5
    assert "published again" in err
    assert bodies(tables) == before


def test_runs_of_a_compacted_month_are_promoted_without_touching_others(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    day = timedelta(days=1)
    maintain(environment, now=datetime(2025, 3, 1, tzinfo=UTC), keep=day, margin=day, staging=day)
    span = ("--portal", "demo", "--from", "2024-12-26", "--to", "2024-12-27")
    for words in ((), ("--promote",)):
        with pytest.raises(SystemExit) as ended:
            main(["reextract", *span, *words])
        assert ended.value.code == 0
    assert sum(WRONG_BLOCK in body for body in bodies(tables)) == 2 * PAGES
    assert len(bodies(tables)) == 3 * PAGES
    assert len(tables.history("demo")) == 3


def test_it_goes_on_where_it_was_interrupted(environment: Settings) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    scope = find_scope(tables, "demo", WINDOW)

    class Stopped(Exception):
        pass

    def stop(progress: object) -> None:
        if getattr(progress, "runs_done", 0) == 1:
            raise Stopped

    with pytest.raises(Stopped):
        reextract(scope, tables, environment, progress=stop)
    seen: list[int] = []
    state = reextract(scope, tables, environment, progress=lambda progress: seen.append(progress.pages))
    assert len(state.done) == 3
    assert max(seen) == 2 * PAGES, "what was done is done again"


def test_a_run_whose_raw_archive_is_gone_stays_as_it_is(
    environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    store = open_store(environment)
    for info in list(store.list(raw_prefix(RUNS[0]))):
        store.delete(info.key)
    code, out, _ = run(capsys, "--json")
    assert code == 3
    assert list(json.loads(out)["skipped"]) == [str(RUNS[0])]
    assert run(capsys, "--promote")[0] == 0
    assert sum(WRONG_BLOCK in body for body in bodies(tables)) == PAGES


def test_it_works_on_s3(s3_settings: Settings) -> None:
    tables = archive(s3_settings, spoil=with_boilerplate)
    state = reextract(find_scope(tables, "demo", WINDOW), tables, s3_settings)
    assert len(state.done) == 3


def test_a_span_without_runs_is_refused(environment: Settings) -> None:
    tables = archive(environment, spoil=with_boilerplate)
    empty = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
    with pytest.raises(UsageError, match="no published run"):
        find_scope(tables, "demo", empty)
    with pytest.raises(StageFailed):
        extract_run(RunId("demo", empty), environment)


@pytest.mark.kills
def test_killed_at_any_moment_it_can_be_run_again(local_environ: dict[str, str]) -> None:
    settings = read_settings(local_environ)
    tables = archive(settings, spoil=with_boilerplate)
    before = bodies(tables)
    seed = int(os.environ.get("WARRAQ_TEST_SEED", time.time_ns() % 100_000))
    chance = random.Random(seed)
    command = [sys.executable, "-m", "warraq", "reextract", *SPAN]
    environ = {**os.environ, **local_environ}
    for _ in range(int(os.environ.get("WARRAQ_TEST_KILLS", "4"))):
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(1, 6))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert bodies(tables) == before, f"seed {seed}"
    for words in ((), ("--promote",)):
        done = subprocess.run([*command, *words], env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    assert len(bodies(tables)) == 3 * PAGES
    assert not any(WRONG_BLOCK in body for body in bodies(tables)), f"seed {seed}"
