"""XML as the web serves it: every tag and every character counts, whatever is broken, in bounded time and memory."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.sources.reading.documents import UnreadableListing
from spiders.sources.reading.markup import END, LEAF, START, TEXT, Damage, plain_text, read_markup

Tag = tuple[str, str]


def tags_of(pieces: Iterable[str]) -> list[Tag]:
    """The document as (kind, name or text): texts joined, so that pieces make no difference."""
    found: list[Tag] = []
    for kind, name, more in read_markup(iter(pieces), Damage()):
        if kind == LEAF:
            found += [("<", name), ("", more), (">", name)] if more else [("<", name), (">", name)]
        elif kind == TEXT and found and found[-1][0] == "":
            found[-1] = ("", found[-1][1] + name)
        else:
            found.append(({START: "<", END: ">", TEXT: ""}[kind], name))
    return [(kind, plain_text(text) if kind == "" else text) for kind, text in found if kind or text.strip()]


def cut(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("<a>نص & نص</a>", [("<", "a"), ("", "نص & نص"), (">", "a")]),
        ("<a>?x=1&id=2&amp;copy=3</a>", [("<", "a"), ("", "?x=1&id=2&copy=3"), (">", "a")]),
        ("<a>5 < 7 و <ب</a>", [("<", "a"), ("", "5 < 7 و <ب"), (">", "a")]),
        ("<a>x <y and z</a>", [("<", "a"), ("", "x <y and z"), (">", "a")]),
        ("<a><![CDATA[<b>&amp;</b>]]></a>", [("<", "a"), ("", "<b>&amp;</b>"), (">", "a")]),
        ("<a>1<!-- <b> -->2</a>", [("<", "a"), ("", "12"), (">", "a")]),
        ("<a k='x>y'/>", [("<", "a"), (">", "a")]),
        ('<a k="5>1</a>', [("<", "a"), ("", "1"), (">", "a")]),
        ("<?xml version='1.0'?><!DOCTYPE a [<!ELEMENT a ANY>]><a/>", [("<", "a"), (">", "a")]),
        ("&laquo;&#1578;&#x62A;&none;&#0;", [("", "«تت&none;")]),
    ],
)
def test_what_is_no_tag_is_text(text: str, tags: list[Tag]) -> None:
    assert tags_of([text]) == tags


FRAGMENTS = [
    "<a>",
    "</a>",
    "<b x='1'>",
    "<b x='1",
    "</b>",
    "<c/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<",
    ">",
    "&amp;",
]
FRAGMENTS += ["&", "نص", " ", '"', "<?x", "?>", "<!DOCTYPE a>", "]", "]]"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join), st.integers(1, 9))
@settings(max_examples=300)
def test_how_the_text_is_cut_into_pieces_makes_no_difference(text: str, size: int) -> None:
    try:
        whole = tags_of([text])
    except UnreadableListing:
        with pytest.raises(UnreadableListing):
            tags_of(cut(text, size))
    else:
        assert tags_of(cut(text, size)) == whole


@given(st.text(max_size=300))
def test_a_text_without_tags_is_kept_to_the_last_character(text: str) -> None:
    text = text.replace("<", "").replace("&", "")
    assert "".join(name for _, name, _ in read_markup(cut(text, 7), Damage())) == text


@pytest.mark.parametrize(
    "unit", ["<a ", "<a '", '<a b="', "<", "&", "<a>", "</a>", "<!--", "<![CDATA[", "<!--x-->", "<a/>", "<!A>", "<?x"]
)
def test_no_repetition_takes_more_than_linear_work(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    events = sum(1 for _ in read_markup(cut(text, 65_536), Damage()))
    assert events <= 2 * len(text)


def test_memory_does_not_grow_with_the_document() -> None:
    entry = "<url>\n<loc>https://news.example/1</loc><!-- x --><y><![CDATA[z]]></y></url>\n" * 1000
    tracemalloc.start()
    try:
        count = sum(kind == LEAF for kind, _, _ in read_markup(itertools.repeat(entry, 60), Damage()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 60_000
    assert peak < 2_000_000


@pytest.mark.parametrize("text", ["<a><!-- ", "<a><![CDATA[x]]"])
def test_what_is_never_closed_is_told(text: str) -> None:
    damage = Damage()
    list(read_markup(iter([text]), damage))
    assert damage.is_cut
