"""One module a command: adding a file with a `command` adds the command."""
