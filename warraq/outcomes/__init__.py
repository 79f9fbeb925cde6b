"""How a stage ended, why, and what to do about it."""
