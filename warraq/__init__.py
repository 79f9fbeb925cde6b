"""The command line, and the stages that DAGs and people share."""
