"""Text of a page to one tree, within bounds."""

from __future__ import annotations

import re
from typing import Any

import lxml.etree

# The largest of the real pages at hand has 0.5 million characters and 6,000 elements; a page beyond these bounds is a
# dump, an attack or a list of everything.
MAX_PAGE_CHARACTERS = 5_000_000
MAX_ELEMENTS = 20_000
# The parser goes no deeper (libxml2's own bound) and leaves out all that follows. The root of a tree that is cut so
# carries this attribute.
MAX_DEPTH = 2_048
# Elements above all lines of a page together: what looks upwards from each line takes so many steps.
MAX_STEPS = 500_000
# Characters of all lines of a page together, each line as if it had so many more: reading a line takes time too. An
# article of 150,000 words in 3,000 paragraphs is within it.
MAX_READ_CHARACTERS = 1_300_000
CHARACTERS_A_LINE = 80
# The parser compares each attribute of an element with those before it: 25 million times for 5,000 of them. Those of a
# tag as short as this are few, however many such tags a page has.
MAX_COMPARED_ATTRIBUTES = 25_000_000
MAX_SHORT_TAG, MAX_COUNTED_TAG = 300, 2_000
CUT_AT_DEPTH = "data-cut-at-depth"

_FEED_START = re.compile(
    r"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*|<\?[^>]*\?>\s*|<!DOCTYPE[^>]*>\s*)*"
    r"<(?:rss|feed|urlset|sitemapindex|rdf:RDF|opml|kml|plist|error|svg)\b",
    re.IGNORECASE | re.DOTALL,
)
_ANY_ELEMENT = re.compile(
    r"<(?:html|head|body|div|p|table|article|main|section|span|h1|a|td|title|meta|br)\b", re.IGNORECASE
)

# What makes pages big without being read: pictures inside of the page, data of its scripts.
_BULK = re.compile(
    r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]{1000,}|(?<=<script>)[^<]{10000,}(?=</script>)", re.IGNORECASE
)

# Tags as the parser finds them: any sign may stand in a quoted value, and comments and scripts hold none.
_BLANK, _SIGN = r"[ \t\n\f\r]", r"[^ \t\n\f\r/>]"
_VALUE = r"""(?:"[^"]*+"?|'[^']*+'?|[^"' \t\n\f\r>][^ \t\n\f\r>]*+)"""
_ATTRIBUTE = rf"{_SIGN}(?:(?!=){_SIGN})*+(?:{_BLANK}*+={_BLANK}*+{_VALUE}?+)?+"
_ANY_ATTRIBUTE = re.compile(_ATTRIBUTE)
# What may be one, in a script or a comment too: it is found sooner, and is more.
_ANYWHERE = re.compile(r"""<[a-zA-Z][^>"']*+(?:(?:"[^"]*+"?|'[^']*+'?)[^>"']*+)*+""")
_TAG = re.compile(
    r"<!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)"
    rf"|<(?:(?P<raw>script|style)(?!{_SIGN})|/?[a-z]{_SIGN}*+)(?P<attributes>(?:(?:{_BLANK}|/)++|{_ATTRIBUTE})*+)"
    r"(?(raw)>?(?:[^<]++|<(?!/(?P=raw)))*+)"
    r"|<[!?/][^>]*+",
    re.IGNORECASE,
)

# A sign that a content system wrote twice as a name: readers see `&quot;`. Not < and >, which would be tags.
_ESCAPED_TWICE = re.compile(
    r"&amp;(?:amp;)*(?=(?:amp|quot|apos|nbsp|[lr]aquo|[lr]dquo|[lr]squo|[bs]dquo|[nm]dash|hellip|bull|middot|shy|zwn?j|[lr]lm"
    r"|#0?(?:3[49]|160|171|187)|#8[0-9]{3}|#x(?:2[27]|a0|ab|bb|20[0-9a-f]{2}));)",
    re.IGNORECASE,
)

# So many pictures tell a story in the sentences below them.
MIN_TOLD_PICTURES = 2
_SENTENCE_END = re.compile(r"\w{2}[»”\"]?[.!؟…][»”\"]?(?:\s|$)")
_COUNTED = re.compile(r"\s*\d{1,3}\s*(?:/|من|of)\s*\d{1,3}\s*")
_CONTROLS = ("input", "select", "textarea", "button")

# Elements are lxml's; it has no types.
Element = Any


class NotHtml(Exception):
    """The text is not an HTML page; the message says what it is. Reject it."""


class TooComplex(Exception):
    """The page is beyond the bounds above. Reject it."""


def parse_html(text: str, utf8: bytes | None = None) -> Element:
    """The root element of the page. Raises NotHtml and TooComplex. `utf8` is the same text, where it is at hand."""
    if len(text) > MAX_PAGE_CHARACTERS:
        text, utf8 = _BULK.sub("", text), None
    if len(text) > MAX_PAGE_CHARACTERS:
        raise TooComplex(f"{len(text):,} characters")
    start = text[:5000]
    if _FEED_START.match(start):
        raise NotHtml("an XML document (feed or sitemap)")
    if start.lstrip()[:1] in ("{", "[") and not _ANY_ELEMENT.search(start):
        raise NotHtml("JSON")
    if start.startswith(("%PDF", "\x89PNG", "GIF8", "PK\x03\x04", "RIFF")):
        raise NotHtml("a binary document")
    if not _ANY_ELEMENT.search(text):
        raise NotHtml("text without a single HTML element")
    tags = text.count("<")
    if tags > 4 * MAX_ELEMENTS:
        raise TooComplex(f"{tags:,} tags")
    _check_attributes(text)
    text, mended = _ESCAPED_TWICE.subn("&", text)
    # The plain parser: the one of lxml.html asks Python for the class of each element.
    parser = lxml.etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    try:
        written = utf8 if utf8 is not None and not mended else text.encode("utf-8", errors="replace")
        root = lxml.etree.fromstring(written, parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise NotHtml(f"nothing a parser can read: {str(error)[:100]}") from error
    if root is None or not isinstance(root.tag, str):
        raise NotHtml("nothing a parser can read")
    # Beside each of its tags the parser puts one of its own at most.
    if 2 * tags >= MAX_ELEMENTS and (elements := int(root.xpath("count(//*)"))) > MAX_ELEMENTS:
        raise TooComplex(f"{elements:,} elements")
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        root.set(CUT_AT_DEPTH, str(MAX_DEPTH))
    _open(root)
    return root


def _check_attributes(text: str) -> None:
    """Raises TooComplex."""
    if len(text) ** 2 <= MAX_COMPARED_ATTRIBUTES:
        return
    possible = 0
    for tag in _ANYWHERE.finditer(text):
        length = tag.end() - tag.start()
        if length > MAX_SHORT_TAG:
            # An attribute has a letter and a blank; those of an endless tag are worth counting.
            most = len(_ANY_ATTRIBUTE.findall(tag[0])) if length > MAX_COUNTED_TAG else length // 2
            possible += most**2
    if possible <= MAX_COMPARED_ATTRIBUTES:
        return
    compared = most = 0
    for tag in _TAG.finditer(text):
        if tag.end("attributes") - tag.start("attributes") > MAX_SHORT_TAG:
            count = len(_ANY_ATTRIBUTE.findall(tag["attributes"]))
            compared, most = compared + count**2, max(most, count)
    if compared > MAX_COMPARED_ATTRIBUTES:
        raise TooComplex(f"an element with {most:,} attributes")


def _open(root: Element) -> None:
    found = list(root.iter("button", "template", "form"))
    forms = [element for element in found if element.tag == "form"]
    for element in found:
        if element.tag != "form":
            _open_element(element)
    for form in [form for form in forms if next(form.iterancestors("form"), None) is None]:
        _open_form(form)
    _tell(root)


def _tell(root: Element) -> None:
    """The sentences below the pictures of a story that is told in them, which has hardly another text, are paragraphs:
    «1/9 يصل بشير إلى الورشة قبل شروق الشمس. ‹small›عدسة النيل‹/small›».
    """
    captions = root.findall(".//figure/figcaption")
    if len(captions) < MIN_TOLD_PICTURES:
        return
    told = [caption for caption in captions if _SENTENCE_END.search(_own_words(caption))]
    if len(told) < MIN_TOLD_PICTURES:
        return
    words = sum(len(_own_words(caption).split()) for caption in told)
    texts = map(_own_words, root.iter("p", "div", "td", "li", "span", "section", "article"))
    others = sum(len(text.split()) for text in texts if _SENTENCE_END.search(text))
    if words > 2 * others:
        for caption in told:
            caption.tag = "p"
            for child in caption:
                if child.tag in ("small", "cite") or _COUNTED.fullmatch(child.text or ""):
                    behind = child.tail
                    child.clear()
                    child.tail = behind


def _own_words(element: Element) -> str:
    """What stands in the element itself, between its children."""
    return " ".join([element.text or "", *(child.tail or "" for child in element)])


def _open_element(element: Element) -> None:
    """A button with paragraphs is one that nobody closed: the page stands in it. One that is a heading unfolds text,
    and so does a question in a list of them.
    What a web component shows may stand in a template, which browsers show where it is named a shadow root.
    """
    if element.tag == "template":
        if element.get("shadowrootmode") is not None:
            element.tag = "div"
    elif element.find(".//p") is not None:
        element.tag = "div"
    elif element.getparent() is not None and element.getparent().tag in ("h2", "h3", "h4", "h5", "h6"):
        element.tag = "span"
    elif "collapse" in (element.get("data-toggle"), element.get("data-bs-toggle")) and "".join(
        element.itertext()
    ).strip().endswith(("?", "؟")):
        element.tag = "h3"


def _open_form(form: Element) -> None:
    """A form with paragraphs behind its last control is one that nobody closed, too."""
    behind = 0
    for element in form.iter("p", *_CONTROLS):
        behind = behind + 1 if element.tag == "p" else 0
    if behind > 1:
        form.tag = "div"
