"""What the DAG files are made of: the one operator, the window of a run, and the description of a portal's DAG."""
