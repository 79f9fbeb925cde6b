"""docs/how_to/notebook.py finds what `make demo` archived without anything being set, and all its cells run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id
from warraq.commands.start.demo import command as demo

NOTEBOOKS = Path(__file__).parents[3] / "docs" / "how_to"
READ = """
import json
from notebook import app
_, found = app.run()
print(json.dumps({name: found[name].num_rows for name in ("coverage", "series", "edits", "stories")}
                 | {"articles": found["articles"].count(), "found": found["found"].total}))
"""


def test_the_notebook_opens_the_demo_archive_with_nothing_to_set_up(tmp_path: Path) -> None:
    (folder,) = (option.default for option in demo.params if option.name == "folder")
    settings = read_settings(
        {"WARRAQ_ARCHIVE": str(tmp_path / str(folder) / "archive"), "WARRAQ_CACHE": str(tmp_path / "cache")}
    )
    run = run_id(day=25)
    editions, fetches, row = records(run, 3)
    open_tables(settings).replace_run(run, RecordRows(run, editions, fetches, row))
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WARRAQ_")}
    environ |= {"PYTHONPATH": str(NOTEBOOKS), "XDG_CONFIG_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", READ], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["coverage"], found["articles"], found["edits"]) == (1, 3, 0)
    assert found["series"] >= 1
