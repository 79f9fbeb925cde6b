"""Why a page is not an article: from what it says, from what it is made of."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.body.block_shapes import is_sentence
from extract.html.block import MAX_LINE_WORDS, MIN_HEADLINE_WORDS
from extract.html.json_ld import types_of
from extract.html.metadata import PageMetadata
from extract.lexicon.page_kinds import (
    BOARD_TITLE,
    ERROR_BODY_CLASSES,
    GALLERY_TYPES,
    LOGIN_TITLE,
    PAGE_KIND_RULES,
    POLICY_TITLE,
    SITE_PAGE_TITLE,
    SPEAKS_OF_ITSELF,
    VIDEO_TYPES,
    PageKindRule,
)
from extract.verdict.listing_pages import reject_collection
from extract.verdict.media_pages import has_player, pictures_shown
from extract.verdict.page_evidence import MAX_STUB_WORDS, MIN_STORIES, Evidence
from extract.verdict.page_features import is_signed, story_links
from storage.identity.arabic_folding import text_norm
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

# Urgent news is one sentence; what is shorter is a label.
MIN_BODY_WORDS = 8
MIN_GALLERY_PICTURES = 5
# So many headlines that are links stand between a headline and what is not its text.
MIN_STORY_SENTENCES = 2
# A page that asks for a subscription and yet shows so many words has shown the article.
MIN_FREE_WORDS = 120
# Beside the words for a log-in, in the title of a story of one.
MIN_TOLD_WORDS = 3
MAX_SAMPLE_CHARACTERS = 6_000

_ASKS_FOR_SCRIPTS = re.compile(r"java ?script|جافا ?سكر|تفعيل الجافا|تشغيل الجافا")
_SENTENCES = re.compile(r"[.!؟?…](?=\s|$)")
_BAR = re.compile(r"\s[|–—»:-]\s")
_HOUR = re.compile(r"(?<!\d)\d{1,2}:\d\d(?!\d)")
_QUOTED = re.compile('«[^»]*»|“[^”]*”|"[^"]*"')
_NO_QUOTATION = re.compile("(?!)")


def reject_page(evidence: Evidence) -> Rejected | None:
    """The reason why the parsed page is not an article, or None."""
    seen = evidence
    if evidence.body_words < MAX_STUB_WORDS and _is_far_from_headline(evidence):
        evidence = replace(evidence, kept=(), body_words=0)
    spoken = _board(evidence) or _shop(evidence.metadata) or _by_words(evidence)
    if spoken is not None:
        return spoken
    if evidence.body_words < MAX_STUB_WORDS:
        stub = _stub(evidence)
        if stub is not None:
            return stub
    is_empty = seen.body_words < MIN_BODY_WORDS and story_links(seen) < MIN_STORIES
    collection = None if is_empty else reject_collection(seen)
    if collection is not None:
        return collection
    if evidence.body_words < MIN_BODY_WORDS and not _is_brief(evidence):
        return _no_body(evidence)
    return None


def _is_brief(evidence: Evidence) -> bool:
    """«فاز الهلال على النصر 3-1.»: a sentence of a few words below its headline, on what is stated to be an article and
    has a day.
    """
    is_told = evidence.body_words >= MIN_HEADLINE_WORDS and any(is_sentence(b) for b in evidence.kept)
    is_stated = evidence.title_witnesses > 0 and _states_article(evidence.metadata)
    dates = evidence.metadata.article_strings("datePublished") or evidence.metadata.meta.get("article:published_time")
    return is_told and is_stated and bool(dates) and not has_player(evidence)


def _is_far_from_headline(evidence: Evidence) -> bool:
    """A few words that stand behind other stories' headlines are the site's, not this story's."""
    if evidence.headline is None or not evidence.kept:
        return False
    if evidence.kept[0] not in evidence.blocks:
        return False
    between = evidence.blocks[evidence.headline.order + 1 : evidence.kept[0].order]
    stories = [block for block in between if block.link_share > 0.6 and block.words >= MIN_HEADLINE_WORDS]
    return len(stories) >= MIN_STORIES and not evidence.named_region


def _by_words(evidence: Evidence) -> Rejected | None:
    title = text_norm(f"{evidence.metadata.title_element}")
    headline = text_norm(evidence.headline.text if evidence.headline is not None else evidence.title)
    # What stands in place of a story says in its main heading what it is.
    main = _only_heading(evidence)
    plain = [block for block in evidence.blocks if block.link_share < 0.5]
    spoken = " ".join(block.folded for block in plain)[:MAX_SAMPLE_CHARACTERS]
    words = sum(block.words for block in plain)
    body = evidence.root.find("body")
    is_called_error = (
        body is not None
        and not ERROR_BODY_CLASSES.isdisjoint((body.get("class") or "").split())
        and not _states_its_day(evidence.metadata)  # a story that a plugin shows in the error's template
    )
    if evidence.status in (404, 410) or is_called_error:
        return Rejected(Rejection.SOFT_404, "the class of its body" if is_called_error else f"status {evidence.status}")
    if evidence.status >= 400 and (evidence.body_words < MIN_FREE_WORDS or not _states_article(evidence.metadata)):
        return Rejected(Rejection.BLOCK_PAGE, f"status {evidence.status}, and no article of its own")
    if _asks_to_log_in(evidence, title, headline):
        return Rejected(Rejection.PAYWALL, "a form to log in, and no article of its own")
    if _speaks_of_its_site(evidence):
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
        if found and not _is_plain_article(evidence, rule):
            return Rejected(rule.reason, f"the page says «{found[0][:80]}»")
    return None


def _asks_to_log_in(evidence: Evidence, title: str, headline: str) -> bool:
    """A page that is its login form; articles may have one beside them."""
    if evidence.body_words >= MIN_FREE_WORDS or _states_article(evidence.metadata):
        return False
    if not any((field.get("type") or "").lower() == "password" for field in evidence.root.iter("input")):
        return False
    names_it = LOGIN_TITLE.search(title) or LOGIN_TITLE.search(headline)
    if names_it and evidence.body_words >= MIN_BODY_WORDS and _tells_a_story(evidence):
        # A story of logging in says where and how.
        return len(headline.split()) - len(names_it[0].split()) < MIN_TOLD_WORDS or "حساب" in headline
    return bool(names_it) or (evidence.body_words < MAX_STUB_WORDS and evidence.headline is None)


def _speaks_of_its_site(evidence: Evidence) -> bool:
    """Whether the whole title is what sites call their pages on themselves, and the text is one: neither a day nor a
    writer stands beside it, and it names the site or how to reach it.
    """
    headings = [block.text for block in evidence.blocks if block.tag == "h1"][:1]
    names = [text_norm(name) for name in (*_BAR.split(evidence.metadata.title_element), evidence.title, *headings)]
    # Content systems call each page an article for networks, and some for everybody.
    stated = _states_its_day(evidence.metadata)
    called = POLICY_TITLE if stated else SITE_PAGE_TITLE
    whole = [text_norm(evidence.title)] if stated else names  # «سياسة النشر: ما الذي تغير» is a story's
    if not any(called.fullmatch(name) for name in whole) or is_signed(evidence, names):
        return False
    sites = [name for name in names if name and not called.fullmatch(name)]
    said = " ".join(block.folded for block in evidence.kept)
    return len(evidence.kept) < MIN_STORY_SENTENCES or any(
        pattern.search(said) for pattern in (SPEAKS_OF_ITSELF, *(re.compile(rf"\b{re.escape(n)}\b") for n in sites))
    )


def _board(evidence: Evidence) -> Rejected | None:
    """A title that says so and, as content systems call each page an article for networks, hours down the page."""
    metadata = evidence.metadata
    names = [text_norm(name) for name in _BAR.split(metadata.title_element)]
    if _states_its_day(metadata) or not any(BOARD_TITLE.fullmatch(name) for name in names):
        return None
    programmes = sum(_HOUR.search(block.text) is not None for block in evidence.blocks)
    if _states_article(metadata) and programmes < MIN_STORIES:
        return None
    return Rejected(Rejection.LISTING, f"a board or an index by its title: «{metadata.title_element[:80]}»")


def _shop(metadata: PageMetadata) -> Rejected | None:
    """A thing with its price, and no article about it: reviews of things state both."""
    if metadata.article is not None or "product" not in (metadata.first("og:type") or "").lower():
        return None
    sold = [node for node in metadata.json_ld if "Product" in types_of(node) and node.get("offers")]
    return Rejected(Rejection.LISTING, "JSON-LD: a product with its price") if sold else None


def _message(evidence: Evidence, pattern: re.Pattern[str]) -> re.Match[str] | None:
    short = [b for b in evidence.blocks if b.link_share < 0.5 and b.words <= 16 and b.pruned_by is None]
    return next((match for match in (pattern.search(b.folded) for b in short[:60]) if match), None)


def _is_plain_article(evidence: Evidence, rule: PageKindRule) -> bool:
    """Whether the page has a text of its own beside the words, or the words stand in a story that is about them."""
    if rule.reason is Rejection.PAYWALL:
        return evidence.body_words >= MIN_FREE_WORDS
    is_wall = rule.reason is Rejection.BLOCK_PAGE or (rule.reason is Rejection.COOKIE_WALL and rule.in_title_only)
    says_it = (is_wall and _is_its_title(evidence, rule)) or (rule.in_title_only and _is_whole_title(evidence, rule))
    if says_it and not _states_article(evidence.metadata) and not _is_signed_story(evidence, rule):
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
    stated = _states_article(evidence.metadata) or (evidence.title_witnesses > 0 and evidence.headline is not None)
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
    parts = [text_norm(part) for part in _BAR.split(evidence.metadata.title_element)]
    return any(part and not rule.pattern.sub("", part).strip() for part in parts)


def _only_heading(evidence: Evidence) -> str:
    """The folded main heading, where the page has one and no other."""
    headings = {block.folded for block in evidence.blocks if block.tag == "h1"}
    return headings.pop() if len(headings) == 1 else ""


def _states_article(metadata: PageMetadata) -> bool:
    is_typed = any("article" in kind.lower() for kind in metadata.meta.get("og:type", []))
    return is_typed or _states_its_day(metadata)


def _states_its_day(metadata: PageMetadata) -> bool:
    return metadata.article is not None or "article:published_time" in metadata.meta


def _stub(evidence: Evidence) -> Rejected | None:
    types = {name for node in evidence.metadata.json_ld for name in types_of(node)}
    og_type = (evidence.metadata.first("og:type") or "").lower()
    has_text = evidence.body_words >= MIN_BODY_WORDS
    accessible = str((evidence.metadata.article or {}).get("isAccessibleForFree", "")).lower()
    if accessible == "false":
        return Rejected(Rejection.PAYWALL, "JSON-LD: isAccessibleForFree is false, and no text beyond a teaser")
    pictures = pictures_shown(evidence)
    if (pictures >= MIN_GALLERY_PICTURES or types & GALLERY_TYPES) and not _tells_a_story(evidence):
        return Rejected(Rejection.GALLERY, f"{pictures} pictures and {evidence.body_words} words")
    # A sentence of so many words tells what happened; a film's line does not.
    is_told = evidence.title_witnesses > 0 and any(
        block.running and block.words >= 2 * MAX_LINE_WORDS for block in evidence.kept
    )
    is_video = "video" in og_type and not (is_told or _tells_a_story(evidence))
    if is_video or (not has_text and (types & VIDEO_TYPES or has_player(evidence))):
        return Rejected(Rejection.VIDEO, f"a video and {evidence.body_words} words")
    return None


def _tells_a_story(evidence: Evidence) -> bool:
    """Whether the words beside a video or pictures are a short article: sentences below its title, not a caption."""
    texts = [block.text for block in evidence.kept if block.running]
    sentences = sum(len(_SENTENCES.findall(text)) for text in texts) if evidence.title_witnesses else 0
    return max(len(texts), sentences) >= MIN_STORY_SENTENCES


def _no_body(evidence: Evidence) -> Rejected:
    scripts = sum(len(script.text or "") for script in evidence.root.iter("script"))
    if "control.player" in evidence.removed_rules:
        return Rejected(Rejection.SCRIPT_BODY, "a loading line where the text should be")
    if any(
        _ASKS_FOR_SCRIPTS.search(text_norm("".join(hint.itertext())[:500])) for hint in evidence.root.iter("noscript")
    ):
        return Rejected(Rejection.SCRIPT_BODY, "the page asks for scripts where the text should be")
    shell = len(evidence.blocks) < 12 and any(
        element.get("id") in ("root", "app", "__next", "__nuxt", "main-app", "___gatsby")
        for element in evidence.root.iter("div")
    )
    if shell and scripts + sum(1 for _ in evidence.root.iter("script")) > 0:
        return Rejected(Rejection.SCRIPT_BODY, "an application shell without text")
    if has_player(evidence):
        return Rejected(Rejection.VIDEO, f"a player and {evidence.body_words} words")
    return Rejected(Rejection.NO_TEXT, f"{evidence.body_words} words of running text")
