"""docs/explain/security.md promises what the code does: the files and tests it names exist."""

from __future__ import annotations

import re

import pytest
from scrapy.settings import Settings

from spiders.job.scrapy_settings import crawl_settings
from spiders.registry import find_portal
from storage.settings import read_settings
from tests.fixtures.paths import ROOT

PAGE = (ROOT / "docs" / "explain" / "security.md").read_text(encoding="utf-8")
CITED = sorted(set(re.findall(r"`(tests/[\w./]+)::(test_\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "test"), CITED, ids=lambda value: value.rpartition("/")[2])
def test_a_cited_test_exists(file: str, test: str) -> None:
    assert re.search(rf"^def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), f"{file}::{test}"


def test_every_threat_names_a_test_or_says_that_there_is_none() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("|") and line.count("|") == 4]
    threats = [row for row in rows if not row.startswith(("| ---", "| threat"))]
    assert len(threats) > 20
    for row in threats:
        shown = row.split("|")[3]
        assert "::test_" in shown or "not tested" in shown, f"shown by nothing: {row[:80]}"


def test_a_crawl_opens_no_port_and_uses_no_proxy() -> None:
    settings = crawl_settings(find_portal("almasaa", read_settings({})))
    ports = ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "HTTPPROXY_ENABLED", "ALLOW_PRIVATE_ADDRESSES")
    assert {name: settings[name] for name in ports} == dict.fromkeys(ports, False)
    scrapys = Settings()
    scrapys.setdict(settings, priority="spider")
    assert dict(scrapys.get_component_priority_dict_with_base("EXTENSIONS")) == {}, "telnet and remote control"
    assert dict(scrapys.get_component_priority_dict_with_base("SPIDER_MIDDLEWARES")) == {}
    ours = scrapys.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES")
    assert list(ours) == ["spiders.crawl.middleware.RequestMiddleware"], "HttpProxyMiddleware is none of ours"
