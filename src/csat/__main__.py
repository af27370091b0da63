"""``python -m csat``: the command line."""

import sys

from csat.cli import process

if __name__ == "__main__":
    sys.exit(process())
