"""The passage that is shown: what stands in it is what was written, its signs as well."""

from __future__ import annotations

import pytest

from storage.search.queries import Field, parse_query
from storage.search.snippets import MOST_SIGNS, marked, snippet

SHOWN = {
    "=1+1 صيغة سد": "=1+1 صيغة **سد**",
    "- سد - صغير -": "- **سد** - صغير -",
    "؟؟؟": "؟؟؟",
    " «…» سد ؟ !\n": "«…» **سد** ؟ !",
    "هل يكفي السد؟": "هل يكفي **السد؟**",
    "": "",
    " \n ": "",
}


@pytest.mark.parametrize("field", Field)
@pytest.mark.parametrize("text", SHOWN)
def test_signs_at_either_end_are_shown(text: str, field: Field) -> None:
    assert marked(snippet(text, parse_query("سد"), field=field)) == SHOWN[text]


def test_an_excerpt_begins_and_ends_with_a_word_and_ornaments_are_short() -> None:
    text = f"*** {'أول ' * 50} سد {'آخر ' * 50} ***"
    shown = marked(snippet(text, parse_query("سد"), words=9))
    assert shown.startswith("… أول")
    assert shown.endswith("آخر …")
    for ornament in ("*" * 1000, "*" * 1000 + " سد", "سد " + "*" * 1000):
        assert marked(snippet(ornament, parse_query("كتاب"))).count("*") <= MOST_SIGNS
