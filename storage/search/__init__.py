"""Arabic search: words and their forms, queries, the index beside the archive and the scan without it."""
