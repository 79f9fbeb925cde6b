"""`python -m warraq.cli.reference`: write all generated pages into docs/reference."""

from __future__ import annotations

from pathlib import Path

from warraq.cli.reference.pages import PAGES

FOLDER = Path("docs/reference")

if __name__ == "__main__":
    for name, render in PAGES.items():
        (FOLDER / name).write_text(render(), encoding="utf-8")
