"""Copies of one wire story have near signatures; different stories have far ones."""

import random
import re

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.identity.arabic_folding import text_norm
from storage.identity.simhash import NEAR_DUPLICATE_BITS, hamming_distance, text_simhash
from tests.fixtures.paths import ROOT

VOCABULARY = """وزارة الزراعة أعلنت محصول القمح البلاد الصيف أسعار الأسواق المزارعين وزير اجتماع لجنة مجلس النواب خطة
الري
المياه السدود الأمطار الشتاء المحافظات المدن القرى الطرق الجسور مشروع تمويل البنك الدولي اتفاقية تعاون الصادرات الواردات
الميناء السفن الشحن التجارة الصناعة المصانع العمال الأجور التعليم المدارس الجامعات الطلاب الامتحانات النتائج الصحة
المستشفيات الأطباء الدواء اللقاح الوباء السياحة الفنادق المطار الرحلات الآثار المتحف المعرض الثقافة الكتاب"""


def story(seed: int, words: int = 220) -> str:
    """Made-up text: words in an order that is fixed by the seed."""
    generator = random.Random(seed)
    return "\n".join(" ".join(generator.choices(VOCABULARY.split(), k=22)) + "." for _ in range(words // 22))


def signed(title: str, body: str) -> int | None:
    return text_simhash(text_norm(f"{title}\n{body}"))


def distance(one: str, other: str) -> int:
    first, second = signed("", one), signed("", other)
    assert first is not None and second is not None
    return hamming_distance(first, second)


def test_spelling_does_not_move_the_signature():
    text = story(1)
    respelt = text.replace("أ", "ا").replace("ة", "ه").replace("محصول", "محصـــول").replace("القمح", "القَمْح")
    assert respelt != text
    assert distance(text, respelt) == 0


def test_wire_copy_with_another_lead_in_and_ending_is_near():
    for seed in range(20):
        text = story(seed)
        copy = "القاهرة - وكالات: " + text + "\nيذكر أن الاجتماع يعقد كل عام"
        assert distance(text, copy) <= NEAR_DUPLICATE_BITS, f"story({seed})"


def test_different_stories_of_the_same_vocabulary_are_far():
    texts = [story(seed) for seed in range(60)]
    nearest = min(distance(one, other) for i, one in enumerate(texts) for other in texts[:i])
    assert nearest > NEAR_DUPLICATE_BITS


def test_a_text_without_words_has_no_signature():
    assert signed("", "") is None
    assert signed("…", "— !") is None


def test_the_signature_is_the_same_in_every_release():
    assert signed("عنوان الخبر", "نص الخبر الأول هنا") == EXPECTED


EXPECTED = -3887223986501061748


@given(st.text(max_size=80), st.text(max_size=200))
def test_every_signature_fits_a_signed_column_and_no_input_raises(title, body):
    signature = signed(title, body)
    assert signature is None or -(2**63) <= signature < 2**63


DOCUMENT = ROOT / "docs" / "explain" / "near_duplicates.md"


@pytest.fixture
def archive():
    """Two stories, one of them in three portals with small changes."""
    wire, other = story(1), story(2)
    copies = [("one", wire), ("two", "القاهرة - وكالات: " + wire), ("three", wire + "\nيذكر أن الاجتماع سنوي")]
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE articles (article_id VARCHAR, portal VARCHAR, title VARCHAR, published_at TIMESTAMPTZ,"
        " text_simhash BIGINT, word_count INT)"
    )
    for hour, (portal, text) in enumerate([*copies, ("four", other)]):
        row = [f"article-{portal}", portal, "عنوان", f"2024-12-25 0{hour}:00:00+00", signed("", text), 200]
        connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", row)
    yield connection
    connection.close()


def test_the_documented_queries_find_the_wire_copy(archive):
    pairs, groups = re.findall(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = {frozenset((row[0], row[2])) for row in archive.execute(pairs).fetchall()}
    assert found == {frozenset(("one", "two")), frozenset(("one", "three")), frozenset(("two", "three"))}
    stories = {portal: first for _, portal, first in archive.execute(groups).fetchall()}
    assert stories == {"one": "article-one", "two": "article-one", "three": "article-one", "four": "article-four"}
