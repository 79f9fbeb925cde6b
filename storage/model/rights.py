"""What a page or its site said against text and data mining, as the one line of its fetch tells it."""

from __future__ import annotations

import re

# The group is the statement; what else a fetch tells in that line is none.
OPT_OUT = (
    r"^(?:opt-out: )?((?:header (?:tdm-reservation|x-robots-tag)|meta (?:tdm-reservation|robots noai)"
    r"|robots\.txt refuses |ai\.txt: |tdmrep\.json: ).*?)(?:; asked again at .*)?$"
)
_OPT_OUT = re.compile(OPT_OUT)


def stated_opt_out(detail: str | None) -> str | None:
    """The statement in a fetch's detail, or None."""
    match = _OPT_OUT.match(detail or "")
    return match and match[1]
