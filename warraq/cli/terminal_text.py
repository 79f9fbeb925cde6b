"""Text from the web on a terminal: nothing in it may move the cursor, colour the screen or turn the line around."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable

# First-strong isolate and its end: what stands between keeps its own direction and leaves the rest alone.
ISOLATE, END = "\u2068", "\u2069"
_COMMANDS = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # json escapes those below a blank
_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def safe_text(text: str) -> str:
    """The text without control characters and directional overrides; line ends and tabs stay."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return _CONTROLS.sub("", "".join(kept))


def safe_line(text: str) -> str:
    """The same on one line."""
    return " ".join(safe_text(text).split())


def json_text(value: object, *, default: Callable[[object], object] | None = None, indent: int | None = None) -> str:
    """JSON with Arabic as it is; what would command a terminal stands there as JSON spells it, and means the same."""
    text = json.dumps(value, ensure_ascii=False, default=default, indent=indent)
    return _COMMANDS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def isolated(text: str) -> str:
    """A piece of a line that keeps its own direction."""
    return f"{ISOLATE}{text}{END}"
