"""A note's own seal shows every flipped bit, also one in the name of the seal."""

from __future__ import annotations

import pytest

from storage.errors import DamagedObject
from storage.model.record_json import note_fields, sealed_json


def test_any_flipped_bit_of_a_note_shows() -> None:
    note = sealed_json({"run": "almasaa/1", "crawl_sha256": "ab" * 32, "round": 1})
    assert note_fields(note, where="a note")["round"] == 1
    for place in range(8 * len(note)):
        flipped = bytearray(note)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(DamagedObject):
            note_fields(bytes(flipped), where="a note")


def test_notes_that_earlier_versions_did_not_seal_are_read() -> None:
    for note in (b"{}", b'{"round": 1}', b'{"sha": "%s"}' % (b"ab" * 32)):
        assert "sha256" not in note_fields(note, where="a note")
