"""When an article was published: witnesses on a page, what they say in Arabic, and which of them to believe."""

from extract.dates.grammar.arabic import parse_arabic_date
from extract.dates.grammar.zones import portal_zone
from extract.dates.of_page import date_fields, page_dates
from extract.dates.records import DateWitness, ParsedDate, ResolvedDate, ResolvedDates
from extract.dates.resolve import resolve_dates
from extract.dates.witnesses.all_witnesses import date_witnesses

__all__ = [
    "DateWitness",
    "ParsedDate",
    "ResolvedDate",
    "ResolvedDates",
    "date_fields",
    "date_witnesses",
    "page_dates",
    "parse_arabic_date",
    "portal_zone",
    "resolve_dates",
]
