"""Which words of a line stand between quotation marks, whatever form the marks have."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

# Each form by itself, so that a quotation within one of another form counts. A mark without its other half encloses
# nothing: quotations go on into the next paragraph, and an apostrophe or a sign of inches is none.
_QUOTED = (
    re.compile("«[^«»]+»|»[^«»]+«"),
    re.compile("[“”„][^“”„]+[“”]"),
    re.compile("‹[^‹›]+›|›[^‹›]+‹"),
    re.compile(r'(?<!\d)"(?=\S)[^"]+(?<=\S)"(?!\w)'),
    re.compile(r"(?<!\w)'(?=\S)[^']+(?<=\S)'(?!\w)"),
    re.compile(r"(?<!\w)‘(?=\S)[^‘’]+’(?!\w)"),
)
_MARKS = re.compile("[«»“”„‹›\"'‘]")


def quoted_depths(line: str) -> list[int]:
    """Of each word, as `line.split()` gives them, in how many quotations it stands."""
    if not _MARKS.search(line):
        return [0] * len(line.split())
    words = [word.span() for word in re.finditer(r"\S+", line)]
    starts, ends = [start for start, _ in words], [end for _, end in words]
    depths = [0] * len(words)
    for form in _QUOTED:
        for found in form.finditer(line):
            start, end = found.start() + 1, found.end() - 1
            for place in range(bisect_right(ends, start), bisect_left(starts, end)):
                within = line[max(start, starts[place]) : min(end, ends[place])]
                depths[place] += any(map(str.isalnum, within))
    return depths
