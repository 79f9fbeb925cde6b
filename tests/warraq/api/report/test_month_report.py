"""A month's report: one page that loads nothing, says what is not archived, and shows no markup of the web's."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, records, run_id, run_row
from warraq.cli.main import main

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    found = read_settings()
    tables = open_tables(found)
    run = run_id("almasaa", 1)
    first = edition(run, 1)
    first = replace(first, url="javascript:alert(3)", text=replace(first.text, title=f"بلغ العدد 12 {EVIL}"))
    text = replace(first.text, title=f"بلغ العدد 15 {EVIL}", body=f"{first.text.body}\nفقرة جديدة {EVIL}")
    later = replace(first, edition_id="e" * 32, text=text, captured_at=first.captured_at + timedelta(days=40))
    fetches = [fetch(later)]
    tables.replace_run(run, RecordRows(run, [first, later], fetches, run_row(run, fetches)))
    other = run_id("raya", 3)
    tables.replace_run(other, RecordRows(other, *records(other, 4)))
    return found


def report(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["report", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code, capsys.readouterr().err


def test_it_is_one_page_that_shows_gaps_and_no_foreign_markup(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "eg.html"
    assert report(["--country", "EG", "--month", "2024-12", "-o", str(target)], capsys) == (0, "")
    text = target.read_text(encoding="utf-8")
    page = lxml.html.fromstring(text)
    assert not page.xpath("//script | //img | //link | //iframe")
    assert not [value for value in page.xpath("//@href | //@src") if not value.startswith(("http://", "https://"))]
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    assert len(page.xpath("//svg/rect")) == 31
    assert len(page.xpath("//svg/rect[@class='gap']")) == 29
    assert "headline" in text
    assert "العنوان" in text
    assert "فقرة مضافة" in text
    assert "alert(1)" in page.text_content()
    assert "raya" in text
    assert "البوابات والجودة" in text


def test_nothing_of_articles_that_reserved_mining_is_shown_and_they_are_counted(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = run_id("almasaa", 2)
    page = edition(run, 1)
    page = replace(page, text=replace(page.text, title="بلغ العدد 70 محجوز", body="سر المتن المحجوز"))
    changed = replace(page, edition_id="d" * 32, captured_at=page.captured_at + timedelta(days=1))
    changed = replace(changed, text=replace(page.text, title="بلغ العدد 80 محجوز"))
    fetches = [fetch(page), fetch(changed, outcome="edition")]
    fetches[1] = replace(fetches[1], link=replace(fetches[1].link, detail="opt-out: meta tdm-reservation 1"))
    open_tables(settings).replace_run(run, RecordRows(run, [page, changed], fetches, run_row(run, fetches)))
    target = tmp_path / "eg.html"
    assert report(["--country", "EG", "--month", "2024-12", "-o", str(target)], capsys) == (0, "")
    text = target.read_text(encoding="utf-8")
    assert "المحجوز" not in text
    assert "80 محجوز" not in text
    assert "1 articles whose page or site reserved text and data mining" in text
    assert "6 articles" in text


def test_a_month_or_portal_without_anything_is_refused(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "x.html"
    for words in (
        ["almasaa", "--month", "2024-11"],
        ["almasaa", "--month", "2024-13"],
        ["x' OR true", "--month", "2024-12"],
        ["youm7", "--month", "2024-12"],
    ):
        code, err = report([*words, "-o", str(target)], capsys)
        assert (code, err.count("\n")) == (2, 1), words
    assert report(["almasaa", "--month", "2024-12", "-o", str(tmp_path / "x.pdf")], capsys)[0] == 2
    assert not target.exists()


def late(settings: Settings, day: int) -> None:
    """A run of December that brought an article of November."""
    run = run_id("almasaa", day)
    row = edition(run, 7)
    row = replace(row, text=replace(row.text, published_at=run.window.start - timedelta(days=30)))
    fetches = [fetch(row)]
    open_tables(settings).replace_run(run, RecordRows(run, [row], fetches, run_row(run, fetches)))


def test_a_month_of_which_only_later_runs_brought_articles_is_told_as_not_archived(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late(settings, 9)
    target = tmp_path / "november.html"
    assert report(["almasaa", "--month", "2024-11", "-o", str(target)], capsys) == (0, "")
    text = target.read_text(encoding="utf-8")
    page = lxml.html.fromstring(text)
    assert len(page.xpath("//svg/rect[@class='gap']")) == 30
    assert "days archived whole 0, in part 0, not 30" in text
    assert "No run covers this month" in text
    assert "1 articles" in text
    assert report(["almasaa", "--month", "2024-12", "-o", str(target)], capsys) == (0, "")
    assert "No run covers this month" not in target.read_text(encoding="utf-8")


def test_a_release_without_a_run_of_the_month_is_refused(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late(settings, 9)
    with pytest.raises(SystemExit):
        main(["release", "2024-12"])
    target = tmp_path / "x.html"
    for portals in (["almasaa"], []):
        code, err = report([*portals, "--month", "2024-11", "--release", "2024-12", "-o", str(target)], capsys)
        assert (code, "it holds runs of 2024-12 of almasaa, raya" in err) == (2, True), err
    assert not target.exists()
    assert report(["raya", "--month", "٢٠٢٤-١٢", "--release", "2024-12", "-o", str(target)], capsys)[0] == 0


def test_a_running_month_and_one_to_come_are_told_as_any_other(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    told = set()
    for month in (f"{now:%Y-%m}", f"{now + timedelta(days=32):%Y-%m}", "2090-01", "2020-01"):
        code, err = report(["--month", month, "-o", str(tmp_path / "x.html")], capsys)
        told.add((code, err.partition(" is archived ")[0], err.partition(" — ")[2]))
    assert told == {
        (2, "error: nothing", "the archive has days from 2024-12-01 to 2024-12-03 of almasaa, raya\n"),
    }


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
# The browser's driver leaves its event loop's sockets to the end of the process.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_browser_shows_it_to_everyone_and_asks_nobody(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "eg.html"
    assert report(["--country", "EG", "--month", "2024-12", "-o", str(target)], capsys) == (0, "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        asked, happened = list[str](), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: happened.append(message.text))
        page.on("pageerror", lambda error: happened.append(str(error)))
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(target.as_uri())
            found = Axe().run(page)
            serious = [each for each in found.response["violations"] if each["impact"] in ("serious", "critical")]
            assert not serious, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert set(asked) == {target.as_uri()}
        assert not happened, "nothing of a title was run"
        assert any("<script>alert(1)</script>" in title for title in page.locator("article h3").all_inner_texts())

        def directions(selector: str) -> set[str]:
            return set(page.eval_on_selector_all(selector, "all => all.map(one => getComputedStyle(one).direction)"))

        for selector in ("[lang=ar]", "article h3", "article p:last-child", "td:has(del)"):
            assert directions(selector) == {"rtl"}, selector
        heights = page.eval_on_selector_all(
            "svg rect.archived, svg rect.partial", "all => all.map(one => one.getBBox().height)"
        )
        gaps = page.eval_on_selector_all("svg rect.gap", "all => all.map(one => getComputedStyle(one).fill)")
        assert len(heights) == 2
        assert max(heights) == 110
        assert set(gaps) == {"rgb(221, 221, 221)"}
        browser.close()
