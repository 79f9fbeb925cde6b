"""One Airflow DAG a portal: crawl, extract, publish. Adding a file to spiders/portals adds its DAG."""

from airflow.sdk import get_parsing_context
from warraq_dags.portal_dag import portal_dag

from spiders.registry import load_portals
from storage.settings import read_settings

# A process that runs one task reads this file for its own DAG; making the others would take most of its start.
wanted = get_parsing_context().dag_id
for portal in load_portals(read_settings()).values():
    if wanted in (None, f"archive_{portal.name}"):
        globals()[f"archive_{portal.name}"] = portal_dag(portal)
