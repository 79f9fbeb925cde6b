"""Archiving the past: a plan that says what it costs, then its windows one after the other, here or in Airflow."""
