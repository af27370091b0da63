"""``python -m csat``: the command line."""

import sys

from csat.cli import main

if __name__ == "__main__":
    sys.exit(main())
