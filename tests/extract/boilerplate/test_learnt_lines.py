"""Lines that repeat over a portal are learnt in any order to the same bytes; what reports say themselves stays."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.boilerplate.learnt_lines import (
    LearnParameters,
    from_json,
    learn_lines,
    learnt_verdicts,
    repeated_lines,
    to_json,
    version_used,
    version_with,
)

WINDOW = "2024-11-01T00Z--2024-12-01T00Z"
SLOGAN = "بوابة الميزان.. خبرك أولا بأول"
PROMPT = "للاشتراك في خدمة الواتساب أرسل كلمة ميزان"
BACKGROUND = "وكانت اللجنة قد بدأت أعمالها قبل عامين بعد اتفاق بين الوزارات المعنية"
SERIES = "سعر جرام الذهب عيار 21"


def report(number, *extra, paragraphs=6):
    return [f"الفقرة رقم {n} من التقرير {number} عن مشروع الجسر الجديد في المدينة" for n in range(paragraphs)] + list(
        extra
    )


def archive(count=200):
    """Reports with a slogan in all, a prompt in one of ten, background inside a few, and a daily series."""
    articles = []
    for number in range(count):
        lines = report(number, SLOGAN)
        if number % 10 == 0:
            lines.append(PROMPT.replace("أ", "ا") if number % 20 else PROMPT)
        if number % 12 == 0:
            lines.insert(4, BACKGROUND)
        if number % 15 == 0:
            lines[3] = SERIES
        articles.append((f"article-{number:03d}", lines, []))
    return articles


def learn(articles, **changed):
    return learn_lines(articles, portal="demo", window=WINDOW, parameters=LearnParameters(**changed))


def examples(learnt):
    return {line.example: line.articles for line in learnt.lines}


def test_lines_at_the_edges_of_many_articles_are_learnt_and_nothing_else():
    assert examples(learn(archive())) == {SLOGAN: 200, min(PROMPT, PROMPT.replace("أ", "ا")): 20}


def test_the_order_of_articles_and_repetitions_do_not_change_a_byte():
    articles = archive()
    expected = to_json(learn(articles))
    for seed in range(5):
        mixed = articles + articles[:50]
        random.Random(seed).shuffle(mixed)
        assert to_json(learn(mixed)) == expected


def test_editions_of_one_article_count_once():
    editions = [("article-000", report(0, PROMPT, f"تصحيح رقم {n}"), []) for n in range(50)]
    assert PROMPT not in examples(learn([*editions, *((f"a{n}", report(n), []) for n in range(1, 100))]))


def test_a_line_that_is_most_of_its_articles_is_their_text():
    stub = "شاهد الفيديو الكامل لمباراة اليوم في الدوري الممتاز"
    articles = [(f"v{n}", [f"هدف {n}", stub], []) for n in range(30)] + archive(100)
    assert stub not in examples(learn(articles))


def test_long_paragraphs_are_not_learnt():
    long = " ".join([BACKGROUND] * 4)
    assert long not in examples(learn([(f"a{n}", report(n, long, paragraphs=40), []) for n in range(100)]))


def test_too_few_articles_teach_nothing():
    assert learn(archive(20)).lines == ()


def test_what_an_earlier_set_removed_is_not_forgotten():
    first = learn(archive())
    again = []
    for article_id, lines, _ in archive():
        gone = repeated_lines(lines, first)
        again.append((article_id, [t for i, t in enumerate(lines) if i not in gone], [lines[i] for i in sorted(gone)]))
    assert {line.folded for line in learn(again).lines} == first.folded


def test_learnt_lines_are_removed_in_any_spelling_under_the_sets_rule():
    learnt = learn(archive())
    lines = list(enumerate(report(900, "بَوابة المـيزان.. خبرك اولا بأول")))
    assert learnt_verdicts(lines, learnt) == {6: f"learnt:{learnt.version}"}
    assert learnt_verdicts(lines, None) == {}


def test_an_article_that_would_lose_most_of_its_text_keeps_it():
    learnt = learn(archive())
    assert repeated_lines([SLOGAN, "عاجل: هزة أرضية"], learnt) == frozenset()


def test_a_set_is_named_by_its_content_and_damage_is_seen():
    learnt = learn(archive())
    stored = to_json(learnt)
    assert from_json(stored) == learnt
    assert learnt.version.startswith(WINDOW)
    assert learn(archive(), min_articles=9).version != learnt.version
    for damaged in (stored.replace(b"200", b"201"), b"{}", b"[1]", b"\xff", stored[:100]):
        with pytest.raises(ValueError, match=r"."):
            from_json(damaged)


def test_the_set_in_use_is_part_of_the_extractors_version():
    learnt = learn(archive())
    assert version_used(version_with("1+trafilatura-2.3.1", learnt)) == learnt.version
    assert version_with("1+trafilatura-2.3.1", None) == "1+trafilatura-2.3.1"
    assert version_used("1+trafilatura-2.3.1") is None


LINES = st.lists(st.one_of(st.just(SLOGAN), st.text(max_size=40)), max_size=8)


@given(st.lists(st.tuples(st.sampled_from("abc"), LINES, LINES), max_size=20), st.randoms(use_true_random=False))
def test_no_input_raises_and_no_order_matters(articles, generator):
    parameters = {"min_articles": 1, "min_window_articles": 1, "max_share_of_text": 1.0}
    learnt = learn(articles, **parameters)
    generator.shuffle(articles)
    assert to_json(learn(articles, **parameters)) == to_json(learnt)
    assert from_json(to_json(learnt)) == learnt
    for _, lines, _ in articles:
        assert repeated_lines(lines, learnt) <= set(range(len(lines)))
