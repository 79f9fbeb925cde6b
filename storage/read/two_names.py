"""Whether two words that differ by a letter are two people."""

from __future__ import annotations

from storage.identity.given_names import GIVEN_NAMES

# Pairs of one name in two spellings.
_SPELLINGS = """داود داوود عبدالرحمن عبدالرحمان ابوبكر بوبكر ميشال ميشيل ديفيد دافيد وليام ويليام عبده عبدو
دانيال دانييل ادير ايدير نرمين نيرمين رهام ريهام لجين لوجين جمانه جومانه زليخه زوليخه سميه سوميه
عطاالله عطالله التجاني التيجاني
العربي لعربي الحسن لحسن الحسين لحسين طانوس طانيوس ماريان مريان سيمون سايمون شذا شذي سها سهي مروه مروي يسرا يسري"""
_PAIRS = frozenset(map(frozenset, zip(_SPELLINGS.split()[::2], _SPELLINGS.split()[1::2], strict=True)))
_WRITTEN_TO_WORDS = "وفبلك"  # «لمحمد»


def are_two_names(one: str, other: str) -> bool:
    """Whether two folded words are given names of two people: «سارة» and «سارا» are one."""
    if not {one, other} <= GIVEN_NAMES and one[:1] == other[:1] and one[:1] in _WRITTEN_TO_WORDS:
        one, other = one[1:], other[1:]
    if not {one, other} <= GIVEN_NAMES or one == other:
        return False
    return _ending_folded(one) != _ending_folded(other) and frozenset((one, other)) not in _PAIRS


def _ending_folded(name: str) -> str:
    ended = name.removesuffix("ء")
    return f"{ended[:-1]}ا" if ended.endswith("ه") else ended
