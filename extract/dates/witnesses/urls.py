"""Days in addresses: `/2024/12/25/`, `/2024-12-25/`, `/2013/section/8/3/`, `/7-2024-12-25-09-30-00`, `/20241225…`,
`/bridge-opens-2024-12-25`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from extract.dates.records import URL, DateWitness

# The forms, how far each is to be believed alone, and its name. Eight digits in a number are often no date at all:
# that form only ever supports another witness.
_FORMS = (
    ("path", 0.6, re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/._-]|$)")),
    (
        "path_with_section",
        0.55,
        re.compile(r"/((?:19|20)\d\d)/[a-z][a-z_.-]{1,30}/(\d{1,2})/(\d{1,2})(?=/|$)", re.IGNORECASE),
    ),
    # What Joomla calls an article whose title has no Latin letters: when it was made.
    ("stamp", 0.55, re.compile(r"-((?:19|20)\d\d)-(\d\d)-(\d\d)(?:-\d\d){3}(?=[/.]|$)")),
    # Behind the words of an address: too weak to contradict, for it may be the day that the words speak of.
    ("slug_end", 0.38, re.compile(r"[^\W\d]-((?:19|20)\d\d)-(\d\d)-(\d\d)(?=[/.]|$)")),
    ("folder_of_digits", 0.45, re.compile(r"/((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=/)")),
    ("digits", 0.3, re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d{9,})")),
)


def url_witnesses(url: str) -> Iterator[DateWitness]:
    """The day an address holds, by the first form that fits."""
    try:
        path = urlsplit(url[:2000]).path
    except ValueError:
        return
    for where, weight, pattern in _FORMS:
        match = pattern.search(path)
        if match is not None and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31:
            yield DateWitness(URL, where, "-".join((match[1], match[2].zfill(2), match[3].zfill(2))), weight=weight)
            return
