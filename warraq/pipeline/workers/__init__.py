"""Pages extracted in worker processes, each bounded in time and memory."""
