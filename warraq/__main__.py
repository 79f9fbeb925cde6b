"""`python -m warraq` is the same as `warraq`."""

from warraq.child_process import obey_parent
from warraq.cli import main

obey_parent()
main()
