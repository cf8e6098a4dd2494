"""`python -m marketplace` does what the console script does."""

from marketplace.cli.main import main

main()
