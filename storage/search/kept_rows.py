"""A row as the index keeps it to show it: in few bytes, and read alone.

Most letters take one byte, and what texts have in common stands once, in a dictionary that lies beside them. Ids, which
have nothing in common, stand before it in half their letters.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import zstandard

# 4 KB of Arabic become 750 bytes with this; level 5 saves 16 more and takes twice as long, 25 µs more.
DICTIONARY_BYTES, LEVEL = 262_144, 4
# Of a row before it is packed: what is made for more of them takes twice as long and no fewer bytes.
USUAL_BYTES = 3_000
_CHECK_BYTES, _ID_BYTES = 4, 16
LETTERS = "cp1256"  # Arabic, Persian and Latin letters, quotes and dashes in one byte each
_ID = re.compile(r"[0-9a-f]{32}")
_REFERENCE = re.compile(r"&(?:#(\d+)|amp);")
_JSON = json.JSONEncoder(ensure_ascii=False)  # json.dumps makes one for each row


@dataclass(frozen=True)
class KeptRow:
    """What is shown of an article. `published_at` is microseconds since 1970, UTC."""

    article_id: str
    edition_id: str
    portal: str
    country: str | None
    published_at: int | None
    url: str
    title: str = field(repr=False)
    body: str = field(repr=False)


class RowPacker:
    """Makes bytes of rows and rows of bytes, both by one dictionary; b"" is none."""

    def __init__(self, dictionary: bytes = b"") -> None:
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        form = zstandard.FORMAT_ZSTD1_MAGICLESS
        how = zstandard.ZstdCompressionParameters.from_level(
            LEVEL, source_size=USUAL_BYTES, dict_size=len(dictionary), format=form, write_dict_id=False
        )
        self._compressor = zstandard.ZstdCompressor(compression_params=how, dict_data=known)
        self._decompressor = zstandard.ZstdDecompressor(dict_data=known, format=form)

    def packed(self, row: KeptRow) -> bytes:
        """The row in few bytes: a check sum of the rest, the ids, and all else compressed."""
        ids, rest = _split(row)
        data = ids + rest
        return zlib.crc32(data).to_bytes(_CHECK_BYTES) + ids + self._compressor.compress(rest)

    def unpacked(self, data: bytes) -> KeptRow:
        """The row again. Raises ValueError for bytes that are none."""
        try:
            ids, packed = data[_CHECK_BYTES : _CHECK_BYTES + 2 * _ID_BYTES], data[_CHECK_BYTES + 2 * _ID_BYTES :]
            rest = self._decompressor.decompress(packed)
            if zlib.crc32(ids + rest).to_bytes(_CHECK_BYTES) != data[:_CHECK_BYTES]:
                raise ValueError("a row that is kept cannot be read: its check sum is another")
            values = json.loads(_REFERENCE.sub(_letter, rest.decode(LETTERS)))
            for place, known in enumerate((ids[:_ID_BYTES], ids[_ID_BYTES:])):
                values[place] = known.hex() if values[place] is None else values[place]
            return KeptRow(*values)
        except (zstandard.ZstdError, TypeError) as error:
            raise ValueError(f"a row that is kept cannot be read: {error}") from error


def dictionary_of(rows: Sequence[KeptRow]) -> bytes:
    """What these rows have in common; b"" where they are too few to tell."""
    try:
        return zstandard.train_dictionary(DICTIONARY_BYTES, [_split(row)[1] for row in rows]).as_bytes()
    except zstandard.ZstdError:
        return b""


def _split(row: KeptRow) -> tuple[bytes, bytes]:
    """The ids, and the rest; an id that is no 32 hexadecimal digits stands in the rest."""
    ids, values = b"", list(vars(row).values())
    for place in range(2):
        is_short = _ID.fullmatch(values[place]) is not None
        ids += bytes.fromhex(values[place]) if is_short else bytes(_ID_BYTES)
        values[place] = None if is_short else values[place]
    text = _JSON.encode(values).replace("&", "&amp;")
    return ids, text.encode(LETTERS, "xmlcharrefreplace")


def _letter(reference: re.Match[str]) -> str:
    return chr(int(reference[1])) if reference[1] else "&"
