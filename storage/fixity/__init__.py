"""Whether what is stored is what was written: raw chunks, table files, releases, the log of commits."""
