"""Shows in Airflow, as an import error of this file, which portal definitions give no DAG, and why."""

from spiders.registry import read_definitions
from storage.settings import read_settings

if bad := read_definitions(read_settings()).bad:
    raise ImportError("; ".join(f"{one} (its portal has no DAG until that is corrected)" for one in bad))
