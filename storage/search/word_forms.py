"""The forms in which an Arabic word stands in a text: with particles before it, endings and pronouns behind it.

Light stemming in the manner of light10 (Larkey, Ballesteros, Connell 2007), turned round: not every word of a text is
cut down, where «وزير» would become «زير», but the word that is looked for is spelled out. The forms are a finite list,
so SQL, the index and Python match the same words by construction. Words are folded first (arabic_folding.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from storage.search.broken_plurals import numbers

# Particles that are written together with the next word: «و» and «ف», then one of the others.
CONJUNCTIONS = ("", "و", "ف")
PARTICLES = ("", "ال", "بال", "كال", "لل", "ب", "ك", "ل")
# Particles that a person may type before a word, longest first, and the letters that must then be left.
TYPED_PARTICLES = (("وبال", 4), ("ولل", 4), ("وال", 4), ("بال", 4), ("كال", 4), ("فال", 4), ("لل", 4), ("ال", 2))
# «ي» (mine) is not among them: it would make «مصري» of «مصر».
PRONOUNS = ("ه", "ها", "هم", "هن", "هما", "نا", "كم", "كن")

_NO_ENDING = ("",)
_OBJECT = ("", *PRONOUNS)
_FEMININE_PLURAL = tuple(f"ات{end}" for end in _OBJECT)
_TEH = ("ه", *(f"ت{end}" for end in PRONOUNS), "تان", "تين", "تا", "تي")
_MASCULINE_PLURAL = ("ون", "ين", "ان")
# Endings by what is left of the word when its own ending is taken off; the short ones say too much on short words.
ENDINGS_OF_TWO_LETTERS = ("", "ا", "ها", "هم", "هما", "نا", "ين")
ENDINGS_OF_THREE_LETTERS = (*_OBJECT, "ا", "ان", "ين", *_FEMININE_PLURAL)
ENDINGS_OF_A_WORD = (*_OBJECT, "ا", *_MASCULINE_PLURAL, "يها", "يهم", *_FEMININE_PLURAL)
ENDINGS_AFTER_TEH = (*_TEH, *_FEMININE_PLURAL)
ENDINGS_AFTER_FEMININE_PLURAL = (*_FEMININE_PLURAL, *_TEH)
ENDINGS_AFTER_MASCULINE_PLURAL = (*_OBJECT, "ا", *_MASCULINE_PLURAL, "و", "ي", *_FEMININE_PLURAL)
# A hamza at the end becomes a letter before a pronoun: وزراء، وزرائها، وزراؤها.
ENDINGS_AFTER_HAMZA = tuple(f"{seat}{end}" for seat in ("ي", "و") for end in PRONOUNS)
# An alef maksura at the end becomes an alef: مستشفى، مستشفاها.
ENDINGS_AFTER_YEH = tuple(f"ا{end}" for end in PRONOUNS)

# Words in which what looks like an ending belongs to the word; they are no form of the shorter word.
_WHOLE = """
لبنان السودان سودان عمان ايران سليمان اليونان يونان رمضان نيسان حزيران برلمان ميدان سلطان سرطان طيران عدوان
بركان جيران غفران نقصان فقدان بنيان ادمان ضمان حرمان خسران دوران عنوان حيوان انسان مهرجان عثمان فنجان بستان
عمران قرصان فيضان ثعبان نيران اركان الوان اوطان ديوان طوفان اسنان احزان ازمان اديان ابدان اعوان اخوان برهان
غليان جريان سريان عصيان نسيان كتمان فرسان شبان رهبان قضبان قطعان غزلان فيران خلجان قمصان شيطان سكان مكان
زمان جمان حنان امان لسان حصان دخان ميزان تلفزيون قانون مليون زيتون كانون افلاطون صابون بالون كرتون ليمون زبون
قرون ديون عيون شوون شجون بطون جنون فنون سجون حصون فلسطين ياسين حسين بنزين زيتين مسكين سنين بنين حنين عشرين عشرون
ثلاثين ثلاثون اربعين اربعون خمسين خمسون ستين ستون سبعين سبعون ثمانين ثمانون تسعين تسعون قوانين عناوين ميادين
موازين تمارين بساتين شياطين ملايين مضامين براهين ثعابين تشرين ارجنتين سكين يقين متين سمين جبين كمين ثمين رصين
طين عجين طحين قرين جنين انين يمين معين لعين دفين سجين حزين امين بدين رهين هجين صين بوتين ستالين لينين تكوين عين
اموات اصوات اوقات ابيات نبات ثبات سبات شتات فتات رفات اشتات بنات ذات حياه فرات شرطه جمعه محكمه منطقه مدرسه شركه
كلمه جامعه محافظه رياضه عامه سلامه مدينه بصره عاصمه مهمه مقاومه معارضه منظمه نقطه ورقه ثوره
"""
WHOLE_WORDS = frozenset(_WHOLE.split())
# Words that no other word is cut down to: «وفيات» is no form of «وفي».
_FUNCTION = """
في من عن علي الي ان كان هو هي ما لا لم لن قد كل بعد قبل عند مع او ثم هذا هذه ذلك تلك التي الذي حتي بين غير كما لدي اي
اذا منذ هل وفي ومن وعن وعلي والي وان ولا ولم وقد فيه فيها به بها له لها لهم منه منها عنه عليه عليها
"""
FUNCTION_WORDS = frozenset(_FUNCTION.split())
# Two spellings of one word that folding leaves apart: مسؤول and مسئول, مائة and مئة.
VARIANTS = (("وو", "يو"), ("مايه", "ميه"))

_ARABIC = re.compile(r"[\u0621-\u064a]+\Z")
# تأمين is no dual of تام: nouns of the form تفعيل.
_TAFEEL = re.compile(r"ت..ين\Z")


@dataclass(frozen=True)
class Stem:
    """What is left of a word, and the endings it may have."""

    letters: str
    endings: tuple[str, ...]

    @property
    def conjunctions(self) -> tuple[str, ...]:
        """What is written before it and its particle; «فسد» is rather a verb than «ف» and «سد»."""
        return CONJUNCTIONS if len(self.letters) > 2 else ("", "و")


@lru_cache(maxsize=4096)
def stems(word: str) -> tuple[Stem, ...]:
    """The stems of one folded word, each with the endings under which it is the same word; () for a word not Arabic."""
    if not _ARABIC.match(word):
        return ()
    found: dict[str, dict[str, None]] = {}
    for whole in _without_particles(word):
        for number, is_broken_plural in numbers(whole).items():
            for letters, endings in _cut_plural(number) if is_broken_plural else _cut(number):
                # A word that was cut is known by its ending; one that was not may be the beginning of another.
                kept = (end for end in endings if letters != number or not _is_another_word(letters, end))
                found.setdefault(letters, {}).update(dict.fromkeys(kept))
    return tuple(Stem(letters, tuple(endings)) for letters, endings in found.items())


def _without_particles(word: str) -> Iterator[str]:
    """The word as typed, and without the article that was typed with it: «ألمانيا» begins with one only in looks."""
    for particles, least in TYPED_PARTICLES:
        if word.startswith(particles) and len(word) - len(particles) >= least:
            rest = word[len(particles) :]
            if particles != "ال":
                yield rest
                return
            yield rest
            break
    yield word


def _cut(word: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The word's stems with their endings."""
    yield word, _NO_ENDING
    if word in FUNCTION_WORDS:
        return
    stem = word[:-2]
    if word.endswith("ات") and len(stem) >= 3 and stem not in FUNCTION_WORDS and word not in WHOLE_WORDS:
        # شركات is of شركة and not of شرك; مطارات is of مطار.
        yield stem, (*ENDINGS_AFTER_FEMININE_PLURAL, *(_OBJECT if len(stem) > 3 else ()))
        return
    if word.endswith(("ون", "ين")) and len(stem) >= 4 and word not in WHOLE_WORDS:
        yield stem, ENDINGS_AFTER_MASCULINE_PLURAL
        return
    if word.endswith("ه") and len(word) >= 3:
        yield word[:-1], ENDINGS_AFTER_TEH
    if word.endswith("ء") and len(word) >= 4:
        yield word[:-1], ENDINGS_AFTER_HAMZA
    if word.endswith("ي") and len(word) >= 4:
        yield word[:-1], ENDINGS_AFTER_YEH
    yield (
        word,
        {1: _NO_ENDING, 2: ENDINGS_OF_TWO_LETTERS, 3: ENDINGS_OF_THREE_LETTERS}.get(len(word), ENDINGS_OF_A_WORD),
    )


def _cut_plural(word: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The same of a broken plural, which has no dual and no plural."""
    yield word, (*_OBJECT, "ا")
    if word.endswith("ه"):
        yield word[:-1], _TEH[: 1 + len(PRONOUNS)]
    if word.endswith("ء"):
        yield word[:-1], ENDINGS_AFTER_HAMZA
    if word.endswith("ي"):
        yield word[:-1], ENDINGS_AFTER_YEH


def _is_another_word(letters: str, ending: str) -> bool:
    plain = letters.removeprefix("ال")
    form = plain + ending
    if not ending:
        return False
    if form in WHOLE_WORDS or form in FUNCTION_WORDS or (len(plain) == 3 and _TAFEEL.match(form)):
        return True
    # محافظات is of محافظة, which is no محافظ.
    return ending.startswith("ات") and plain + "ه" in WHOLE_WORDS


def forms(word: str) -> Iterator[str]:
    """Every spelling under which a folded word is found; itself first."""
    yield word
    told = {word}
    for stem in stems(word):
        for letters in _spellings(stem.letters):
            for conjunction in stem.conjunctions:
                for particle in PARTICLES:
                    for ending in stem.endings:
                        form = f"{conjunction}{particle}{letters}{ending}"
                        if form not in told:
                            told.add(form)
                            yield form


def beginnings(word: str) -> Iterator[str]:
    """What words begin with that begin with `word`, particles before it or not."""
    told: set[str] = set()
    begun = list(_without_particles(word)) if _ARABIC.match(word) else []
    for letters in dict.fromkeys([word, *begun]):
        for conjunction in CONJUNCTIONS if begun else ("",):
            for particle in PARTICLES if begun else ("",):
                form = f"{conjunction}{particle}{letters}"
                if form not in told:
                    told.add(form)
                    yield form


@lru_cache(maxsize=512)
def word_pattern(word: str) -> str:
    """The forms as a regular expression that RE2 and Python read alike."""
    found = stems(word)
    if not found:
        return re.escape(word)
    return _any(
        [
            f"{_any(stem.conjunctions)}{_any(PARTICLES)}{letters}{_any(stem.endings)}"
            for stem in found
            for letters in _spellings(stem.letters)
        ],
        is_group=True,
    )


def prefix_pattern(word: str) -> str:
    """Words that begin with `word`, particles before it or not."""
    if not _ARABIC.match(word):
        return f"{re.escape(word)}[^ ]*"
    before = f"{_any(CONJUNCTIONS)}{_any(PARTICLES)}"
    return f"{before}{_any(list(dict.fromkeys([word, *_without_particles(word)])), is_group=True)}[^ ]*"


def _spellings(letters: str) -> Iterator[str]:
    yield letters
    for one, other in VARIANTS:
        for here, there in ((one, other), (other, one)):
            if here in letters:
                yield letters.replace(here, there)


def _any(choices: tuple[str, ...] | list[str], *, is_group: bool = False) -> str:
    """One of some literal texts or patterns; the empty one makes the group optional."""
    some = [choice for choice in choices if choice]
    if not some:
        return ""
    is_optional = len(some) < len(choices) and not is_group
    return f"(?:{'|'.join(some)})" + ("?" if is_optional else "")
