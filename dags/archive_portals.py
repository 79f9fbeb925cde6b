"""One Airflow DAG a portal: crawl, extract, publish. Adding a file to spiders/portals adds its DAG."""

from portal_dags.portal_dag import portal_dag

from spiders.registry import load_portals
from storage.settings import read_settings

for portal in load_portals(read_settings()).values():
    globals()[f"archive_{portal.name}"] = portal_dag(portal)
