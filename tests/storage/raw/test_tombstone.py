"""Records taken out of a raw archive: all else stays, and an end at any write is made good by the same call."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.fixity.raw_runs import check_raw, check_register
from storage.model.records import Role
from storage.objects.local import LocalStore
from storage.raw.run import RawRun
from storage.raw.tombstone import blank_captures, forget_links
from tests.fixtures.raw_runs import RUN, exchange, link, write_round

PAGES = [exchange(f"http://127.0.0.1/{n}", f"<html><body><p>نص {n}</p></body></html>".encode() * 9) for n in range(4)]
GONE, NEVER_FETCHED = "http://127.0.0.1/1", "http://127.0.0.1/x"


class EndingStore(LocalStore):
    """A folder whose writer ends right before its nth write, as a killed process does."""

    def __init__(self, root: Path, *, before: int) -> None:
        super().__init__(root)
        self.left = before

    def put(self, key: str, data: bytes, *, if_absent: bool = False) -> None:
        self._count()
        super().put(key, data, if_absent=if_absent)

    def put_file(self, key: str, path: Path, *, if_absent: bool = False) -> None:
        self._count()
        super().put_file(key, path, if_absent=if_absent)

    def _count(self) -> None:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1


def _crawl_twice(root: Path, spool: Path) -> LocalStore:
    store = LocalStore(root)
    others = [link(NEVER_FETCHED, outcome="gone")]
    write_round(store, PAGES[:3], spool=spool / "first", others=others, max_bytes=1)
    write_round(store, PAGES[1:], spool=spool / "second", others=others, max_bytes=1)
    return store


def _remove(store: LocalStore) -> None:
    raw = RawRun(store, RUN)
    entries = [entry for chunk in raw.chunks() for entry in raw.index(chunk)]
    blank_captures(raw, {(entry.place.key, entry.place.offset) for entry in entries if entry.url == GONE})
    forget_links(raw, {link(GONE).link_id, link(NEVER_FETCHED).link_id})


def _objects(store: LocalStore) -> dict[str, bytes]:
    return {info.key: store.get(info.key) for info in store.list("")}


def _problems(store: LocalStore) -> list[str]:
    raw = RawRun(store, RUN)
    return check_raw(raw).problems + check_register(raw).problems


def test_all_else_stays_and_the_report_counts_what_is_left(tmp_path: Path) -> None:
    store = _crawl_twice(tmp_path / "archive", tmp_path)
    _remove(store)
    raw = RawRun(store, RUN)
    report = raw.report()
    assert report is not None
    assert (report.links, report.outcomes) == (2, {"captured": 2})
    left = [page.url for page in (PAGES[0], PAGES[2], PAGES[2], PAGES[3])]
    assert [capture.url for capture in raw.captures(role=Role.PAGE)] == left
    assert _problems(store) == []


def test_ended_before_any_of_its_writes_the_same_call_makes_it_whole(tmp_path: Path) -> None:
    whole = _crawl_twice(tmp_path / "whole", tmp_path / "spool")
    _remove(whole)
    for before in range(100):
        root = tmp_path / str(before)
        _crawl_twice(root, tmp_path / f"spool{before}")
        ending = EndingStore(root, before=before)
        try:
            _remove(ending)
        except KeyboardInterrupt:
            _remove(LocalStore(root))
        else:
            break
        assert _problems(LocalStore(root)) == [], f"ended before write {before}"
        assert _objects(LocalStore(root)) == _objects(whole), f"ended before write {before}"
    assert before == 8, "two chunks and their indexes, two lists of links, the report, the register"


@pytest.mark.parametrize("doomed", [set(), {link(NEVER_FETCHED).link_id}])
def test_a_second_call_changes_nothing(tmp_path: Path, doomed: set[str]) -> None:
    store = _crawl_twice(tmp_path / "archive", tmp_path)
    forget_links(RawRun(store, RUN), doomed)
    once = _objects(store)
    forget_links(RawRun(store, RUN), doomed)
    assert _objects(store) == once
