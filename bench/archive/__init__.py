"""Publishing, querying, re-extracting beside bare Parquet."""
