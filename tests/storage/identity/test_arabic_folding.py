"""Two spellings of the same Arabic words fold to one form; different words and numbers stay different."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.identity import arabic_folding
from storage.identity.arabic_folding import FOLD_RULES, MAX_REMEMBERED_CHARACTERS, text_norm
from storage.identity.ids import edition_id
from tests.fixtures.paths import ROOT


@pytest.mark.parametrize("rule", FOLD_RULES, ids=lambda rule: rule.name)
def test_each_rule_does_what_its_example_says(rule):
    assert text_norm(rule.before) == rule.after


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إعلان الأسعار", "اعلان الاسعار"),
        ("المدرسة", "المدرسه"),
        ("مُدَرِّسٌ", "مدرس"),
        ("أخـــبار", "اخبار"),
        ("ﺍﻷﺧﺒﺎﺭ", "الاخبار"),
        ("عام ٢٠٢٤", "عام 2024"),
        ("کیهان", "كيهان"),
        ("قال: «نعم»", "قال نعم"),
        ("\u202bخبر\u202c\u200f", "خبر"),
    ],
)
def test_spellings_of_the_same_words_are_equal(one, other):
    assert text_norm(one) == text_norm(other)


@pytest.mark.parametrize(("one", "other"), [("5%", "5$"), ("12", "21"), ("ماء", "ما"), ("كتب", "كتاب"), ("3.5", "35")])
def test_what_changes_the_meaning_stays(one, other):
    assert text_norm(one) != text_norm(other)


def test_every_letter_of_a_rule_is_folded():
    for rule in FOLD_RULES:
        for letter in rule.letters:
            assert text_norm(f"ب{letter}ب") == f"ب{rule.to}ب", f"{rule.name}: U+{ord(letter):04X}"


def test_a_vowel_mark_is_no_new_edition_and_a_changed_number_is_one():
    first = edition_id("a" * 32, "عنوان الخبر", "وصل عدد الضحايا إلى 12.")
    assert edition_id("a" * 32, "عُنوان الخبر", "وصل عدد الضحايا الى ١٢") == first
    assert edition_id("a" * 32, "عنوان الخبر", "وصل عدد الضحايا إلى 13.") != first
    assert edition_id("b" * 32, "عنوان الخبر", "وصل عدد الضحايا إلى 12.") != first


def test_title_and_body_do_not_run_together():
    assert edition_id("a", "خبر جديد", "اليوم") != edition_id("a", "خبر", "جديد اليوم")


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_and_no_input_raises(text):
    once = text_norm(text)
    assert text_norm(once) == once
    assert edition_id("a", text, text) == edition_id("a", once, once)


USUAL = st.text(arabic_folding._AS_BYTES.letters, max_size=60)
LONG = "قالت الوزيرة: إنّ الأسعار " * (MAX_REMEMBERED_CHARACTERS // 20)


@given(USUAL, st.one_of(st.just(""), st.text(max_size=5)), USUAL)
def test_a_text_is_folded_as_its_words_are(before, odd, after):
    text = f"{LONG}{before}{odd}\n{LONG}{after}"
    words = (" ".join(arabic_folding._fold_piece(word).split()) for word in text.split())
    assert text_norm(text) == " ".join(filter(None, words))


def test_a_text_of_usual_characters_is_folded_as_a_whole_and_another_one_line_by_line():
    each = LONG.split()[0] + LONG.split()[0].join(arabic_folding._AS_BYTES.letters)
    assert arabic_folding._AS_BYTES.fold(each) == " ".join(arabic_folding._fold_piece(each).split())
    assert arabic_folding._AS_BYTES.fold(f"{LONG}😀") is None
    assert text_norm(f"{LONG}😀\n\n{LONG}") == " ".join([text_norm(LONG)] * 2)


def test_the_documented_table_is_the_rules():
    document = (ROOT / "docs" / "explain" / "arabic_folding.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in document.splitlines() if line.startswith("| `")]
    assert [(row[0].strip("|` "), row[1]) for row in rows] == [(rule.name, rule.does) for rule in FOLD_RULES]
