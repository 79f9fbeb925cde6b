"""Kept blocks to body text. The one module that knows trafilatura."""

from __future__ import annotations

import logging

import lxml.etree
import trafilatura
from trafilatura.settings import Document, Extractor

from extract.html.blocks import Block, clean_line
from extract.html.parsing import Element

# It warns of every short text; short texts are ours to judge.
logging.getLogger("trafilatura").setLevel(logging.ERROR)

# Deduplication would make a text depend on the pages before it.
_OPTIONS = Extractor(fast=True, comments=False, tables=True, dedup=False, with_metadata=False)


def article_tree(blocks: list[Block]) -> Element:
    """A small page that holds the blocks and nothing else: what trafilatura is given to read."""
    html = lxml.etree.Element("html")
    article = lxml.etree.SubElement(lxml.etree.SubElement(html, "body"), "article")
    for block in blocks:
        tag = block.tag if block.is_heading else "p"
        lxml.etree.SubElement(article, tag).text = block.text
    return html


def body_text(blocks: list[Block]) -> str:
    """The article's paragraphs, separated by one newline."""
    if not blocks:
        return ""
    document = trafilatura.bare_extraction(article_tree(blocks), options=_OPTIONS)
    lines: list[str] = []
    if isinstance(document, Document) and document.body is not None:
        for element in document.body.iter("p", "head", "item", "quote", "cell"):
            text = clean_line("".join(element.itertext()))
            if text:
                lines.append(text)
    own = [block.text for block in blocks]
    if sum(map(len, lines)) < 0.97 * sum(map(len, own)):
        lines = own
    return "\n".join(lines)
