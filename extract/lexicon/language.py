"""The language of a text, by its script, its letters and its commonest words.

The choice is between a handful of languages that occur on Arabic news portals, so a table is enough: it is exact on
sentences, the same in every process, and costs no model (py3langid holds 105 MB; langdetect draws random numbers).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

SAMPLE_CHARS = 3_000  # enough for a certain answer, and bounds the time on any input
MIN_WORD_EVIDENCE = 0.02  # share of words that must be known before words decide against the declared language

# Letters that a language of the Arabic script uses and Arabic does not; weight 1 each time one is met.
_LETTERS = {
    "fa": "پچژگکی",
    "ur": "ٹڈڑںےہھۓپچگکی",
    "ckb": "ەێۆڕڵڤپچژگکی",
    "ug": "ېۇۈۋۆەڭپچگ",
    "ps": "ټډړږښځڅېۍڼپچژګ",
}
_ONLY = {"ur": "ٹڈڑںےہ", "ckb": "ەێۆڕڵ", "ug": "ېۇۈۋڭ", "ps": "ټډړښځڅۍڼ"}
_ARABIC_LETTERS = "ةىأإآؤئيك"
# The commonest words, as they are spelled.
_WORDS = {
    "ar": "في من على إلى الى عن أن ان إن التي الذي هذا هذه ذلك كان كانت قد لا ما مع بعد بين كما أو و هو هي لم خلال قال "
    "وقال حيث عام يوم اليوم أمس منذ حتى كل غير عند ثم لكن وفي ومن وأن الذين دون قبل أكثر",
    "fa": "در به از که این را با است برای آن یک خود تا کرد بر هم نیز وی شد می شده است گفت ها های اما کرده باید "
    "دو هر بود و یا",
    "ur": "کے کی میں ہے کا اور سے کو نے کہ اس پر کیا ہیں بھی یہ ہو تھا نہیں ایک گیا کر جو لیے وہ تھے ہوئے",
    "ckb": "لە بە و کە بۆ ئەو ئەم لەگەڵ هەر یەک دوای هەموو دەکات نەبوو بوو لەسەر وەک ئێمە ئەوە",
    "ps": "د په چې کې او له ته دی دا هم یې شوي کړي سره څخه وو نه شي ده یو",
    "ug": "بىلەن ۋە بۇ ئۇ بىر بولغان ئۈچۈن قىلغان",
    "en": "the of and to in a is that for on was with as it by at from be are this has have an said not he his "
    "will but they",
    "fr": "le la les de des du et en un une est que qui dans pour par sur au aux avec plus ne pas ce se il son sa été",
    "es": "el la los las de del y en un una es que por para con se su al lo como más no ha sus fue este",
    "de": "der die das und in den von zu mit ist des ein eine im auf für nicht dem sich auch als es an wird werden",
    "it": "il la di e che in un una per con del della non sono è si da al dei le gli nel più come",
    "pt": "o a de e que do da em um uma para com não os as no na por mais se ao foi dos das",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi sonra kadar var ise ancak en",
    "ku": "û li ji bi ku ya ye di de bo xwe wê yên ên jî ne ev",
    "id": "yang dan di dari dengan untuk pada ini itu dalam tidak akan juga oleh ke telah",
}
_KNOWN = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_ARABIC_SCRIPT = ("ar", "fa", "ur", "ckb", "ps", "ug")
_LATIN_SCRIPT = ("en", "fr", "es", "de", "it", "pt", "tr", "ku", "id")
# Scripts that name one language of the press (for Cyrillic: the likeliest).
_SCRIPTS = {
    "HEBREW": "he",
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARMENIAN": "hy",
    "SYRIAC": "syr",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "ETHIOPIC": "am",
    "TIFINAGH": "zgh",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "THAI": "th",
}
LANGUAGES = frozenset({*_ARABIC_SCRIPT, *_LATIN_SCRIPT, *_SCRIPTS.values()})  # all that a text may be told to be
_MARKS = re.compile("[\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


def language_of(text: str, declared: str | None = None) -> str | None:
    """BCP 47 primary tag of a text's main language; None for a text without letters.

    `declared` is what the page says of itself (`ar-EG`, `en_US`): it breaks ties, it does not outvote the text.
    """
    sample = _ADDRESS.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKC", text[:SAMPLE_CHARS])))
    words = [word.lower() for word in _WORD.findall(sample)]
    letters = Counter("".join(words))
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[_script(letter)] += count
    if not scripts:
        return None
    tag = re.split(r"[-_]", (declared or "").strip().lower())[0] or None
    script = min(scripts, key=lambda name: (-scripts[name], name))
    if script == "ARABIC":
        return _among(_ARABIC_SCRIPT, words, letters, declared=tag, default="ar")
    if script == "LATIN":
        return _among(_LATIN_SCRIPT, words, letters, declared=tag, default="en")
    if script == "CJK" and scripts["HIRAGANA"]:
        return "ja"
    return _SCRIPTS.get(script)


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """First word of the letter's Unicode name: ARABIC, LATIN, HEBREW, CJK…"""
    return unicodedata.name(letter, "?").split()[0]


def _among(
    languages: tuple[str, ...], words: list[str], letters: Counter[str], *, declared: str | None, default: str
) -> str:
    """The language whose common words and own letters fill most of the text."""
    counts = Counter(words)
    arabic = sum(letters[letter] for letter in _ARABIC_LETTERS)
    total = letters.total()
    scores = {
        language: sum(counts[word] for word in counts.keys() & _KNOWN[language]) / len(words)
        + (arabic if language == "ar" else _own_letters(language, letters) - arabic) / total
        for language in languages
    }
    best = max(languages, key=lambda language: (scores[language], language == declared, language == default))
    if scores[best] < MIN_WORD_EVIDENCE:
        return declared if declared in languages else default
    return best


def _own_letters(language: str, letters: Counter[str]) -> int:
    """Letters that this language has and its neighbours lack, doubled for those it alone has."""
    return sum(letters[letter] for letter in _LETTERS.get(language, "") + _ONLY.get(language, ""))
