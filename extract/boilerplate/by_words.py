"""Boilerplate by its words, where the page gives the evidence that the rule asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.body.block_shapes import FULL_STOP, LABEL, answers_a_question, is_row, label_of, label_of_block, tells_day
from extract.boilerplate.block_verdicts import JudgedBlocks
from extract.boilerplate.link_lists import drop_headlines_after, drop_list_after, link_follows
from extract.boilerplate.rule_matching import MAX_RULE_WORDS, candidates, row_of_controls, speaks_of
from extract.boilerplate.rules.rule import BoilerplateRule, Evidence, Form
from extract.html.block import MAX_LINE_WORDS, STOP, Block
from extract.html.element_roles import class_words
from extract.lexicon.given_names import reads_as_name
from storage.identity.arabic_folding import text_norm

# An article must have this much text before a comments heading may end it.
MIN_ARTICLE_CHARACTERS = 150
MAX_PASSES = 6
MAX_TAG_WORDS = 4
_PLACES = (Evidence.LEADING, Evidence.TRAILING)
_SEPARATORS = re.compile(r"[،,/|+]|\s[-–—]\s")
_FOOTNOTES = frozenset(("footnote", "footnotes", "endnote", "endnotes"))
# What stands before and behind a reader's name.
_NUMBERED = re.compile(r"^\W*(?:\d+\W+)?")
_TOLD_WHEN = re.compile(r" (?:\d|قبل |منذ |يقول|كتب|في ).*$| يقول$| كتب$")


def judge_words(judged: JudgedBlocks) -> None:
    """Give verdicts for words with evidence, until nothing changes: what goes is evidence for what stood beside it."""
    speaking: dict[tuple[int, bool], tuple[BoilerplateRule, ...]] = {}
    for _ in range(MAX_PASSES):
        judged.find_prose()
        before = len(judged.verdicts)
        for index in judged.open():
            rule = _matching_rule(judged, index, speaking)
            if rule is not None:
                _apply(judged, index, rule)
        if len(judged.verdicts) == before:
            break
    judged.find_prose()


def _apply(judged: JudgedBlocks, index: int, rule: BoilerplateRule) -> None:
    judged.verdicts[index] = rule.id
    is_related = rule.id.startswith("related.")
    if is_related and Evidence.LIST in rule.needs:
        drop_list_after(judged, index, rule.id)
        if rule.id in ("related.heading", "related.read_also") and not link_follows(judged, index):
            drop_headlines_after(judged, index, rule.id)
    ends_text = is_related and rule.form is Form.LINE and Evidence.TRAILING in rule.needs
    if rule.id == "tags.heading":
        _drop_tags_after(judged, index, rule.id)
    says_so = rule.id == "control.end_of_release" and _most_stands_before(judged, index)
    is_over = rule.ends_article and (
        says_so or _ends_here(judged, index) or _opens_thread(judged, index) or _heads_thread(judged, index, rule)
    )
    is_end = (ends_text and judged.is_behind_text(index)) or is_over
    if index < judged.ended_at and (is_over or (is_end and index >= judged.ended_until)):
        over = [i for i in range(index + 1, judged.ended_at) if not _is_footnote(judged.blocks[i])]
        # Else it is a box between the text and its last lines, which are too short to be told from headlines otherwise.
        goes_on_at = None if is_over else _goes_on_at(judged, index, over)
        over = [i for i in over if goes_on_at is None or i < goes_on_at]
        judged.verdicts.update({later: rule.id for later in over if later not in judged.verdicts})
        judged.spared.difference_update(over)
        judged.ended_at, judged.ended_until = (index, 0) if goes_on_at is None else (judged.ended_at, goes_on_at)


def _goes_on_at(judged: JudgedBlocks, heading: int, behind: Sequence[int]) -> int | None:
    """The first line behind a heading of other stories that is one more of the text's own, behind all links: a
    sentence, or, where the stories are links, a fact: «عيار 24: 4742 جنيها».
    """
    leads_out = judged.blocks[heading].links > 0 or link_follows(judged, heading)
    last_link = max((i for i in range(heading, judged.ended_at) if judged.blocks[i].links), default=heading)
    for index in behind:
        text = judged.blocks[index].text
        own = judged.spans.get(judged.rank(index))
        if own is None or own[0] > heading or index <= last_link:
            continue
        if FULL_STOP.search(text) or (leads_out and LABEL.match(text) and any(map(str.isdigit, text))):
            return index
    return None


def _matching_rule(
    judged: JudgedBlocks, index: int, speaking: dict[tuple[int, bool], tuple[BoilerplateRule, ...]]
) -> BoilerplateRule | None:
    block, folded, words = judged.blocks[index], judged.folded[index], judged.words[index]
    if words > MAX_RULE_WORDS or not folded:
        return None
    label = label_of_block(block)
    # A sentence without links amid the text gives no other evidence than these, so fewer patterns are tried.
    amid = judged.first < index < judged.last and not block.link_chars and FULL_STOP.search(block.text) is not None
    if (index, amid) not in speaking:
        speaking[index, amid] = candidates(folded, label, is_amid=amid)
    for rule in speaking[index, amid]:
        if words > rule.max_words or not speaks_of(rule, folded, label):
            continue
        if rule.id.startswith("date.") and (is_row(block) or _is_day_of_story(judged, index)):
            continue
        if rule.id == "comments.heading" and _is_asked(judged, index):
            continue
        needs = [need for need in rule.needs if need not in _PLACES] if _is_said(block, rule) else rule.needs
        if _has_any(judged, index, needs, rule.form):
            return rule
    return None if amid else row_of_controls(block)


def _is_day_of_story(judged: JudgedBlocks, index: int) -> bool:
    """A heading amid the text that is a date, or one of several lines of days, like its paragraphs, each with a
    sentence below it: what happened when.
    """
    if judged.blocks[index].is_heading and judged.first < index < judged.last:
        return True
    rank = judged.rank(index)
    if index <= judged.first or judged.spans.get(rank, (index,))[0] > index:
        return False
    told = judged.days_told().get(rank, ())
    return index in told and len(told) > 1


def _is_asked(judged: JudgedBlocks, index: int) -> bool:
    """A question that a sentence beside it answers, or such an answer: «ما رأيك؟» of an interview, «لا يوجد تعليق»."""
    later = range(index + 1, min(index + 2, len(judged.blocks)))
    answered = any(answers_a_question(judged.blocks, i) and FULL_STOP.search(judged.blocks[i].text) for i in later)
    return answered or answers_a_question(judged.blocks, index)


def _is_said(block: Block, rule: BoilerplateRule) -> bool:
    """Whether what stands behind the label, or the first word, is a sentence that somebody says."""
    if rule.sentence_words is None or FULL_STOP.search(block.text) is None:
        return False
    label = LABEL.match(block.text) if rule.form is Form.LABEL else None
    value = block.text[label.end() :] if label else block.text.partition(" ")[2]
    parts = [text_norm(part) for part in _SEPARATORS.split(value)]
    if len(parts) > 1 and all(part.count(" ") < MAX_TAG_WORDS for part in parts):
        return False  # a list
    words = text_norm(value)
    return words.count(" ") + 1 >= rule.sentence_words and not reads_as_name(words)


def _has_any(judged: JudgedBlocks, index: int, needs: Sequence[Evidence], form: Form) -> bool:
    return any(_has(judged, index, evidence, form) for evidence in needs)


def _has(judged: JudgedBlocks, index: int, evidence: Evidence, form: Form) -> bool:
    block = judged.blocks[index]
    match evidence:
        case Evidence.LINE:
            found = True
        case Evidence.LINK:
            enough = 0.6 if form is Form.LINE else 0.4
            found = block.link_chars >= enough * len(block.text)
        case Evidence.LIST:
            found = link_follows(judged, index)
        case Evidence.LEADING:
            found = index <= judged.begins
        case Evidence.TRAILING:
            found = judged.is_behind_text(index)
        case Evidence.NO_STOP:
            found = FULL_STOP.search(block.text) is None
        case Evidence.OWN_NAME:
            found = judged.names_the_site(index)
        case Evidence.OVER:
            found = not block.links and _ends_here(judged, index)
        case Evidence.THREAD:
            is_named = any(
                later.words <= MAX_LINE_WORDS and not later.links for later in judged.blocks[index + 1 : index + 2]
            )
            found = (is_named and not block.links and _ends_here(judged, index)) or _opens_thread(judged, index)
    return found


def _heads_thread(judged: JudgedBlocks, index: int, rule: BoilerplateRule) -> bool:
    """Whether a line counts readers' comments («التعليقات (3)»), or is the page's last heading and says that they
    follow, behind more text than there is below it; whoever they are by.
    """
    block = judged.blocks[index]
    if rule.id != "comments.heading" or block.links or not _most_stands_before(judged, index):
        return False
    is_counted = any(word.isdigit() and word != "0" for word in judged.folded[index].split())
    return is_counted or (block.is_heading and not any(later.is_heading for later in judged.blocks[index + 1 :]))


def _is_footnote(block: Block) -> bool:
    """Notes on the text stand below the button for comments too."""
    return any(class_words(element) & _FOOTNOTES for element in block.path[:4])


def _drop_tags_after(judged: JudgedBlocks, index: int, rule_id: str) -> None:
    """Tags below their heading: lines of a few words, and what stands in the element that holds the heading alone."""
    for later in range(index + 1, len(judged.blocks)):
        if judged.verdicts.get(later) == rule_id:
            return  # another heading's, whose tags go on here
        is_beside = judged.blocks[index].path[1:2] == (judged.blocks[later].owner,)
        if (judged.words[later] > MAX_TAG_WORDS and not is_beside) or STOP.search(judged.blocks[later].text):
            return
        judged.verdicts.setdefault(later, rule_id)


def _most_stands_before(judged: JudgedBlocks, index: int) -> bool:
    return 2 * judged.characters_before[index] > judged.characters_before[-1]


def _opens_thread(judged: JudgedBlocks, index: int) -> bool:
    """Whether comments begin: the line says so, the article stands above it, and a reader's name below."""
    if "تعليق" not in judged.folded[index] and "القراء" not in judged.folded[index]:
        return False
    if sum(len(block.text) for block in judged.blocks[:index] if block.running) < MIN_ARTICLE_CHARACTERS:
        return False
    following = judged.blocks[index + 1] if index + 1 < len(judged.blocks) else None
    if following is None:
        return False
    name = label_of(_NUMBERED.sub("", following.text)) or _NUMBERED.sub("", following.folded)
    return tells_day(following) or reads_as_name(_TOLD_WHEN.sub("", name))


def _ends_here(judged: JudgedBlocks, index: int) -> bool:
    """Whether the article is over: it had text before, and no text of the same rank follows. Else it is a button."""
    if judged.characters_before[index] < MIN_ARTICLE_CHARACTERS:
        return False
    return not judged.is_amid(index)
