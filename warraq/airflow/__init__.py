"""The embedded Airflow."""
