"""One file a portal: adding a file adds the portal, its spider and its DAG."""
