"""One reading of the archive for all who look, and an end to one that hangs."""

from __future__ import annotations

import contextlib
import threading

import psutil

from warraq.monitoring.page.readings import LARGE, Reading, Readings


def children(word: str) -> int:
    """How many living processes of ours have this word in their command line."""
    found = 0
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            found += word in child.cmdline()
    return found


def test_twelve_viewers_share_one_process() -> None:
    readings = Readings()
    found: list[Reading] = []
    viewers = [threading.Thread(target=lambda: found.append(readings.of("portals", "--json"))) for _ in range(12)]
    for viewer in viewers:
        viewer.start()
    most = 0
    while any(viewer.is_alive() for viewer in viewers):
        most = max(most, children("portals"))
    assert most == 1
    assert len({id(reading) for reading in found}) == 1
    assert any(portal["name"] == "demo" for portal in found[0].found)
    assert readings.of("portals", "--json") is found[0]


def test_a_reading_that_hangs_ends_and_leaves_no_process() -> None:
    readings = Readings(limit_seconds=3.0)
    hung = readings.of("demo-portal", "--port", "0")
    assert "did not answer within 3 s" in hung.problem
    assert hung.found is None
    assert not children("demo-portal")


def test_a_command_that_fails_says_why() -> None:
    assert "no portal is named" in Readings().of("overview", "nobody").problem


def test_what_is_done_makes_the_next_look_a_new_one_and_says_what_went_wrong() -> None:
    readings = Readings()
    first = readings.of("portals", "--json")
    assert readings.of("portals", "--json") is first
    assert "no portal is named" in readings.do("silence", "atlantis", "--until=3d", "--reason=x", "--json")
    assert readings.of("portals", "--json") is not first


def test_of_captured_pages_only_the_last_few_are_kept() -> None:
    readings = Readings()
    for number in range(9):
        readings._kept["overview", str(number)] = Reading({}, "", 0.0, size=10 * LARGE)
    readings.of("portals", "--json")
    assert [words[1] for words in readings._kept][:-1] == ["5", "6", "7", "8"]
