"""What Airflow adds to an empty window."""
