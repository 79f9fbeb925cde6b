"""The language of a text, told without a model and the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.lexicon.language import language_of

SENTENCES = {
    "ar": "أعلنت وزارة الزراعة أن محصول القمح هذا العام يكفي حاجة البلاد حتى نهاية الصيف",
    "fa": "وزیر کشاورزی گفت که برداشت گندم امسال برای نیاز کشور تا پایان تابستان کافی است",
    "ur": "وزیر زراعت نے کہا ہے کہ اس سال گندم کی فصل ملک کی ضرورت کے لیے کافی ہے",
    "ckb": "وەزیری کشتوکاڵ ڕایگەیاند کە بەرهەمی گەنمی ئەمساڵ بۆ پێداویستی وڵات بەسە",
    "ps": "د کرنې وزیر وویل چې د غنمو حاصلات د هېواد د اړتیا لپاره بس دي",
    "en": "The ministry of agriculture said that the wheat harvest will be enough for the country",
    "fr": "Le ministère de l'agriculture a annoncé que la récolte de blé suffit aux besoins du pays",
    "es": "El ministerio de agricultura dijo que la cosecha de trigo es suficiente para el país",
    "de": "Das Ministerium teilte mit, dass die Ernte für den Bedarf des Landes auch im Winter reicht",
    "tr": "Tarım bakanlığı bu yıl buğday hasadının ülke için yeterli olduğunu ve daha çok olacağını söyledi",
    "he": "משרד החקלאות הודיע כי יבול החיטה השנה יספיק לצורכי המדינה",
    "ru": "Министерство сельского хозяйства сообщило об урожае пшеницы",
    "zh": "农业部表示今年的小麦收成足够",
    "ja": "農業省は今年の小麦の収穫が十分だと述べた",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_recognised(language):
    assert language_of(SENTENCES[language]) == language


def test_the_text_outvotes_what_the_page_declares():
    assert language_of(SENTENCES["fa"], declared="ar") == "fa"
    assert language_of(SENTENCES["en"], declared="ar-EG") == "en"


def test_the_declaration_decides_where_the_text_cannot():
    assert language_of("پاریس", declared="fa_IR") == "fa"
    assert language_of("Bruxelles", declared="fr-FR") == "fr"


def test_an_arabic_report_with_english_names_is_arabic():
    assert language_of(SENTENCES["ar"] + " (Reuters, Bloomberg) " + SENTENCES["ar"], declared="en") == "ar"


def test_arabic_typed_with_a_persian_keyboard_is_arabic():
    assert language_of(SENTENCES["ar"].replace("ي", "ی").replace("ك", "ک")) == "ar"


def test_an_address_has_no_language():
    assert language_of("https://news.example/video/com") is None
    assert language_of("2024 — 12:30") is None
    assert language_of("") is None


@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=10)))
def test_no_input_raises(text, declared):
    answer = language_of(text, declared=declared)
    assert answer is None or answer.isascii()
