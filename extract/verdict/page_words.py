"""Why a page is not an article: from what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

from extract.body.block_shapes import FULL_STOP
from extract.html.block import MAX_LINE_WORDS
from extract.lexicon.page_kinds import ERROR_BODY_CLASSES, PAGE_KIND_RULES, WALL_HEADING, PageKindRule
from extract.lexicon.speech import ERROR_WORDS, OF_A_TEXT, TO_READER, TOLD
from extract.verdict.page_evidence import (
    MAX_STUB_WORDS,
    MIN_BODY_WORDS,
    MIN_STORY_SENTENCES,
    Evidence,
    is_told,
    speaks_to_reader,
    states_article,
    states_its_day,
)
from extract.verdict.page_features import is_signed
from extract.verdict.site_pages import (
    BAR,
    MIN_FREE_WORDS,
    MIN_TOLD_WORDS,
    asks_to_log_in,
    speaks_of_its_site,
    speaks_to_visitor,
)
from storage.identity.arabic_folding import text_norm
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

MAX_SAMPLE_CHARACTERS = 6_000

_QUOTED = re.compile('«[^»]*»|“[^”]*”|"[^"]*"')
_STOP = re.compile(r"(?<=[.!؟?…])\s+")
_NO_QUOTATION = re.compile("(?!)")


def reject_by_words(evidence: Evidence) -> Rejected | None:
    """The reason that the page states in words, or None."""
    title = text_norm(f"{evidence.metadata.title_element}")
    headline = text_norm(evidence.headline.text if evidence.headline is not None else evidence.title)
    # What stands in place of a story says in its main heading what it is.
    main = _only_heading(evidence)
    plain = [block for block in evidence.blocks if block.link_share < 0.5]
    spoken = "\n".join(block.folded for block in plain)[:MAX_SAMPLE_CHARACTERS]
    words = sum(block.words for block in plain)
    refused = _by_status(evidence)
    if refused is not None:
        return refused
    is_closed = any(str(node.get("isAccessibleForFree")).lower() == "false" for node in evidence.metadata.json_ld)
    if is_closed and WALL_HEADING.fullmatch(main):
        return Rejected(Rejection.PAYWALL, f"«{main[:80]}», and JSON-LD: isAccessibleForFree is false")
    if asks_to_log_in(evidence, title, headline):
        return Rejected(Rejection.PAYWALL, "a form to log in, and no article of its own")
    if speaks_of_its_site(evidence):
        return Rejected(Rejection.FRONT_PAGE, f"the site's page on itself: «{evidence.metadata.title_element[:80]}»")
    for rule in PAGE_KIND_RULES:
        if evidence.body_words > rule.max_words or (
            words > 3 * rule.max_words and evidence.body_words > MAX_STUB_WORDS
        ):
            continue
        if rule.in_title_only:
            found = next(filter(None, map(rule.pattern.search, (title, headline, main))), None)
        elif rule.reason is Rejection.SOFT_404 and words > rule.max_words:
            # The words must be the page's own message, not a sentence of a story in the margin.
            found = rule.pattern.search(title) or rule.pattern.search(headline) or _message(evidence, rule.pattern)
        else:
            found = rule.pattern.search(spoken) or rule.pattern.search(title) if words <= rule.max_words else None
        if found and not (_is_of_a_story(evidence, rule) or _is_plain_article(evidence, rule)):
            return Rejected(rule.reason, f"the page says «{' '.join(found[0][:80].split())}»")
    to_visitor = speaks_to_visitor(evidence)
    return Rejected(Rejection.NO_TEXT, "a few words to who opened the page") if to_visitor else None


def _by_status(evidence: Evidence) -> Rejected | None:
    """Why it is no page of a story, by HTTP's status or the class that content systems give to errors."""
    body = evidence.root.find("body")
    is_called_error = (
        body is not None
        and not ERROR_BODY_CLASSES.isdisjoint((body.get("class") or "").split())
        and not states_its_day(evidence.metadata)  # a story that a plugin shows in the error's template
    )
    if evidence.status in (404, 410) or is_called_error:
        return Rejected(Rejection.SOFT_404, "the class of its body" if is_called_error else f"status {evidence.status}")
    if evidence.status >= HTTPStatus.BAD_REQUEST and (
        evidence.body_words < MIN_FREE_WORDS or not states_article(evidence.metadata)
    ):
        return Rejected(Rejection.BLOCK_PAGE, f"status {evidence.status}, and no article of its own")
    return None


def _is_of_a_story(evidence: Evidence, rule: PageKindRule) -> bool:
    """Whether the words are a sentence or headline of a story: nothing says them of this page to who reads it."""
    said = list(_sentences_that_say(evidence, rule))
    if any(_is_the_pages(sentence, rule, is_line=is_line) for sentence, is_line in said):
        return False
    if _is_its_title(evidence, rule):
        return _says_more_in_its_headline(evidence, rule)
    is_told = rule.in_lines_only or all(TOLD.search(text_norm(sentence)) for sentence, _ in said)
    return bool(said) and (is_told or _is_dated_story(evidence))


def _sentences_that_say(evidence: Evidence, rule: PageKindRule) -> Iterator[tuple[str, bool]]:
    """Sentences with the words, and whether each is a line that is no sentence; the page's title and headings are not
    among them.
    """
    titles = {text_norm(evidence.metadata.title_element), text_norm(evidence.title), _only_heading(evidence)}
    for block in evidence.blocks:
        if block is evidence.headline or block.link_share >= 0.5 or block.folded in titles:
            continue
        if rule.pattern.search(block.folded):
            is_line = block.words <= MAX_LINE_WORDS and FULL_STOP.search(block.text) is None
            parts = [part for part in _STOP.split(block.text) if rule.pattern.search(text_norm(part))]
            yield from ((part, is_line) for part in parts or [block.text])


def _is_the_pages(sentence: str, rule: PageKindRule, *, is_line: bool) -> bool:
    """Whether a sentence with the words speaks of the page that it stands on. A story cites or tells them."""
    bare = text_norm(_QUOTED.sub(" ", sentence))
    is_cited = rule.pattern.search(bare) is None and len(bare.split()) >= MIN_TOLD_WORDS
    if is_cited or TOLD.search(bare):
        return False
    if is_line or TO_READER.search(bare):
        return True
    return rule.reason is Rejection.PAYWALL and (not rule.in_lines_only or OF_A_TEXT.search(bare) is not None)


def _is_dated_story(evidence: Evidence) -> bool:
    """Whether a headline of its own stands above text that has a day or is told by somebody, and speaks to nobody."""
    if evidence.headline is None or not evidence.title_witnesses or TO_READER.search(evidence.headline.folded):
        return False
    return not speaks_to_reader(evidence) and (_has_day(evidence) or is_told(evidence))


def _says_more_in_its_headline(evidence: Evidence, rule: PageKindRule) -> bool:
    """Whether a headline with the words says more than they do, above a story: «مقتل 404 مدنيين في الفاشر»."""
    headline = evidence.headline.folded if evidence.headline is not None else ""
    rest = rule.pattern.sub(" ", headline)
    more = [word for word in rest.split() if word not in ERROR_WORDS and not word.isdigit()]
    if not more or TO_READER.search(rest) or speaks_to_reader(evidence):
        return False
    if _is_whole_title(evidence, rule) and not _has_day(evidence):
        return False
    is_plain = rule.reason is Rejection.SOFT_404 and not any(OF_A_TEXT.search(block.folded) for block in evidence.kept)
    return is_told(evidence) or (len(more) >= MIN_TOLD_WORDS and (is_plain or _has_day(evidence)))


def _has_day(evidence: Evidence) -> bool:
    return states_its_day(evidence.metadata) or is_signed(evidence)


def _message(evidence: Evidence, pattern: re.Pattern[str]) -> re.Match[str] | None:
    short = [b for b in evidence.blocks if b.link_share < 0.5 and b.words <= 16 and b.pruned_by is None]
    return next((match for match in (pattern.search(b.folded) for b in short[:60]) if match), None)


def _is_plain_article(evidence: Evidence, rule: PageKindRule) -> bool:
    """Whether the page has a text of its own beside the words, or the words stand in a story that is about them."""
    if rule.reason is Rejection.PAYWALL:
        return evidence.body_words >= MIN_FREE_WORDS
    is_wall = rule.reason is Rejection.BLOCK_PAGE or (rule.reason is Rejection.COOKIE_WALL and rule.in_title_only)
    says_it = (is_wall and _is_its_title(evidence, rule)) or (rule.in_title_only and _is_whole_title(evidence, rule))
    if says_it and not states_article(evidence.metadata) and not _is_signed_story(evidence, rule):
        return False
    # An error between quotation marks is cited: a story about it.
    quotations = _QUOTED if rule.reason in (Rejection.BLOCK_PAGE, Rejection.SOFT_404) else _NO_QUOTATION
    own = [b for b in evidence.kept if not rule.pattern.search(text_norm(quotations.sub(" ", b.text)))]
    if rule.reason is Rejection.COOKIE_WALL:
        own = [block for block in own if block.tag != "li" or block.running]  # not what the data are taken for
    words = sum(block.words for block in own)
    enough = MIN_BODY_WORDS if any(rule.pattern.search(block.folded) for block in own) else MAX_STUB_WORDS
    if words >= enough and any(block.running for block in own):
        return True
    stated = states_article(evidence.metadata) or (evidence.title_witnesses > 0 and evidence.headline is not None)
    return words >= MIN_BODY_WORDS and stated and rule.reason in (Rejection.COOKIE_WALL, Rejection.SCRIPT_BODY)


def _is_signed_story(evidence: Evidence, rule: PageKindRule) -> bool:
    """Whether a headline says more than the words, and has a writer or a day beside it: «خطأ 404.. البوابة تتعطل»."""
    headline = evidence.headline.folded if evidence.headline is not None else ""
    told = rule.pattern.sub(" ", headline).split()
    texts = sum(1 for block in evidence.kept if block.running)
    return len(told) >= MIN_TOLD_WORDS and texts >= MIN_STORY_SENTENCES and is_signed(evidence)


def _is_its_title(evidence: Evidence, rule: PageKindRule) -> bool:
    headline = evidence.headline.folded if evidence.headline is not None else ""
    title = text_norm(evidence.metadata.title_element)
    return any(map(rule.pattern.search, (title, headline, _only_heading(evidence))))


def _is_whole_title(evidence: Evidence, rule: PageKindRule) -> bool:
    """Whether a part of the title says it and nothing else: «الصفحة غير موجودة (404) | صدى الوادي»."""
    parts = [text_norm(part) for part in BAR.split(evidence.metadata.title_element)]
    return any(part and not rule.pattern.sub("", part).strip() for part in parts)


def _only_heading(evidence: Evidence) -> str:
    """The folded main heading, where the page has one and no other."""
    headings = {block.folded for block in evidence.blocks if block.tag == "h1"}
    return headings.pop() if len(headings) == 1 else ""
