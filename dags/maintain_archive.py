"""Airflow DAGs that look after the archive: maintenance, monthly releases, re-extraction, portal health."""

from warraq_dags.care_dags import check_portals, maintain_archive, reextract_archive, release_archive

dags = [maintain_archive(), release_archive(), reextract_archive(), check_portals()]
for dag in dags:
    globals()[dag.dag_id] = dag
