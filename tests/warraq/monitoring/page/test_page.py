"""The page "Archive": worst first, in both languages, and nothing of the web gets into it as markup."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from warraq.monitoring.coverage import DayStatus
from warraq.monitoring.health import Health
from warraq.monitoring.overview import funnel
from warraq.monitoring.page.render import ASSETS, FOLDER, Viewer, fleet_page, portal_page, scatter, spark
from warraq.monitoring.page.words import GLYPHS, LETTERS, SEVERITY, WORDS, words_of

ENGLISH, ARABIC = Viewer("en", "../"), Viewer("ar", "../")


def row(portal: str, health: str = "well", **known: Any) -> dict[str, Any]:
    sick = health not in ("well", "retired")
    return {
        "portal": portal,
        "health": health,
        "since": "2026-11-20T10Z" if sick else None,
        "cause": "dns" if sick else None,
        "meaning": "its name cannot be resolved" if sick else "",
        "meaning_ar": "تعذّر العثور على اسم الموقع" if sick else "",
        "detail": "",
        "advice": "see whether the site moved" if sick else "",
        "command": f"warraq check {portal}" if sick else "",
        "last_window_end": "2026-11-25T22Z",
        "quiet_hours": 2.4,
        "silent_after_hours": 36.0,
        "articles_lately": 20,
        "expected_lately": 24.0,
        "findings": [],
        "title_ar": "بوابة الميزان",
        "title_en": "Al-Mizan",
        "country": "EG",
        "schedule": "17 * * * *",
        "spark": [3, 4, 5],
        "fields": {"title": 1.0, "body": 1.0, "date": 0.98, "author": 0.5},
        **known,
    }


def day(number: int, status: str = "archived") -> dict[str, Any]:
    return {"day": f"2026-11-{number:02d}", "status": status, "articles": 7, "expected_articles": 8.2}


def in_full(**known: Any) -> dict[str, Any]:
    empty = {"days": [], "shifts": [], "funnel": [], "runs": [], "refused": [], "made_at": "2026-11-25T22Z"}
    return {**row("demo"), **empty, **known}


def test_what_needs_attention_comes_first_and_the_worst_of_it_at_the_head() -> None:
    html = fleet_page({"portals": [row("aaa"), row("bbb", "late"), row("ccc", "dead")]}, ENGLISH)
    attention, fleet = html.split('id="fleet"')
    assert re.findall(r'data-portal="(\w+)"', attention) == ["ccc", "bbb"]
    assert "its name cannot be resolved" in attention
    assert 'data-copy="warraq check ccc"' in attention
    assert "built-in method" not in html
    assert [name for name in ("ccc", "bbb", "aaa") if f'data-value="{name}"' in fleet] == ["ccc", "bbb", "aaa"]


def test_all_well_is_said_in_one_line() -> None:
    assert "All portals are well." in fleet_page({"portals": [row("aaa"), row("bbb", "retired")]}, ENGLISH)


def test_arabic_stands_from_right_to_left_with_every_word_of_it() -> None:
    html = fleet_page({"portals": [row("ccc", "dead")]}, ARABIC)
    assert '<html lang="ar" dir="rtl">' in html
    assert "تعذّر العثور على اسم الموقع" in html
    assert "يحتاج إلى انتباه" in html
    for english in ("Needs attention", "What to do", "Open incidents"):
        assert english not in html


@pytest.mark.parametrize("viewer", [ENGLISH, ARABIC])
def test_nothing_from_the_web_becomes_markup(viewer: Viewer) -> None:
    evil = "<script>alert(1)</script>\"' onmouseover='x"
    known = {"detail": evil, "title_ar": evil, "title_en": evil, "command": evil, "advice": evil, "country": evil}
    fleet = {
        "portals": [row("demo", "silent", **known)],
        "incidents": [{"subject": "demo", "cause": evil, "detail": evil, "since": "x"}],
        "silences": [{"subject": "demo", "until": "x", "reason": evil}],
    }
    run = {"window_start": "a", "window_end": "b", "verdict": "ok", "new": 1, "known": None, "rejected": 0, "links": 1}
    runs = [{**run, "requests": 1, "findings": [evil]}]
    shown = [
        fleet_page(fleet, viewer, problem=evil),
        portal_page(in_full(**known, runs=runs), viewer, problem=evil, plan={"lines": [evil], "windows": 0}),
    ]
    for html in shown:
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html
        assert "' onmouseover='x" not in html
        assert not re.search(r'(?:src|href)="(?:https?:|//|/)', html), (
            "a link that leaves the sub-path, or this machine"
        )


def test_a_day_stands_below_its_number_with_letter_and_words() -> None:
    html = portal_page(in_full(days=[day(21), day(22, "missing"), day(23, "due")]), ENGLISH)
    cells = re.findall(r"<td[^>]*>", html[html.index("2026-11</th>") :])
    assert 'data-day="2026-11-21"' in cells[20]
    assert 'title="2026-11-22: missing, 7 articles (usual 8)">M</td>' in html
    assert 'class="d due"' in html


def test_who_may_not_trigger_gets_no_button_and_a_paused_dag_says_so() -> None:
    plan = {"lines": ["3 windows"], "windows": 3, "from_date": "a", "to_date": "b"}
    may = frozenset({"archive_demo"})
    assert 'id="start"' not in portal_page(in_full(days=[day(1)]), ENGLISH, plan=plan)
    assert 'id="start"' in portal_page(in_full(days=[day(1)]), Viewer("en", "../../", may), plan=plan)
    paused = portal_page(in_full(days=[day(1)]), Viewer("en", "../../", may, may), plan=plan)
    assert 'id="start"' not in paused
    assert "is paused" in paused


def test_a_problem_stands_above_the_last_reading() -> None:
    html = fleet_page({"portals": [row("aaa")]}, ENGLISH, problem="it did not answer within 30 s")
    assert html.index("it did not answer") < html.index("All portals are well.")


def test_the_funnel_names_each_loss_and_adds_up() -> None:
    steps = funnel({"new": 5, "unchanged": 2, "rejected:gallery": 3, "http_4xx": 4, "robots": 1, "skipped_seen": 10})
    assert [step["count"] for step in steps] == [25, 14, 10, 7, 5]
    for upper, lower in itertools.pairwise(steps):
        assert upper["count"] - sum(number for _, number in upper["lost"]) == lower["count"]


def test_every_state_has_words_in_both_languages_and_a_sign_without_colour() -> None:
    states = {str(health) for health in Health}
    assert states == set(GLYPHS) == set(SEVERITY)
    assert {str(status) for status in DayStatus} == set(LETTERS)
    assert states | set(LETTERS) <= WORDS.keys()
    assert len(set(GLYPHS.values())) == len(GLYPHS)
    assert words_of("ar").keys() == words_of("en").keys()
    for english, arabic in WORDS.values():
        assert re.search(r"[ء-ي]", arabic), f"{english} has no Arabic"


def test_drawings_bear_any_numbers() -> None:
    assert (spark([]), spark([3])) == ("", "")
    assert len(spark([0, 0, 0]).split()) == 3
    assert scatter([{"portal": "a", "asked": 10, "won": 4}, {"portal": "b"}])[0]["portal"] == "a"


def test_the_assets_are_there_and_ask_nobody_outside() -> None:
    for name in ASSETS:
        text = (FOLDER / "assets" / name).read_text(encoding="utf-8")
        assert "http:" not in text
        assert "https:" not in text
