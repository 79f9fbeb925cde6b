"""`python -m warraq` is the same as `warraq`."""

from warraq.cli.main import main
from warraq.pipeline.child_process import obey_parent

obey_parent()
main()
