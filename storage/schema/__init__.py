"""Columns are named once; Arrow, Iceberg, Parquet and the dictionary follow from them."""
