"""Which words are frequent enough that their neighbours are kept."""

from storage.search.frequent_pairs import frequent_pairs, frequent_words


def test_headlines_need_fewer_of_a_word_than_texts() -> None:
    texts = [f"{'الوزير ' * (number % 50 == 0)}{'في ' * (number % 10 == 0)}خبر{number}" for number in range(1_000)]
    assert frequent_words(texts, "title") == ["في", "الوزير"]
    assert frequent_words(texts, "body") == ["في"]
    assert frequent_words(texts[:40], "title") == []


def test_pairs_are_of_frequent_neighbours() -> None:
    assert (
        frequent_pairs("قال الوزير في القاهره ان الوزير في بيته", {"الوزير", "في", "ان"})
        == "الوزير_في ان_الوزير الوزير_في"
    )
