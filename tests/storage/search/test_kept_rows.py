"""Rows as the search index keeps them: small, and the same again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search.kept_rows import KeptRow, RowPacker, dictionary_of

ROW = KeptRow("a1", "e1", "almasaa", None, 1735084800000000, "https://almasaa.example/1?a=1&b=2", "عنوان", "متن")
ODD = [
    "&amp; &#1575; &",
    'سطر\nوسطر "و" \\u0041',
    "گاز در ایران: ۱۲",
    "٣ 😀 \u200f – “…” ",
    "\ud83d وحده",
    "\x00\x85\x9f",
    "",
]


@pytest.mark.parametrize("dictionary", [b"", dictionary_of([ROW] * 500)])
@given(
    title=st.text(),
    body=st.one_of(st.sampled_from(ODD), st.text()),
    name=st.one_of(st.sampled_from(["0" * 32, "8cec53d3" * 4, "8CEC53D3" * 4]), st.text()),
)
def test_a_row_comes_back_as_it_was(dictionary: bytes, title: str, body: str, name: str) -> None:
    row = KeptRow(**vars(ROW) | {"title": title, "body": body, "article_id": name})
    packer = RowPacker(dictionary)
    assert packer.unpacked(packer.packed(row)) == row


def test_a_text_takes_less_room_beside_others_like_it() -> None:
    words = ["الحكومة", "أعلنت", "مشروع", "القاهرة", "النيل", "الوزير", "اليوم", "الانتخابات", "قالت", "مصدر"]
    texts = [" ".join(words[(number * step) % 10] for step in range(40)) + f" {number}" for number in range(1000)]
    rows = [KeptRow(**vars(ROW) | {"article_id": f"a{number}", "body": text}) for number, text in enumerate(texts)]
    dictionary = dictionary_of(rows)
    assert dictionary_of(rows[:3]) == b""
    alone, beside = (len(RowPacker(known).packed(rows[700])) for known in (b"", dictionary))
    assert beside < alone / 2 < len(rows[700].body.encode()) / 2


@pytest.mark.parametrize("damage", [b"", b"x", lambda data: data[:-1], lambda data: data[:-5] + b"xxxxx"])
def test_what_is_no_row_is_told(damage: bytes | Callable[[bytes], bytes]) -> None:
    packer = RowPacker()
    data = packer.packed(ROW)
    with pytest.raises(ValueError, match="cannot be read"):
        packer.unpacked(damage(data) if callable(damage) else damage)
