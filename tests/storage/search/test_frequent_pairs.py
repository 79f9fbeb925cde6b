"""Which words are frequent enough that their neighbours are kept."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storage.search.frequent_pairs import frequent_pairs, frequent_words


def test_headlines_need_fewer_of_a_word_than_texts() -> None:
    texts = [f"{'الوزير ' * (number % 50 == 0)}{'في ' * (number % 10 == 0)}خبر{number}" for number in range(1_000)]
    assert frequent_words(texts, "title") == ["في", "الوزير"]
    assert frequent_words(texts, "body") == ["في"]
    assert frequent_words(texts[:40], "title") == []


def test_pairs_are_of_frequent_neighbours() -> None:
    texts = ["قال الوزير في القاهره ان الوزير في بيته", "", "في", "في في في", "الوزير"]
    pairs = ["الوزير_في ان_الوزير الوزير_في", "", "", "في_في في_في", ""]
    assert frequent_pairs(texts, {"الوزير", "في", "ان"}) == pairs
    assert frequent_pairs(texts, ()) == [""] * 5
    assert frequent_pairs([], {"في"}) == []


@given(st.lists(st.lists(st.sampled_from(["في", "ان", "خبر", "x😀"])).map(" ".join)))
def test_pairs_are_of_one_text(texts: list[str]) -> None:
    frequent = {"في", "ان", "x😀"}
    neighbours = [[pair for pair in pairwise(text.split()) if set(pair) <= frequent] for text in texts]
    assert frequent_pairs(texts, frequent) == [" ".join(map("_".join, pairs)) for pairs in neighbours]
