"""A selection of articles as files for others: data set folders, web archives."""
