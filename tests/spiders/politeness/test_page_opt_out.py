"""What pages say against mining, wherever their heads end."""

from __future__ import annotations

import gzip
import time

import pytest

from spiders.politeness.page_opt_out import HEAD_BYTES, NOT_LOOKED_AT, page_opt_out, page_statement
from storage.model.rights import stated_opt_out

NO_AI, RESERVED = b'<meta name="robots" content="noai">', b'<meta name="tdm-reservation" content="1">'


@pytest.mark.parametrize("size", [0, 9_000, 300_000])
@pytest.mark.parametrize("meta", [NO_AI, RESERVED])
def test_metas_count_behind_styles_of_any_length(size: int, meta: bytes) -> None:
    page = b"<html><head><style>" + b"p{}" * (size // 3) + b"</style>" + meta + b"</head><body>"
    stated, remark = page_statement((), page)
    assert stated_opt_out(stated)
    assert remark is None
    assert page_statement((("Content-Encoding", "gzip"),), gzip.compress(page)).stated == stated
    assert page_statement((), page.decode().encode("utf-16")).stated == stated


def test_a_head_without_end_is_told() -> None:
    endless = b"<html><head><style>" + b" " * HEAD_BYTES + b"</style>" + NO_AI + b"</head><body>"
    assert page_statement((), endless) == (None, NOT_LOOKED_AT)
    assert stated_opt_out(NOT_LOOKED_AT) is None
    assert page_statement((), b"<html><head></head><body>" + b" " * HEAD_BYTES) == (None, None)


@pytest.mark.parametrize(
    "head",
    [
        b'<meta name="robots" content="index,follow">' + NO_AI,
        b'<meta name="tdm-reservation" content="0">' + RESERVED,
        RESERVED + b'<meta name="tdm-reservation" content="0">',
        b'<meta name=" tdm-reservation " content=" 1 "/>',
        b"<meta name=tdm-reservation content=1/>",
        b"<META CONTENT='index, NoAI' data-content='all' NAME='Robots'>",
        b'<meta name="robots"\n content="index,\nnoai">',
        b'<noscript><meta name="robots" content="noai"></noscript>',
        b"<!-->" + NO_AI + b"<!-- -->",
        b"<!-- a -->" + NO_AI + b"<!-- b -->",
        b"<!--[if !IE]><!-->" + NO_AI + b"<!--<![endif]-->",
        b'<link title="a > b"><script>"<!--"</script>' + NO_AI,
    ],
)
def test_the_strictest_meta_counts_however_it_is_written(head: bytes) -> None:
    assert page_opt_out((), head)


@pytest.mark.parametrize(
    "head",
    [
        b"<!-- " + NO_AI + b" -->",
        b"<!--[if IE]>" + NO_AI + b"<![endif]-->",
        b"<!-- never ended " + NO_AI,
        b"<script>document.write('" + NO_AI + b"')</script>",
        b"<style>" + RESERVED + b"</style>",
        b"<template>" + RESERVED + b"</template>",
        b"<textarea>" + RESERVED + b"</textarea>",
        b"<iframe srcdoc='" + RESERVED + b"'></iframe>",
        b'<meta name="robots" data-content="noai" content="all">',
        b'<meta name="robots" content="noimageai">',
        b'<meta name="tdm-reservation" content="0"><meta name="tdm-policy" content="1">',
        b'<meta name="description" content="noai">',
        b"&lt;meta name=robots content=noai&gt; noai",
    ],
)
def test_what_is_no_meta_of_the_page_says_nothing(head: bytes) -> None:
    assert page_opt_out((), head) is None


@pytest.mark.parametrize(
    ("headers", "stated"),
    [
        ([("TDM-Reservation", "0, 1")], "header tdm-reservation: 1"),
        ([("tdm-reservation", "1"), ("tdm-reservation", "0")], "header tdm-reservation: 1"),
        ([("X-Robots-Tag", "gptbot: noai"), ("X-Robots-Tag", "all")], "header x-robots-tag: noai"),
        ([("x-robots-tag", "noaiming")], None),
        ([("tdm-reservation", "0"), ("tdm-reservation", "10")], None),
    ],
)
def test_the_strictest_of_several_headers_counts(headers: list[tuple[str, str]], stated: str | None) -> None:
    assert page_opt_out(headers, b"") == stated


@pytest.mark.parametrize(
    "unit", [b"<a", b'="', b"='\"", b"<script ", b"<script></scrip", b"<!-- --", b"<b a=b>", b"a ", b"= ", b"<a '=\""]
)
@pytest.mark.parametrize("start", [b"noai", b"noai<meta "])
def test_hostile_heads_take_no_time(unit: bytes, start: bytes) -> None:
    began = time.process_time()
    page_opt_out((), (start + unit * HEAD_BYTES)[:HEAD_BYTES])
    assert time.process_time() - began < 5, "seconds; it takes less than one"
