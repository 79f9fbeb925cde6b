"""The pictures of the page "Archive" for README and docs: a made-up fleet with planted trouble, in a real browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.operate.coverage import fleet
from storage.settings import read_settings
from warraq.monitoring.page.render import ASSETS, FOLDER, Viewer, fleet_page, portal_page

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
SHOTS = (
    ("archive-page.png", "fleet_en.html", 1280, "light"),
    ("archive-page-arabic.png", "fleet_ar.html", 1280, "dark"),
    ("archive-portal.png", "portal/portal.html", 1280, "light"),
)


def main() -> None:
    """Write the pictures."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with tempfile.TemporaryDirectory(prefix="warraq-pictures-") as name:
        folder = Path(name)
        environ = {**os.environ, "WARRAQ_ARCHIVE": f"{folder}/archive", "WARRAQ_CACHE": f"{folder}/cache"}
        fleet(read_settings(environ), portals=14, days=200, now=now, with_trouble=True)
        reading = _overview(environ)
        sick = next(row["portal"] for row in reading["portals"] if row["health"] == "drifting")
        (folder / "assets").mkdir()
        (folder / "portal").mkdir()
        for asset in ASSETS:
            shutil.copy(FOLDER / "assets" / asset, folder / "assets" / asset)
        for language in ("en", "ar"):
            (folder / f"fleet_{language}.html").write_text(fleet_page(reading, Viewer(language, "../")), "utf-8")
        page = portal_page(_overview(environ, sick), Viewer("en", "../../"))
        (folder / "portal" / "portal.html").write_text(page, "utf-8")
        _shoot(folder)


def _overview(environ: dict[str, str], *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "warraq", "overview", *words]
    told = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def _shoot(folder: Path) -> None:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for image, page, width, scheme in SHOTS:
            context = browser.new_context(viewport={"width": width, "height": 860}, color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
            opened = context.new_page()
            opened.goto(f"file://{folder / page}")
            opened.screenshot(path=IMAGES / image)
        browser.close()


if __name__ == "__main__":
    main()
