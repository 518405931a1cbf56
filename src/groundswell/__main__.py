"""`python -m groundswell`, the same as the command `groundswell`."""

from groundswell.cli import main

main()
