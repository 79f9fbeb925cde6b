"""The nouns: records, closed lists, window and run id."""
