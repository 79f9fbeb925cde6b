"""Imports foreign WARC and WACZ files: captures go into the raw archive of the day they were made, once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from spiders.links.known_links import id_number
from spiders.links.told_apart import read_told_apart, told_apart_by, write_told_apart
from spiders.portal.definition import Portal
from spiders.sources.records import ListedLink
from storage.errors import DamagedObject
from storage.identity.urls import doubtful_parameters
from storage.model.records import Exchange, LinkRecord
from storage.model.window import RunId
from storage.objects.store import ObjectStore
from storage.raw.foreign_records import Foreign, LeftOut, Revisit
from storage.raw.foreign_warc import new_segments, read_foreign
from storage.tables.removal_register import Denied, read_denied
from warraq.pipeline.importing.foreign_pages import (
    SOURCE,
    is_own_page,
    objection,
    page_link,
    page_link_id,
    stated_title,
)
from warraq.pipeline.importing.gone_pages import AddressesOf, GonePages
from warraq.pipeline.importing.open_day import OpenDays, day_of
from warraq.pipeline.importing.report import ImportReport
from warraq.pipeline.importing.site_statements import SiteStatements


def import_files(
    paths: Iterable[Path],
    portal: Portal,
    store: ObjectStore,
    *,
    spool: Path,
    denied: Denied | None = None,
    addresses_of: AddressesOf = lambda _: {},
    progress: Callable[[str, int], None] = lambda name, records: None,
) -> ImportReport:
    """Bring the portal's pages in; doing it again brings nothing twice.

    What was removed on request stays out: `denied`, by default what the archive's own register says. Of pages that are
    gone only those count that the files have as pages, or `addresses_of` knows as articles.

    Raises UsageError, before anything is written, for a file that is no WARC.
    """
    paths = list(paths)
    for path in paths:
        with contextlib.suppress(DamagedObject):
            next(read_foreign(path), None)
    portal, site = _looked_through(paths, read_told_apart(store, portal), store)
    denied = read_denied(store, now=datetime.now(UTC)) if denied is None else denied
    report = ImportReport()
    days = OpenDays(store, portal, spool=spool, denied=denied)
    gone = GonePages(portal)
    segments = new_segments()
    try:
        for path in paths:
            try:
                for records, item in enumerate(read_foreign(path, segments), start=1):
                    if not (isinstance(item, Exchange) and not site.is_used(item) and gone.takes(item, path.name)):
                        _take(item, path.name, site, days, report)
                    progress(path.name, records)
            except DamagedObject as error:
                report.damaged.append(error.message)
        for item in segments.rest():
            report.leave_out(item, portal)
        report.settle_revisits()
        for run, link, address in gone.of_articles(addresses_of):
            _take_gone(days, run, link, address, report)
        days.finish()
    finally:
        days.discard()
    return report


def _looked_through(paths: Iterable[Path], portal: Portal, store: ObjectStore) -> tuple[Portal, SiteStatements]:
    """What must be known before the pages are read: by what they are told apart, and what the site says of mining.

    They are told apart by what the files' own pages show: those that differ in one parameter and in their titles. Only
    addresses with a doubtful parameter are looked at, and mostly there are none.
    """
    doubtful: list[ListedLink] = []
    site = SiteStatements(portal)

    def is_wanted(url: str) -> bool:
        return bool(doubtful_parameters(url)) or site.is_wanted(url)

    for path in paths:
        with contextlib.suppress(DamagedObject):
            for item in read_foreign(path, new_segments(), wanted=is_wanted):
                if not isinstance(item, Exchange):
                    continue
                if site.is_wanted(item.url):
                    site.note(item)
                elif not objection(item, portal) and (title := stated_title(item)):
                    doubtful.append(ListedLink(item.url, SOURCE, "", title=title))
    found = portal.telling_apart(told_apart_by(doubtful, portal))
    if found is not portal:
        write_told_apart(store, found)
    return found, site


def _take(item: Foreign, file_name: str, site: SiteStatements, days: OpenDays, report: ImportReport) -> None:
    portal = days.portal
    if isinstance(item, LeftOut):
        report.leave_out(item, portal)
        return
    if isinstance(item, Revisit):
        _note_revisit(item, portal, report)
        return
    if site.is_used(item):
        report.site_files += 1
        return
    if reason := objection(item, portal):
        report.passed_over[reason] += 1
        return
    run = RunId(portal.name, day_of(item.captured_at))
    day = days.of(run)
    link = page_link(item, file_name, portal, site)
    if day.denied.link(portal.canonical(item.url), link.link_id):
        report.passed_over["removed"] += 1
        return
    report.pages.add(id_number(link.link_id))
    report.days.add(run)
    if day.add(item, link):
        if item.truncated:
            report.note_cut(file_name, item.url, item.truncated)
        report.captures[run] = report.captures.get(run, 0) + 1
    else:
        report.passed_over["known"] += 1


def _take_gone(days: OpenDays, run: RunId, link: LinkRecord, address: str | None, report: ImportReport) -> None:
    """Note that a page is gone, under the address that its article has in the archive."""
    if address is None and id_number(link.link_id) not in report.pages:
        report.passed_over["not_status_200"] += 1
        return
    day = days.of(run)
    if day.denied.link(days.portal.canonical(link.url), link.link_id):
        report.passed_over["removed"] += 1
        return
    report.days.add(run)
    if day.add_gone(replace(link, url=address or link.url)):
        report.gone += 1
    else:
        report.passed_over["known"] += 1


def _note_revisit(item: Revisit, portal: Portal, report: ImportReport) -> None:
    if is_own_page(item.url, portal):
        report.revisits[id_number(page_link_id(item.refers_to, portal))] += 1
    else:
        report.passed_over["other_site"] += 1
