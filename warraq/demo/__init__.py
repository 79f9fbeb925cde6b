"""The demo portal: an Arabic news site made from a seed, which knows the truth about each of its pages."""
