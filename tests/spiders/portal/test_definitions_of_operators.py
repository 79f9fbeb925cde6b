"""Files in WARRAQ_PORTALS belong to operators: what they were written with goes on working."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.registry import find_portal
from storage.settings import read_settings


@pytest.mark.parametrize("module", ["spiders.portal.definition", "spiders.portal.definition"])
def test_a_definition_imports_under_either_name(module: str, tmp_path: Path) -> None:
    text = f"""from {module} import Feed, Politeness, Portal, Sitemap
PORTAL = Portal(name="nakhla", title_ar="نخلة", title_en="Nakhla", country="EG", timezone="Africa/Cairo",
    start_url="https://nakhla.example/", sources=(Feed("/rss"), Sitemap("/s.xml")), politeness=Politeness(2.0))
"""
    (tmp_path / "nakhla.py").write_text(text, encoding="utf-8")
    portal = find_portal("nakhla", read_settings({"WARRAQ_PORTALS": str(tmp_path), "WARRAQ_ARCHIVE": str(tmp_path)}))
    assert [source.kind for source in portal.sources] == ["feed", "sitemap"]
