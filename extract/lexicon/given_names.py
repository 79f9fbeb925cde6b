"""Which lines are a person's name and nothing else, by the given names we know."""

from __future__ import annotations

from itertools import pairwise

from storage.identity.given_names import GIVEN_NAMES

# What may stand between a given name and the last one.
_BETWEEN = frozenset(["عبد", "بن", "ابن", "ابو", "ابي", "بو", "ام", "ال", "ولد", "بنت", "منت", "ود", "ايت", "بني"])
# Behind these a family's name follows, however it begins: «محمد الأمين ولد سيدي».
_CHILD_OF = (["ولد"], ["بن"], ["بنت"], ["منت"], ["ايت"])
MAX_NAME_WORDS = 5
# Months that begin like a person.
MONTHS = frozenset(("ربيع الاول", "ربيع الثاني", "ربيع الاخر"))
# In whose name a law, a sentence or a prayer speaks: «باسم الشعب».
_SPOKEN = "الله الشعب الامه القانون العداله الملك الدوله الرييس الاب الحريه الانسانيه الثوره"
_SPOKEN_FOR = frozenset(_SPOKEN.split())


def reads_as_name(folded: str) -> bool:
    """Whether a folded line is a person's name and nothing else: «سامي عبد الحميد الغندور», not «سامي يعود غدا»."""
    words = folded.split()
    if not 2 <= len(words) <= MAX_NAME_WORDS or words[0] not in GIVEN_NAMES or folded in MONTHS:
        return False
    if words[0] == "باسم" and words[1] in _SPOKEN_FOR:
        return False
    between, last = words[1:-1], words[-1]
    pairs = pairwise(words[:-1])  # behind «بن» stands any name
    if not all(word in GIVEN_NAMES or {word, before} & _BETWEEN or word.startswith("ال") for before, word in pairs):
        return False
    if last in GIVEN_NAMES or between[-1:] in _CHILD_OF:
        return True
    # Verbs of headlines begin with these; so do few family names.
    return len(last) >= 3 and last[0] not in "يتس" and (len(words) < 4 or last.startswith("ال"))


def read_as_names(folded: str) -> bool:
    """Whether a folded line is a person's name, or two that «و» joins, and nothing else."""
    words = folded.split()
    if not words or words[0] not in GIVEN_NAMES:
        return False
    place = second_name_at(words)
    if place is None:
        return reads_as_name(folded)
    return reads_as_name(" ".join(words[:place])) and reads_as_name(" ".join([words[place][1:], *words[place + 1 :]]))


def second_name_at(folded_words: list[str]) -> int | None:
    """Where a second person begins with «و» written to the name: «محمود عبد الحميد ورانيا فتحي» → 3."""
    for place in range(2, len(folded_words) - 1):
        word = folded_words[place]
        if word[0] == "و" and word[1:] in GIVEN_NAMES and word not in GIVEN_NAMES:
            return place
    return None
