"""`python -m airflow`, which is ready sooner: no search for garbage among what it imports and builds at its start."""

from __future__ import annotations

import runpy

from storage.schema.start_up import keep_imports

# Fewer than the API server has built when it answers; what is garbage among them is given back then.
OBJECTS = 1_000_000

if __name__ == "__main__":
    keep_imports(OBJECTS)
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)
