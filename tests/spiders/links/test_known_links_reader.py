"""What a crawl knows of its portal's links is what the tables say of their newest captures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from spiders.links.known_links import id_number
from spiders.links.known_links_reader import read_known_links
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, lost_fetch, run_id, run_row


def test_known_links_are_those_that_were_captured(local_settings: Settings) -> None:
    first, second = run_id(day=1), run_id(day=2)
    one, two = edition(first, 1), edition(second, 2)
    tables = open_tables(local_settings)
    tables.replace_run(first, RecordRows(first, [one], [fetch(one), lost_fetch(first, 7)], run_row(first, [])))
    tables.replace_run(second, RecordRows(second, [two], [fetch(two, outcome="edition")], run_row(second, [])))
    numbers, recent = read_known_links(local_settings, "almasaa", two.captured_at)
    links = [fetch(made).link for made in (one, two)]
    assert list(numbers) == sorted(id_number(link.link_id) for link in links)
    assert recent[links[1].link_id].etag == links[1].etag
    assert lost_fetch(first, 7).link.link_id not in recent


def test_the_newest_capture_of_a_link_counts(local_settings: Settings) -> None:
    first, second = run_id(day=1), run_id(day=2)
    old, new = fetch(edition(first, 1)), fetch(edition(second, 1), outcome="unchanged")
    later = old.link.captured_at + timedelta(hours=20) if old.link.captured_at else None
    new = replace(
        new, link=replace(new.link, url=old.link.url, link_id=old.link.link_id, captured_at=later, etag="new")
    )
    tables = open_tables(local_settings)
    tables.replace_run(second, RecordRows(second, [], [new], run_row(second, [])))
    tables.replace_run(first, RecordRows(first, [], [old], run_row(first, [])))
    assert later is not None
    _, recent = read_known_links(local_settings, "almasaa", later)
    assert recent[old.link.link_id].etag == "new"
