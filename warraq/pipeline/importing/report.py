"""What an import did, and what it did not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from spiders.portal.definition import Portal
from storage.model.window import RunId
from storage.raw.foreign_records import LOSSES, LeftOut, Unusable

REVISIT, REVISIT_OF_ABSENT = "revisit", "revisit_of_absent_page"
MAX_NAMED = 1_000  # records named one by one; a file of conversions has millions


@dataclass
class ImportReport:
    """What an import did: `captures` by day's run, what was passed over by reason.

    `site_files` counts robots.txt, ai.txt and tdmrep.json of the portal, which were read for what they say of mining.

    `damaged` names the records of the portal, or of nobody knows whom, that are lost or cut; `named` those that hold no
    answer of a server. Both are bounded, the counts are not.
    """

    captures: dict[RunId, int] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    site_files: int = 0
    gone: int = 0  # answers that an article is not at its address any more
    cut: int = 0  # pages that were taken and lack their end
    days: set[RunId] = field(default_factory=set)  # the runs that have pages of the files, new or known
    pages: set[int] = field(default_factory=set)  # all that the files hold, by link; those known before too
    revisits: Counter[int] = field(default_factory=Counter)  # by the link whose bytes they speak of

    def leave_out(self, item: LeftOut, portal: Portal) -> None:
        """Count a record that gives no capture, and name it if it may be missed."""
        self.passed_over[str(item.reason)] += 1
        is_ours = not item.url or portal.hosts.owns(item.url)
        if item.reason in LOSSES and (is_ours or item.reason is Unusable.DAMAGED):
            _name(self.damaged, item.message)
        elif item.reason is Unusable.OTHER_KIND and is_ours:
            _name(self.named, item.message)

    def note_cut(self, file_name: str, url: str, cause: str) -> None:
        """Count a page that is taken without its end, and name it."""
        self.cut += 1
        _name(self.damaged, f"{file_name}: {url} is taken without its end (truncated: {cause})")

    def settle_revisits(self) -> None:
        """Count revisits, apart those whose page is in none of the files: it may be in one that was not named."""
        for link, count in self.revisits.items():
            self.passed_over[REVISIT if link in self.pages else REVISIT_OF_ABSENT] += count
        self.revisits.clear()


def _name(lines: list[str], message: str) -> None:
    if len(lines) < MAX_NAMED:
        lines.append(message)
    elif len(lines) == MAX_NAMED:
        lines.append("and more, as counted")
