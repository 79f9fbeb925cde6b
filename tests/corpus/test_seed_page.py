"""The text of a real Al-Masaa page, put into shapes that such a portal may use, gives headline and body only."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from extract.extractor import extract_article
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL
from spiders.portals.almasaa import PORTAL
from storage.model.records import ArticleText

SEED = (
    Path(os.environ.get("WARRAQ_SEED", Path(__file__).parents[2].parent / "shared" / "seed")) / "almasaa_page_text.txt"
)

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not SEED.exists(), reason=f"no seed text at {SEED}")]

RELATED = ["رئيس الوزراء يتابع موقف مشروعات الإسكان", "الأرصاد تعلن حالة الطقس غدا", "موعد صرف معاشات يناير"]
LINKS = "".join(f'<li><a href="/{n}/">{title}</a></li>' for n, title in enumerate(RELATED))


def seed() -> tuple[str, str, str, list[str], str]:
    """Site line, headline with the site's name, promotion, body lines, heading of the related news."""
    lines = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()]
    return lines[0], lines[1], lines[2], lines[3:-1], lines[-1]


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<h3>{escape(x)}</h3>" if len(x) < 60 else f"<p>{escape(x)}</p>" for x in lines)


def wordpress(site: str, title: str, promotion: str, body: list[str], related: str) -> str:
    return (
        f'<html><head><title>{title}</title><meta property="og:title" content="{title}"></head><body class="single">'
        f'<header><div class="logo"><a href="/">{site}</a></div></header><article><h1 class="entry-title">{title}</h1>'
        f'<div class="entry-content"><p>{promotion}</p>{paragraphs(body)}'
        f"<p>{related}</p><ul>{LINKS}</ul></div></article></body>"
    )


def plain_paragraphs(site: str, title: str, promotion: str, body: list[str], related: str) -> str:
    lines = [site, title, promotion, *body, related, *RELATED]
    return f"<html><head><title>{site}</title></head><body>" + "".join(f"<p>{escape(line)}</p>" for line in lines)


def breaks(site: str, title: str, promotion: str, body: list[str], related: str) -> str:
    text = "<br><br>".join(map(escape, body))
    return (
        f"<html><head><title>{site}</title></head><body><div>{site}</div><div class='t'><h2>{title}</h2></div>"
        f"<div>{promotion} <img src='a.png'></div><div class='d'>{text}</div>"
        f"<div><b>{related}</b><ul>{LINKS}</ul></div></body>"
    )


def form_and_table(site: str, title: str, promotion: str, body: list[str], related: str) -> str:
    return (
        f"<html><head><title>{title}</title></head><body><form id='aspnetForm'><table><tr><td>{site}</td></tr>"
        f"<tr><td><span id='lblTitle'>{title}</span></td></tr><tr><td><a href='/app'>{promotion}</a></td></tr><tr><td>"
        f"<span id='lblBody'>{'<br>'.join(map(escape, body))}</span></td></tr>"
        f"<tr><td>{related}<ul>{LINKS}</ul></td></tr></table></form></body>"
    )


def bare_divs(site: str, title: str, promotion: str, body: list[str], related: str) -> str:
    lines = [f"<h1>{title}</h1>", f"<div>{promotion}</div>", *(f"<div>{escape(line)}</div>" for line in body)]
    return (
        f"<html><head><title>{title}</title></head><body><div id='top'><h4>{site}</h4></div><div id='main'>"
        f"{''.join(lines)}<div>{related}</div>{''.join(f'<div><a href=x>{t}</a></div>' for t in RELATED)}</div></body>"
    )


Shape = Callable[[str, str, str, list[str], str], str]


@pytest.mark.parametrize("profile", [UNKNOWN_PORTAL, PORTAL.profile], ids=["unknown portal", "almasaa"])
@pytest.mark.parametrize("shape", [wordpress, plain_paragraphs, breaks, form_and_table, bare_divs])
def test_headline_and_body_come_out_and_nothing_else(shape: Shape, profile: object) -> None:
    site, title, promotion, body, related = seed()
    html = shape(site, title, promotion, body, related)
    result = extract_article(Page(html.encode(), datetime(2025, 1, 2, tzinfo=UTC)), profile)  # type: ignore[arg-type]
    assert isinstance(result, ArticleText), result
    assert result.title == title.split(" . ")[0]
    assert result.body.split("\n") == [" ".join(line.split()) for line in body]
