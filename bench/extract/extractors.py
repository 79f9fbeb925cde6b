"""Warraq's extractor and its peers, each as a function from a case to a prediction.

Each is set up as its documentation recommends for Arabic. Libraries that take text get the page decoded beforehand,
which is not counted; Warraq and trafilatura decode the bytes themselves.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.extract.cases import Case
from bench.extract.measures import Prediction

Extract = Callable[[Case], Prediction]
BASELINE = "trafilatura"  # bare_extraction(with_metadata=True), what speeds are compared with
OURS = "warraq"


@dataclass(frozen=True)
class Extractor:
    """A name for the table, the distribution whose version it shows, and the function."""

    name: str
    distribution: str
    extract: Extract
    note: str
    gives: frozenset[str] = frozenset({"title", "date", "author"})  # besides a body; else its cells stay empty


def all_extractors() -> list[Extractor]:
    """Warraq, then the peers. Importing them takes seconds; newspaper4k and goose3 warn about what they do not need."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            Extractor(OURS, "warraq", _warraq(with_portals=False), "no portal definition"),
            Extractor("warraq, portals on", "warraq", _warraq(with_portals=True), "with portal definitions"),
            Extractor(BASELINE, "trafilatura", _trafilatura(), "bare_extraction, with_metadata, no comments"),
            Extractor("trafilatura precision", "trafilatura", _trafilatura(favor_precision=True), "favor_precision"),
            Extractor("trafilatura fast", "trafilatura", _trafilatura(fast=True), "fast"),
            Extractor("newspaper4k", "newspaper4k", _newspaper(), "language ar"),
            Extractor("goose3", "goose3", _goose(), "StopWordsArabic"),
            Extractor("news-please", "news-please", _news_please(), "from_html"),
            Extractor("readability-lxml", "readability-lxml", _readability(), "summary()", frozenset({"title"})),
            Extractor("resiliparse", "resiliparse", _resiliparse(), "main_content", frozenset({"title"})),
            Extractor("justext", "jusText", _justext(), "Arabic stop list", frozenset()),
        ]


def ours() -> Extract:
    """Warraq's extractor without a portal's definition."""
    return _warraq(with_portals=False)


def _warraq(*, with_portals: bool) -> Extract:
    from extract.extractor import extract_article
    from extract.page import Page
    from extract.profile import UNKNOWN_PORTAL
    from spiders.registry import load_portals
    from storage.model.records import ArticleText
    from storage.settings import read_settings

    profiles = {}
    if with_portals:
        for portal in load_portals(read_settings({})).values():
            profiles |= dict.fromkeys(portal.all_domains, portal.profile)

    def run(case: Case) -> Prediction:
        page = Page(body=case.body, captured_at=case.captured_at, url=case.url, content_type=case.content_type)
        host = urlsplit(case.address).netloc.lower()
        profile = profiles.get(host) or profiles.get(f"www.{host}") or profiles.get(host.removeprefix("www."))
        found = extract_article(page, profile or UNKNOWN_PORTAL)
        if not isinstance(found, ArticleText):
            return Prediction()
        published = found.published_at.isoformat() if found.published_at else None
        return Prediction(found.title, found.body, published, found.authors)

    return run


def _trafilatura(**options: bool) -> Extract:
    import trafilatura

    def run(case: Case) -> Prediction:
        # Without comments: with them, readers' words count against its body.
        found = trafilatura.bare_extraction(
            case.body, url=case.address, with_metadata=True, include_comments=False, **options
        )
        if found is None:
            return Prediction()
        authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
        return Prediction(found.title, found.text, found.date, authors)

    return run


def _newspaper() -> Extract:
    import newspaper

    def run(case: Case) -> Prediction:
        article = newspaper.Article(case.address, language="ar", fetch_images=False)
        article.download(input_html=case.html)
        article.parse()
        published = article.publish_date.isoformat() if article.publish_date else None
        return Prediction(article.title, article.text, published, tuple(article.authors))

    return run


def _goose() -> Extract:
    from goose3 import Goose
    from goose3.text import StopWordsArabic

    goose = Goose({"stopwords_class": StopWordsArabic, "enable_image_fetching": False})

    def run(case: Case) -> Prediction:
        article = goose.extract(raw_html=case.html)
        return Prediction(article.title, article.cleaned_text, article.publish_date, tuple(article.authors))

    return run


def _news_please() -> Extract:
    from newsplease import NewsPlease

    def run(case: Case) -> Prediction:
        article = NewsPlease.from_html(case.html, url=case.address)
        published = article.date_publish.isoformat() if article.date_publish else None
        return Prediction(article.title, article.maintext, published, tuple(article.authors or ()))

    return run


def _readability() -> Extract:
    import lxml.html
    from readability import Document

    def run(case: Case) -> Prediction:
        document = Document(case.html)
        # A space behind each element: text_content() would glue the last word of a paragraph to the next.
        parts = lxml.html.fromstring(document.summary(html_partial=True)).itertext()
        return Prediction(document.short_title(), "\n".join(parts))

    return run


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def run(case: Case) -> Prediction:
        tree = HTMLTree.parse(case.html)
        return Prediction(tree.title, extract_plain_text(tree, main_content=True))

    return run


def _justext() -> Extract:
    import justext

    stop_list = justext.get_stoplist("Arabic")

    def run(case: Case) -> Prediction:
        paragraphs = justext.justext(case.html, stop_list)
        return Prediction(body="\n".join(p.text for p in paragraphs if not p.is_boilerplate))

    return run
