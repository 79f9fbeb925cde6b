"""What a source says of a link's date is a witness; what the archive itself said of it before is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from storage.model.records import Capture, WarcPlace
from tests.fixtures.raw_runs import NOON, link
from warraq.pipeline.workers.page_job import page_job

CAPTURE = Capture("http://127.0.0.1/a", NOON, 200, (), b"<html></html>", WarcPlace("raw/x", 0, 1, "0" * 64))


@pytest.mark.parametrize(("source", "expected"), [("feed", NOON), ("news_sitemap", NOON), ("revisit", None)])
def test_a_revisit_does_not_date_the_article(source: str, expected: datetime | None) -> None:
    listed = replace(link(CAPTURE.url), source=source, listed_at=NOON)
    assert page_job(CAPTURE, listed).page.listed_at == expected
