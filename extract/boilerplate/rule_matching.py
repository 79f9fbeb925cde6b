"""Which boilerplate rules a block speaks of, before anybody asks for evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from extract.body.block_shapes import is_row, label_of
from extract.boilerplate.rules.all_rules import RULES
from extract.boilerplate.rules.pleas import PLEA_WORDS
from extract.boilerplate.rules.rule import BoilerplateRule, Evidence, Form
from extract.html.block import MAX_LINE_WORDS, Block
from storage.identity.arabic_folding import MAX_REMEMBERED_CHARACTERS, text_norm

# Words of a line are shorter on average; what is longer is no line of words, however long.
MAX_WORD_CHARACTERS = 50
MAX_RULE_WORDS = max(rule.max_words for rule in RULES)


def _any(form: Form, rules: Sequence[BoilerplateRule]) -> re.Pattern[str]:
    """All patterns of a form as one, so that most blocks need four tries and not one a rule."""
    either = "|".join(f"(?:{rule.pattern.pattern})" for rule in rules if rule.form is form)
    if form is not Form.INSIDE:
        return re.compile(either)
    # One that may stand anywhere is tried at each letter: at most a look is enough. Its Latin words stand alone.
    first = set(_FIRST.findall(either))
    words = "|".join(sorted(word for word in first if word.isascii()))
    others = "|".join(_beginnings(sorted(word for word in first if not word.isascii())))
    return re.compile(rf"(?=\b(?:{words})|{others})(?:{either})")


def _beginnings(pairs: Sequence[str]) -> Iterator[str]:
    """Patterns of pairs of letters, those that begin with the same letter as one; a letter alone is one of any pair."""
    for letter, group in groupby(pairs, key=itemgetter(0)):
        seconds = [pair[1:] for pair in group]
        yield letter if "" in seconds else f"{letter}[{''.join(seconds)}]"


# Words that a pattern can begin with, and a few more; of Arabic ones two letters, or one where the next may be missing.
_FIRST = re.compile(r"(?:^|[|?]|\(\?:|\\b)([a-z]+ (?![?*{])|[a-z]+(?![a-z?*{])|[^\W_a-z]{2}(?![?*{])|\w)")
ANY_OF = {form: _any(form, RULES) for form in Form}
_CONTROLS = [rule for rule in RULES if rule.form is Form.LINE and rule.id.startswith(("share.", "control."))]
_ANY_CONTROL = re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in _CONTROLS))
_COMMENTS = next(rule for rule in RULES if rule.id == "comments.heading")
_MAX_WORDS = {form: max(rule.max_words for rule in RULES if rule.form is form) for form in Form}
_AMID = [rule for rule in RULES if {Evidence.LINE, Evidence.LIST, Evidence.OWN_NAME} & set(rule.needs)]
ANY_AMID = {form: _any(form, _AMID) for form in Form}


def candidates(folded: str, label: str | None, *, is_amid: bool = False) -> tuple[BoilerplateRule, ...]:
    """The rules of the forms in which the text says anything, in their order; `is_amid`: those that need nothing else.

    The pages of a portal have most of their short lines in common, which are remembered; long ones would fill memory.
    """
    asked = _remembered if len(folded) <= MAX_REMEMBERED_CHARACTERS else _candidates
    return asked(folded, label, is_amid)


def _candidates(folded: str, label: str | None, is_amid: bool) -> tuple[BoilerplateRule, ...]:
    patterns = ANY_AMID if is_amid else ANY_OF
    words = folded.count(" ") + 1
    if len(folded) > MAX_WORD_CHARACTERS * words:
        return ()
    forms = set()
    if words <= _MAX_WORDS[Form.LINE] and patterns[Form.LINE].fullmatch(folded):
        forms.add(Form.LINE)
    if label is not None and patterns[Form.LABEL].fullmatch(label):
        forms.add(Form.LABEL)
    if words <= _MAX_WORDS[Form.START] and patterns[Form.START].match(folded):
        forms.add(Form.START)
    if words <= _MAX_WORDS[Form.INSIDE] and patterns[Form.INSIDE].search(folded):
        forms.add(Form.INSIDE)
    if words <= _MAX_WORDS[Form.PLEA] and any(map(folded.__contains__, PLEA_WORDS)):
        forms.update([Form.PLEA] if patterns[Form.PLEA].search(folded) else ())
    return tuple(rule for rule in RULES if rule.form in forms) if forms else ()


_remembered = lru_cache(maxsize=20_000)(_candidates)


def speaks_of(rule: BoilerplateRule, folded: str, label: str | None) -> bool:
    if rule.form is Form.LINE:
        return rule.pattern.fullmatch(folded) is not None
    if rule.form is Form.LABEL:
        return label is not None and rule.pattern.fullmatch(label) is not None
    if rule.form is Form.START:
        return rule.pattern.match(folded) is not None
    return rule.pattern.search(folded) is not None


def row_of_controls(block: Block) -> BoilerplateRule | None:
    """The first of the controls that a line holds and nothing else, each an element: «تمت القراءة 66 مرة طباعة»."""
    pieces = block.pieces if block.words <= MAX_RULE_WORDS else []
    if not pieces or not all(_ANY_CONTROL.fullmatch(text_norm(piece)) for piece in pieces):
        return None
    return next(rule for rule in _CONTROLS if rule.pattern.fullmatch(text_norm(pieces[0])))


def heads_comments(block: Block) -> bool:
    """Whether a line is what stands above readers' comments, and no link to them."""
    is_line = block.words <= _COMMENTS.max_words and not block.links
    return is_line and _COMMENTS.pattern.fullmatch(block.folded) is not None


def suspected_leaks(kept: Sequence[Block]) -> int:
    """How many kept blocks speak like boilerplate although the page gave no evidence for it."""
    return sum(1 for block in kept if _speaks_like_boilerplate(block))


def _speaks_like_boilerplate(block: Block) -> bool:
    words = len(block.folded.split())
    if words > MAX_LINE_WORDS or is_row(block):
        return False
    label = label_of(block.text)
    return any(
        rule.form not in (Form.INSIDE, Form.PLEA) and words <= rule.max_words and speaks_of(rule, block.folded, label)
        for rule in candidates(block.folded, label)
    )
