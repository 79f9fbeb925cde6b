"""What stands on a page beside its own story: other stories, cards, offers, boxes that a page sets apart itself."""
