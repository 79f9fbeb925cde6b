"""The production stack: backup, restore, and the test that starts it."""
