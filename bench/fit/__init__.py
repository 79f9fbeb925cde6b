"""Fitting of the scorecards of extraction on labelled pages; `make fit`."""
