"""What people do on the page: which request is the page's own, and which command does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Act:
    """One press of a button; `run` and `link` name a captured page."""

    what: str  # silence, lift, acknowledge, accept, reject
    portal: str
    until: str = ""
    reason: str = ""
    run: str = ""
    link: str = ""


def is_own_request(headers: Mapping[str, str], *, base_url: str) -> bool:
    """Whether our own page sent it: another site cannot make a browser send JSON under our origin.

    Browsers tell the site over https and on loopback only; a proxy may have put another name into Host.
    """
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return False
    if site := headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    own = {headers.get("Host", ""), urlsplit(base_url).netloc} - {""}
    return urlsplit(headers.get("Origin", "")).netloc in own


def command_of(act: Act, *, by: str) -> list[str]:
    """The words after `warraq`; what people wrote stands behind an equals sign, so that it is never an option."""
    name = f"--by={by}"
    if act.what in ("accept", "reject"):
        words = ["verdict", act.run, act.link, act.what, f"--note={act.reason}"]
    elif act.what == "silence":
        words = ["silence", act.portal, f"--until={act.until}", f"--reason={act.reason}"]
    elif act.what == "lift":
        words = ["silence", act.portal, "--lift"]
    else:
        words = ["acknowledge", act.portal]
    return [*words, name, "--json"]
