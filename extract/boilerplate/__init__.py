"""Which of the article's blocks are not its text, and why."""
