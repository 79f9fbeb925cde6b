"""Makes the modules of dags/ importable, and keeps Airflow's files out of the user's home."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

DAGS = Path(__file__).resolve().parents[2] / "dags"
sys.path.insert(0, str(DAGS))
# Read when airflow is imported for the first time, which a fixture would be too late for.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="warraq-airflow-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
