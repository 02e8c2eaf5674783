"""`python -m vote` is the command `vote`."""

from vote.cli import main

main()
