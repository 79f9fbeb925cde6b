"""What is held of an archive's texts while the search index is made: those of a row group, however many there are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.compute as pc

from bench.archive.year import build_year
from storage.read.steady_rows import row_groups
from storage.tables.archive_tables import open_tables
from warraq.api.connections import Connections

ARTICLES = 10_000
# A process of its own, because the pools tell the most that they ever held.
MEASURED = """
import sys
import pyarrow as pa
from warraq.cli.main import main
try:
    main(["maintain", "--search-index-only"])
finally:
    print(pa.default_memory_pool().max_memory(), pa.system_memory_pool().max_memory(), flush=True)
"""


def test_the_texts_of_one_row_group_are_held_while_the_index_is_made(tmp_path: Path) -> None:
    settings = build_year(tmp_path, rows=ARTICLES, portals=1, is_bare=False)
    (file,) = Connections(settings, open_tables(settings).load()).rows("articles")[0].get_fragments()
    texts = [pc.sum(pc.binary_length(group.to_table(columns=["body"])["body"])).as_py() for group in row_groups(file)]
    environ = {**os.environ, "WARRAQ_ARCHIVE": settings.archive, "WARRAQ_CACHE": str(settings.cache)}
    told = subprocess.run([sys.executable, "-c", MEASURED], env=environ, stdout=subprocess.PIPE, check=True).stdout
    arrows, ours = map(int, told.split()[-2:])
    # Three times one of five: as it is stored, unpacked, and those that are wanted.
    assert len(texts) >= 5
    assert max(arrows, ours) < sum(texts)
