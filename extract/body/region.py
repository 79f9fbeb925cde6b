"""Where the article stands on the page: the element whose blocks are its text, and the lead before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, takewhile

from extract.body.block_shapes import is_named_below, is_subheadline, list_of, states_a_check, tells_day
from extract.body.others.other_stories import MIN_CARDS
from extract.body.text_density import weigh, weigh_plainly
from extract.body.text_element import text_element
from extract.html.block import LONG_TEXT, MIN_HEADLINE_WORDS, Block
from extract.html.element_roles import HIDDEN, body_rank, class_words, is_hidden, structure_rule
from extract.html.parsing import Element

# An element that a structure rule proposes to drop is a wrapper, and kept, when it holds this share of the prose.
WRAPPER_SHARE = 0.5
# Not so a dialog beside the only headline, which may say more than a brief: the rules for comments.
DIALOGS = ("class.dialog", "role.dialog", "tag.dialog")
# Not so a hidden one that is shown elsewhere, most of it: a copy for printers, voices, programs.
# A table of contents has no running text: what has some is a part that one leads to.
CONTENTS = "class.contents"
HIDDEN_COPY = "shape.copy"
# Beside a form, an invitation: «نشرتنا في بريدك كل صباح».
AROUND_FORM = "shape.form"
# So called are boxes that ask for a subscription, and the text behind them.
PAYWALL = "class.paywall"
MAX_TEXT_BESIDE_FORM = 2 * LONG_TEXT
# What unfolds has buttons too, and more than a question or links behind them.
UNFOLDING = ("tag.buttons", "class.read_more")
# Text before the headline does not count when so many characters stand after it: a sentence's length, as a lead's.
MIN_TEXT_AFTER_HEADLINE = 60
# An element that names itself the article's text is believed when it holds this share of the best region's prose.
NAMED_SHARE = 0.35
# Of several articles on one page the first is meant, if it has this share of the longest one's text.
FIRST_SHARE = 0.3
# Of several such, an inner one is preferred that holds nearly all of the outer one's text.
INNER_SHARE = 0.93


# Names of a list of the story's points above its text.
POINTS_WORDS = frozenset(("keypoints", "highlights", "takeaways", "summary", "bullets"))
# The line above such a list: «أهم النقاط حتى الآن», «نقاط رئيسية», «الخبر في نقاط».
_POINTS_LINE = re.compile(
    r"(?:ابرز |اهم )?(?:ال)?نقاط(?: ال?(?:رييسيه|اساسيه|بارزه))?(?: .{0,20})?"
    r"|(?:ابرز|اهم|اخر) (?:التطورات|المحاور|ما \S+)(?: .{0,20})?|(?:الخبر|التقرير|القصه|المقال) في (?:نقاط|سطور)"
    r"|(?:ال)?(?:ملخص|خلاصه)(?: .{0,20})?|باختصار|key points|highlights"
)
_PROGRAM_SIGNS = ("✨", "🤖", "🪄")  # of what a program wrote
_SENTENCE_END = re.compile("[.!؟?…:][\\s»”\"')]*$")


@dataclass(frozen=True)
class Region:
    """The article's element and the blocks that are candidates for its text, in document order."""

    element: Element
    blocks: list[Block]
    named: bool  # the element calls itself the article's text
    called: frozenset[int] = frozenset()  # numbers of the lines that are called its lead, or are its points


def mark_structure(blocks: list[Block], root: Element) -> None:
    """Set `pruned_by` on blocks below elements that are something else than article text, wrappers excepted."""
    weights = weigh_plainly(blocks)
    total = weights.get(root, 0)
    headlines = [block for block in blocks if block.tag == "h1" and block.words >= MIN_HEADLINE_WORDS]
    is_only_one = len({block.owner for block in headlines}) == 1
    around_headline = set(headlines[0].path) if is_only_one else set()
    copies = _hidden_copies(blocks, weights)
    boxes = {element.getparent() for element in root.iter("form", "input", "label")}
    verdicts: dict[Element, str | None] = {}
    for block in blocks:
        path: list[Element] = []
        rule: str | None = None
        for element in block.path:
            if element in verdicts:
                rule = verdicts[element]
                break
            path.append(element)
        for element in reversed(path):
            if rule is None and element.tag not in ("body", "html"):
                proposed = structure_rule(element)
                if proposed is None and element in boxes and element.tag in ("div", "section"):
                    proposed = AROUND_FORM
                if proposed == PAYWALL and (element.tag not in ("div", "section") or element.find(".//a") is None):
                    proposed = None
                is_wrapper = element in around_headline and weights.get(element, 0) > 0
                if element in copies:
                    rule = HIDDEN_COPY
                elif (
                    proposed is not None
                    and not is_wrapper
                    and not (proposed == CONTENTS and weights.get(element, 0) > 0)
                    and not (proposed in UNFOLDING and weights.get(element, 0) >= MIN_TEXT_AFTER_HEADLINE)
                    and not (proposed in (AROUND_FORM, PAYWALL) and weights.get(element, 0) > MAX_TEXT_BESIDE_FORM)
                    and (
                        total == 0
                        or weights.get(element, 0) < WRAPPER_SHARE * total
                        or (proposed in DIALOGS and is_only_one and weights[element] < total)
                    )
                ):
                    rule = proposed
            verdicts[element] = rule
        block.pruned_by = rule


def _hidden_copies(blocks: list[Block], weights: dict[Element, int]) -> set[Element]:
    """Elements that hide text most of which the page shows elsewhere."""
    hidden = {element for element in weights if is_hidden(element) and structure_rule(element) == HIDDEN}
    inside: dict[Element, set[tuple[str, str]]] = {}
    shown: set[tuple[str, str]] = set()
    for block in blocks if hidden else ():
        outermost = next((element for element in reversed(block.path) if element in hidden), None)
        into = shown if outermost is None else inside.setdefault(outermost, set())
        into.update(pairwise(block.folded.split()))
    return {element for element, pairs in inside.items() if 2 * len(pairs & shown) >= len(pairs)}


def find_region(
    blocks: list[Block], root: Element, *, headline: Block | None, selected: Element | None = None
) -> Region | None:
    """The article's region, or None when no prose stands on the page. `selected` is what a portal's selector found."""
    if selected is not None and weigh(blocks).get(selected, 0) > 0:
        return Region(selected, _below(blocks, {selected}), named=True)
    weights = weigh(blocks, headline=headline) if headline is not None else {}
    if weights.get(root, 0) < MIN_TEXT_AFTER_HEADLINE:
        weights = weigh(blocks)
    if not weights:
        return None
    best = text_element(blocks, weights, root, headline)
    named = _named(weights, best)
    if named is None:
        return Region(best, _below(blocks, {best}), named=False)
    around = _around_entries(named, weights)
    if around is not None:
        return Region(around, _below(blocks, {around}), named=True)
    return Region(named, _below(blocks, {named, *_twins(named, weights), *_continued(named, blocks)}), named=True)


def _named(weights: dict[Element, int], best: Element) -> Element | None:
    """The element inside or around `best` that calls itself the article's text; the first of several articles."""
    most = weights[best]
    ranked = [(body_rank(element), element) for element in weights if weights[element] >= NAMED_SHARE * most]
    for wanted in (0, 1):
        found = [element for rank, element in ranked if rank == wanted]
        if not found:
            continue
        heaviest = max(found, key=lambda element: weights[element])
        # Elements of `weights` were met in document order of their first text.
        first = next(e for e in found if weights[e] >= FIRST_SHARE * weights[heaviest])
        if not _is_within(first, heaviest) and not _is_within(heaviest, first):
            heaviest = first
        inner = [e for e in found if weights[e] >= INNER_SHARE * weights[heaviest] and _is_within(e, heaviest)]
        return min(inner, key=lambda element: sum(1 for _ in element.iter()))
    return None


def _is_within(element: Element, outer: Element) -> bool:
    return element is outer or any(above is outer for above in element.iterancestors())


def _around_entries(element: Element, weights: dict[Element, int]) -> Element | None:
    """What is around the entries of a live report, each of which has its text in an element called so, and its heading
    and hour beside it. Elements beside each other are parts of one text, see `_twins`.
    """
    name = element.get("class")
    alike = [e for e in weights if e.tag == element.tag and e.get("class") == name] if name else []
    if len(alike) < MIN_CARDS or len({e.getparent() for e in alike}) < len(alike):
        return None
    around = next((above for above in element.iterancestors() if all(above in e.iterancestors() for e in alike)), None)
    if around is None or around.tag in ("body", "html"):
        return None
    return around if sum(weights[e] for e in alike) >= INNER_SHARE * weights[around] else None


def _twins(element: Element, weights: dict[Element, int]) -> list[Element]:
    """Siblings of the same class with text: some systems cut an article into several such elements."""
    parent, names = element.getparent(), element.get("class")
    if parent is None or not names or element.tag in ("article", "li", "td"):
        return []
    # Each may stand in a box of its own, beside others of the same name.
    around = parent.getparent() if parent.get("class") and parent.tag not in ("article", "li", "td") else None
    boxes = [box for box in around if box.get("class") == parent.get("class")] if around is not None else [parent]
    return [
        other
        for box in boxes
        for other in box
        if other is not element and other.get("class") == names and other in weights
    ]


def _continued(element: Element, blocks: list[Block]) -> list[Element]:
    """The siblings right behind the text that hold paragraphs of it, captions beside them, and nothing else."""
    siblings = list(element.itersiblings())
    inside: dict[Element, list[Block]] = {sibling: [] for sibling in siblings}
    for block in blocks:
        if block.pruned_by is None and block.tag != "figcaption":
            for around in block.path:
                if around in inside:
                    inside[around].append(block)
    found = []
    for sibling in siblings:
        lines = inside[sibling]
        # One paragraph speaks of the writer, or of the site.
        if len(lines) < 2 or any(line.tag != "p" or line.links or not line.running for line in lines):
            break
        found.append(sibling)
    return found


def _below(blocks: list[Block], elements: set[Element]) -> list[Block]:
    return [block for block in blocks if not elements.isdisjoint(block.path)]


def with_lead(region: Region, blocks: list[Block], *, after: int) -> Region:
    """The region with the lead paragraphs that stand between the headline (block number `after`) and the text."""
    first = next((block.order for block in region.blocks if block.own_text), None)
    if first is None:
        return region
    inside = {id(block) for block in region.blocks}
    opening = " ".join(block.folded for block in region.blocks[:6])
    between = blocks[after + 1 : first]
    points = _listed_points(between)
    lead: list[Block] = []
    called: set[int] = set()
    for block in between:
        if is_points_line(block) or (id(block) not in inside and block.folded[:60] in opening):
            continue
        is_second = is_subheadline(block, blocks[after]) or (bool(lead) and _goes_on_with(lead[-1], block))
        if id(block) in points or is_second or _is_called_lead(block):
            called.add(block.order)
        elif not states_a_check(block) and not _is_lead(block):
            continue
        lead += [] if id(block) in inside else [block]
    return Region(region.element, [*lead, *region.blocks], region.named, frozenset(called))


def _goes_on_with(above: Block, block: Block) -> bool:
    """Whether a second headline goes on in another of its kind: «- القائمة مصورة», «- الجرس ضوء»."""
    one, other = above.owner, block.owner
    is_alike = one.tag == other.tag and one.get("class") == other.get("class") and one.getparent() is other.getparent()
    return is_alike and block.order == above.order + 1 and block.words >= MIN_HEADLINE_WORDS and not block.links


def is_points_line(block: Block) -> bool:
    """Whether a line calls what is below it the story's points."""
    return _POINTS_LINE.fullmatch(block.folded) is not None


def _listed_points(blocks: list[Block]) -> set[int]:
    """The ids of the items below a line that calls them the story's points, or of the list right below the headline;
    links are other stories.
    """
    top = list(takewhile(lambda block: list_of(block) is not None and list_of(block) is list_of(blocks[0]), blocks))
    said = [block for block in top if block.words >= MIN_HEADLINE_WORDS and not block.links and not tells_day(block)]
    found = {id(block) for block in said if len(said) == len(top) > 1 and block.pruned_by is None}
    is_below = False
    for block in blocks:
        is_called_so = "ذكاء" in block.folded or any("ai" in class_words(e) for e in block.path[:2])
        by_program = is_called_so or block.text.startswith(_PROGRAM_SIGNS)
        is_below = (is_points_line(block) and not by_program) or (is_below and block.tag == "li")
        if is_below and block.tag == "li" and block.words >= MIN_HEADLINE_WORDS and not block.links:
            found.add(id(block))
    return found


def _says_description(element: Element) -> bool:
    return (element.get("itemprop") or "") in ("description", "alternativeHeadline")


def _is_called_lead(block: Block) -> bool:
    """Whether a line or what is around it is called a lead, or one of the story's points."""
    if block.tag == "li":
        names = frozenset[str]().union(*map(class_words, block.path[1:4]))
        is_point = not names.isdisjoint(POINTS_WORDS) or any(
            {kind, "points"} <= names for kind in ("key", "article", "story")
        )
        return is_point and block.link_share == 0
    if _leads_on(block) or block.pruned_by is not None or block.words < MIN_HEADLINE_WORDS or block.tag == "h1":
        return False
    return any(map(is_named_below, block.path[:2])) or _says_description(block.owner)


def _leads_on(block: Block) -> bool:
    return block.link_share > 0.2


def _is_lead(block: Block) -> bool:
    """Whether a line is a paragraph, and no caption."""
    if _leads_on(block) or block.tag == "li" or not block.own_text:
        return False
    if block.plain_chars < MIN_TEXT_AFTER_HEADLINE or not _SENTENCE_END.search(block.text):
        return False
    # Text beside a picture is its caption.
    parent = block.owner.getparent()
    around = parent if parent is not None and len(parent) <= 3 else block.owner
    is_in_figure = any(element.tag == "figure" for element in block.path)
    return not is_in_figure and block.owner.find(".//img") is None and around.find(".//img") is None
