"""What is kept: records, schemas, the object store, the raw archive, tables and releases."""
