"""The modules of dags/ are importable here."""

from tests.fixtures import dag_imports  # noqa: F401 - imported for what it does to sys.path
