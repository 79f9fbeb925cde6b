"""A text that stands in the state of a page's scripts and nowhere else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from extract.body.script_body import scripted_blocks
from extract.extractor import extract_article
from extract.html.own_story import own_story
from extract.html.parsing import parse_html
from extract.html.script_state import story_in_state
from extract.page import Page
from storage.model.records import ArticleText, Rejected

TEXTS = [
    "فتحت المكتبة أبوابها في السادسة مساء، وجاء الأطفال قبل الموعد بنصف ساعة يحملون كتبهم القديمة.",
    "وقالت أمينة المكتبة إن كل كتاب سيبدل بآخر، وإن «الرف الأزرق» مخصص لمن يكتب قصته بنفسه.",
    "وتستمر الأمسيات حتى نهاية الشتاء، ثم تنتقل إلى حديقة البلدية إذا سمح الجو.",
]
TITLE = "الرف الأزرق في مكتبة المرفأ"
STORY = own_story([TITLE], [])
MARKUP = "".join(f'<p class="t">{text}</p>' for text in TEXTS)


def page(script: str) -> str:
    return f"<html><body><div id='root'></div><script>{script}</script></body></html>"


def texts_of(script: str) -> list[str]:
    return [block.text for block in scripted_blocks(parse_html(page(script)), STORY, is_article=True) or []]


def escaped(value: object) -> str:
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e")


def test_markup_in_a_string_is_read() -> None:
    assert texts_of(f"window.state={escaped({'html': MARKUP, 'id': 4})}") == TEXTS


def test_markup_in_a_string_within_a_string_is_read() -> None:
    assert texts_of(f"self.push([1,{escaped(json.dumps({'html': MARKUP}))}])") == TEXTS


def test_the_longest_run_is_the_text() -> None:
    teaser = "<p>سطر قصير</p><p>سطر آخر</p>"
    far = "x" * 3000
    assert texts_of(f"window.state={escaped({'box': teaser, 'far': far, 'html': MARKUP})}") == TEXTS


def test_what_a_state_lists_of_other_stories_is_not_the_text() -> None:
    other = "<p>" + "نفذ عشرات السائقين وقفة أمام الوزارة مطالبين بعقود واضحة. " * 2 + "</p>"
    state = {"html": MARKUP, "relatedArticles": [{"title": "وقفة السائقين", "html": other * 2}]}
    assert texts_of(f"window.state={escaped(state)}") == TEXTS


def test_code_is_no_text() -> None:
    assert (
        scripted_blocks(parse_html(page("if (a < b) { render('<p>' + name + '</p>'); } " * 40)), STORY, is_article=True)
        is None
    )
    assert scripted_blocks(parse_html(page("var x = 1;")), STORY, is_article=True) is None


def read(script: str, kind: str = "") -> ArticleText | Rejected:
    head = f"<head><meta charset='utf-8'><title>{TITLE} | المرفأ</title></head>"
    html = f"<html>{head}<body><div id='root'><h1>{TITLE}</h1></div><script{kind}>{script}</script></body></html>"
    return extract_article(Page(html.encode(), datetime(2026, 9, 1, tzinfo=UTC), url="https://marfa.example/n/7"))


OTHER = {
    "title": "قافلة تصل إلى الشمال",
    "publishDate": "2019-03-03",
    "content": MARKUP.replace("المكتبة", "القافلة") * 2,
}
BODIES = [
    {"content": MARKUP},
    {"body": {"widgets": [{"type": "text", "html": f"<p>{text}</p>"} for text in TEXTS]}},
    {"content_elements": [{"_id": "A7", "type": "text", "content": text} for text in TEXTS]},
]


@pytest.mark.parametrize("body", BODIES, ids=("markup", "widgets", "elements"))
@pytest.mark.parametrize("form", ["data", "assigned"])
def test_the_story_with_the_pages_headline_gives_text_day_and_writer(form: str, body: dict[str, object]) -> None:
    own = {"headline": TITLE, "publishedAt": "2026-08-20T10:00:00Z", "authors": [{"name": "رائد العبادي"}], **body}
    state = json.dumps({"props": {"related": [OTHER], "article": own}})
    is_data = form == "data"
    record = read(state if is_data else f"window.app = {state};", ' type="application/json"' if is_data else "")
    assert isinstance(record, ArticleText)
    assert record.body.splitlines() == TEXTS
    assert (str(record.published_at)[:10], record.authors) == ("2026-08-20", ("رائد العبادي",))
    assert "body_from_script" in record.flags


def test_an_undated_section_with_a_text_in_its_state_states_no_article() -> None:
    state = escaped({"category": {"title": TITLE, "content": MARKUP}})
    scripts = parse_html(page(f"window.app = {state}")).iter("script")
    assert story_in_state(scripts, STORY, is_article=False) is None
