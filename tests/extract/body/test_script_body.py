"""A text that stands in the state of a page's scripts and nowhere else."""

from __future__ import annotations

import json

from extract.body.script_body import scripted_blocks
from extract.html.parsing import parse_html

TEXTS = [
    "فتحت المكتبة أبوابها في السادسة مساء، وجاء الأطفال قبل الموعد بنصف ساعة يحملون كتبهم القديمة.",
    "وقالت أمينة المكتبة إن كل كتاب سيبدل بآخر، وإن «الرف الأزرق» مخصص لمن يكتب قصته بنفسه.",
    "وتستمر الأمسيات حتى نهاية الشتاء، ثم تنتقل إلى حديقة البلدية إذا سمح الجو.",
]
MARKUP = "".join(f'<p class="t">{text}</p>' for text in TEXTS)


def page(script: str) -> str:
    return f"<html><body><div id='root'></div><script>{script}</script></body></html>"


def texts_of(script: str) -> list[str]:
    return [block.text for block in scripted_blocks(parse_html(page(script))) or []]


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
    assert scripted_blocks(parse_html(page("if (a < b) { render('<p>' + name + '</p>'); } " * 40))) is None
    assert scripted_blocks(parse_html(page("var x = 1;"))) is None
