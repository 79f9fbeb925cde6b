"""The command line: click, exit codes, terminal output."""
