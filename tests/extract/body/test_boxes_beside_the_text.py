"""Boxes and lines beside a text that are none of it, told by their shape and names, in whatever language."""

from __future__ import annotations

import pytest

from tests.extract.body.test_leads_and_notes import body
from tests.extract.fields.test_other_scripts import LATIN, article


@pytest.mark.parametrize(
    "box",
    [
        '<div class="c-paywall"><h4>Read on with COASTplus</h4><p>This story and all others for 1 pound a month.</p>'
        '<a href="/plus">Try it</a></div>',
        '<div class="embed video"><div>Watch the film</div><p class="vid_title">The chair speaks of the lamp</p></div>',
    ],
)
def test_boxes_amid_a_text_that_are_none(box: str) -> None:
    assert body(amid=box) == list(LATIN)


def test_paragraphs_that_are_called_a_paywalls_are_the_storys() -> None:
    text = "".join(f'<p class="paywall">{line} <a href="/n/1">More</a></p>' for line in LATIN)
    assert len(article(text=(f"</p>{text}<p>",)).body.splitlines()) == len(LATIN)
    wrapped = f'<div class="paywall">{"".join(f"<p>{line}</p>" for line in LATIN[1:])}<a href="/p">Help</a></div>'
    assert article(text=(f"</p><p>{LATIN[0]}</p>{wrapped}<p>",)).body.splitlines() == list(LATIN)


def test_stories_with_their_day_in_a_list_behind_the_text_are_others() -> None:
    titles = ("Storm shuts the coast road for a second day", "Why the ferries are late", "Opinion: leave the bus alone")
    items = "".join(
        f'<li><a href="/news/{n}"><span>{title}</span></a><span>{n + 1} February</span></li>'
        for n, title in enumerate(titles)
    )
    section = f"<section><h2>More on this story</h2><ul>{items}</ul></section>"
    text = "".join(f"<p>{line}</p>" for line in LATIN)
    record = article(text=(f"</p>{text}{section}<p>",))
    assert record.body.splitlines() == list(LATIN)
    assert [b.text.startswith(titles) for b in record.removed_blocks if b.rule == "shape.other_story"] == [True] * 3


@pytest.mark.parametrize(
    "line",
    [
        '<p class="meta__date">Publié le 02 mai 2024 à 06h00, modifié le 02 mai 2024 à 11h27 Lecture 3 min.</p>',
        '<p class="post-date">Lastly changed on 2 December 2024 at 11:27, and first printed on 1 December 2024.</p>',
    ],
)
def test_a_line_that_is_called_the_day_is_no_lead(line: str) -> None:
    assert body(below_headline=line) == list(LATIN)


def test_the_copyright_at_an_old_pages_end_is_no_text() -> None:
    line = "© Coast Post Ltd., Tel. 555-0142, best seen at 1024 x 768, visits: 1,204,771, at the old harbour"
    assert body(behind=f"<p>{line}</p>") == list(LATIN)
