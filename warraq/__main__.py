"""`python -m warraq` is the same as `warraq`."""

from warraq.cli import main

main()
