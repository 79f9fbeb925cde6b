"""A process that has imported all that commands import, and forks them: so kills fall into their work.

Reads a request a line from its standard input, {"words", "environ", "output"} or {"wait": pid}, and answers a line with
the process's id or its return code.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from typing import Any, NoReturn

PRELOAD = (
    "duckdb",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "boto3",
    "trafilatura",
    "storage.tables.archive_tables",
    "storage.tables.maintenance",
    "storage.read.release.making",
    "warraq.cli.main",
    "warraq.monitoring.verify",
    "warraq.pipeline.importing.files",
    "warraq.pipeline.publish",
    "warraq.reextract.branch_run",
    "warraq.reextract.removal",
)


def _become(request: dict[str, Any]) -> NoReturn:
    """Be the command, to its end."""
    from warraq.cli.main import main
    from warraq.pipeline.child_process import obey_parent

    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(request["environ"])
    obey_parent()
    code = 1
    try:
        main(request["words"])
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Fork commands until the input ends."""
    for name in PRELOAD:
        importlib.import_module(name)
    gc.freeze()  # a collection would copy all of it into each of a hundred commands
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1])
        else:
            answer = os.fork() or _become(request)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
