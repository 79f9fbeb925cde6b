"""What several kinds of source share in reading their listings."""
