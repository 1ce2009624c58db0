"""``python -m ppp``."""

import sys

from ppp.run.cli import main

if __name__ == "__main__":
    sys.exit(main())
