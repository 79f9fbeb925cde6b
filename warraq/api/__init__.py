"""The archive in Python: read-only, lazy, Arrow first. The commands that read are faces of the same functions."""
