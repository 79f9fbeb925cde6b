"""Answers that an article is not at its address any more: of what the archive knows they are told as a crawl's are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from spiders.portal.definition import Portal
from storage.model.outcomes import Outcome
from storage.model.records import Exchange, LinkRecord
from storage.model.window import RunId
from warraq.pipeline.importing.foreign_pages import SOURCE, header, is_own_page, page_link_id
from warraq.pipeline.importing.open_day import day_of

OUTCOMES = {404: Outcome.GONE, 410: Outcome.GONE, 451: Outcome.LEGAL_BLOCK}
# Of some links, given as canonical addresses by link id, those of archived articles with the addresses they have there.
AddressesOf = Callable[[Mapping[str, str]], Mapping[str, str]]


@dataclass
class GonePages:
    """What files say of pages that are gone, until it is known which of them are articles."""

    portal: Portal
    _links: dict[tuple[RunId, str], LinkRecord] = field(default_factory=dict)

    def takes(self, exchange: Exchange, file_name: str) -> bool:
        """Whether it is such an answer of the portal's, which is noted then: a day's first one of each address."""
        outcome = OUTCOMES.get(exchange.status)
        if outcome is None or not exchange.url.startswith("http") or not is_own_page(exchange.url, self.portal):
            return False
        link = LinkRecord(
            url=exchange.url,
            link_id=page_link_id(exchange.url, self.portal),
            source=SOURCE,
            source_url=file_name,
            outcome=outcome,
            http_status=exchange.status,
            final_url=exchange.url,
            content_type=header(exchange, "content-type"),
            bytes_received=len(exchange.body),
            captured_at=exchange.captured_at,
        )
        key = RunId(self.portal.name, day_of(exchange.captured_at)), link.link_id
        self._links[key] = min(self._links.get(key, link), link, key=lambda one: (one.captured_at, one.url))
        return True

    def of_articles(self, addresses_of: AddressesOf) -> Iterator[tuple[RunId, LinkRecord, str | None]]:
        """The answers of each day, and the address of the archived article that they tell of; None where it is none."""
        asked = {link_id: self.portal.canonical(link.url) for (_, link_id), link in self._links.items()}
        known = addresses_of(asked) if asked else {}
        for (run, link_id), link in sorted(self._links.items(), key=lambda item: item[0]):
            yield run, link, known.get(link_id)
